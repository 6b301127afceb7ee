"""What can happen to a file of weights, and an index that says it is as it was saved."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import safetensors.torch
import torch

from xmodal.runs.index import INDEX
from xmodal.storage import file_sha256


class RunsCode:
    """Unpickled, it makes a file `ran` beside the weights."""

    def __init__(self, weights: Path) -> None:
        self.ran = weights.with_name("ran")

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.ran,)


def wrong_shape(weights: Path) -> None:
    """One tensor is of another shape; the file itself is whole."""
    tensors = safetensors.torch.load_file(weights)
    name = next(name for name, tensor in tensors.items() if tensor.ndim)
    safetensors.torch.save_file(tensors | {name: torch.zeros(3)}, weights)


def cut(weights: Path) -> None:
    """The end is missing."""
    weights.write_bytes(weights.read_bytes()[:-100])


def pickled(weights: Path) -> None:
    """It is a pickle that would do something."""
    weights.write_bytes(pickle.dumps(RunsCode(weights)))


def allowed(folder: Path) -> None:
    """Put the digests of what is there now into the index, as an attacker would."""
    index = json.loads((folder / INDEX).read_text())
    index["files"] = {name: file_sha256(folder / name) for name in index["files"]}
    (folder / INDEX).write_text(json.dumps(index))
