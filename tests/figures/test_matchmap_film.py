"""A film is what its drawings are, in time with its sound; stills and numbers say the same."""

import io
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from xmodal.analysis.scored import Matchmap
from xmodal.data.sample import Waveform, Word
from xmodal.figures.film_process import packed, unpacked
from xmodal.figures.matchmap_arrays import npz
from xmodal.figures.matchmap_film import FRAME_RATE_HZ, film, frame_count, still, write_film
from xmodal.figures.matchmap_frame import FrameDrawer, Scene
from xmodal.figures.matchmap_look import Look
from xmodal.figures.score_map import ScoreMap, drawable, score_map
from xmodal.progress import Progress
from xmodal.seeding import stream

RATE_HZ = 16_000
DURATION_S = 1.2
CLICK_S = 0.6
WORDS = (Word("dog", 0.1, 0.5), Word("barks", 0.6, 1.1))


def moving() -> ScoreMap:
    """A bump that goes from left to right."""
    times_s, places = np.arange(0.05, DURATION_S, 0.1), (np.arange(7) + 0.5) / 7
    across = np.exp(-(((places - times_s[:, None] / DURATION_S) / 0.15) ** 2))
    down = np.exp(-(((places - 0.5) / 0.3) ** 2))
    return score_map("Matchmap", across[:, None, :] * down[None, :, None], first_s=0.05, step_s=0.1)


def scene(mode: str = "heat", **changes: Any) -> Scene:
    cols = np.linspace(40, 200, 64).astype(np.uint8)
    picture = np.broadcast_to(cols[None, :, None], (48, 64, 3)).copy()
    parts: dict[str, Any] = {
        "pictures": picture[None], "maps": (moving(),), "duration": DURATION_S, "words": WORDS, "title": "run · item",
        "look": Look.model_validate({"mode": mode}), "spectrogram": np.full((8, 40, 3), 90, np.uint8),
    }  # fmt: skip
    return Scene(**parts | changes)


def click() -> Waveform:
    samples = np.zeros(round(DURATION_S * RATE_HZ), np.float32)
    samples[round(CLICK_S * RATE_HZ) :][:80] = 0.9
    return Waveform(samples, RATE_HZ)


class Heard(Progress):
    def __init__(self) -> None:
        self.seen: list[tuple[int, int | None]] = []

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        del stage, note
        self.seen.append((done, total))


def frames_of(content: Path | io.BytesIO) -> list[tuple[float, np.ndarray]]:
    with av.open(str(content) if isinstance(content, Path) else content, mode="r") as container:
        return [(float(frame.time or 0.0), frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def test_decoded_a_film_is_what_was_drawn_with_the_sound_in_step(tmp_path: Path) -> None:
    path, told = tmp_path / "film.mp4", Heard()
    write_film(scene(), path, sound=click(), progress=told)
    drawer, shown = FrameDrawer(scene()), frames_of(path)
    assert told.seen[-1] == (30, 30)
    assert len(shown) == frame_count(scene()) == 30
    for number in (0, 7, 15, 25):
        time_s, pixels = shown[number]
        assert time_s == pytest.approx(number / FRAME_RATE_HZ, abs=1e-3)
        assert pixels.shape[1::-1] == drawer.size
        assert np.abs(pixels.astype(int) - drawer.at(time_s)).mean() < 4.0
        later = np.abs(pixels.astype(int) - drawer.at((number + 4) / FRAME_RATE_HZ)).mean()
        assert np.abs(pixels.astype(int) - drawer.at(time_s)).mean() < 0.5 * later
    with av.open(str(path)) as container:
        assert {each.codec.name for each in container.streams} == {"h264", "aac"}
        assert container.streams.video[0].average_rate == FRAME_RATE_HZ
        lengths = [float((each.duration or 0) * (each.time_base or 0)) for each in container.streams]
        assert all(length == pytest.approx(DURATION_S, abs=1 / FRAME_RATE_HZ) for length in lengths)
        blocks = [
            (float(block.time or 0.0), block.to_ndarray()[0], block.sample_rate) for block in container.decode(audio=0)
        ]
    heard = [
        time_s + np.argmax(np.abs(samples) > 0.4) / rate
        for time_s, samples, rate in blocks
        if np.abs(samples).max() > 0.4
    ]
    assert heard[0] == pytest.approx(CLICK_S, abs=1 / FRAME_RATE_HZ)


def test_a_film_in_memory_is_the_same_film() -> None:
    shown = frames_of(io.BytesIO(film(scene("spotlight"), sound=click())))
    drawer = FrameDrawer(scene("spotlight"))
    assert len(shown) == 30
    assert np.abs(shown[12][1].astype(int) - drawer.at(12 / FRAME_RATE_HZ)).mean() < 4.0


def test_a_scene_survives_the_pipe_to_the_process_that_draws_it() -> None:
    asked = scene("spotlight", stretch=(0.2, 0.6), pictures_hz=2.0)
    back, sound = unpacked(packed(asked, click()))
    assert np.array_equal(FrameDrawer(back).at(0.4), FrameDrawer(asked).at(0.4))
    assert sound is not None
    assert np.array_equal(sound.samples, click().samples)
    assert unpacked(packed(asked, None))[1] is None


def test_the_light_is_where_the_map_is_lit() -> None:
    drawer = FrameDrawer(scene("spotlight", pictures=np.full((1, 48, 64, 3), 255, np.uint8)))
    for seconds in (0.3, 0.6, 0.9):
        bright = np.asarray(drawer.lit(0, seconds)).mean(axis=(0, 2))
        bright = bright - bright.min()
        middle = (bright * np.arange(bright.size)).sum() / bright.sum() / bright.size
        assert middle == pytest.approx(seconds / DURATION_S, abs=0.05)


def test_a_text_is_read_at_its_pace_without_sound() -> None:
    words = tuple(Word(text, float(place), place + 1.0) for place, text in enumerate("a dog".split()))
    maps = (score_map("Matchmap", stream(1, "m").normal(0.0, 1.0, (2, 3, 3)), first_s=0.5, step_s=1.0),)
    read = scene(maps=maps, duration=2.0, words=words, spectrogram=None, stepwise=True)
    shown = frames_of(io.BytesIO(film(read)))
    assert len(shown) == FRAME_RATE_HZ
    assert np.abs(shown[20][1].astype(int) - FrameDrawer(read).at(1.6)).mean() < 4.0


def test_moving_pictures_move_and_maps_stand_side_by_side() -> None:
    pictures = np.stack([np.full((48, 64, 3), level, np.uint8) for level in (0, 250)])
    drawer = FrameDrawer(scene(pictures=pictures, pictures_hz=2.0, maps=(moving(),) * 3))
    assert drawer.at(0.2)[60, -100:-60].mean() < 60 < 180 < drawer.at(0.7)[60, -100:-60].mean()
    assert drawer.size[0] > 3 * 400


def test_a_still_is_one_moment_and_a_stretch_stands_still() -> None:
    pixels = np.array(Image.open(io.BytesIO(still(scene(), 0.5))))
    assert np.array_equal(pixels, FrameDrawer(scene()).at(0.5))
    held = FrameDrawer(scene(stretch=(0.2, 0.6)))
    assert np.array_equal(np.array(held.lit(0, 0.0)), np.array(held.lit(0, 1.0)))


@pytest.mark.parametrize("count", [0, 5])
def test_a_scene_has_one_to_four_maps(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 4 maps"):
        scene(maps=(moving(),) * count)


def test_numbers_are_exact_and_load_without_pickle() -> None:
    scores = stream(2, "s").normal(3.0, 50.0, (3, 4, 5)).astype(np.float32)
    found = Matchmap(scores, np.array([0.2, 0.5, 0.8]), np.array([0.1, 0.35, 0.6, 0.85]), np.arange(5) * 0.16 + 0.08)
    with np.load(io.BytesIO(npz(drawable("Matchmap", found), WORDS, title="run · item")), allow_pickle=False) as kept:
        assert np.array_equal(kept["scores"], np.moveaxis(scores, 2, 0))
        assert kept["scores"].dtype == np.float32
        assert kept["words"].tolist() == ["dog", "barks"]
        assert kept["word_starts_s"].tolist() == [0.1, 0.6]
        assert np.array_equal(kept["times_s"], found.times_s)
        assert np.array_equal(kept["row_centres"], found.row_centres)
        assert str(kept["map"]) == "Matchmap"
    only_bytes = moving()
    with np.load(io.BytesIO(npz(only_bytes)), allow_pickle=False) as kept:
        assert kept["col_centres"] == pytest.approx((np.arange(7) + 0.5) / 7)
        assert kept["times_s"][1] == pytest.approx(0.15)
