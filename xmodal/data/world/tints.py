"""Surface colours that all categories share, so that a colour histogram says little about the place."""

import numpy as np
from jaxtyping import Float

from xmodal.data.world.light import linear

Colours = Float[np.ndarray, "tints 3"]


def _table(*codes: str) -> Colours:
    return linear(np.array([[int(code[at : at + 2], 16) / 255 for at in (0, 2, 4)] for code in codes]))


WALLS: Colours = _table("dcd6c8", "b9c6cf", "c3b091", "9fb09a", "c99f8c", "8f99a6", "cbb8c4", "a8876a")
"""Paint, paper, tiles and far houses, by `Scene.wall_tint`."""

FLOORS: Colours = _table("a87f57", "6e5140", "8d8a86", "bfae93", "96705c", "7b858c", "b79b6b", "5f6660")
"""Floors and bare ground, by `Scene.ground_tint`."""

PLANTS: Colours = _table("6d8a45", "55703d", "a39a58", "7f8350", "8c7f4a", "4f6a4c", "94a05c", "77704f")
"""Grass and leaves from fresh to dry, by `Scene.ground_tint`."""

MINERALS: Colours = _table("b7a489", "8f8a83", "c9b391", "7a7470", "a68d74", "6f757a", "d0c3ab", "94836f")
"""Stone, sand, gravel and asphalt, by `Scene.ground_tint`."""

WATERS: Colours = _table("4e7486", "3f6470", "5f7f7a", "5b6d7c", "6f8189", "48685f", "6a7468", "557a92")
"""Water looked into, by `Scene.wall_tint`."""
