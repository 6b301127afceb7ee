"""What matchmap networks may start from (section 4.5): pictures with natural sounds, without or with labels.

`matchmaps-*-natural-sounds-*` learns which sound belongs to which picture, by the semi-hard loss.
`matchmaps-*-labels-*` learns to name what is seen and heard, each branch for itself.
"""

from collections.abc import Iterator

from xmodal.features.picture import Picture
from xmodal.features.prepared import PairOptions
from xmodal.modality import Modality
from xmodal.models.matchmap_sizes import COMPACT, PAPER_SIZE
from xmodal.objectives import SampledMargin, SemiHard
from xmodal.objectives.classification import Classification
from xmodal.recipes.matchmap_data import PICTURE, SOUNDS, SOUNDS_HELD_OUT, pair
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.recipe import CatalogData
from xmodal.training.matchmap_stage import AnyObjective, MatchmapStage
from xmodal.training.schedule import Cosine, Staircase
from xmodal.training.stage import Adam, Sgd

WITH_SEMI_HARD: tuple[AnyObjective, ...] = (SampledMargin(margin=1.0), SemiHard(margin=1.0))
"""L_s + L_h, weighted equally (Eq. 15)."""

NATURAL_SOUNDS = ("resnet_res_davenet", "vgg_davenet")
"""Networks of the rows that start so."""
LABELS = ("resnet_res_davenet", "baseline_2016")
"""Networks of the rows that start so; both baselines have the same image branch."""


def name_of(size: str, kind: str, network: str) -> str:
    """Name of the recipe, and of the run that rows look for."""
    return f"matchmaps-{size}-{kind}-{network.replace('_', '-')}"


def _natural_sounds(size: str, network: str) -> MatchmapRecipe:
    title = f"pictures and natural sounds, {network.replace('_', ' + ')}"
    return _start(size, "natural-sounds", network, title, {"objectives": WITH_SEMI_HARD})


def _labels(size: str, network: str) -> MatchmapRecipe:
    title = f"labels of pictures and sounds, {network.replace('_', ' + ')}"
    recipe = _start(size, "labels", network, title, {"labels": Classification()})
    ours = (
        "Both branches learn from one set, in which several things are seen and heard: a yes or no for every class in "
        "place of a softmax over ImageNet and AudioSet. "
    )
    return recipe.model_copy(update={"ours": ours + recipe.ours})


def _start(size: str, kind: str, network: str, title: str, learned: dict[str, object]) -> MatchmapRecipe:
    stage: dict[str, object] = {"name": kind.replace("-", " "), **learned}
    name = name_of(size, kind, network)
    if size == "compact":
        more = {"epochs": 6, "optimiser": Adam(rate=0.003), "schedule": Cosine()}
        return MatchmapRecipe(
            name=name,
            title=f"Compact: {title}",
            ours="The picture and the sound of one world item stand for a video's frame and track; Adam.",
            pair=pair(Modality.SOUND),
            picture=PICTURE,
            model=COMPACT[network],
            stages=(MatchmapStage.model_validate(stage | more),),
            data=SOUNDS,
            validation=SOUNDS_HELD_OUT,
        )
    more = {"epochs": 40, "optimiser": Sgd(rate=0.001), "schedule": Staircase()}
    return MatchmapRecipe(
        name=name,
        title=f"Paper size: {title}",
        pair=PairOptions(caption=Modality.SOUND),
        picture=Picture(),
        model=PAPER_SIZE[network],
        stages=(MatchmapStage.model_validate(stage | more),),
        data={"train": CatalogData(catalog="flickr-videos")},
        validation=CatalogData(catalog="flickr-videos"),
    ).on("flickr-videos")


def _all() -> Iterator[MatchmapRecipe]:
    for size in ("compact", "paper"):
        for network in NATURAL_SOUNDS:
            yield _natural_sounds(size, network)
        for network in LABELS:
            yield _labels(size, network)


ALL: tuple[MatchmapRecipe, ...] = tuple(_all())
