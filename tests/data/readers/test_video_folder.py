import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.data.readers.reading import read
from xmodal.data import encode, importing, load
from xmodal.data.media import Stored
from xmodal.data.readers import ReaderError
from xmodal.data.readers.table import detect
from xmodal.data.readers.video_parts import Part, parts
from xmodal.data.sample import Clip, Split
from xmodal.modality import Modality


def test_excerpt(realdata: Path) -> None:
    root = realdata / "videos"
    assert detect(root) == "video_folder"
    samples, report = read(None, root)
    assert report.total == 0
    assert [sample.scene for sample in samples] == ["dog", "drum", "fireworks", "canary", "crying baby", "harp"]
    canary = samples[3]
    assert (canary.id, canary.group) == ("vggsound/video/0nib7bMm8BA_15000_25000.mp4", "0nib7bMm8BA")
    assert set(canary.media) == {Modality.IMAGE, Modality.SOUND, Modality.VIDEO}
    assert load.waveform(canary, Modality.SOUND).duration_s == pytest.approx(5.0, abs=0.01)
    assert load.clip(canary, rate_hz=2.0).frames.shape[0] in (10, 11)
    assert not any(importing.faults(sample) for sample in samples)


def test_several_items_of_a_video(realdata: Path) -> None:
    samples, _ = read("video_folder", realdata / "videos", segment_s="2", frames="3")
    assert len(samples) == 18
    first, second, third = samples[:3]
    assert [sample.id.removeprefix(first.id) for sample in (first, second, third)] == ["", "/1", "/2"]
    assert len({sample.split for sample in (first, second, third)}) == 1
    spans = [sample.media[Modality.SOUND] for sample in (first, second, third)]
    assert all(
        isinstance(span, Stored) and (span.end_s or 0) - (span.start_s or 0) == pytest.approx(2) for span in spans
    )


def test_class_folders_users_and_bad_files(realdata: Path, tmp_path: Path) -> None:
    clip = realdata / "videos/vas/videos/dog/video_02677.mp4"
    for name in ("barking/one.mp4", "a1b/2c3/two.mp4", "three.mp4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(clip, tmp_path / name)
    (tmp_path / "barking" / "cut.mp4").write_bytes(clip.read_bytes()[:3000])
    (tmp_path / "barking" / "empty.mp4").write_bytes(b"")
    (tmp_path / "labels.csv").write_text(
        "filename,label,user,split\nthree.mp4,harbour,23@N01,\na1b/2c3/two.mp4,,23@N01,val\n../x.mp4,a,b,\n"
        "lost.mp4,a,b,\nbarking/one.mp4,a,b,sometimes\n"
    )
    assert detect(tmp_path) == "video_folder"
    samples, report = read(None, tmp_path)
    assert {sample.id: sample.scene for sample in samples} == {
        "three.mp4": "harbour",
        "a1b/2c3/two.mp4": None,
        "barking/one.mp4": "barking",
    }
    by_id = {sample.id: sample for sample in samples}
    assert by_id["a1b/2c3/two.mp4"].split is Split.VALIDATION
    assert by_id["three.mp4"].group == by_id["a1b/2c3/two.mp4"].group == "23@N01"
    assert [row.file for row in report.rows] == ["labels.csv"] * 3 + ["barking/cut.mp4", "barking/empty.mp4"]


def test_a_silent_video(tmp_path: Path) -> None:
    frames = np.full((8, 32, 32, 3), 128, np.uint8)
    encode.webm(Clip(frames, 8.0, None), tmp_path / "silent.webm")
    (sample,), report = read("video_folder", tmp_path)
    assert set(sample.media) == {Modality.IMAGE, Modality.VIDEO}
    assert "no sound" in report.notes[0]
    assert not importing.faults(sample)


def test_parts() -> None:
    assert parts(4.0, segment_s=5.0, count=3) == [Part(None, None, 2.0)]
    assert parts(10.0, segment_s=5.0) == [Part(2.5, 7.5, 5.0)]
    assert [part.start_s for part in parts(21.0, segment_s=5.0, count=9)] == [0.12, 5.38, 10.62, 15.88]
    assert parts(None, segment_s=5.0) == [Part(0.0, 5.0, 2.5)]


def test_not_for_tables_and_options(realdata: Path, tmp_path: Path) -> None:
    shutil.copy(realdata / "videos/vas/videos/dog/video_02677.mp4", tmp_path / "a.mp4")
    (tmp_path / "labels.csv").write_text("filename,label,caption\na.mp4,dog,a dog barks at the door\n")
    assert detect(tmp_path) == "folder_table"
    (tmp_path / "labels.csv").unlink()
    soundfile.write(tmp_path / "a.wav", np.zeros(800, np.float32), 8000)
    assert detect(tmp_path) != "video_folder"
    for options in ({"segment_s": "0"}, {"segment_s": "long"}, {"frames": "0"}):
        with pytest.raises(ReaderError):
            read("video_folder", tmp_path, None, **options)
