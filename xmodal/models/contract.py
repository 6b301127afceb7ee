"""What every network of the product keeps to: senses in, maps out."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from xmodal.modality import Modality


@dataclass(frozen=True)
class Encoded:
    """Maps of a batch in one modality."""

    maps: Float[Tensor, "items dim *place"]
    """Features at each place: `items dim rows cols` for pictures, `items dim frames` for captions, and `items dim 1`
    where a network gives one vector for an item, whatever the sense."""
    lengths: Int[Tensor, "items"] | None
    """Valid frames of each caption, counted from the start; None where every place is valid."""

    def pooled(self) -> Float[Tensor, "items dim"]:
        """Mean over the valid places (matchmaps Eq. 1-2): one vector for each item."""
        flat = self.maps.flatten(2)
        if self.lengths is None:
            return flat.mean(dim=2)
        valid = valid_frames(self.lengths, flat.shape[2])
        return flat.masked_fill(~valid[:, None], 0).sum(dim=2) / self.lengths[:, None].to(flat.dtype)


class CrossModalModel(nn.Module, ABC):
    """A network that places several modalities in one space."""

    @property
    @abstractmethod
    def modalities(self) -> tuple[Modality, ...]:
        """What `encode` takes."""

    @abstractmethod
    def initialise(self, generator: torch.Generator) -> None:
        """Draw all weights from the generator, in a fixed order."""

    @abstractmethod
    def encode(self, modality: Modality, batch: Tensor, lengths: Int[Tensor, "items"] | None = None) -> Encoded:
        """Maps of a batch.

        Args:
            modality: one of `modalities`.
            batch: pictures `items 3 rows cols` (normalised), spectrograms `items bands frames` (dB), or word ids
                `items words`.
            lengths: unpadded frames or words of each item; None if nothing is padded.

        Raises:
            ValueError: this network does not take that modality.
        """

    def expect(self, modality: Modality) -> None:
        """`ValueError` that names what this network takes, if that is not among it."""
        if modality not in self.modalities:
            raise ValueError(f"this network takes {', '.join(self.modalities)}, not {modality}")


def valid_frames(lengths: Int[Tensor, "items"], frames: int) -> Tensor:
    """Bool `items frames`: True on the first `lengths` frames of each item."""
    return lengths.new_ones(frames).cumsum(0)[None] <= lengths[:, None]
