"""Tar shards: a catalog goes in and comes out the same; other people's shards open; hostile ones do no harm."""

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.data.media_files import image_bytes, photo, sound_bytes, tone
from xmodal.data import importing, load, packing, shards
from xmodal.data.catalog import Catalog, CatalogError, CatalogManifest
from xmodal.data.importing import ImportRequest
from xmodal.data.media import Media, Rendered, Stored, Text
from xmodal.data.report import Report
from xmodal.data.rows import to_row
from xmodal.data.sample import LabelMapSource, Sample, SoundEvent, Split, Truth, Word
from xmodal.data.writing import write_catalog
from xmodal.modality import Modality

ITEMS = 7


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Items with a picture, a part of a sound, speech, text, truth; one of them with a missing file."""
    root = tmp_path / "media"
    root.mkdir()
    for number in range(ITEMS):
        (root / f"{number}.jpg").write_bytes(image_bytes(Image.fromarray(photo(40 + number)), "JPEG"))
        (root / f"{number}.png").write_bytes(image_bytes(Image.fromarray(np.full((8, 8), number, np.uint8)), "PNG"))
    (root / "long.wav").write_bytes(sound_bytes(tone(4.0)))
    (root / "speech.v2.FLAC").write_bytes(sound_bytes(tone(0.5), format="FLAC"))
    manifest = CatalogManifest(name="made", title="Made", reader="folder_table", roots={"": str(root)})
    return write_catalog(tmp_path / "made", manifest, map(_sample, range(ITEMS)), Report())


def _sample(number: int) -> Sample:
    media: dict[Modality, Media] = {
        Modality.IMAGE: Stored(f"{number}.jpg"),
        Modality.SOUND: Stored("long.wav", start_s=0.25 * number, end_s=0.25 * number + 1.0),
        Modality.SPEECH: Stored("speech.v2.FLAC" if number != 3 else "gone.flac"),
        Modality.VIDEO: Rendered("world", '{"index":3}'),
        Modality.TEXT: Text(("Ein Hund, groß", "a dog")),
    }
    truth = Truth(
        LabelMapSource("indexed", Stored(f"{number}.png")), ("dog",), (Word("a", 0.0, 0.5),), (SoundEvent("dog", 0, 1),)
    )
    facts = {"voice": "é", "label_names": '{"1":"sky"}'}
    split = Split.TEST if number % 2 else Split.TRAIN
    return Sample(f"set/{number}.x", split, media, scene="kitchen", group="g", truth=truth, facts=facts)


def _plain(sample: Sample) -> dict[str, object]:
    """All of a row but where the bytes are."""
    row = to_row(sample)
    return {key: value for key, value in row.items() if key not in ("image", "sound", "speech", "label_map")}


def test_packed_shards_hold_the_same_items_and_open_again(catalog: Catalog, tmp_path: Path) -> None:
    packed = packing.pack(catalog, tmp_path / "packed", shard_bytes=30_000)
    names = sorted(path.name for path in packed.folder.glob("*.tar"))
    assert names == [f"shard-{number:06d}.tar" for number in range(len(names))]
    assert len(names) > 2
    again = importing.import_catalog(ImportRequest(packed.folder), tmp_path / "again")
    assert again.manifest.reader == "shards"
    assert again.report().total == 0
    for one in (packed, again):
        assert [_plain(sample) for sample in one] == [_plain(sample) for sample in catalog]
        for sample, old in zip(one, catalog, strict=True):
            np.testing.assert_array_equal(load.picture(sample, Modality.IMAGE), load.picture(old, Modality.IMAGE))
            heard, before = load.waveform(sample, Modality.SOUND), load.waveform(old, Modality.SOUND)
            np.testing.assert_allclose(heard.samples, before.samples, atol=1e-4)
            maps = load.label_map(sample), load.label_map(old)
            assert maps[0] is not None and maps[1] is not None
            np.testing.assert_array_equal(maps[0].labels, maps[1].labels)


def test_what_cannot_be_packed_is_reported_and_the_rest_is_there(catalog: Catalog, tmp_path: Path) -> None:
    packed = packing.pack(catalog, tmp_path / "packed")
    report = packed.report()
    assert (report.read, report.total) == (ITEMS, 1)
    assert report.rows[0].file == "gone.flac"
    assert Modality.SPEECH not in packed[3].media
    assert Modality.IMAGE in packed[3].media
    with pytest.raises(CatalogError, match="holds shards already"):
        packing.pack(catalog, tmp_path / "packed")


def test_packing_twice_gives_the_same_bytes(catalog: Catalog, tmp_path: Path) -> None:
    one, two = (packing.pack(catalog, tmp_path / name / "same") for name in ("one", "two"))
    assert one.digest == two.digest
    assert [path.read_bytes() for path in sorted(one.folder.glob("*.tar"))] == [
        path.read_bytes() for path in sorted(two.folder.glob("*.tar"))
    ]


def test_a_failure_leaves_no_half_shard(catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(packing, "_label_map", fail)
    with pytest.raises(KeyboardInterrupt):
        packing.pack(catalog, tmp_path / "packed")
    assert list((tmp_path / "packed").iterdir()) == []


def test_label_maps_that_need_other_files_are_left_out_and_noted(tmp_path: Path, catalog: Catalog) -> None:
    sample = catalog[0]
    other = replace(sample, truth=replace(sample.truth, label_map=LabelMapSource("ade20k", Stored("0.png"))))
    made = write_catalog(tmp_path / "other", catalog.manifest, iter([other]), Report())
    packed = packing.pack(made, tmp_path / "packed")
    assert packed[0].truth.label_map is None
    assert packed.report().notes == ["label maps of scheme ade20k need the set's own tables and were left out"]


def _tar(path: Path, files: dict[str, bytes], *extra: tarfile.TarInfo, mode: str = "w") -> Path:
    with tarfile.open(path, mode) as tar:  # pyright: ignore[reportCallIssue, reportArgumentType] - mode is a plain str
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        for info in extra:
            tar.addfile(info)
    return path


JPEG = image_bytes(Image.fromarray(photo()), "JPEG")


def test_other_peoples_shards_open(tmp_path: Path) -> None:
    flac = sound_bytes(tone(0.2), format="FLAC")
    facts = json.dumps({"label": "dog", "split": "val", "licence": "CC0", "rate": 3}).encode()
    _tar(tmp_path / "train-000.tar", {"a/1.jpg": JPEG, "a/1.txt": b"one\ntwo\n", "a/1.flac": flac, "2.jpg": JPEG})
    _tar(tmp_path / "x-001.tar", {"3.JPG": JPEG, "3.json": facts, "3.sketch.png": JPEG, "4.speech.flac": flac})
    request = ImportRequest(tmp_path, options={"audio": "speech"})
    assert importing.detect(tmp_path) == "shards"
    report = Report()
    found = {sample.id: sample for sample in importing.samples(request, report, packing.Silent())}
    assert list(found) == ["train-000/a/1", "train-000/2", "x-001/3", "x-001/4"]
    first, third = found["train-000/a/1"], found["x-001/3"]
    assert first.media.keys() == {Modality.IMAGE, Modality.SPEECH, Modality.TEXT}
    assert load.texts(first) == ("one", "two")
    assert (first.split, third.split, third.scene) == (Split.TRAIN, Split.VALIDATION, "dog")
    assert third.facts == {"licence": "CC0", "rate": "3"}
    assert third.media.keys() == {Modality.IMAGE, Modality.SKETCH}
    assert load.waveform(first, Modality.SPEECH).duration_s == pytest.approx(0.2)
    assert report.total == 0


def test_hostile_and_damaged_shards_are_reported_and_nothing_is_written(tmp_path: Path) -> None:
    link = tarfile.TarInfo("5.jpg")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
    device = tarfile.TarInfo("6.jpg")
    device.type = tarfile.CHRTYPE
    bad = {"../up.jpg": JPEG, "/root.jpg": JPEG, "ok.jpg": JPEG, "ok.exe": b"x", "ok.json": b"[1]", "b\\c.jpg": JPEG}
    _tar(tmp_path / "a.tar", {"first.jpg": JPEG, **bad}, link, device)
    whole = _tar(tmp_path / "b.tar", {"1.jpg": JPEG, "2.jpg": JPEG}).read_bytes()
    (tmp_path / "b.tar").write_bytes(whole[: 512 + len(JPEG) + 1000])
    (tmp_path / "c.tar").write_bytes(b"this is no tar" * 100)
    _tar(tmp_path / "d.tar", {"1.jpg": JPEG}, mode="w:gz")
    (tmp_path / "e.tar").write_bytes(b"")
    row = {"xmodal": {"id": "x", "split": "never"}}
    _tar(tmp_path / "f.tar", {"1.jpg": JPEG, "1.json": json.dumps(row).encode(), "2.jpg": JPEG, "2.png": JPEG})
    report = Report()
    found = [sample.id for sample in importing.samples(ImportRequest(tmp_path), report, packing.Silent())]
    assert found == ["a/first", "a/ok", "b/1", "f/2"]
    reasons = {(row.file, row.row): row.reason for row in report.rows}
    assert {file for file, _ in reasons} == {"a.tar", "b.tar", "c.tar", "d.tar", "e.tar", "f.tar"}
    assert "not a plain file" in reasons["a.tar", "5.jpg"]
    assert "leaves its folder" in reasons["a.tar", "../up.jpg"]
    assert "not a plain tar" in reasons["d.tar", ""]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name}.tar" for name in "abcdef"]


def test_a_compressed_or_empty_folder_is_not_recognised(tmp_path: Path) -> None:
    _tar(tmp_path / "a.tar", {"1.jpg": JPEG}, mode="w:gz")
    assert importing.detect(tmp_path) != "shards"
    with pytest.raises(shards.ShardError):
        list(shards.members(tmp_path / "a.tar"))
