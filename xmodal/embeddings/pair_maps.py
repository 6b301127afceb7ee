"""Maps of many pairs: what every score, picture and analysis of a matchmap network starts from."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from xmodal.features.pairs import Pairs
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress, Silent


@dataclass(frozen=True)
class PairMaps:
    """Maps of pairs on the CPU, float32: picture i and caption i belong together."""

    images: Float[Tensor, "items dim rows cols"]
    captions: Float[Tensor, "items dim frames"]
    """Frames after an item's own hold zeros."""
    lengths: Int[Tensor, "items"]
    """Valid frames of each caption."""


def pair_maps(model: MatchmapModel, pairs: Pairs, *, batch: int = 50, progress: Progress | None = None) -> PairMaps:
    """Maps of all pairs, by the model as it is (evaluation mode for the time), on the device where it is.

    Memory grows with the pairs: 1,000 of the paper's size take 0.7 GB.
    """
    progress = progress or Silent()
    device = next(model.parameters()).device
    images, captions, lengths = [], [], []
    trains = model.training
    model.eval()
    try:
        with torch.inference_mode():
            for first in range(0, len(pairs), batch):
                part = pairs.batch(range(first, min(first + batch, len(pairs))), None).to(device)
                images.append(model.image_maps(part.pictures).float().cpu())
                maps, valid = model.caption_maps(part.captions, part.lengths)
                captions.append(maps.float().cpu())
                lengths.append(valid.cpu())
                progress.update("Encoding pairs", min(first + batch, len(pairs)), len(pairs))
    finally:
        model.train(trains)
    return PairMaps(torch.cat(images), _joined(captions, lengths), torch.cat(lengths))


def _joined(captions: list[Tensor], lengths: list[Tensor]) -> Tensor:
    """One tensor of batches that were padded to different lengths; zeros after each item's own frames."""
    most = max(int(valid.max()) for valid in lengths)
    joined = torch.zeros(sum(len(maps) for maps in captions), captions[0].shape[1], most)
    start = 0
    for maps, valid in zip(captions, lengths, strict=True):
        for maps_of_item, count in zip(maps, valid.tolist(), strict=True):
            joined[start, :, :count] = maps_of_item[:, :count]
            start += 1
    return joined
