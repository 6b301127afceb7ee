"""What an objective is: the similarities of a batch in, named losses out."""

from abc import ABC, abstractmethod
from typing import Literal

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

Reduction = Literal["mean", "sum"]
"""Over the pairs of a batch. The paper's Eq. 11 and 14 are sums; its released code, and our default, are means."""


class Objective(BaseModel, ABC):
    """A loss on the matrix of similarities of a batch: row j is image j, column j its own caption.

    Under several processes the matrix is that of the whole batch: the features of all ranks are gathered first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: float = Field(default=1.0, ge=0.0, allow_inf_nan=False)
    """What the terms are multiplied by."""

    @abstractmethod
    def terms(
        self, similarities: Float[Tensor, "batch batch"], generator: torch.Generator
    ) -> dict[str, Float[Tensor, ""]]:
        """Named losses, weighted, means over the batch: their sum is what training lowers.

        `generator` draws the impostors; its device need not be that of the similarities. `ValueError` for fewer than
        two pairs.
        """


def pairs_of(similarities: Float[Tensor, "batch batch"]) -> int:
    """How many pairs a matrix of similarities holds; `ValueError` if it is not square or has no impostors."""
    rows, columns = similarities.shape
    if rows != columns:
        raise ValueError(f"similarities must be square, images x captions, not {rows} x {columns}")
    if rows < 2:
        raise ValueError("a batch of one pair has no impostors: at least two pairs are needed")
    return rows


def reduced(losses: Float[Tensor, "batch"], reduction: Reduction) -> Float[Tensor, ""]:
    """Mean or sum over the pairs."""
    return losses.mean() if reduction == "mean" else losses.sum()
