"""From a batch to the losses of a stage, over all processes."""

import torch
from torch import Tensor, nn

from xmodal.features.pairs import Batch
from xmodal.models.matchmaps import Labelled, MatchmapModel
from xmodal.similarity.pairwise import pairwise
from xmodal.training.distributed import Ranks, gather, gather_captions
from xmodal.training.stage import Stage

BatchMaps = tuple[Tensor, Tensor, Tensor, dict[Labelled, Tensor]]
"""Image maps, caption maps, valid frames, scores of labels."""


class BothBranches(nn.Module):
    """The network as one call, which is what `DistributedDataParallel` wants."""

    def __init__(self, model: MatchmapModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, batch: Batch) -> BatchMaps:
        """Image maps, caption maps, valid frames, scores of labels."""
        captions, lengths = self.model.caption_maps(batch.captions, batch.lengths)
        pictures = self.model.image_maps(batch.pictures)
        return pictures, captions, lengths, self.model.label_scores(pictures, captions, lengths)


def losses(
    stage: Stage,
    maps: BatchMaps,
    batch: Batch,
    ranks: Ranks,
    generator: torch.Generator,
) -> dict[str, Tensor]:
    """The losses of the whole batch, by name."""
    pictures, captions, lengths, scores = maps
    terms: dict[str, Tensor] = {}
    if stage.objectives:
        captions, lengths = gather_captions(captions.float(), lengths, ranks)
        similarities = pairwise(gather(pictures.float(), ranks), captions, lengths, stage.aggregation)
        for objective in stage.objectives:
            terms |= objective.terms(similarities, generator)
    if stage.labels is not None:
        known = {branch: gather(labels, ranks) for branch, labels in batch.labels.items()}
        terms |= stage.labels.terms({branch: gather(each.float(), ranks) for branch, each in scores.items()}, known)
    return terms
