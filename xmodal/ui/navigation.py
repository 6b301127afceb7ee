"""The pages: one line each, grouped as the sidebar shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

PAGES_FOLDER = Path(__file__).resolve().parents[2] / "pages"


@dataclass(frozen=True)
class PageSpec:
    """One page."""

    file: str
    """File in `pages/`; its stem is the page's address."""
    title: str
    """Short name for the sidebar and the browser's tab."""
    icon: str
    """A Material symbol that ships with Streamlit."""
    default: bool = False
    """Shown at the root address."""

    @property
    def path(self) -> Path:
        """Absolute path of the page's script."""
        return PAGES_FOLDER / self.file


HOME = PageSpec("home.py", "Home", ":material/home:", default=True)
DATA = PageSpec("data.py", "Data", ":material/photo_library:")
MATCHMAP = PageSpec("matchmap.py", "Matchmap", ":material/graphic_eq:")
CONCEPTS = PageSpec("concepts.py", "Concepts", ":material/menu_book:")
RETRIEVAL = PageSpec("retrieval.py", "Retrieval", ":material/travel_explore:")
RESULTS = PageSpec("results.py", "Results", ":material/leaderboard:")
TRAIN = PageSpec("train.py", "Train", ":material/model_training:")

PAGES: dict[str, tuple[PageSpec, ...]] = {
    "Look and listen": (HOME, DATA),
    "What was learned": (RETRIEVAL, MATCHMAP, CONCEPTS, RESULTS),
    "Learning": (TRAIN,),
}
"""Group -> pages. A new page is one line here and one file in `pages/`."""


def switch(spec: PageSpec, query: Mapping[str, str]) -> None:
    """Go to another page at once."""
    st.switch_page(str(spec.path), query_params=dict(query))
