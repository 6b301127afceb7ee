import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.readers import ReaderError
from xmodal.data.readers.table import detect
from xmodal.data.sample import Split
from xmodal.modality import Modality


def test_release(realdata: Path) -> None:
    root = realdata / "esc50_layout"
    assert detect(root) == "esc50"
    samples, report = read("esc50", root)
    assert (len(samples), report.total) == (10, 0)
    first = samples[0]
    assert (first.id, first.scene, first.group) == ("esc50/1-116765-A-41", "chainsaw", "freesound 116765")
    assert load.waveform(first, Modality.SOUND).duration_s == pytest.approx(5.0)
    assert {sample.facts["fold"] for sample in samples if sample.split is Split.TEST} == {"3"}


def test_first_release_with_and_without_table(realdata: Path, tmp_path: Path) -> None:
    listed, report = read(None, realdata / "esc10", test_fold="1", validation_fold="2")
    assert (len(listed), report.total) == (180, 0)
    assert Counter(sample.split for sample in listed) == dict.fromkeys(Split, 60)
    assert Counter(sample.scene for sample in listed)["crackling_fire"] == 18
    for folder in ("001 - Dog bark", "010 - Fire crackling"):
        shutil.copytree(realdata / "esc10" / folder, tmp_path / folder)
    assert detect(tmp_path) == "esc50"
    foldered, _ = read(None, tmp_path, test_fold="1", validation_fold="2")
    known = {sample.id: (sample.scene, sample.group, sample.split) for sample in listed}
    assert len(foldered) == 36
    assert all(known[sample.id] == (sample.scene, sample.group, sample.split) for sample in foldered)
    groups = {split: {sample.group for sample in listed if sample.split is split} for split in Split}
    assert not groups[Split.TRAIN] & groups[Split.TEST] and not groups[Split.TRAIN] & groups[Split.VALIDATION]


def test_bad_rows(tmp_path: Path, realdata: Path) -> None:
    root = tmp_path / "ESC-50-master"
    shutil.copytree(realdata / "esc50_layout", root)
    with (root / "meta" / "esc50.csv").open("a") as table:
        table.write("../1-1-A-0.wav,1,0,dog,True,1,A\n/x/1-2-A-0.wav,1,0,dog,True,2,A\n1-3-A-0.wav,1,0,dog,True,3,A\n")
        table.write("1-17367-A-10.wav,2,10,rain,True,17367,A\n1-4-A-0.wav,first,0,dog,True,4,A\n")
    samples, report = read("esc50", root)
    assert len(samples) == 10
    for entry, words in zip(report.rows, ("filename", "..", "/x/", "missing", "fold 1"), strict=True):
        assert words in entry.reason


def test_folds_that_are_not_there(realdata: Path) -> None:
    with pytest.raises(ReaderError, match="folds 1, 2, 3"):
        read("esc50", realdata / "esc10", test_fold="5")
    with pytest.raises(ReaderError, match="both"):
        read("esc50", realdata / "esc10", test_fold="1", validation_fold="1")
