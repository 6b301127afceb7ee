"""Several processes that train one model (`torchrun`): who am I, and negatives gathered across them with gradients."""

import os
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from jaxtyping import Float, Int
from torch import Tensor


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
        votes = torch.tensor(int(asked), device="cuda" if dist.get_backend() == "nccl" else "cpu")
        dist.all_reduce(votes, dist.ReduceOp.MAX)
        return bool(votes)


def join(device: torch.device) -> Ranks:
    """Join the processes that `torchrun` started; alone where it did not."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        return Ranks()
    if not dist.is_initialized():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return Ranks(dist.get_rank(), dist.get_world_size())


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
