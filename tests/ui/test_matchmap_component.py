"""What the matchmap player is given and what it tells, without a browser."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from xmodal.data.sample import Word
from xmodal.figures.heat import heat_table
from xmodal.figures.score_map import Cover, ScoreMap, score_map
from xmodal.modality import Modality
from xmodal.seeding import stream
from xmodal.ui.components.assets import FOLDER
from xmodal.ui.matchmap_player import SCRIPTS, PlayerView, _opening, view_of
from xmodal.ui.played_clip import PlayedClip, Things, payload, text_words

PARTS = FOLDER / "matchmap"
BANNED = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "import(")


def shown(name: str = "Matchmap", frames: int = 5) -> ScoreMap:
    scores = stream(1, "scores").normal(100.0, 30.0, (frames, 3, 4))
    return score_map(name, scores, first_s=0.1, step_s=0.2, cover=Cover(0.1, 0.0, 0.8, 1.0))


def clip() -> PlayedClip:
    return PlayedClip(
        "item", "picture", 1.0, (shown(), shown("Mean map", 1)), Modality.SPEECH,
        picture=b"jpeg", sound=b"wave", spectrogram=b"png",
        words=(Word("a", 0.1, 0.2), Word("dog", 0.3, 0.6)),
        things=Things(np.eye(4, dtype=np.uint8), ("dog",), ((), (1,))),
    )  # fmt: skip


def cell(data: dict[str, Any], name: str) -> bytes:
    return data["bytes"].column(name)[0].as_py()


def test_scores_survive_as_bytes() -> None:
    scores = stream(2, "scores").normal(-5.0, 200.0, (7, 4, 6))
    found = score_map("m", scores, first_s=0.0, step_s=0.1)
    back = found.low + found.levels / 255 * (found.high - found.low)
    assert np.abs(back - scores).max() <= (scores.max() - scores.min()) / 510 + 1e-9
    assert (found.low, found.high) == (scores.min(), scores.max())


def test_a_map_without_contrast_is_a_map() -> None:
    found = score_map("m", np.full((2, 3, 3), 7.0), first_s=0.0, step_s=0.1)
    assert found.low == found.high == 7.0
    assert not found.levels.any()


@pytest.mark.parametrize("scores", [np.zeros((0, 2, 2)), np.full((1, 2, 2), np.nan), np.full((1, 2, 2), np.inf)])
def test_scores_that_cannot_be_drawn_are_refused(scores: np.ndarray) -> None:
    with pytest.raises(ValueError, match="'m': needs finite"):
        score_map("m", scores, first_s=0.0, step_s=0.1)


def test_a_map_needs_a_step() -> None:
    with pytest.raises(ValueError, match="a step above 0"):
        ScoreMap("m", np.zeros((1, 1, 1), np.uint8), 0.0, 1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "change",
    [
        {"sound": None},
        {"picture": None},
        {"maps": ()},
        {"duration_s": 0.0},
        {"kind": "video"},
        {"things": None, "words": (), "kind": "text"},
    ],
)
def test_a_clip_with_a_part_missing_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="clip 'item': needs a map"):
        replace(clip(), **change)


def test_every_word_says_what_it_names() -> None:
    with pytest.raises(ValueError, match="1 entries say what 2 words name"):
        replace(clip(), words=(Word("a", 0.0, 0.1), Word("b", 0.1, 0.2)), things=replace(_things(), named=((),)))


def _things() -> Things:
    things = clip().things
    assert things is not None
    return things


def test_the_payload_holds_bytes_only_in_its_table() -> None:
    data = payload(clip())
    assert cell(data, "picture") == b"jpeg"
    assert cell(data, "sound") == b"wave"
    assert cell(data, "map_0") == shown().levels.tobytes()
    assert cell(data, "heat") == heat_table()
    assert len(cell(data, "map_1")) == 12
    assert "video" not in data["bytes"].column_names
    _no_bytes({name: value for name, value in data.items() if name != "bytes"})
    assert data["words"][1] == {
        "text": "dog", "start_s": 0.3, "end_s": 0.6, "instances": [1], "note": "0.30 to 0.60 s",
    }  # fmt: skip
    assert data["maps"][0]["cover"] == [0.1, 0.0, 0.8, 1.0]


def _no_bytes(value: object) -> None:
    assert not isinstance(value, bytes | np.ndarray)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _no_bytes(inner)


def test_keys_tell_the_clip_from_its_maps() -> None:
    first, again = payload(clip()), payload(clip())
    assert (first["clip_key"], first["maps_key"]) == (again["clip_key"], again["maps_key"])
    other = payload(replace(clip(), maps=(shown("Another run"),)))
    assert other["clip_key"] == first["clip_key"]
    assert other["maps_key"] != first["maps_key"]
    louder = payload(replace(clip(), sound=b"louder"))
    assert louder["clip_key"] != first["clip_key"]
    assert louder["maps_key"] == first["maps_key"]


def test_words_of_a_text_take_one_unit_each() -> None:
    assert text_words(("red", "boat")) == (Word("red", 0.0, 1.0), Word("boat", 1.0, 2.0))


def test_heat_gets_brighter_step_by_step() -> None:
    colours = np.frombuffer(heat_table(), np.uint8).reshape(256, 3).astype(float)
    light = colours @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(light) > -0.6).all()
    assert light[0] < 5
    assert light[-1] > 230


def test_what_is_told_is_read_with_care() -> None:
    told = {"id": "item", "time_s": 0.5, "map": "Matchmap", "place": [0.1, 0.2, 0.3, 0.4], "mode": "heat", "new": 1}
    view = view_of(told, clip())
    assert (view.time_s, view.place, view.mode) == (0.5, (0.1, 0.2, 0.3, 0.4), "heat")
    assert view_of({**told, "id": "before"}, clip()) == PlayerView()
    for broken in (None, "text", {**told, "mode": "rainbow"}, {**told, "time_s": -1}, {**told, "place": [1]}):
        assert view_of(broken, clip()) == PlayerView()


def test_a_view_opens_as_it_was_told() -> None:
    view = PlayerView(map="Mean map", mode="heat", time_s=0.4, stretch=(0.1, 0.3))
    opening = _opening(clip(), view)
    assert opening["settings"] == {"mode": "heat", "map": 1}
    assert (opening["time_s"], opening["stretch"], opening["place"]) == (0.4, (0.1, 0.3), None)
    assert _opening(clip(), PlayerView(map="gone"))["settings"]["map"] == 0


def test_every_script_is_in_the_component() -> None:
    assert {f"{name}.js" for name in SCRIPTS} == {path.name for path in PARTS.glob("*.js")}


@pytest.mark.parametrize("path", sorted(PARTS.iterdir()), ids=lambda path: path.name)
def test_no_part_asks_another_server_or_writes_markup(path: Any) -> None:
    text = path.read_text()
    assert not re.search(r"(https?:)?//[a-z]", re.sub(r"(^|\s)//.*", "", text))
    assert len(text.splitlines()) <= 300
    for banned in BANNED:
        assert banned not in text
    assert "animation" not in text or path.suffix != ".css" or "prefers-reduced-motion" in text
