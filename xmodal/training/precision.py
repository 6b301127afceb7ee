"""On what device and in what number format a training runs, decided by what the machine can do."""

import contextlib
from dataclasses import dataclass
from enum import StrEnum

import torch


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

    @property
    def memory_format(self) -> torch.memory_format:
        """Channels last pays where convolutions run in bfloat16 or on a GPU."""
        return torch.channels_last if self.bfloat16 or self.device.type == "cuda" else torch.contiguous_format

    def describe(self) -> str:
        """`cpu (2 threads), float32`."""
        name = (
            torch.cuda.get_device_name(self.device)
            if self.device.type == "cuda"
            else f"{self.device.type} ({torch.get_num_threads()} threads)"
        )
        return f"{name}, {'bfloat16' if self.bfloat16 else 'float32'}"


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 matrices in hardware; elsewhere it is emulated and many times slower."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    capabilities = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16") or capabilities.get("bf16"))


def choose(device: str = "auto", precision: Precision = Precision.AUTO) -> Place:
    """The place for a training: a GPU where there is one, bfloat16 where it is fast.

    Raises:
        ValueError: the device is not there.
    """
    found = torch.device(("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device)
    if found.type == "cuda" and not torch.cuda.is_available():
        raise ValueError("device 'cuda' was asked for, but torch sees no GPU: use device=cpu, or check the driver")
    wanted = has_fast_bfloat16(found) if precision is Precision.AUTO else precision is Precision.BFLOAT16
    return Place(found, wanted)
