"""A stage of a matchmap training: which similarity, and which losses on it (matchmaps section 4.4)."""

from typing import Annotated

from pydantic import Field, model_validator

from xmodal.objectives import InfoNce, SampledMargin, SemiHard
from xmodal.objectives.classification import Classification
from xmodal.similarity.matchmap import Aggregation
from xmodal.training.stage import Stage

AnyObjective = Annotated[SampledMargin | SemiHard | InfoNce, Field(discriminator="kind")]
"""An objective by its `kind`."""


class MatchmapStage(Stage):
    """One stretch of training."""

    aggregation: Aggregation = Aggregation.SISA
    """Similarity of a picture and a caption."""
    objectives: tuple[AnyObjective, ...] = ()
    """Losses on the similarities of a batch, added."""
    labels: Classification | None = None
    """Loss on what the layers of `seen_labels` and `heard_labels` say, added to those; None: labels are not used."""

    @model_validator(mode="after")
    def _learns(self) -> "MatchmapStage":
        if not self.objectives and self.labels is None:
            raise ValueError(f"stage {self.name!r} has nothing to lower: give it objectives or labels")
        kinds = [objective.kind for objective in self.objectives]
        if len(set(kinds)) < len(kinds):
            raise ValueError(f"stage {self.name!r} names an objective twice")
        return self
