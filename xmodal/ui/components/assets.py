"""Registers a component from its three files."""

from pathlib import Path
from typing import Any

from streamlit.components.v2 import component

from xmodal.ui.palette import stylesheet

FOLDER = Path(__file__).parent


def register(name: str) -> Any:
    """The mount function of component `name` (its type is private to Streamlit).

    Call it once per name, at import: Streamlit warns when a name is registered anew.
    """
    return component(
        f"xmodal_{name}",
        html=_text(f"{name}.html"),
        css="\n".join((stylesheet(), _text("shared.css"), _text(f"{name}.css"))),
        js="\n".join((_text("shared.js"), _text(f"{name}.js"))),
    )


def _text(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")
