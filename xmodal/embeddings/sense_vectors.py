"""Vectors of pictures and of what belongs to them, from a network with a pathway for each sense."""

from collections.abc import Iterator

import torch
from jaxtyping import Float
from torch import Tensor

from xmodal.features.sense_pairs import SensePairs
from xmodal.modality import Modality
from xmodal.models.see_hear_read import SeeHearReadModel
from xmodal.progress import Progress, Silent

BATCH = 64
"""Pairs at once."""


def picture_vectors(
    model: SeeHearReadModel, pairs: SensePairs, *, layer: str, progress: Progress | None = None
) -> Float[Tensor, "items dim"]:
    """One layer of every picture, on the CPU, float32; the network is in evaluation mode.

    Raises:
        ValueError: no such layer.
    """
    picture = pairs.prepared.index.options.picture
    told = f"Embedding {picture.display.lower()}"
    batches = _batches(len(pairs), progress or Silent(), told)
    return torch.cat([of_layer(model, picture, pairs.pictures(each, None), None, layer) for each in batches])


def other_vectors(
    model: SeeHearReadModel, pairs: SensePairs, *, layer: str, progress: Progress | None = None
) -> Float[Tensor, "items dim"]:
    """The same of the other sense."""
    found = []
    for positions in _batches(len(pairs), progress or Silent(), f"Embedding {pairs.sense.display.lower()}"):
        batch = pairs.batch(positions, None)
        assert batch.other is not None, "pairs of pictures only"
        found.append(of_layer(model, pairs.sense, batch.other, batch.lengths, layer))
    return torch.cat(found)


def of_layer(
    model: SeeHearReadModel, sense: Modality, batch: Tensor, lengths: Tensor | None, layer: str
) -> Float[Tensor, "items dim"]:
    """One layer of a batch, wherever the network is, on the CPU."""
    device = next(model.parameters()).device
    moved = None if lengths is None else lengths.to(device)
    with torch.no_grad():
        return model.activations(sense, batch.to(device), moved, layers=(layer,))[layer].float().cpu()


def _batches(count: int, progress: Progress, told: str) -> Iterator[list[int]]:
    for first in range(0, count, BATCH):
        progress.update(told, first, count)
        yield list(range(first, min(first + BATCH, count)))
    progress.update(told, count, count)
