import json
from pathlib import Path

import pytest

from xmodal.data.readers import json_elements
from xmodal.data.readers.json_elements import JsonError, element, elements

CONTENT = {
    "info": {"year": 2017, "note": "café, [not a list], {nor this}"},
    "images": [{"id": 1, "file_name": 'a"b.jpg'}, {"id": 2, "file_name": "Straße.jpg"}],
    "none": [],
    "numbers": [1, 2.5, 12345678901234567890],
    "last": "x",
}


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("chunk_bytes", [1, 7, 64, 1 << 20])
def test_same_as_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ascii_only: bool, chunk_bytes: int) -> None:
    monkeypatch.setattr(json_elements, "_CHUNK_BYTES", chunk_bytes)
    path = tmp_path / "a.json"
    path.write_text("\ufeff" + json.dumps(CONTENT, ensure_ascii=ascii_only, indent=1), encoding="utf-8")
    found: dict[str, list[object]] = {}
    for part in elements(path):
        found.setdefault(part.key, []).append(part.value)
        with path.open("rb") as file:
            assert element(file, part.offset_bytes, part.size_bytes) == part.value
    expected = {key: value if isinstance(value, list) else [value] for key, value in CONTENT.items() if value != []}
    assert found == expected


def test_plain_list(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[1,\n{}]")
    assert [(part.key, part.value) for part in elements(tmp_path / "a.json")] == [("", 1), ("", {})]


@pytest.mark.parametrize("text", ["", "hello", "[1, 2", '{"a": [1, {"b"', '{"a" 1}', "[1 2]"])
def test_damage_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(JsonError) as caught:
        list(elements(tmp_path / "a.json"))
    assert "\n" not in str(caught.value)


def test_what_comes_before_the_damage_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"data": [{"n": 1}, {"n": 2}, {"n"')
    found = []
    with pytest.raises(JsonError):
        found.extend(part.value for part in elements(tmp_path / "a.json"))
    parts = elements(tmp_path / "a.json")
    assert [next(parts).value, next(parts).value] == [{"n": 1}, {"n": 2}]


def test_changed_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[1]")
    with (tmp_path / "a.json").open("rb") as file, pytest.raises(JsonError, match="import the data again"):
        element(file, 50, 10)
