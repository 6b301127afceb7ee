"""Recipes of matchmaps (Jointly Discovering Visual Objects and Spoken Words): every row of Tables 1 to 3.

Each row exists twice: `matchmaps-paper-*` at the paper's size for a catalog of one's own (`--data`), with section
4.6's optimiser, and `matchmaps-compact-*`, small enough for a CPU, on the procedural world. `matchmaps-demo-*` are the
runs that ship. Rows of Table 3 read the captions' text; Table 4 evaluates the runs of Tables 1 and 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from xmodal.data.world.spec import WorldSpec
from xmodal.features.picture import Picture
from xmodal.features.prepared import PairOptions
from xmodal.modality import Modality
from xmodal.models.matchmap_sizes import COMPACT, COMPACT_RESNET_RES_DAVENET, PAPER_SIZE
from xmodal.objectives import InfoNce, SampledMargin, SemiHard
from xmodal.recipes.recipe import CatalogData, Data, Recipe, Start, WorldData
from xmodal.similarity.matchmap import Aggregation
from xmodal.training.schedule import Cosine, Staircase
from xmodal.training.stage import Adam, AnyObjective, Sgd, Stage

Pretraining = Literal["none", "natural-sounds", "supervised", "imagenet"]

SAMPLED: tuple[AnyObjective, ...] = (SampledMargin(margin=1.0),)
"""L_s alone (Eq. 11)."""
WITH_SEMI_HARD: tuple[AnyObjective, ...] = (SampledMargin(margin=1.0), SemiHard(margin=1.0))
"""L_s + L_h, weighted equally (Eq. 15)."""

COMPACT_PICTURE = Picture(shorter_side_px=112, crop_px=96)
"""Pictures of the compact networks."""
COMPACT_FRAMES = 1024
"""Longest clip of the compact networks, about 10 s."""

WORLD = WorldSpec(seed=1)
"""The compact recipes learn from this world; `evaluate` asks about others."""
TRAINING_ITEMS = 10_000
HELD_OUT = WorldData(world=WorldSpec(seed=2), items=500)
"""Measured after every epoch."""

_RATES: dict[Pretraining, float] = {"none": 0.001, "natural-sounds": 0.03, "supervised": 0.01, "imagenet": 0.01}
"""Section 4.6: learning rate by what the ResNet branches start from; VGG networks always take 0.001."""


@dataclass(frozen=True)
class Row:
    """One row of a table: which networks, how scored, what they start from."""

    name: str
    """Second part of its recipes' names."""
    label: str
    network: str
    """Key of `matchmap_sizes.PAPER_SIZE` and `COMPACT`."""
    aggregation: Aggregation
    objectives: tuple[AnyObjective, ...]
    pretraining: Pretraining
    computes: tuple[str, ...]
    """Rows of the published tables."""

    @property
    def caption(self) -> Modality:
        """What the captions are."""
        return Modality.TEXT if self.network == "resnet_words" else Modality.SPEECH


def _resnet(name: str, label: str, aggregation: Aggregation, pretraining: Pretraining, *computes: str) -> Row:
    objectives = WITH_SEMI_HARD if "shn" in name else SAMPLED
    return Row(name, label, "resnet_res_davenet", aggregation, objectives, pretraining, computes)


def _words(name: str, label: str, aggregation: Aggregation, pretraining: Pretraining, computes: str) -> Row:
    objectives = WITH_SEMI_HARD if "shn" in name else SAMPLED
    return Row(f"words-{name}", label, "resnet_words", aggregation, objectives, pretraining, (computes,))


_SISA, _MISA, _SIMA = Aggregation.SISA, Aggregation.MISA, Aggregation.SIMA

ROWS: tuple[Row, ...] = (
    Row(
        "vgg-sisa-shn-ns", "VGG16 + DAVENet, SISA semi-hard, from natural sounds", "vgg_davenet", _SISA,
        WITH_SEMI_HARD, "natural-sounds", ("matchmaps.1/vgg-sisa-shn-ns",),
    ),
    _resnet("sima-ns", "SIMA, from natural sounds", _SIMA, "natural-sounds", "matchmaps.1/rn-sima-ns"),
    _resnet("sisa-ns", "SISA, from natural sounds", _SISA, "natural-sounds", "matchmaps.1/rn-sisa-ns"),
    _resnet("misa-ns", "MISA, from natural sounds", _MISA, "natural-sounds", "matchmaps.1/rn-misa-ns"),
    _resnet(
        "sisa-shn-none", "SISA semi-hard, from random weights", _SISA, "none",
        "matchmaps.1/rn-sisa-shn-none", "matchmaps.2/random",
    ),
    _resnet(
        "sisa-shn-ns", "SISA semi-hard, from natural sounds", _SISA, "natural-sounds",
        "matchmaps.1/rn-sisa-shn-ns", "matchmaps.2/natural-sounds",
    ),
    _resnet("sisa-shn-supervised", "SISA semi-hard, from labels", _SISA, "supervised", "matchmaps.2/supervised"),
    Row(
        "baseline-2016", "one vector a picture and a caption (2016)", "baseline_2016", _SISA, SAMPLED, "imagenet",
        ("matchmaps.2/baseline-2016",),
    ),
    Row(
        "baseline-2017", "one vector a picture and a caption (2017)", "baseline_2017", _SISA, SAMPLED, "imagenet",
        ("matchmaps.2/baseline-2017",),
    ),
    _words("sima-none", "words, SIMA, from random weights", _SIMA, "none", "matchmaps.3/sima-none"),
    _words("sisa-none", "words, SISA, from random weights", _SISA, "none", "matchmaps.3/sisa-none"),
    _words("misa-none", "words, MISA, from random weights", _MISA, "none", "matchmaps.3/misa-none"),
    _words("sisa-shn-none", "words, SISA semi-hard, from random weights", _SISA, "none", "matchmaps.3/sisa-shn-none"),
    _words(
        "sisa-shn-imagenet", "words, SISA semi-hard, from labels", _SISA, "imagenet", "matchmaps.3/sisa-shn-imagenet"
    ),
)  # fmt: skip
"""Tables 1, 2 and 3; a row that stands in two tables is trained once."""


def _pair(caption: Modality) -> PairOptions:
    return PairOptions(caption=caption, shorter_side_px=COMPACT_PICTURE.shorter_side_px, most_frames=COMPACT_FRAMES)


def _paper(row: Row) -> Recipe:
    """A row as the paper trained it, on a catalog that `--data` names (Places audio captions in the paper)."""
    rate = 0.001 if row.network == "vgg_davenet" else _RATES[row.pretraining]
    stage = Stage(
        name="pairs", epochs=40, batch=80, aggregation=row.aggregation, objectives=row.objectives,
        optimiser=Sgd(rate=rate),
    )  # fmt: skip
    return Recipe(
        name=f"matchmaps-paper-{row.name}",
        title=f"Paper size: {row.label}",
        rows=row.computes,
        ours="Pictures are stored with a shorter side of 256 px, and the loss is a mean over pairs.",
        pair=PairOptions(caption=row.caption),
        model=PAPER_SIZE[row.network],
        stages=(stage,),
        data={"train": CatalogData(catalog="places-audio")},
        validation=CatalogData(catalog="places-audio"),
        start=_start("paper", row),
    ).on("places-audio")


def _compact(row: Row) -> Recipe:
    """A row with compact networks on the world."""
    stage = Stage(
        name="pairs", epochs=30, batch=80, aggregation=row.aggregation, objectives=row.objectives,
        optimiser=Adam(rate=0.002), schedule=Cosine(),
    )  # fmt: skip
    return Recipe(
        name=f"matchmaps-compact-{row.name}",
        title=f"Compact: {row.label}",
        rows=row.computes,
        ours="Compact networks on the procedural world, Adam with a cosine schedule; the loss is a mean over pairs.",
        pair=_pair(row.caption),
        picture=COMPACT_PICTURE,
        model=COMPACT[row.network],
        stages=(stage,),
        data={"train": WorldData(world=WORLD, items=TRAINING_ITEMS)},
        validation=HELD_OUT,
        start=_start("compact", row),
    )


def _start(size: str, row: Row) -> tuple[Start, ...]:
    """The run that a row starts from; its name is fixed, so that `train` says which one is missing."""
    if row.pretraining == "none":
        return ()
    branches = ("image",) if row.network == "resnet_words" or "baseline" in row.network else ("image", "caption")
    kind = "natural-sounds" if row.pretraining == "natural-sounds" else "labels"
    network = row.network.replace("_", "-")
    return (Start(run=f"matchmaps-{size}-{kind}-{network}", branches=branches),)


def _natural_sounds(size: str, network: str) -> Recipe:
    """Unsupervised start (section 4.5, 2): a picture and the sound of the same video, semi-hard loss."""
    compact = size == "compact"
    data: Data = WorldData(world=WORLD, items=TRAINING_ITEMS) if compact else CatalogData(catalog="flickr-videos")
    stage = Stage(
        name="natural sounds", epochs=20 if compact else 40, objectives=WITH_SEMI_HARD,
        optimiser=Adam(rate=0.002) if compact else Sgd(rate=0.001), schedule=Cosine() if compact else Staircase(),
    )  # fmt: skip
    recipe = Recipe(
        name=f"matchmaps-{size}-natural-sounds-{network.replace('_', '-')}",
        title=f"{size.capitalize()}: pictures and natural sounds, {network.replace('_', ' + ')}",
        ours="The picture and the sound of one world item stand for a video's frame and track." if compact else "",
        pair=_pair(Modality.SOUND) if compact else PairOptions(caption=Modality.SOUND),
        picture=COMPACT_PICTURE if compact else Picture(),
        model=(COMPACT if compact else PAPER_SIZE)[network],
        stages=(stage,),
        data={"train": data},
        validation=HELD_OUT if compact else data,
    )
    return recipe if compact else recipe.on("flickr-videos")


TINY = Recipe(
    name="matchmaps-tiny",
    title="A minute's try: cosine maps, 200 easy pairs",
    ours="Cosine maps, MISA and InfoNCE in place of dot products and margins; scenes of one or two objects.",
    pair=_pair(Modality.SPEECH),
    picture=COMPACT_PICTURE,
    model=COMPACT_RESNET_RES_DAVENET.model_copy(update={"unit_length": True}),
    stages=(
        Stage(
            name="easy scenes", epochs=2, batch=40, aggregation=_MISA, objectives=(InfoNce(temperature=0.07),),
            optimiser=Adam(rate=0.002), schedule=Cosine(),
        ),
    ),
    data={"train": WorldData(world=WorldSpec(seed=21, objects_min=1, objects_max=2), items=200)},
    validation=WorldData(world=WorldSpec(seed=22, objects_min=1, objects_max=2), items=50),
)  # fmt: skip
"""Shows that everything works; learns next to nothing."""


_FEW_SCENES = ("kitchen", "office", "beach", "farm", "street", "forest", "music_room", "snowfield")
_EASY: dict[str, float] = {"objects_min": 1, "objects_max": 1, "words_min": 2, "words_max": 7, "unseen": 0.0}

CURRICULUM: dict[str, Data] = {
    "few": WorldData(world=WorldSpec.model_validate({"seed": 1, "scenes": _FEW_SCENES} | _EASY), items=8_000),
    "short": WorldData(world=WorldSpec.model_validate({"seed": 1} | _EASY), items=16_000),
    "full": WorldData(world=WORLD, items=8_000),
}
"""From one thing and a few words in eight kinds of scene, over all scenes, to the world as it is."""


def _demo(
    name: str, title: str, *, ours: str, objectives: tuple[AnyObjective, ...], aggregation: Aggregation, cosine: bool
) -> Recipe:
    """A run that ships: compact residual branches from random weights through the curriculum."""

    def stage(data: str, epochs: int, rate: float) -> Stage:
        return Stage(
            name=data, data=data, epochs=epochs, batch=80, aggregation=aggregation, objectives=objectives,
            optimiser=Adam(rate=rate), schedule=Cosine(floor=0.2 if data != "full" else 0.01),
        )  # fmt: skip

    return Recipe(
        name=f"matchmaps-demo-{name}",
        title=title,
        ours=ours,
        pair=_pair(Modality.SPEECH),
        picture=COMPACT_PICTURE,
        model=COMPACT_RESNET_RES_DAVENET.model_copy(update={"unit_length": cosine}),
        stages=(stage("few", 4, 0.003), stage("short", 4, 0.003), stage("full", 8, 0.002)),
        data=CURRICULUM,
        validation=HELD_OUT,
    )


DEMO: tuple[Recipe, ...] = (
    _demo(
        "cosine", "Demo: cosine maps, MISA, InfoNCE", aggregation=_MISA, objectives=(InfoNce(temperature=0.07),),
        cosine=True, ours="Ours: cosine maps, MISA and InfoNCE in place of dot products, SISA and margins.",
    ),
    _demo(
        "random", "Demo: as the paper's row 5 (SISA, semi-hard, dot product)", aggregation=_SISA,
        objectives=WITH_SEMI_HARD, cosine=False,
        ours="Compact networks, Adam, and a curriculum of easier scenes first.",
    ),
)  # fmt: skip
"""What the Matchmap page opens with."""


def _all() -> Iterator[Recipe]:
    yield TINY
    yield from DEMO
    for size in ("compact", "paper"):
        for network in ("resnet_res_davenet", "vgg_davenet"):
            yield _natural_sounds(size, network)
    for row in ROWS:
        yield _compact(row)
        yield _paper(row)


ALL: tuple[Recipe, ...] = tuple(_all())
"""Every recipe of the paper."""
