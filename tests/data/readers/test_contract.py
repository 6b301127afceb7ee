"""What every reader owes, for each entry of `READERS`."""

from pathlib import Path

import pytest

from tests.data.readers.layouts import LAYOUTS
from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.importing import ImportRequest, check, faults, reader_of
from xmodal.data.media import Rendered
from xmodal.data.readers import ReaderError
from xmodal.data.readers.table import READERS, detect
from xmodal.data.rows import stored
from xmodal.data.sample import Split

SHARED_GROUPS = {
    "spoken_digits": "a speaker's takes are split as published unless the speaker is held out",
}
"""Readers whose published splits cut through groups, and why."""


@pytest.fixture(scope="module")
def folders(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every layout once, for tests that only read."""
    made: dict[str, Path] = {}
    for name, build in LAYOUTS.items():
        made[name] = tmp_path_factory.mktemp("layouts") / name
        made[name].mkdir()
        build(realdata, made[name])
    return made


def test_every_reader_has_a_layout_here() -> None:
    assert list(LAYOUTS) == list(READERS)


@pytest.mark.parametrize("name", READERS)
def test_it_and_no_other_claims_its_layout(folders: dict[str, Path], name: str) -> None:
    assert detect(folders[name]) == name


@pytest.mark.parametrize("name", READERS)
def test_it_recognises_nothing_in_emptiness(tmp_path: Path, name: str) -> None:
    assert not READERS[name].recognises(tmp_path)
    (tmp_path / "notes.txt").write_bytes(b"\xff\x00nothing")
    assert not READERS[name].recognises(tmp_path)
    try:
        assert read(name, tmp_path)[0] == []
    except ReaderError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("name", READERS)
def test_ids_are_stable_unique_and_portable(folders: dict[str, Path], name: str) -> None:
    first, report = read(name, folders[name])
    again, _ = read(name, folders[name])
    assert first
    assert report.total == 0, report.rows[:3]
    assert first == again
    ids = [sample.id for sample in first]
    assert len(ids) == len(set(ids))
    assert not any(str(folders[name].parent) in identity or "\\" in identity for identity in ids)
    assert all(identity.strip() == identity and "\n" not in identity for identity in ids)


@pytest.mark.parametrize("name", READERS)
def test_splits_share_no_group(folders: dict[str, Path], name: str) -> None:
    samples, _ = read(name, folders[name])
    of_group: dict[str, set[Split]] = {}
    of_file: dict[str, set[Split]] = {}
    for sample in samples:
        if sample.group is not None:
            of_group.setdefault(sample.group, set()).add(sample.split)
        for entry in stored(sample):
            of_file.setdefault(entry.path, set()).add(sample.split)
    assert all(len(splits) == 1 for splits in of_file.values())
    if name not in SHARED_GROUPS:
        assert all(len(splits) == 1 for splits in of_group.values())


@pytest.mark.parametrize("name", READERS)
def test_what_it_refers_to_can_be_decoded(folders: dict[str, Path], name: str) -> None:
    samples, _ = read(name, folders[name])
    for sample in samples[:: max(1, len(samples) // 5)][:5]:
        assert sample.media
        assert faults(sample) == []
        found = load.label_map(sample)
        if found is not None:
            assert set(found.names) >= {int(label) for label in set(found.labels.ravel().tolist()) if label}
            assert found.instances.max() <= len(found.instance_names)


@pytest.mark.parametrize("name", READERS)
def test_a_corrupted_copy_is_reported_and_the_rest_read(realdata: Path, tmp_path: Path, name: str) -> None:
    """One file of garbage: every other item is as before, and a check lists what is wrong."""
    LAYOUTS[name](realdata, tmp_path)
    before, _ = read(name, tmp_path)
    files = [entry.path for entry in stored(before[0])]
    if any(isinstance(entry, Rendered) for entry in before[0].media.values()) and not files:
        files = [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*.wav"))[:1]]
    (tmp_path / files[0]).write_bytes(b"\x00garbage" * 40)
    after, _ = read(name, tmp_path)
    untouched = [sample for sample in before if all(entry.path != files[0] for entry in stored(sample))]
    kept = {sample.id: sample for sample in after}
    if not isinstance(next(iter(before[0].media.values())), Rendered):
        assert all(kept[sample.id].media == sample.media for sample in untouched)
    report = check(ImportRequest(tmp_path, name, limit=3))
    assert report.rows
    assert all(row.file and row.reason and "\n" not in row.reason for row in report.rows)


@pytest.mark.parametrize("name", READERS)
def test_options_are_documented(folders: dict[str, Path], name: str) -> None:
    reader = READERS[name]
    assert reader.title
    assert reader.layout
    assert all(text.strip() for text in reader.options.values())
    reader_of(ImportRequest(folders[name], name, dict.fromkeys(reader.options, "")))
    with pytest.raises(ReaderError, match="no option 'colour'; known: "):
        reader_of(ImportRequest(folders[name], name, {"colour": "blue"}))


def test_unknown_layouts_and_formats_list_the_known(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    assert detect(tmp_path) is None
    with pytest.raises(ReaderError, match=r"unknown layout\. Known: .*flickr8k.*folder_table"):
        read(None, tmp_path)
    with pytest.raises(ReaderError, match="unknown format 'imagenet'; known: "):
        read("imagenet", tmp_path)
