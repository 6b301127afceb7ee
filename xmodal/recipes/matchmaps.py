"""Recipes of matchmaps (Jointly Discovering Visual Objects and Spoken Words): every row of Tables 1 to 3.

Each row exists twice: `matchmaps-paper-*` at the paper's size for a catalog of one's own (`--data`), with section
4.6's optimiser, and `matchmaps-compact-*`, small enough for a CPU, on the procedural world. `matchmaps-demo-*` are the
runs that ship. Rows of Table 3 read the captions' text; Table 4 evaluates the runs of Tables 1 and 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from xmodal.data.world.spec import WorldSpec
from xmodal.features.perturbation import Perturbation
from xmodal.features.prepared import PairOptions
from xmodal.modality import Modality
from xmodal.models.matchmap_sizes import COMPACT, COMPACT_RESNET_RES_DAVENET, PAPER_SIZE
from xmodal.models.matchmaps import MatchmapConfig
from xmodal.objectives import InfoNce, SampledMargin
from xmodal.recipes.matchmap_data import CURRICULUM, HELD_OUT, PICTURE, POOL, pair
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.matchmap_starts import ALL as STARTS
from xmodal.recipes.matchmap_starts import WITH_SEMI_HARD, name_of
from xmodal.recipes.recipe import CatalogData, Start, WorldData
from xmodal.similarity.matchmap import Aggregation
from xmodal.training.matchmap_stage import AnyObjective, MatchmapStage
from xmodal.training.schedule import Cosine
from xmodal.training.stage import Adam, Sgd

Pretraining = Literal["none", "natural-sounds", "supervised", "imagenet"]

SAMPLED: tuple[AnyObjective, ...] = (SampledMargin(margin=1.0),)
"""L_s alone (Eq. 11)."""
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

KEPT_EPOCHS: dict[str, tuple[int, ...]] = {"sisa-shn-none": (1, 3, 4, 6, 7, 8)}
"""Rows whose compact run keeps the weights of some epochs, for a look at how a network comes to be."""


def _paper(row: Row) -> MatchmapRecipe:
    """A row as the paper trained it, on a catalog that `--data` names (Places audio captions in the paper)."""
    rate = 0.001 if row.network == "vgg_davenet" else _RATES[row.pretraining]
    stage = MatchmapStage(
        name="pairs", epochs=40, batch=80, aggregation=row.aggregation, objectives=row.objectives,
        optimiser=Sgd(rate=rate),
    )  # fmt: skip
    return MatchmapRecipe(
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


def _compact(row: Row) -> MatchmapRecipe:
    """A row with compact networks on the world, easy scenes first."""
    return _curriculum(
        f"matchmaps-compact-{row.name}",
        f"Compact: {row.label}",
        ours="Compact networks on the procedural world, easier scenes first, Adam; the loss is a mean over pairs.",
        caption=row.caption,
        model=COMPACT[row.network],
        stage=MatchmapStage(name="full", epochs=3, aggregation=row.aggregation, objectives=row.objectives),
    ).model_copy(
        update={"rows": row.computes, "start": _start("compact", row), "keep_epochs": KEPT_EPOCHS.get(row.name, ())}
    )


def _curriculum(
    name: str, title: str, *, ours: str, caption: Modality, model: MatchmapConfig, stage: MatchmapStage
) -> MatchmapRecipe:
    """A compact network through the curriculum: two easy stages, then `stage`, whose losses those have too."""

    def step(data: str, rate: float, floor: float, **own: int) -> MatchmapStage:
        both = {"name": data, "data": data, "pool": POOL, "optimiser": Adam(rate=rate)}
        return stage.model_copy(update=both | {"schedule": Cosine(floor=floor)} | own)

    return MatchmapRecipe(
        name=name,
        title=title,
        ours=ours,
        pair=pair(caption),
        picture=PICTURE,
        model=model,
        stages=(
            step("few", 0.003, 0.5, epochs=3, batch=80),
            step("short", 0.003, 0.3, epochs=3, batch=80),
            step("full", 0.002, 0.01),
        ),
        data=CURRICULUM,
        validation=HELD_OUT,
        concept_pairs=200,
    )


def _start(size: str, row: Row) -> tuple[Start, ...]:
    """The run that a row starts from; its name is fixed, so that `train` says which one is missing."""
    if row.pretraining == "none":
        return ()
    kind = "natural-sounds" if row.pretraining == "natural-sounds" else "labels"
    network = {"resnet_words": "resnet_res_davenet", "baseline_2017": "baseline_2016"}.get(row.network, row.network)
    branches = ("image", "caption") if network == row.network and "baseline" not in network else ("image",)
    return (Start(run=name_of(size, kind, network), branches=branches),)


_COSINE = COMPACT_RESNET_RES_DAVENET.model_copy(update={"unit_length": True})
_SCALED = _COSINE.model_copy(update={"learned_scale": 1.0})
"""A mean over a long caption's frames leaves little between a pair and an impostor: the factor lets it count."""

VARIED = Perturbation(stretch=0.1, warp=0.05, tilt_db=1.0, masked_bands=4, masked_frames=12)
"""Where captions are heard eight times each: they are not the same twice."""

TINY = MatchmapRecipe(
    name="matchmaps-tiny",
    title="A minute's try: cosine maps, 200 easy pairs",
    ours="Cosine maps, MISA and InfoNCE in place of dot products and margins; scenes of one or two objects.",
    pair=pair(Modality.SPEECH),
    picture=PICTURE,
    model=_COSINE,
    stages=(
        MatchmapStage(
            name="easy scenes", epochs=2, batch=40, aggregation=_MISA, objectives=(InfoNce(temperature=0.07),),
            optimiser=Adam(rate=0.002), schedule=Cosine(),
        ),
    ),
    data={"train": WorldData(world=WorldSpec(seed=21, objects_min=1, objects_max=2), items=200)},
    validation=WorldData(world=WorldSpec(seed=22, objects_min=1, objects_max=2), items=50),
)  # fmt: skip
"""Shows that everything works; learns next to nothing."""


_DEMO_COSINE = _curriculum(
    "matchmaps-demo-cosine",
    "Demo: cosine maps, MISA, InfoNCE",
    ours="Ours: cosine maps with a learned factor, MISA, InfoNCE; easier scenes first, perturbed captions; Adam.",
    caption=Modality.SPEECH,
    model=_SCALED,
    stage=MatchmapStage(name="full", epochs=8, batch=160, aggregation=_MISA, objectives=(InfoNce(temperature=0.07),)),
).model_copy(update={"perturbations": {"full": VARIED}})
_AGAIN = _DEMO_COSINE.stages[-1].model_copy(update={"name": "again", "epochs": 5, "optimiser": Adam(rate=0.0015)})
"""A warm restart: the network had not learned all it can (its training pairs ranked as badly as unseen ones)."""

DEMO: tuple[MatchmapRecipe, ...] = (
    _DEMO_COSINE.model_copy(update={"stages": (*_DEMO_COSINE.stages, _AGAIN)}),
    _curriculum(
        "matchmaps-demo-misa-shn",
        "Demo: MISA with semi-hard impostors",
        ours="Ours: semi-hard impostors on MISA, which the authors found impractical; easier scenes first; Adam.",
        caption=Modality.SPEECH,
        model=COMPACT_RESNET_RES_DAVENET,
        stage=MatchmapStage(name="full", epochs=3, aggregation=_MISA, objectives=WITH_SEMI_HARD),
    ),
)
"""What the Matchmap page opens with, beside rows of the tables."""


def _all() -> Iterator[MatchmapRecipe]:
    yield TINY
    yield from DEMO
    yield from STARTS
    for row in ROWS:
        yield _compact(row)
        yield _paper(row)


ALL: tuple[MatchmapRecipe, ...] = tuple(_all())
"""Every recipe of the paper."""
