"""`embed` and `search`: the vectors of a catalog, and what is found in it by text, file and item."""

from pathlib import Path

import pytest

from tests.cli.running import Commands
from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.ui.tiny_catalog import ITEMS, build
from xmodal.data.sample import Split
from xmodal.recipes.catalog_vectors import command_of
from xmodal.workspace import VARIABLE, Workspace

RUN = "see-hear-read-ranking-1"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    build(root / "catalogs", root / "media")
    fresh_sense_run(Workspace(root))
    return root


@pytest.fixture
def xmodal(filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    monkeypatch.setenv(VARIABLE, str(filled))
    return Commands(filled, capsys)


def test_embed_tells_what_it_made_and_left_out(xmodal: Commands) -> None:
    found = xmodal(*command_of(RUN, "tiny", layer="hidden1", epoch=1), "--json").json
    assert (found["layer"], found["dim"]) == ("hidden1", 12)
    assert Path(found["folder"]).is_relative_to(xmodal.workspace / "cache" / "vectors")
    assert [item for item, _ in found["left_out"]] == ["tiny/007", "tiny/008"]
    shown = xmodal(*command_of(RUN, "tiny"))
    assert f"{RUN}: {found['rows']} vectors of 8 numbers (hidden2), tiny" in shown.out
    assert "left out: tiny/007, image: picture is damaged" in shown.out


def test_search_by_text_file_and_item(xmodal: Commands) -> None:
    asked = (RUN, "--data", "tiny", "--n", "3", "--json")
    by_text = xmodal("search", *asked, "--text", "a dog near the boat").json["answers"]
    assert {sense: len(hits) for sense, hits in by_text.items()} == {"image": 3, "sound": 3, "text": 3}
    picture = xmodal.workspace / "media" / "image-12.png"
    by_file = xmodal("search", *asked, "--file", picture).json["answers"]
    by_item = xmodal("search", *asked, "--item", "tiny/012").json["answers"]
    assert by_file["image"][0]["item"] == by_item["image"][0]["item"] == "tiny/012"
    assert by_item["image"][0]["score"] == pytest.approx(1.0, abs=1e-4)
    words = ("--text", "a dog", "--item", "tiny/012", "--in", "IMAGE", "--split", "TEST", "--n", str(ITEMS))
    both = xmodal("search", *asked[:3], "--json", *words).json["answers"]
    assert both.keys() == {"image"}
    assert len(both["image"]) == sum(list(Split)[index % 10 % 3] is Split.TEST for index in range(ITEMS) if index != 7)
    shown = xmodal("search", RUN, "--data", "tiny", "--item", "tiny/012", "--n", "1").out
    assert f"Image ({ITEMS - 1} vectors)\n   1.000  tiny/012                 harbour" in shown


def test_why_names_units_and_what_they_fire_at(xmodal: Commands) -> None:
    asked = ("search", RUN, "--data", "tiny", "--item", "tiny/012", "--n", "2", "--why")
    found = xmodal(*asked, "--json").json
    named = set()
    for hits in found["answers"].values():
        for hit in hits:
            why = hit["why"]
            assert why["both"] + why["neither"] + why["one"] == pytest.approx(hit["score"], abs=1e-4)
            named |= {str(each["unit"]) for each in why["units"]}
    assert named == found["units"].keys()
    assert all(told["items"].keys() == {"image", "sound", "text"} for told in found["units"].values())
    shown = xmodal(*asked, "--in", "IMAGE").out.splitlines()
    assert "units fire in both +" in shown[2]
    assert shown[-1].startswith("unit ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing is asked for"),
        (("--text", "?!"), "the text is empty"),
        (("--text", "xyzzy"), "none of these words: xyzzy"),
        (("--item", "nobody"), "there is no such item"),
        (("--item", "tiny/001", "--in", "SPEECH"), "has no vectors of speech in tiny"),
        (("--item", "tiny/001", "--n", "0"), "n must be at least 1"),
        (("--item", "tiny/001", "--layer", "conv9"), "no layer 'conv9'"),
        (("--file", "nowhere.png"), "nowhere.png"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(xmodal: Commands, words: tuple[str, ...], said: str) -> None:
    shown = xmodal("search", RUN, "--data", "tiny", *words)
    assert shown.code == 2
    assert shown.err.splitlines()[-1].startswith("error: ")
    assert said in shown.err


def test_a_hostile_file_is_refused(xmodal: Commands, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    shown = xmodal("search", RUN, "--data", "tiny", "--file", tmp_path / "picture.png")
    assert shown.code == 2
    assert "neither a picture" in shown.err
