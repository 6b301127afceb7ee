"""A recipe: everything that decides a training, as data. It travels whole in the manifest of every run.

Here is what the recipes of all papers have; each paper adds its network, its stages and how its data are prepared.
"""

from abc import ABC, abstractmethod
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from xmodal.data.catalog import Filter
from xmodal.data.sample import Split
from xmodal.data.world.spec import WorldSpec
from xmodal.features.picture import Picture
from xmodal.features.prepared import StoredPair
from xmodal.models import ModelConfig
from xmodal.training.precision import Precision
from xmodal.training.stage import Stage


class WorldData(BaseModel):
    """A stretch of a procedural world."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["world"] = "world"
    world: WorldSpec = WorldSpec()
    """Its settings."""
    items: int = Field(ge=2)
    """How many items are used."""
    first: int = Field(default=0, ge=0)
    """Number of the first item."""
    share: float = Field(default=1.0, gt=0.0, le=1.0)
    """Random share that is used (matchmaps section 5.2)."""


class CatalogData(BaseModel):
    """A catalog of the workspace, or one in a folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["catalog"] = "catalog"
    catalog: str
    """Its name in the workspace, or the path of its folder."""
    select: Filter = Filter()
    """Which of its items."""
    items: int | None = Field(default=None, ge=2)
    """At most so many of them, the first; None: all."""
    share: float = Field(default=1.0, gt=0.0, le=1.0)
    """Random share that is used (matchmaps section 5.2)."""


class SpokenDigitsData(BaseModel):
    """Handwritten digits on a canvas and recordings of the same digits, composed on demand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["spoken_digits"] = "spoken_digits"
    folder: str = ""
    """Folder with `mnist/` and `fsdd/`; empty: the one that XMODAL_REALDATA names."""
    digits: int = Field(default=2, ge=1, le=4)
    """Digits that each item shows and speaks."""
    items: int = Field(ge=2)
    """How many items are composed."""
    split: Split = Split.TRAIN
    """Recordings and digits of which part; no part shares any with another."""
    unseen_speakers: tuple[str, ...] = ()
    """Heard in test items, and nowhere else; all speakers are in all parts if there are none."""
    composed: bool = False
    """In training: every batch is composed anew, so that no pair is seen twice; `items` is the length of an epoch."""
    seed: int = Field(default=0, ge=0)
    """Another seed composes other items of the same recordings."""
    share: float = Field(default=1.0, gt=0.0, le=1.0)
    """Random share that is used; of what is composed, all is."""


Data = Annotated[WorldData | CatalogData | SpokenDigitsData, Field(discriminator="kind")]
"""Where pairs come from."""


class Start(BaseModel):
    """Weights that a training starts from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    """Name of a run in the workspace or among the shipped ones, or the path of its folder."""
    branches: tuple[str, ...] = ()
    """Which parts of the network are taken over, as the names of its parameters begin, such as `pathways` or
    `pathways.image`; empty: all parts."""


R = TypeVar("R", bound="Recipe")


class Recipe(BaseModel, ABC):
    """One training."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Key in `RECIPES` and first part of its runs' names."""
    title: str
    """For people."""
    rows: tuple[str, ...] = ()
    """Rows of the papers' tables that it computes, e.g. `matchmaps.1/rn-sisa-shn-none`; empty: ours."""
    ours: str = ""
    """What is not as in the paper."""
    picture: Picture = Picture()
    """How pictures are cut and normalised."""
    data: dict[str, Data]
    """Named training data; each stage names one."""
    validation: Data
    """Measured after every epoch."""
    start: tuple[Start, ...] = ()
    """Weights to start from, in order; empty: random."""
    seed: int = Field(default=0, ge=0)
    """Of the first weights, the order of pairs, and all else that is drawn; the same seed gives the same run."""
    keep_epochs: tuple[int, ...] = ()
    """Epochs whose weights are kept; of the others only the newest are."""
    device: str = "auto"
    """`cpu`, `cuda` or `cuda:1`; `auto`: a GPU where there is one."""
    precision: Precision = Precision.AUTO
    """Number format of the computation; auto: bfloat16 where the device is fast at it."""

    PAPER: ClassVar[str]
    """Key of the paper, as in docs/PAPERS.md; in the content of a recipe it is the field `paper`."""
    PARTS: ClassVar[tuple[str, ...]] = ()
    """Parts of its network that another one may start from."""

    @property
    @abstractmethod
    def plan(self) -> tuple[Stage, ...]:
        """Its stages, for whoever need not know what is lowered in them."""

    @property
    @abstractmethod
    def network(self) -> ModelConfig:
        """Its network's config."""

    @property
    @abstractmethod
    def learns_labels(self) -> bool:
        """Whether it learns the names of what is seen or heard."""

    @property
    @abstractmethod
    def matches(self) -> bool:
        """Whether it learns one space for pictures and what belongs to them."""

    @property
    @abstractmethod
    def taught_by(self) -> str:
        """Run that it asks about pictures while it trains; empty: none."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Runs that have to be there before it trains."""
        return (*(start.run for start in self.start), *filter(None, (self.taught_by,)))

    @abstractmethod
    def pair_options(self) -> tuple[StoredPair, ...]:
        """What is learned together: a picture and one other sense, or several such pairs."""

    def parts_of(self, start: Start) -> tuple[str, ...]:
        """Which parts of the network a start gives."""
        return start.branches or self.PARTS

    def on(self: R, catalog: str) -> R:
        """The same training on a catalog: its training items, validated on its validation items.

        Of spoken digits it is the folder of both halves.
        """
        if isinstance(self.validation, SpokenDigitsData):
            named = {**self.data, "": self.validation}
            moved = {name: each.model_copy(update={"folder": catalog}) for name, each in named.items()}
            return self.model_copy(update={"validation": moved.pop(""), "data": moved})
        select = Filter(split=Split.TRAIN)
        train = {name: CatalogData(catalog=catalog, select=select, share=old.share) for name, old in self.data.items()}
        held_out = CatalogData(catalog=catalog, select=Filter(split=Split.VALIDATION))
        return self.model_copy(update={"data": train, "validation": held_out})

    @model_validator(mode="after")
    def _whole(self) -> "Recipe":
        missing = sorted({stage.data for stage in self.plan} - set(self.data))
        if missing:
            raise ValueError(f"a stage names data {missing[0]!r}; the recipe has {', '.join(sorted(self.data))}")
        if self.picture.crop_px is None:
            raise ValueError("training needs pictures of one size: set picture.crop_px")
        for pair in self.pair_options():
            if self.picture.shorter_side_px != pair.shorter_side_px:
                raise ValueError(
                    f"pictures are stored with {pair.shorter_side_px} px and read with {self.picture.shorter_side_px} "
                    "px: set both (shorter_side_px of the pair and of picture) alike"
                )
        for branch in (branch for start in self.start for branch in start.branches):
            if branch.partition(".")[0] not in self.PARTS:
                raise ValueError(f"a start takes over {branch!r}; the network has {', '.join(self.PARTS)}")
        return self
