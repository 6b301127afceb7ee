"""Files that were cut are told from whole ones by their own headers."""

import io
from pathlib import Path

import pytest

from tests.data.media_files import mp4_bytes, sound_bytes, tone, wav_header, webm_bytes
from xmodal.data import lengths
from xmodal.data.decode import MediaError

SOUNDS = {
    "WAV": sound_bytes(tone(3)),
    "FLAC": sound_bytes(tone(3), format="FLAC"),
    "MP3": sound_bytes(tone(3), format="MP3"),
    "Vorbis": sound_bytes(tone(3), format="OGG", subtype="VORBIS"),
    "Opus": sound_bytes(tone(3), format="OGG", subtype="OPUS"),
}


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("made")
    return {
        "MP4": mp4_bytes(folder, sound=True),
        "MP4 without sound": mp4_bytes(folder),
        "WebM": webm_bytes(folder, 3.0),
    }


@pytest.mark.parametrize("name", SOUNDS)
def test_whole_and_cut_sounds(name: str) -> None:
    data = SOUNDS[name]
    assert lengths.shortfall(io.BytesIO(data)) is None
    for share in (0.5, 0.85):
        missing = lengths.shortfall(io.BytesIO(data[: round(share * len(data))]))
        assert missing is not None, share
        assert "the file was cut" in missing


def test_whole_and_cut_videos(videos: dict[str, bytes]) -> None:
    for name, data in videos.items():
        assert lengths.shortfall(io.BytesIO(data)) is None, name
        missing = lengths.shortfall(io.BytesIO(data[: len(data) // 2]))
        assert missing is not None, name
        assert "of the 3.0" in missing


def test_a_header_that_lies_and_one_that_does_not_know() -> None:
    lies = wav_header(data_bytes=320_000) + bytes(32_000)
    assert lengths.shortfall(io.BytesIO(lies)) == "holds 1.00 s of the 10.00 s that its header states: the file was cut"
    for unknown in (0, 0xFFFFFFFF):
        assert lengths.shortfall(io.BytesIO(wav_header(data_bytes=unknown) + bytes(32_000))) is None
    assert lengths.shortfall(io.BytesIO(wav_header(rate_hz=0) + bytes(320))) is None
    assert lengths.shortfall(io.BytesIO(wav_header()[:36])) is None


def test_no_recording_at_all() -> None:
    with pytest.raises(MediaError):
        lengths.shortfall(io.BytesIO(b"words"))


def test_the_real_recordings_are_whole(realdata: Path) -> None:
    files = [path for kind in ("wav", "ogg", "mp3", "mp4", "webm", "flac") for path in realdata.rglob(f"*.{kind}")]
    cut = {}
    for path in sorted(files)[::15]:
        with path.open("rb") as file:
            missing = lengths.shortfall(file)
        if missing is not None:
            cut[path.name] = missing
    assert len(files) > 100
    assert cut == {}
