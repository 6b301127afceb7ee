"""Progress on a page: a bar that appears after half a second and goes when the work is done."""

import time
from typing import TYPE_CHECKING

import streamlit as st

from xmodal.progress import Progress, describe

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

PATIENCE_S = 0.5
"""Work that ends sooner needs no bar."""
PERIOD_S = 0.2


class Bar(Progress):
    """One bar, at the place on the page where it was made."""

    def __init__(self) -> None:
        self._place: DeltaGenerator = st.empty()
        self._began = self._shown = time.monotonic()
        self._stage, self._since = "", self._began

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Stage, count, share and the time left, at most five times a second."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._since = stage, now
        if now - self._began < PATIENCE_S or now - self._shown < PERIOD_S:
            return
        self._shown = now
        share = min(1.0, done / total) if total else 0.0
        self._place.progress(share, text=describe(stage, done, total, now - self._since) + note)

    def close(self) -> None:
        """Take the bar away."""
        self._place.empty()
