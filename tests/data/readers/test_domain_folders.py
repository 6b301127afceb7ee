import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.data.readers.reading import read
from xmodal.data import importing
from xmodal.data.readers import ReaderError
from xmodal.data.readers.table import detect
from xmodal.data.sample import Split
from xmodal.modality import Modality


def test_pacs(realdata: Path) -> None:
    root = realdata / "pacs"
    assert detect(root) == detect(root / "PACS") == "domain_folders"
    samples, report = read(None, root)
    assert (len(samples), report.total) == (448, 0)
    assert Counter(next(iter(sample.media)) for sample in samples) == {
        Modality.IMAGE: 224,
        Modality.SKETCH: 112,
        Modality.CLIP_ART: 112,
    }
    assert Counter(sample.scene for sample in samples)["giraffe"] == 64
    assert {sample.facts["domain"] for sample in samples} == {"photo", "art painting", "cartoon", "sketch"}
    assert [sample.id for sample in samples] == [sample.id for sample in read(None, root / "PACS")[0]]
    splits: dict[str | None, set[Split]] = {}
    for sample in samples:
        splits.setdefault(sample.group, set()).add(sample.split)
    assert all(len(found) == 1 for group, found in splits.items() if group)
    assert max(Counter(sample.group for sample in samples if sample.group).values()) > 1
    assert not any(importing.faults(sample) for sample in samples[::90])


def test_held_out_domain(realdata: Path) -> None:
    samples, _ = read(None, realdata / "pacs", test_domain="sketch")
    assert {sample.split for sample in samples if Modality.SKETCH in sample.media} == {Split.TEST}
    with pytest.raises(ReaderError, match="art_painting, cartoon, photo, sketch"):
        read(None, realdata / "pacs", test_domain="toy")


def test_published_lists_and_other_domains(realdata: Path, tmp_path: Path) -> None:
    for domain in ("photo", "sketch"):
        shutil.copytree(realdata / "pacs" / "PACS" / domain / "dog", tmp_path / domain / "dog")
    shutil.copytree(realdata / "pacs" / "PACS" / "cartoon" / "dog", tmp_path / "toy" / "dog")
    names = sorted(path.relative_to(tmp_path).as_posix() for path in (tmp_path / "photo").rglob("*.jpg"))
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "photo_train_kfold.txt").write_text("".join(f"{name} 1\n" for name in names[:10]))
    (tmp_path / "lists" / "photo_crossval_kfold.txt").write_text("".join(f"{name} 1\n" for name in names[10:15]))
    (tmp_path / "photo" / "dog" / "notes.bin").write_bytes(b"1")
    (tmp_path / "photo" / "loose.jpg").write_bytes(b"1")
    samples, report = read(None, tmp_path, modalities="toy:clip_art")
    assert Counter(sample.split for sample in samples if Modality.IMAGE in sample.media) == {
        Split.TRAIN: 10,
        Split.VALIDATION: 5,
    }
    assert sum(Modality.CLIP_ART in sample.media for sample in samples) == 16
    assert {row.file for row in report.rows} == {"photo/loose.jpg", "photo/dog/notes.bin", names[15]}
    with pytest.raises(ReaderError, match="modalities"):
        read(None, tmp_path, modalities="toy:speech")
