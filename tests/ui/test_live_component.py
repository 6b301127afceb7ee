"""The live component's parts: all of them used, none asks another server or writes markup."""

import re
from pathlib import Path

import pytest

from tests.ui.test_matchmap_component import BANNED
from xmodal.ui.components.assets import FOLDER
from xmodal.ui.live_player import SCRIPTS, WORKLET, _script

PARTS = FOLDER / "live"


def test_every_script_is_in_the_component() -> None:
    used = {Path(part).name for part in SCRIPTS if part.startswith("live/")}
    assert used | {WORKLET.stem} == {path.stem for path in PARTS.glob("*.js")}
    assert "registerProcessor" in _script().splitlines()[0]  # as text, for the audio thread


@pytest.mark.parametrize("path", sorted(PARTS.iterdir()), ids=lambda path: path.name)
def test_no_part_asks_another_server_or_writes_markup(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"(https?:)?//[a-z]", re.sub(r"(^|\s)//.*", "", text))
    assert len(text.splitlines()) <= 300
    for banned in BANNED:
        assert banned not in text
