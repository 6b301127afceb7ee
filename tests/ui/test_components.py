"""Components: complete, quiet, and unable to turn data into markup."""

import re

import pytest

from xmodal.ui.components.assets import FOLDER

NAMES = sorted(path.stem for path in FOLDER.glob("*.js") if path.stem != "shared")
BANNED = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
    "new Function",
    "import(",
)


@pytest.mark.parametrize("name", NAMES)
def test_each_has_its_three_files(name: str) -> None:
    for suffix in ("html", "css", "js"):
        assert (FOLDER / f"{name}.{suffix}").read_text().count("\n") >= 1


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.*")), ids=lambda path: path.name)
def test_none_asks_another_server_or_writes_markup(path: object) -> None:
    text = FOLDER.joinpath(str(path)).read_text()
    assert not re.search(r"(https?:)?//[a-z]", re.sub(r"(^|\s)//.*", "", text))
    for banned in BANNED:
        assert banned not in text


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.js")), ids=lambda path: path.name)
def test_scripts_are_short(path: object) -> None:
    assert len(FOLDER.joinpath(str(path)).read_text().splitlines()) <= 300


def test_motion_is_reduced_on_request() -> None:
    for path in FOLDER.glob("*.css"):
        text = path.read_text()
        if "animation" in text:
            assert "prefers-reduced-motion" in text
