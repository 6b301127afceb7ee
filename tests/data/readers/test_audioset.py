import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.data.readers.reading import read
from xmodal.data import importing, load
from xmodal.data.media import Stored
from xmodal.data.readers.table import detect
from xmodal.data.sample import SoundEvent, Split
from xmodal.modality import Modality

HEAD = (
    "# Segments csv created Sun Mar  5 10:54:31 2017\n"
    "# num_ytids=3, num_segs=3, num_unique_labels=3, num_positive_labels=4\n"
    "# YTID, start_seconds, end_seconds, positive_labels\n"
)
NAMES = 'index,mid,display_name\n0,/m/0bt9lr,"Dog"\n1,/m/0ngt1,"Thunder, storm"\n2,/m/06mb1,Rain\n'


@pytest.fixture
def audioset(realdata: Path, tmp_path: Path) -> Path:
    """A cut sound, a cut video, a whole recording, each by another of the names in use."""
    (tmp_path / "eval_segments.csv").write_text(
        HEAD
        + '-0RWZT-miFs, 30.000, 40.000, "/m/0bt9lr,/m/06mb1"\n'
        + '0f_GjTZb2qs, 0.000, 6.000, "/m/0bt9lr"\n'
        + '1dUBfiYPbyY, 2.000, 4.000, "/m/0ngt1"\n'
    )
    (tmp_path / "balanced_train_segments.csv").write_text(HEAD + '3jTYdj4sZlk, 12.500, 22.500, "/m/06mb1,/m/unknown"\n')
    (tmp_path / "class_labels_indices.csv").write_text(NAMES)
    (tmp_path / "audio").mkdir()
    rng = np.random.default_rng(2)
    for name, seconds in (("-0RWZT-miFs_30", 10), ("1dUBfiYPbyY", 9), ("Y3jTYdj4sZlk_12500_22500", 10)):
        noise = 0.1 * rng.normal(size=8000 * seconds)
        soundfile.write(tmp_path / "audio" / f"{name}.flac", noise, 8000)
    shutil.copy(realdata / "videos/vas/videos/dog/video_02677.mp4", tmp_path / "audio" / "0f_GjTZb2qs_0.000.mp4")
    return tmp_path


def test_tables_and_media(audioset: Path) -> None:
    assert detect(audioset) == "audioset"
    samples, report = read(None, audioset)
    assert report.total == 0
    assert [sample.id.removeprefix("audioset/") for sample in samples] == [
        "-0RWZT-miFs_30000",
        "0f_GjTZb2qs_0",
        "1dUBfiYPbyY_2000",
        "3jTYdj4sZlk_12500",
    ]
    cut, video, whole, train = samples
    assert cut.truth.sound_events == (SoundEvent("Dog", 0.0, 10.0), SoundEvent("Rain", 0.0, 10.0))
    assert cut.media == {Modality.SOUND: Stored("audio/-0RWZT-miFs_30.flac")}
    assert set(video.media) == {Modality.IMAGE, Modality.SOUND, Modality.VIDEO}
    assert whole.scene == "Thunder, storm"
    assert load.waveform(whole, Modality.SOUND).duration_s == pytest.approx(2.0)
    assert (train.split, train.scene) == (Split.TRAIN, "Rain")
    assert train.truth.sound_events[1].label == "/m/unknown"
    assert {sample.split for sample in samples[:3]} == {Split.TEST}
    assert not any(importing.faults(sample) for sample in samples)


def test_media_elsewhere(audioset: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    away = tmp_path_factory.mktemp("disk")
    shutil.move(audioset / "audio", away / "audio")
    (audioset / "class_labels_indices.csv").unlink()
    samples, report = read(None, audioset, {"media": away})
    assert samples[0].media == {Modality.SOUND: Stored("audio/-0RWZT-miFs_30.flac", "media")}
    assert samples[0].scene == "/m/0bt9lr"
    assert "machine ids" in report.notes[0]


def test_bad_rows(audioset: Path) -> None:
    with (audioset / "balanced_train_segments.csv").open("a") as table:
        table.write('-0RWZT-miFs, 30.000, 40.000, "/m/06mb1"\nabcdefghijk, 0.000, 10.000, "/m/06mb1"\n')
        table.write('abcdefghijk, nought, 10.000, "/m/06mb1"\nabcdefghijk, 10.000, 1.000, "/m/06mb1"\nabc\n')
    samples, report = read(None, audioset)
    assert len(samples) == 4
    for row, words in zip(report.rows, ("already", "no media", "expected", "no segment", "expected"), strict=True):
        assert words in row.reason
    assert [row.row for row in report.rows] == ["5", "6", "7", "8", "9"]
