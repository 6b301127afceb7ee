"""What lies behind and under the things: one structure per scene category."""

from xmodal.data.world.backdrops.table import BACKDROPS, paint_backdrop
from xmodal.data.world.backdrops.view import Backdrop, View

__all__ = ["BACKDROPS", "Backdrop", "View", "paint_backdrop"]
