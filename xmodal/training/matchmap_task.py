"""From a batch to the losses of a matchmap stage, over all processes."""

from typing import Any, final

import torch
from torch import Tensor

from xmodal.errors import InputError
from xmodal.features.pairs import Batch
from xmodal.models.matchmaps import Labelled, MatchmapModel
from xmodal.similarity.pairwise import pairwise
from xmodal.training.distributed import Ranks, gather, gather_captions
from xmodal.training.matchmap_stage import MatchmapStage
from xmodal.training.stage import Stage
from xmodal.training.task import Task

BatchMaps = tuple[Tensor, Tensor, Tensor, dict[Labelled, Tensor]]
"""Image maps, caption maps, valid frames, scores of labels."""


@final
class MatchmapTask(Task):
    """Both branches at once."""

    model: MatchmapModel

    def __init__(self, model: MatchmapModel) -> None:
        super().__init__(model)

    def forward(self, batch: Batch) -> BatchMaps:
        """Image maps, caption maps, valid frames, scores of labels."""
        captions, lengths = self.model.caption_maps(batch.captions, batch.lengths)
        pictures = self.model.image_maps(batch.pictures)
        return pictures, captions, lengths, self.model.label_scores(pictures, captions, lengths)

    def check(self, stage: Stage) -> None:
        """Labels need a layer that names them; see `Task.check`."""
        if _of(stage).labels is not None and not (self.model.seen_head or self.model.heard_head):
            raise InputError(
                f"stage {stage.name!r} learns labels, but the network has no seen_labels and no heard_labels"
            )

    def losses(
        self, stage: Stage, outputs: Any, batch: Batch, ranks: Ranks, generator: torch.Generator
    ) -> dict[str, Tensor]:
        """The objectives on the similarities of all pairs, and the loss on labels; see `Task.losses`."""
        asked = _of(stage)
        pictures, captions, lengths, scores = outputs
        terms: dict[str, Tensor] = {}
        if asked.objectives:
            captions, lengths = gather_captions(captions.float(), lengths, ranks)
            similarities = pairwise(gather(pictures.float(), ranks), captions, lengths, asked.aggregation)
            for objective in asked.objectives:
                terms |= objective.terms(similarities, generator)
        if asked.labels is not None:
            known = {branch: gather(labels, ranks) for branch, labels in batch.labels.items()}
            terms |= asked.labels.terms({branch: gather(each.float(), ranks) for branch, each in scores.items()}, known)
        return terms


def _of(stage: Stage) -> MatchmapStage:
    assert isinstance(stage, MatchmapStage), f"stage {stage.name!r} is of another paper"
    return stage
