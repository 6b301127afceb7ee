"""Plain."""

import numpy as np

from xmodal.data.world.backdrops.view import View


def paint_plain(view: View) -> None:
    """Sky and ground."""
    first = view.row_of(view.camera.horizon)
    view.fill(slice(0, first), view.light.air, "sky")
    view.fill(slice(first, None), view.light.ground * np.float32(0.3), "grass")
