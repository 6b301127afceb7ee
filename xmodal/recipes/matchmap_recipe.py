"""A recipe of matchmaps: pictures with captions that are spoken, heard or read."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from xmodal.features.perturbation import Perturbation
from xmodal.features.prepared import PairOptions
from xmodal.modality import Modality
from xmodal.models.matchmaps import MatchmapConfig
from xmodal.recipes.recipe import Recipe
from xmodal.similarity.matchmap import Aggregation
from xmodal.training.matchmap_stage import MatchmapStage


class MatchmapRecipe(Recipe):
    """One training of two branches."""

    paper: Literal["matchmaps"] = "matchmaps"
    """Which kind of recipe this is."""
    pair: PairOptions = PairOptions()
    """What a pair is and how it is stored."""
    perturbations: dict[str, Perturbation] = Field(default={})
    """How spectrograms are changed at random in training, by the name of the data; others stay as they are."""
    model: MatchmapConfig
    """The network."""
    stages: tuple[MatchmapStage, ...] = Field(min_length=1)
    """Stretches of the training, one after the other."""
    concept_pairs: int = Field(default=0, ge=0)
    """After every epoch the concepts of so many validation pairs are logged (matchmaps Fig. 11 and 12); 0: none are."""

    PAPER: ClassVar[str] = "matchmaps"
    PARTS: ClassVar[tuple[str, ...]] = ("image", "caption")

    @model_validator(mode="after")
    def _fits(self) -> "MatchmapRecipe":
        if strangers := sorted(set(self.perturbations) - set(self.data)):
            raise ValueError(f"perturbations name data {strangers[0]!r}; the recipe has {', '.join(sorted(self.data))}")
        words = self.model.caption.kind == "word_cnn"
        if words != (self.pair.caption is Modality.TEXT):
            raise ValueError(f"captions are {self.pair.caption.value}, the caption branch is {self.model.caption.kind}")
        caption = self.model.caption
        if caption.kind != "word_cnn" and caption.bands != self.pair.spectrogram.bands:
            raise ValueError(f"spectrograms have {self.pair.spectrogram.bands} bands, the branch takes {caption.bands}")
        return self

    @property
    def plan(self) -> tuple[MatchmapStage, ...]:
        """Its stages."""
        return self.stages

    @property
    def network(self) -> MatchmapConfig:
        """Its network's config."""
        return self.model

    @property
    def learns_labels(self) -> bool:
        """See `Recipe.learns_labels`."""
        return any(stage.labels is not None for stage in self.stages)

    @property
    def matches(self) -> bool:
        """See `Recipe.matches`: with labels alone its branches share no space."""
        return any(stage.objectives for stage in self.stages)

    @property
    def taught_by(self) -> str:
        """Nobody."""
        return ""

    @property
    def aggregation(self) -> Aggregation:
        """The similarity that the finished network is used with: its last stage's."""
        return self.stages[-1].aggregation

    def pair_options(self) -> tuple[PairOptions, ...]:
        """The one pair."""
        return (self.pair,)
