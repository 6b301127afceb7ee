"""Checkpoints: a folder of safetensors with the digest of every file, committed by one rename and checked on load."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from jaxtyping import Shaped
from torch import Tensor

from xmodal.errors import reason
from xmodal.runs.index import INDEX, CheckpointError, CheckpointIndex, read_index
from xmodal.storage import atomic_directory, atomic_write, file_sha256

AGAIN = "copy the run again, or remove this checkpoint: then the one before counts"
"""What to do about a damaged file."""
OTHER = "it holds another network: copy the run again, or train it anew"
"""What to do about weights that are whole, but not of this network."""

Tensors = Mapping[str, Shaped[Tensor, "..."]]


def save_checkpoint(
    folder: Path,
    groups: Mapping[str, Tensors],
    *,
    step: int,
    epoch: int,
    whole: bool = True,
    state: Mapping[str, int] | None = None,
) -> CheckpointIndex:
    """Write one file `<group>.safetensors` for each group of tensors, then the index; all or nothing.

    Raises:
        CheckpointError: a tensor holds a value that is not finite, or the disk is full; nothing is written.
    """
    for name, tensors in groups.items():
        if (bad := _not_finite(tensors)) is not None:
            raise CheckpointError(f"{name}: {bad} holds a value that is not a finite number; nothing was saved")
    with atomic_directory(folder) as new:
        for name, tensors in groups.items():
            plain = {key: tensor.detach().cpu().contiguous() for key, tensor in tensors.items()}
            _write(plain, new / f"{name}.safetensors", folder)
        files = {path.name: file_sha256(path) for path in sorted(new.iterdir())}
        index = CheckpointIndex(step=step, epoch=epoch, whole=whole, files=files, state=dict(state or {}))
        atomic_write(new / INDEX, index.model_dump_json(indent=2))
    return index


def _write(tensors: dict[str, Shaped[Tensor, "..."]], path: Path, folder: Path) -> None:
    try:
        safetensors.torch.save_file(tensors, path)
    except safetensors.SafetensorError as error:
        why = reason(error).removeprefix("Error while serializing: ")
        raise CheckpointError(f"{folder} could not be saved ({why}); what was saved before is whole") from error


def load_tensors(folder: Path, group: str) -> dict[str, Shaped[Tensor, "..."]]:
    """The tensors of one group, on the CPU, after its file's digest was compared with the index.

    Raises:
        CheckpointError: the file is missing, changed, cut off, not safetensors, or holds a value that is not finite.
    """
    name = f"{group}.safetensors"
    index = read_index(folder)
    path = folder / name
    if name not in index.files:
        raise CheckpointError(f"{folder} has no {name}; it has {', '.join(sorted(index.files)) or 'nothing'}")
    if not path.is_file():
        raise CheckpointError(f"{path} is missing: {AGAIN}")
    if file_sha256(path) != index.files[name]:
        raise CheckpointError(f"{path} is not the file that was saved (its SHA-256 differs): {AGAIN}")
    try:
        tensors = safetensors.torch.load_file(path)
    except (OSError, ValueError, safetensors.SafetensorError) as error:
        raise CheckpointError(f"{path} is not readable as safetensors ({reason(error)}): {AGAIN}") from error
    if (bad := _not_finite(tensors)) is not None:
        raise CheckpointError(f"{path}: {bad} holds a value that is not a finite number: {AGAIN}")
    return tensors


def _not_finite(tensors: Tensors) -> str | None:
    """Name of the first tensor that holds NaN or infinity."""
    for key, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            return key
    return None


def fit(model: torch.nn.Module, tensors: Tensors, *, source: str) -> None:
    """Load the tensors into the model; every name and shape must fit.

    Raises:
        CheckpointError: the first five differences, by name.
    """
    own = model.state_dict()
    faults = [f"{key} is missing" for key in own if key not in tensors]
    faults += [f"{key} is not part of the model" for key in tensors if key not in own]
    faults += [
        f"{key} is {tuple(tensors[key].shape)}, the model has {tuple(own[key].shape)}"
        for key in own
        if key in tensors and tensors[key].shape != own[key].shape
    ]
    if faults:
        more = f" and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise CheckpointError(f"{source} does not fit the model: {'; '.join(faults[:5])}{more}: {OTHER}")
    model.load_state_dict(dict(tensors))


def optimiser_tensors(optimiser: torch.optim.Optimizer) -> dict[str, Shaped[Tensor, "..."]]:
    """The optimiser's running state as flat tensors: `<parameter number>.<name>`."""
    state: Mapping[int, Mapping[str, Any]] = optimiser.state_dict()["state"]
    return {
        f"{number}.{name}": torch.as_tensor(value)
        for number, values in state.items()
        for name, value in values.items()
        if value is not None
    }


def fit_optimiser(optimiser: torch.optim.Optimizer, tensors: Tensors, *, source: str) -> None:
    """Put back what `optimiser_tensors` gave; the parameter groups stay as the optimiser was made.

    Raises:
        CheckpointError: the tensors are of another optimiser, or of other parameters.
    """
    own = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        number, _, name = key.partition(".")
        if (
            not number.isdecimal()
            or int(number) >= len(own)
            or (tensor.ndim and tensor.shape != own[int(number)].shape)
        ):
            raise CheckpointError(f"{source} does not fit the optimiser: {key} is {tuple(tensor.shape)}: {OTHER}")
        state.setdefault(int(number), {})[name] = tensor
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
