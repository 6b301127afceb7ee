"""From a batch of pictures with other senses to the losses of an alignment stage, over all processes."""

from collections.abc import Mapping
from typing import Any, final

import torch
from torch import Tensor

from xmodal.errors import InputError
from xmodal.features.sense_pairs import SenseBatch
from xmodal.modality import Modality
from xmodal.models.see_hear_read import SCORES, SeeHearReadModel
from xmodal.similarity.cosine import cosines
from xmodal.training.alignment_stage import AlignmentStage
from xmodal.training.distributed import Ranks, gather
from xmodal.training.stage import Stage
from xmodal.training.task import Task

Layers = Mapping[str, Tensor]
"""Layer -> activations of a batch."""


@final
class AlignmentTask(Task):
    """Every sense through its pathway, the pictures of all sets at once."""

    model: SeeHearReadModel

    def __init__(self, model: SeeHearReadModel, picture: Modality = Modality.IMAGE) -> None:
        super().__init__(model)
        self.picture = picture

    def forward(self, batch: SenseBatch) -> dict[Modality, tuple[Layers, Layers]]:
        """All layers of the pictures and of the other sense, by that sense; none of a sense without a pathway."""
        pictures = torch.cat([part.pictures for part in batch.parts.values()])
        seen = self.model.activations(self.picture, pictures)
        outputs, first = {}, 0
        for sense, part in batch.parts.items():
            last = first + len(part.pictures)
            own = {layer: features[first:last] for layer, features in seen.items()}
            other = {} if part.other is None else self.model.activations(sense, part.other, part.lengths)
            outputs[sense] = own, other
            first = last
        return outputs

    def check(self, stage: Stage) -> None:
        """Layers must be the network's; see `Task.check`."""
        for layer in _of(stage).layers:
            if layer not in self.model.layers:
                known = ", ".join(self.model.layers)
                raise InputError(f"stage {stage.name!r} ranks on layer {layer!r}; the network has {known}")

    def losses(
        self, stage: Stage, outputs: Any, batch: SenseBatch, ranks: Ranks, generator: torch.Generator
    ) -> dict[str, Tensor]:
        """A term for each sense, objective and layer, and one for what each sense says; see `Task.losses`."""
        asked = _of(stage)
        terms: dict[str, Tensor] = {}
        for sense, (seen, other) in outputs.items():
            for layer in asked.layers if asked.ranking else ():
                similarities = cosines(gather(seen[layer].float(), ranks), gather(other[layer].float(), ranks))
                for objective in asked.ranking:
                    found = objective.terms(similarities, generator)
                    terms |= {f"{sense.value}_{name}_{layer}": term for name, term in found.items()}
            teacher = batch.parts[sense].teacher
            if asked.transfer is None or teacher is None:
                continue
            said = {f"{self.picture.value}_with_{sense.value}": seen[SCORES]} | (
                {sense.value: other[SCORES]} if other else {}
            )
            gathered = {name: gather(each.float(), ranks) for name, each in said.items()}
            terms |= asked.transfer.terms(gathered, gather(teacher, ranks))
        return terms


def _of(stage: Stage) -> AlignmentStage:
    assert isinstance(stage, AlignmentStage), f"stage {stage.name!r} is of another paper"
    return stage
