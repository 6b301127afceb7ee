"""On what device and in what number format a training runs, decided by what the machine can do."""

import contextlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import psutil
import torch

from xmodal.errors import InputError, reason

_SAFE_CHANNELS = 16
"""oneDNN's gradient of a strided 1x1 convolution over fewer channels than a vector register holds (8 with AVX2, 16 with
AVX-512) writes outside its memory where channels are last (its issue 6035)."""

Network = TypeVar("Network", bound=torch.nn.Module)


class Precision(StrEnum):
    """Number format of the forward and backward pass; weights and sums stay float32."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


@dataclass(frozen=True)
class Place:
    """Where a training runs."""

    device: torch.device
    bfloat16: bool

    def autocast(self) -> contextlib.AbstractContextManager[object]:
        """Autocast where bfloat16 is used."""
        if not self.bfloat16:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def put(self, model: Network) -> Network:
        """The network there, laid out as it runs best."""
        model.to(self.device)
        return model.to(memory_format=layout(model))  # pyright: ignore[reportCallIssue] - torch's types lack it

    def memory_bytes(self) -> int:
        """What this process uses: of a GPU the most so far, else of the machine's memory now.

        Files that are only mapped (the prepared data) do not count: the system takes their pages back when it needs
        room.
        """
        if self.device.type == "cuda":
            return torch.cuda.max_memory_allocated(self.device)
        memory = psutil.Process().memory_info()
        return memory.rss - getattr(memory, "shared", 0)  # known on Linux

    def describe(self, processes: int = 1) -> str:
        """`cpu (2 threads), float32`, and how many processes share the work if they are several."""
        name = (
            torch.cuda.get_device_name(self.device)
            if self.device.type == "cuda"
            else f"{self.device.type} ({_counted(torch.get_num_threads(), 'thread')})"
        )
        shared = f", {processes} processes" if processes > 1 else ""
        return f"{name}, {'bfloat16' if self.bfloat16 else 'float32'}{shared}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def layout(model: torch.nn.Module) -> torch.memory_format:
    """How pictures and weights of a network lie in memory when it is trained.

    Channels last: convolutions run fastest so, in float32 on a CPU too (a step of the compact networks takes 0.74 of
    the time), in bfloat16 and on a GPU by more. Channels first for networks that `_SAFE_CHANNELS` is about.
    """
    for module in model.modules():
        if isinstance(module, torch.nn.Conv2d) and module.in_channels < _SAFE_CHANNELS:
            strided = any(stride > 1 for stride in module.stride)
            if strided and all(length == 1 for length in module.kernel_size):
                return torch.contiguous_format
    return torch.channels_last


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 matrices in hardware; elsewhere it is emulated and many times slower."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    capabilities = torch.cpu.get_capabilities()
    return any(bool(capabilities.get(name)) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def choose(device: str = "auto", precision: Precision = Precision.AUTO) -> Place:
    """The place for a training: a GPU where there is one, bfloat16 where it is fast.

    Raises:
        InputError: the device is not there, or none that this product trains on.
    """
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        found = torch.device(device)
    except RuntimeError as error:
        raise InputError(f"there is no device {device!r} ({reason(error)}): use auto, cpu or cuda") from error
    if found.type not in ("cpu", "cuda"):
        raise InputError(f"device {device!r} is not supported: use auto, cpu or cuda")
    if found.type == "cuda" and (found.index or 0) >= torch.cuda.device_count():
        seen = torch.cuda.device_count()
        raise InputError(f"device {device!r} was asked for, but torch sees {seen} GPUs: use device=cpu, or another")
    wanted = has_fast_bfloat16(found) if precision is Precision.AUTO else precision is Precision.BFLOAT16
    return Place(found, wanted)
