"""Several processes that train one model (`torchrun`): who am I, and negatives gathered across them with gradients."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from jaxtyping import Float, Int
from torch import Tensor, nn

PATIENCE = timedelta(hours=6)
"""How long a process waits for the others: the leader measures after an epoch, and prepares data, alone."""


@dataclass(frozen=True)
class Ranks:
    """This process among all."""

    rank: int = 0
    world: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process writes files."""
        return self.rank == 0

    def part(self, count: int) -> slice:
        """Which of `count` things this process takes; `count` is a multiple of `world`."""
        each = count // self.world
        return slice(self.rank * each, (self.rank + 1) * each)

    def any(self, asked: bool) -> bool:
        """Whether any process says yes: all must do the same."""
        if self.world == 1:
            return asked
        votes = torch.tensor(int(asked), device=_exchange_device())
        dist.all_reduce(votes, dist.ReduceOp.MAX)
        return bool(votes)

    def agreed(self, text: str) -> str:
        """The leader's text, in every process."""
        if self.world == 1:
            return text
        content = torch.tensor(list(text.encode()), dtype=torch.uint8, device=_exchange_device())
        length = torch.tensor(len(content), device=content.device)
        dist.broadcast(length, 0)
        if not self.leads:
            content = content.new_empty(int(length))
        dist.broadcast(content, 0)
        return bytes(content.tolist()).decode()


def announced() -> Ranks:
    """What `torchrun` says about this process, before it has joined the others; alone where nothing is said."""
    return Ranks(int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1")))


def own_device(device: torch.device) -> torch.device:
    """The device of this process: where several share a machine, each has a GPU of its own."""
    if device.type == "cuda" and device.index is None and announced().world > 1:
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    return device


@contextlib.contextmanager
def joined(device: torch.device) -> Iterator[Ranks]:
    """Join the processes that `torchrun` started, and leave them in the end; alone where it did not."""
    mine = announced()
    if mine.world == 1:
        yield Ranks()
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=PATIENCE)
    yield mine
    dist.destroy_process_group()  # not after an error: the others may be waiting, and `torchrun` ends them


def with_common_statistics(model: nn.Module, device: torch.device, ranks: Ranks) -> None:
    """Let batch norms see the whole batch on GPUs; on CPUs each process has its part's statistics (torch's limit)."""
    if ranks.world > 1 and device.type == "cuda":
        nn.SyncBatchNorm.convert_sync_batchnorm(model)


def _exchange_device() -> str:
    return "cuda" if dist.get_backend() == "nccl" else "cpu"


class _Gather(torch.autograd.Function):
    """Concatenate equal parts of all processes along the first axis.

    Every process computes the same loss from the same gathered tensor, so the gradient of its own part is its slice.
    `DistributedDataParallel` averages gradients over processes where their sum is wanted: hence times `world`.
    """

    @staticmethod
    def forward(ctx: Any, own: Tensor, ranks: Ranks) -> Tensor:
        ctx.ranks = ranks
        parts = [torch.empty_like(own) for _ in range(ranks.world)]
        dist.all_gather(parts, own.contiguous())
        return torch.cat(parts)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (whole,) = gradients
        return whole[ctx.ranks.part(whole.shape[0])] * ctx.ranks.world, None


def gather(own: Float[Tensor, "items *rest"], ranks: Ranks) -> Float[Tensor, "all_items *rest"]:
    """The parts of all processes in the order of their ranks, with gradients to the own part."""
    return own if ranks.world == 1 else _Gather.apply(own, ranks)


def gather_captions(
    maps: Float[Tensor, "items dim frames"], lengths: Int[Tensor, "items"], ranks: Ranks
) -> tuple[Float[Tensor, "all_items dim most_frames"], Int[Tensor, "all_items"]]:
    """Caption maps of all processes, padded with zeros to the longest of them, and their lengths."""
    if ranks.world == 1:
        return maps, lengths
    most = torch.tensor(maps.shape[-1], device=maps.device)
    dist.all_reduce(most, dist.ReduceOp.MAX)
    padded = torch.nn.functional.pad(maps, (0, int(most) - maps.shape[-1]))
    parts = [torch.empty_like(lengths) for _ in range(ranks.world)]
    dist.all_gather(parts, lengths)
    return gather(padded, ranks), torch.cat(parts)
