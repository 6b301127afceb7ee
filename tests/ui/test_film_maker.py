"""Films are made beside the page, one after the other; the newest are kept."""

import io
import time

import av
import numpy as np
import pytest

from xmodal.data import encode
from xmodal.data.sample import Waveform, Word
from xmodal.figures.matchmap_film import film
from xmodal.figures.matchmap_frame import Scene
from xmodal.figures.score_map import ScoreMap, score_map
from xmodal.modality import Modality
from xmodal.seeding import stream
from xmodal.ui.export_view import file_name, scene_of, shown_maps, sound_of
from xmodal.ui.film_maker import KEPT, FilmMaker
from xmodal.ui.played_clip import PlayedClip
from xmodal.ui.player_view import PlayerView

SOUND = Waveform(np.zeros(3200, np.float32), 16_000)


def shown(name: str, frames: int = 4) -> ScoreMap:
    return score_map(name, stream(3, name).normal(0.0, 1.0, (frames, 3, 3)), first_s=0.02, step_s=0.05)


def clip() -> PlayedClip:
    grey = np.full((12, 16, 3), 120, np.uint8)
    maps = tuple(shown(name) for name in ("Matchmap", "Mean map", "Shuffled pair", "Untrained", "another run"))
    return PlayedClip(
        "item", "picture", 0.2, maps, Modality.SPEECH, picture=encode.jpeg(grey), sound=encode.wav(SOUND),
        spectrogram=encode.png(grey), words=(Word("dog", 0.0, 0.1),),
    )  # fmt: skip


def wait(maker: FilmMaker, key: str) -> bytes:
    end_s = time.monotonic() + 240
    while (made := maker.state(key)) is not None and made.running and time.monotonic() < end_s:
        time.sleep(0.02)
    assert made is not None
    assert made.content is not None, made.fault
    return made.content


def test_what_is_on_screen_becomes_a_film() -> None:
    view = PlayerView(id="item", map="another run", compare=True, mode="heat", stretch=(0.0, 0.1))
    scene = scene_of(clip(), view, "run · item")
    assert [each.name for each in scene.maps] == ["Matchmap", "Mean map", "Shuffled pair", "another run"]
    assert (scene.look.mode, scene.stretch, scene.duration) == ("heat", (0.0, 0.1), 0.2)
    maker = FilmMaker()
    assert maker.state("one") is None
    maker.start("one", scene, sound_of(clip()))
    with av.open(io.BytesIO(wait(maker, "one")), mode="r") as container:
        assert sum(1 for _ in container.decode(video=0)) == 5
    made = maker.state("one")
    assert made is not None
    assert (made.done, made.total) == (5, 5)


def test_one_map_unless_several_stand_side_by_side() -> None:
    assert [each.name for each in shown_maps(clip(), PlayerView(map="Untrained"))] == ["Untrained"]
    assert [each.name for each in shown_maps(clip(), PlayerView(map="gone"))] == ["Matchmap"]


def test_the_newest_films_are_kept_and_a_fault_is_told() -> None:
    maker, scene = FilmMaker(film), Scene(np.zeros((1, 8, 8, 3), np.uint8), (shown("Matchmap"),), 0.04)
    for number in range(KEPT + 2):
        maker.start(str(number), scene, None)
        wait(maker, str(number))
    assert maker.state("0") is None
    assert maker.state(str(KEPT + 1)) is not None
    maker.start("broken", scene, Waveform(np.zeros(0, np.float32), 0))
    end_s = time.monotonic() + 60
    while (made := maker.state("broken")) is not None and made.running and time.monotonic() < end_s:
        time.sleep(0.02)
    assert made is not None
    assert made.fault


@pytest.mark.parametrize(("text", "name"), [("run-1 · a/b.c Mean map", "run-1-a-b-c-Mean-map"), ("···", "matchmap")])
def test_file_names_are_plain(text: str, name: str) -> None:
    assert file_name(text) == name
