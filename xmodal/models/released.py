"""Weights that others published: read without running anything in them, and loaded only if every key fits.

The released DAVENet, ResDAVENet(-VQ), VGG16 and ResNet files are state dicts of nets wrapped for several GPUs, so
their keys start with `module.`. The public loader skips what does not fit, and a wrong list of widths then loads
silently; this one says what did not fit and changes nothing.
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from xmodal.models.encoders.res_davenet import ResDavenet

SHOWN = 5
"""Keys of each sort named in an error."""


class ReleasedWeightsError(ValueError):
    """A file that is no plain state dict, or whose weights do not fit the network."""


@dataclass(frozen=True)
class WrongShape:
    """A key that both sides have, with different shapes."""

    name: str
    expected: tuple[int, ...]
    found: tuple[int, ...]

    def describe(self) -> str:
        """Name and both shapes, for a message."""
        return f"{self.name} (needs {list(self.expected)}, file has {list(self.found)})"


@dataclass(frozen=True)
class Fit:
    """How a file's keys meet a network's, all names without `module.`."""

    matched: tuple[str, ...]
    missing: tuple[str, ...]
    """In the network, not in the file."""
    unexpected: tuple[str, ...]
    """In the file, not in the network."""
    wrong_shape: tuple[WrongShape, ...]
    tolerated: tuple[str, ...]
    """On one side only, and known to make no difference."""

    @property
    def complete(self) -> bool:
        """Whether every weight has its place."""
        return bool(self.matched) and not (self.missing or self.unexpected or self.wrong_shape)

    def describe(self) -> str:
        """How many weights fit, and the first keys that do not, for a message."""
        sorts = (
            ("missing in the file", self.missing),
            ("not in the network", self.unexpected),
            ("of another shape", tuple(wrong.describe() for wrong in self.wrong_shape)),
        )
        told = [f"{len(keys)} {what}: {_first(keys)}" for what, keys in sorts if keys]
        return "; ".join([f"{len(self.matched)} weights fit", *told])


def load_released(network: nn.Module, path: Path, *, tolerate: Sequence[str] = ()) -> Fit:
    """Copy a released state dict into one branch of a model (`model.image` or `model.caption`).

    Args:
        network: the encoder; unchanged if anything raises.
        path: a `.safetensors` file or a state dict written by `torch.save`, of any age.
        tolerate: starts of keys that may be on one side only, such as `("fc.", "embedder.")` for a classifier's trunk.

    Raises:
        ReleasedWeightsError: the file is refused or its weights do not fit; the message names the first keys.
        FileNotFoundError: there is no such file.
    """
    state = read_state(path)
    found = fit(network, state, tolerate=tolerate)
    if not found.complete:
        raise ReleasedWeightsError(f"{path.name} does not fit {type(network).__name__}: {found.describe()}")
    own = network.state_dict()
    with torch.no_grad():
        for name in found.matched:
            own[name].copy_(state[name])
    return found


def fit(network: nn.Module, state: Mapping[str, Tensor], *, tolerate: Sequence[str] = ()) -> Fit:
    """Compare a state dict with a network, without loading it."""
    own = network.state_dict()
    either = (*tolerate, *_idle_keys(network))
    shared = [name for name in own if name in state]
    missing = [name for name in own if name not in state]
    unexpected = [name for name in state if name not in own]
    tolerated = {name for name in (*missing, *unexpected) if name.startswith(either)}
    # older torch versions did not count batches, and nothing here reads the count
    tolerated |= {name for name in missing if name.endswith("num_batches_tracked")}
    wrong = [
        WrongShape(name, tuple(own[name].shape), tuple(state[name].shape))
        for name in shared
        if own[name].shape != state[name].shape
    ]
    return Fit(
        matched=tuple(name for name in shared if own[name].shape == state[name].shape),
        missing=tuple(name for name in missing if name not in tolerated),
        unexpected=tuple(name for name in unexpected if name not in tolerated),
        wrong_shape=tuple(wrong),
        tolerated=tuple(sorted(tolerated)),
    )


def read_state(path: Path) -> dict[str, Tensor]:
    """Tensors of a file by key, on the CPU, without a leading `module.`; finite, and none larger than its bytes.

    Raises:
        ReleasedWeightsError: the file is cut, compressed, holds anything but tensors by name, or a number that is not
            finite.
        FileNotFoundError: there is no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}")
    content = _safetensors(path) if path.suffix == ".safetensors" else _torch_file(path)
    if not isinstance(content, Mapping) or not content:
        raise ReleasedWeightsError(f"{path.name} holds {_kind(content)}, not tensors by name (a state dict)")
    for name, tensor in content.items():
        _check(path, name, tensor)
    wrapped = all(name.startswith("module.") for name in content)
    return {name.removeprefix("module.") if wrapped else name: tensor for name, tensor in content.items()}


def _safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except SafetensorError as error:
        raise ReleasedWeightsError(f"{path.name} is no whole safetensors file: {error}") from error


def _torch_file(path: Path) -> object:
    """What `torch.save` wrote: a zip since torch 1.6, a stream before; only its tensors are ever rebuilt."""
    zipped = _stored_zip(path)
    try:
        return torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
    except Exception as error:  # a forged file can make the reader fail in any way, and all of them mean: refuse
        # torch's own words advise to load without the check, so they stay in the cause
        message = f"{path.name} is cut off or holds more than tensors by name; nothing in it was run"
        raise ReleasedWeightsError(message) from error


def _stored_zip(path: Path) -> bool:
    """Whether the file is a zip, all of whose members lie in it uncompressed (what `torch.save` writes)."""
    with path.open("rb") as file:
        claims = file.read(4) == b"PK\x03\x04"
    if not zipfile.is_zipfile(path):
        if claims:
            raise ReleasedWeightsError(f"{path.name} is cut off: its table of contents is missing")
        return False
    try:
        members = zipfile.ZipFile(path).infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ReleasedWeightsError(f"{path.name} has a broken table of contents: {error}") from error
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        raise ReleasedWeightsError(f"{path.name} is compressed inside, which torch.save never does")
    if sum(member.file_size for member in members) > path.stat().st_size:
        raise ReleasedWeightsError(f"{path.name} claims to hold more bytes than it has")
    return True


def _check(path: Path, name: object, tensor: object) -> None:
    """Refuse what is no plain tensor by name, is larger than its storage, or not finite."""
    if not isinstance(name, str) or not isinstance(tensor, Tensor):
        raise ReleasedWeightsError(f"{path.name} holds {_kind(tensor)} at {name!r}, not a tensor by name")
    if tensor.layout is not torch.strided or tensor.is_quantized or tensor.device.type != "cpu":
        raise ReleasedWeightsError(f"{path.name}: {name} is no plain dense tensor")
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        raise ReleasedWeightsError(f"{path.name}: {name} claims {tensor.numel():,} numbers that the file does not hold")
    if not bool(torch.isfinite(tensor).all()):
        raise ReleasedWeightsError(f"{path.name}: {name} holds numbers that are not finite")


def _idle_keys(network: nn.Module) -> tuple[str, ...]:
    """Starts of keys that the network holds or lacks without a difference to its output."""
    idle = isinstance(network, ResDavenet) and network.config.front_norm != "applied"
    return ("batchnorm1.",) if idle else ()


def _first(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else ""
    return ", ".join(keys[:SHOWN]) + more


def _kind(content: object) -> str:
    return f"an object of type {type(content).__name__}"
