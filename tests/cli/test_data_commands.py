"""`data check|import|show|list|pack` on a small folder with one of each bad file."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.running import Commands
from tests.data.media_files import image_bytes, mp4_bytes, photo, png_claiming, sound_bytes, tone

JPEG = image_bytes(Image.fromarray(photo()), "JPEG")
PNG = image_bytes(Image.fromarray(photo()), "PNG")
WAV = sound_bytes(tone())


def _bad_files(folder: Path) -> dict[str, bytes]:
    """Column of the table and file name -> content; each is bad in its own way."""
    spoilt = tone()
    spoilt[3] = np.nan
    return {
        "empty.png": b"",
        "cut.png": PNG[:200],
        "cut.jpg": JPEG[:300],
        "huge.png": png_claiming(20_000, 20_000),
        "large.png": png_claiming(9_000, 9_000),
        "words.jpg": b"no picture",
        "empty.wav": b"",
        "cut.wav": WAV[:9000],
        "none.wav": sound_bytes(tone(0)),
        "nan.wav": sound_bytes(spoilt, subtype="FLOAT"),
        "cut.mp3": sound_bytes(tone(20), format="MP3")[:4000],
        "empty.mp4": b"",
        "cut.mp4": (whole := mp4_bytes(folder))[: len(whole) // 2],
        "words.mp4": b"no video",
    }


GOOD = {
    "good.jpg": JPEG,
    "one.wav": sound_bytes(tone()[:1]),
    "many.wav": sound_bytes(np.repeat(tone()[:, None], 32, 1)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mine") / "mine"
    (root / "media").mkdir(parents=True)
    files = _bad_files(root) | GOOD
    (root / "made.mp4").unlink()
    rows = ["id,image,sound,video,text"]
    for name, content in files.items():
        (root / "media" / name).write_bytes(content)
        cells = {"jpg": 0, "png": 0, "wav": 1, "mp3": 1, "mp4": 2}
        cell = cells[name.rpartition(".")[2]]
        rows.append(f"{name}," + ",".join(f"media/{name}" if place == cell else "" for place in range(3)) + ",words")
    rows += ["good.jpg,media/good.jpg,,,a duplicate id", "away,../../secret.jpg,,,words", "gone,media/gone.jpg,,,words"]
    (root / "table.csv").write_text("\n".join(rows) + "\n")
    return root


def test_check_prints_one_line_for_each_bad_file(xmodal: Commands, folder: Path) -> None:
    shown = xmodal("data", "check", folder)
    assert shown.code == 0
    lines = [line for line in shown.out.splitlines() if line.startswith("  ")]
    for name in _bad_files_names(folder):
        assert sum(line.startswith(f"  media/{name} [") for line in lines) == 1, name
    assert sum("duplicate id" in line for line in lines) == 1
    assert sum("leaves its folder" in line for line in lines) == 1
    assert sum("missing file: media/gone.jpg" in line for line in lines) == 1
    assert len(lines) == len(_bad_files_names(folder)) + 3
    assert all(len(line) < 300 for line in lines)
    assert "Traceback" not in shown.out + shown.err


def _bad_files_names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "media").iterdir() if path.name not in GOOD)


def test_check_as_json_and_strict(xmodal: Commands, folder: Path) -> None:
    shown = xmodal("data", "check", folder, "--json", "--strict")
    assert shown.code == 1
    content = shown.json
    assert content["format"] == "folder_table"
    assert content["bad"] == len(content["rows"]) == len(_bad_files_names(folder)) + 3
    assert all(row.keys() == {"file", "row", "reason"} for row in content["rows"])
    assert not any("\n" in row["reason"] for row in content["rows"])


def test_import_keeps_what_is_good_and_shows_it(xmodal: Commands, folder: Path) -> None:
    done = xmodal("data", "import", folder, "--name", "mine", "--json")
    assert done.code == 0
    assert done.json["catalog"] == "mine"
    assert (xmodal.workspace / "catalogs" / "mine" / "catalog.json").is_file()
    listed = xmodal("data", "list", "--json").json
    assert [(entry["name"], entry["items"]) for entry in listed] == [("mine", done.json["read"])]
    assert "mine" in xmodal("data", "list").out
    shown = xmodal("data", "show", "mine", "--words", "many", "--json").json
    assert shown["found"] == 1
    item = xmodal("data", "show", "mine", shown["first"][0], "--json").json
    assert item["sound"] == "media/many.wav"
    assert xmodal("data", "show", "mine", "nobody").code == 2
    assert xmodal("data", "import", folder, "--name", "mine", "--strict").code == 1


def test_pack_and_open_again(xmodal: Commands, folder: Path, tmp_path: Path) -> None:
    assert xmodal("data", "import", folder, "--name", "mine", "--json").code == 0
    packed = xmodal("data", "pack", "mine", "--out", tmp_path / "shards", "--json").json
    assert packed["shards"] == 1
    again = xmodal("data", "import", tmp_path / "shards", "--json").json
    assert (again["format"], again["read"], again["bad"]) == ("shards", packed["items"], 0)
    assert xmodal("data", "pack", "mine", "--out", tmp_path / "shards").code == 2


def test_catalogs_can_be_removed_and_the_media_stay(xmodal: Commands, folder: Path) -> None:
    assert xmodal("data", "import", folder, "--name", "mine").code == 0
    sizes = xmodal("workspace", "show", "--json").json
    assert sizes["bytes"]["catalogs/mine"] > 0
    assert "catalogs/mine" in xmodal("workspace", "show").out
    assert xmodal("workspace", "clean", "--catalog", "mine", "--json").json["freed_bytes"] > 0
    assert xmodal("data", "list", "--json").json == []
    assert len(list((folder / "media").iterdir())) == len(_bad_files_names(folder)) + len(GOOD)


def test_what_is_unknown_lists_what_is_known(xmodal: Commands, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "notes.xyz").write_text("nothing")
    unknown = xmodal("data", "check", tmp_path / "odd")
    assert unknown.code == 2
    assert "folder_table" in unknown.err
    assert "--format" in unknown.err
    wrong = xmodal("data", "check", folder, "--format", "nonsense")
    assert wrong.code == 2
    assert "flickr8k" in wrong.err
    option = xmodal("data", "check", folder, "--option", "colour=red")
    assert option.code == 2
    assert "columns" in option.err
    assert xmodal("data", "check", folder, "--option", "columns").code == 2


def test_wrong_columns_are_one_line_that_says_what_to_do(xmodal: Commands, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "table.csv").write_text("alpha,beta\n1,2\n")
    shown = xmodal("data", "check", tmp_path / "mine", "--format", "folder_table")
    assert shown.code == 2
    assert len(shown.err.splitlines()) == 1
    assert "alpha" in shown.err
    assert "columns=" in shown.err


def test_resources_say_what_they_are(xmodal: Commands, realdata: Path, tmp_path: Path) -> None:
    files = sorted((realdata / "word_vectors").rglob("*"))
    vectors = next(path for path in files if path.suffix in (".txt", ".vec", ".bin"))
    shown = xmodal("data", "check", vectors)
    assert shown.code == 0
    assert "word vectors" in shown.out
    assert "dimensions" in xmodal("data", "check", vectors, "--json").json["resource"]
    table = xmodal("data", "check", realdata / "wordnet" / "oewn_nouns.tsv.gz")
    assert "71,873 synsets" in table.out
    shutil.copyfile(vectors, tmp_path / "copy")
    (tmp_path / "odd").write_bytes(json.dumps({"a": 1}).encode())
    assert xmodal("data", "check", tmp_path / "odd").code == 2
