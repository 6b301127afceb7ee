"""Video files: frames at the right moments, limits, and no way to make FFmpeg open another file."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from tests.data.media_files import RATE_HZ, mp4_bytes, photo, sound_bytes, tone, webm_bytes
from xmodal.data import containers, decode, encode
from xmodal.data.decode import MediaError
from xmodal.data.sample import Clip


@pytest.fixture(autouse=True)
def _quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    yield
    assert capfd.readouterr() == ("", "")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("made")
    return {
        "first": mp4_bytes(folder, sound=True),
        "last": mp4_bytes(folder, index_first=False, sound=True),
        "silent": mp4_bytes(folder),
        "webm": webm_bytes(folder, 2.0),
    }


READ: dict[str, Callable[[bytes], object]] = {
    "clip": lambda data: decode.clip(io.BytesIO(data)),
    "frame": lambda data: decode.frame(io.BytesIO(data), at_s=0.0),
    "soundtrack": lambda data: decode.waveform(io.BytesIO(data)),
    "duration": lambda data: containers.duration_s(io.BytesIO(data)),
}


def _opens_another(folder: Path) -> dict[str, bytes]:
    """Files that tell a player to open `secret.wav`."""
    secret = folder / "secret.wav"
    secret.write_bytes(sound_bytes(tone()))
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n".encode()
    return {
        "m3u8": playlist,
        "m3u8 behind an MP3 tag": b"ID3\x03\0\0\0\0\0\0" + playlist,
        "m3u8 behind a transport stream's mark": b"\x47" + playlist,
        "ffconcat": f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
        "concat": f"file {secret}\n".encode(),
        "SDP": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
        "address": f"file:{secret}".encode(),
    }


@pytest.mark.parametrize("read", READ)
def test_nothing_opens_another_file(read: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, data in _opens_another(tmp_path).items():
        with pytest.raises(MediaError):
            pytest.fail(f"{name}: {READ[read](data)}")


@pytest.mark.parametrize("read", ["clip", "frame", "soundtrack"])
@pytest.mark.parametrize("bad", ["empty", "text", "cut, index at the end", "index alone", "not a video"])
def test_bad_video_is_one_clear_error(read: str, bad: str, made: dict[str, bytes]) -> None:
    data = {
        "empty": b"",
        "text": b"MP4? no, words.",
        "cut, index at the end": made["last"][: len(made["last"]) // 2],
        "index alone": made["first"][:60],
        "not a video": bytes(4) + b"ftypmp42" + bytes(4000),
    }[bad]
    with pytest.raises(MediaError) as caught:
        READ[read](data)
    assert "\n" not in str(caught.value)


def test_a_cut_video_with_its_index_in_front_gives_what_is_left(made: dict[str, bytes]) -> None:
    left = decode.clip(io.BytesIO(made["first"][: len(made["first"]) * 2 // 3]))
    whole = decode.clip(io.BytesIO(made["first"]))
    assert 5 < len(left.frames) < len(whole.frames) == 24


def test_a_video_without_sound_and_a_sound_without_video(made: dict[str, bytes]) -> None:
    assert decode.clip(io.BytesIO(made["silent"])).sound is None
    with pytest.raises(MediaError, match="there is no sound in it"):
        decode.waveform(io.BytesIO(made["silent"]))
    with pytest.raises(MediaError, match="there is no video in it"):
        decode.clip(io.BytesIO(sound_bytes(tone(), format="OGG")))


def _numbered(folder: Path) -> io.BytesIO:
    """6 s at 10 frames a second; the brightness of frame n is 4 n."""
    with av.open(str(folder / "n.mkv"), "w", format="matroska") as container:
        video = container.add_stream("ffv1", rate=10)
        video.width, video.height, video.pix_fmt = 32, 32, "yuv420p"
        for number in range(60):
            pixels = np.full((32, 32, 3), 4 * number, np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(video.encode())
    return io.BytesIO((folder / "n.mkv").read_bytes())


def test_frames_are_those_shown_at_the_asked_moments(tmp_path: Path) -> None:
    video = _numbered(tmp_path)
    for at_s, number in ((0.0, 0), (0.55, 5), (3.0, 30), (5.9, 59)):
        assert decode.frame(video, at_s=at_s)[16, 16, 0] == pytest.approx(4 * number, abs=3)
    part = decode.clip(video, start_s=2.0, end_s=4.0, rate_hz=5.0)
    assert part.frames[:, 16, 16, 0] / 4 == pytest.approx(np.arange(20, 40, 2), abs=0.8)
    assert part.frame_rate_hz == 5.0


def test_a_part_after_the_end(made: dict[str, bytes]) -> None:
    with pytest.raises(MediaError, match="no frames after 60 s"):
        decode.clip(io.BytesIO(made["first"]), start_s=60.0, end_s=61.0)
    with pytest.raises(MediaError, match="no samples after 60 s"):
        decode.waveform(io.BytesIO(made["first"]), start_s=60.0, end_s=61.0)


def test_long_and_large_videos_are_refused(made: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_VIDEO_S", 1.0)
    with pytest.raises(MediaError, match="cut it, or name a part"):
        decode.clip(io.BytesIO(made["first"]))
    assert len(decode.clip(io.BytesIO(made["first"]), start_s=1.0, end_s=2.0).frames) == 8
    monkeypatch.setattr(containers, "MAX_VIDEO_PIXELS", 1000)
    with pytest.raises(MediaError, match="64 x 48: too large"):
        decode.frame(io.BytesIO(made["first"]), at_s=0.0)
    monkeypatch.setattr(decode, "MAX_SOUND_S", 1.0)
    with pytest.raises(MediaError, match="cut it"):
        decode.waveform(io.BytesIO(made["first"]))


def test_what_encode_writes_comes_back(made: dict[str, bytes], tmp_path: Path) -> None:
    clip = decode.clip(io.BytesIO(made["webm"]))
    assert clip.frames.shape == (16, 48, 64, 3)
    assert np.abs(clip.frames[0].astype(int) - photo()).mean() < 12
    assert clip.sound is not None
    assert clip.sound.duration_s == pytest.approx(2.0, abs=0.1)
    silent = Clip(clip.frames[:, :47, :63], 8.0, None)
    encode.webm(silent, tmp_path / "odd.webm")
    again = decode.clip(io.BytesIO((tmp_path / "odd.webm").read_bytes()))
    assert again.frames.shape == (16, 46, 62, 3)
    assert again.sound is None


def test_every_signature_names_a_format_that_ffmpeg_knows() -> None:
    assert containers.sniff(b"\xff\xfb\x90\x00") == "mp3"
    assert containers.sniff(b"\xff\xf1\x50\x80") == "aac"
    for name in ("mp4", "matroska", "ogg", "avi", "wav", "flac", "flv", "asf", "mpeg", "mp3", "aac"):
        assert name in av.formats_available or any(name in known.split(",") for known in av.formats_available)
    assert RATE_HZ == 16_000
