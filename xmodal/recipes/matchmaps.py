"""Recipes of matchmaps (Jointly Discovering Visual Objects and Spoken Words): the demo's, then the paper's tables."""

from xmodal.data.world.spec import WorldSpec
from xmodal.features.picture import Picture
from xmodal.features.prepared import PairOptions
from xmodal.models.matchmap_sizes import COMPACT_RESNET_RES_DAVENET
from xmodal.objectives import InfoNce
from xmodal.recipes.recipe import Recipe, WorldData
from xmodal.similarity.matchmap import Aggregation
from xmodal.training.schedule import Cosine
from xmodal.training.stage import Adam, Stage

COMPACT_PICTURE = Picture(shorter_side_px=112, crop_px=96)
"""Pictures of the compact networks."""
COMPACT_PAIR = PairOptions(shorter_side_px=112, most_frames=1024)

TINY = Recipe(
    name="matchmaps-tiny",
    title="Matchmaps, a minute's try",
    ours="Cosine maps, MISA and InfoNCE instead of raw dot products and margins; 200 pairs of one or two objects.",
    pair=COMPACT_PAIR,
    picture=COMPACT_PICTURE,
    model=COMPACT_RESNET_RES_DAVENET.model_copy(update={"unit_length": True}),
    stages=(
        Stage(
            name="easy scenes",
            epochs=2,
            batch=40,
            aggregation=Aggregation.MISA,
            objectives=(InfoNce(temperature=0.07),),
            optimiser=Adam(rate=0.002),
            schedule=Cosine(),
        ),
    ),
    data={"train": WorldData(world=WorldSpec(seed=21, objects_min=1, objects_max=2), items=200)},
    validation=WorldData(world=WorldSpec(seed=22, objects_min=1, objects_max=2), items=50),
)
"""Shows that everything works; learns next to nothing."""

ALL: tuple[Recipe, ...] = (TINY,)
"""Every recipe of the paper."""
