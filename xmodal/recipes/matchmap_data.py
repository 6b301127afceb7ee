"""What the compact matchmap recipes learn from: pairs of the procedural world, easy ones first."""

from xmodal.data.world.spec import WorldSpec
from xmodal.features.picture import Picture
from xmodal.features.prepared import PairOptions
from xmodal.modality import Modality
from xmodal.recipes.recipe import Data, WorldData

PICTURE = Picture(shorter_side_px=112, crop_px=96)
"""Pictures of the compact networks."""
FRAMES = 1024
"""Longest clip of the compact networks, about 10 s."""

WORLD = WorldSpec(seed=1)
"""The compact recipes learn from this world; `evaluate` asks about others."""
HELD_OUT = WorldData(world=WorldSpec(seed=2), items=500)
"""Measured after every epoch."""

_FEW_SCENES = ("kitchen", "office", "beach", "farm", "street", "forest", "music_room", "snowfield")
_EASY: dict[str, float] = {"objects_min": 1, "objects_max": 1, "words_min": 2, "words_max": 7, "unseen": 0.0}

CURRICULUM: dict[str, Data] = {
    "few": WorldData(world=WorldSpec.model_validate({"seed": 1, "scenes": _FEW_SCENES} | _EASY), items=8_000),
    "short": WorldData(world=WorldSpec.model_validate({"seed": 1} | _EASY), items=24_000),
    "full": WorldData(world=WORLD, items=64_000),
}
"""From one thing and a few words in eight kinds of scene, over all scenes, to the world as it is.
Without the easy scenes no compact network left chance within 7 CPU minutes; with 8,000 full ones it learned them by
heart, and after three times 40,000 it ranked those it had seen clearly better than others."""
POOL = 16
"""Batches of the compact networks that are filled together, with captions of like lengths: a fifth less to compute."""

SOUNDS: dict[str, Data] = {"train": WorldData(world=WorldSpec(seed=3), items=16_000)}
"""Pictures with what is heard in them, of another world than the captions: for the starts of section 4.5."""
SOUNDS_HELD_OUT = WorldData(world=WorldSpec(seed=4), items=500)


def pair(caption: Modality) -> PairOptions:
    """A pair of the compact networks."""
    return PairOptions(caption=caption, shorter_side_px=PICTURE.shorter_side_px, most_frames=FRAMES)
