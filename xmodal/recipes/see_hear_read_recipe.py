"""A recipe of See, Hear and Read: pictures with one other sense each, into layers that all share."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from xmodal.data.pairing import Pairing
from xmodal.features.prepared import SensePairOptions
from xmodal.features.text_vectors import TextVectors
from xmodal.modality import AUDIBLE, Modality
from xmodal.models.see_hear_read import SeeHearReadConfig
from xmodal.recipes.recipe import Recipe
from xmodal.supervision.teacher import RunTeacher, Teacher
from xmodal.training.alignment_stage import AlignmentStage


class SeeHearReadRecipe(Recipe):
    """One training of a pathway for each sense."""

    paper: Literal["see_hear_read"] = "see_hear_read"
    """Which kind of recipe this is."""
    pairs: tuple[SensePairOptions, ...] = Field(min_length=1)
    """What goes with pictures, one sense after the other; an item that has several gives only one of them."""
    salt: int = Field(default=0, ge=0)
    """Another number distributes the items over the senses in another way."""
    text: TextVectors = TextVectors()
    """How texts are read."""
    teacher: Teacher | None = None
    """Who says what is in the pictures, for stages with a transfer; None: nobody."""
    model: SeeHearReadConfig
    """The network."""
    stages: tuple[AlignmentStage, ...] = Field(min_length=1)
    """Stretches of the training, one after the other."""

    PAPER: ClassVar[str] = "see_hear_read"
    PARTS: ClassVar[tuple[str, ...]] = ("pathways", "hidden", "norms", "scores")

    @model_validator(mode="after")
    def _fits(self) -> "SeeHearReadRecipe":
        senses = [pair.caption for pair in self.pairs]
        if len(set(senses)) < len(senses) or len({pair.picture for pair in self.pairs}) > 1:
            raise ValueError("pairs need one kind of picture, and each other sense once")
        if any(stage.transfer is not None for stage in self.stages) and self.teacher is None:
            raise ValueError("a stage transfers what a teacher says, and there is none: set teacher")
        ranked = any(stage.ranking for stage in self.stages)
        lacking = [sense for sense in (self.picture_sense, *(senses if ranked else ())) if not self._takes(sense)]
        if lacking:
            raise ValueError(f"pairs hold {lacking[0].value}, for which the network has no pathway")
        self._check_size(self.pairs[0], self.picture_sense)
        for pair in self.pairs:
            if self._takes(pair.caption):
                self._check_size(pair, pair.caption)
        return self

    def _takes(self, sense: Modality) -> bool:
        return sense in self.model.pathways

    def _check_size(self, pair: SensePairOptions, sense: Modality) -> None:
        """What is stored and cut has the size that the pathway reads."""
        if sense in AUDIBLE:
            given: tuple[int, ...] = (pair.spectrogram.bands, pair.spectrogram.frames)
        elif sense is Modality.TEXT:
            given = (self.text.words, self.text.dims)
        else:
            given = (3, self.picture.crop_px or 0, self.picture.crop_px or 0)
        read = self.model.pathways[sense].input_shape
        if given != read:
            shown = [" x ".join(map(str, each)) for each in (given, read)]
            raise ValueError(f"{sense.value} is stored as {shown[0]}, its pathway reads {shown[1]}")

    @property
    def plan(self) -> tuple[AlignmentStage, ...]:
        """Its stages."""
        return self.stages

    @property
    def network(self) -> SeeHearReadConfig:
        """Its network's config."""
        return self.model

    @property
    def picture_sense(self) -> Modality:
        """What all other senses are paired with."""
        return self.pairs[0].picture

    @property
    def senses(self) -> tuple[Modality, ...]:
        """Pictures, then what goes with them: rows and columns of Table 3."""
        return (self.picture_sense, *(pair.caption for pair in self.pairs))

    @property
    def learns_labels(self) -> bool:
        """See `Recipe.learns_labels`."""
        return self.teacher is not None and self.teacher.kind == "labels"

    @property
    def taught_by(self) -> str:
        """See `Recipe.taught_by`."""
        return self.teacher.run if isinstance(self.teacher, RunTeacher) else ""

    @property
    def matches(self) -> bool:
        """See `Recipe.matches`: a network of pictures alone has nothing to match them with."""
        return len(self.model.pathways) > 1

    @property
    def pairing(self) -> Pairing:
        """Which senses of a training item may be seen together."""
        return Pairing(pairs=tuple(frozenset((pair.picture, pair.caption)) for pair in self.pairs), salt=self.salt)

    def pair_options(self) -> tuple[SensePairOptions, ...]:
        """A picture with each other sense."""
        return self.pairs
