"""The matchmap page: own media, words, ambient sound, videos, other runs beside, and what the address keeps."""

import io
import math
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.pages.shown import sent
from tests.recipes.fresh_run import fresh_run
from tests.recipes.matched_runs import SOUND, SPEECH, WORDS, listening
from tests.ui.tiny_catalog import build
from xmodal.seeding import stream
from xmodal.ui.navigation import MATCHMAP
from xmodal.workspace import VARIABLE, Workspace


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with the tiny catalog, a run for each kind of caption, and a second one for speech."""
    here = Workspace(tmp_path_factory.mktemp("trained"))
    build(here.catalogs, here.root / "pictures and sounds")
    for recipe in (SPEECH, SOUND, WORDS):
        listening(here, recipe)
    fresh_run(here, SPEECH)
    return here


@pytest.fixture
def page(trained: Workspace, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv(VARIABLE, str(trained.root))
    return AppTest.from_file(str(MATCHMAP.path), default_timeout=240)


def opened(page: AppTest, recipe: str, **address: str) -> AppTest:
    """The page with the first run of a recipe; nothing may fail."""
    page.query_params["run"] = f"{recipe}-1"
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def clips(page: AppTest) -> list[dict[str, Any]]:
    """What players on the page were given."""
    return sent(page, "maps")


def names(clip: dict[str, Any]) -> list[str]:
    return [each["name"] for each in clip["maps"]]


def said(page: AppTest) -> str:
    return " ".join(each.value for each in (*page.markdown, *page.caption, *page.info))


def recorded(seconds: float, *, loudness: float = 0.1) -> bytes:
    file = io.BytesIO()
    samples = stream(3, "voice").normal(0.0, loudness, round(16_000 * seconds))
    soundfile.write(file, samples, 16_000, format="WAV")
    return file.getvalue()


def drawn() -> bytes:
    file = io.BytesIO()
    Image.fromarray(stream(4, "picture").integers(0, 256, (60, 90, 3), dtype=np.uint8)).save(file, "PNG")
    return file.getvalue()


CONTROLS = ["Mean map", "Shuffled pair", "Untrained"]


def test_ambient_sound_asks_where_it_comes_from(page: AppTest) -> None:
    [clip] = clips(opened(page, SOUND))
    assert (clip["kind"], clip["heard"]) == ("picture", "sound")
    assert "Where does it come from?" in said(page)


def test_a_text_lights_up_word_by_word(page: AppTest) -> None:
    [clip] = clips(opened(page, WORDS))
    assert (clip["kind"], clip["heard"], clip["duration_s"]) == ("text", "text", 6.0)
    assert [word["text"] for word in clip["words"]][:2] == ["a", "dog"]
    assert clip["maps"][0]["frames"] == 6
    assert "The network reads" in said(page)


def test_a_video_plays_with_its_own_sound(page: AppTest) -> None:
    [clip] = clips(opened(page, SOUND, source="Videos"))
    assert (clip["kind"], names(clip)) == ("video", ["Matchmap", *CONTROLS])
    assert clip["maps"][1]["frames"] == clip["maps"][0]["frames"] > 4  # the mean map follows the pictures
    assert clip["duration_s"] == pytest.approx(2.0, abs=0.1)


def test_other_runs_stand_beside_the_first_and_every_pair_has_its_scores(page: AppTest) -> None:
    [clip] = clips(opened(page, SPEECH, compare=f"{SPEECH}-2"))
    assert names(clip) == [f"{SPEECH}-1", f"{SPEECH}-2", *CONTROLS]
    assert clip["together"]
    [table] = [each.value for each in page.markdown if "SISA" in each.value]
    assert table.count("\n") == 5  # two lines of heading, two runs, the shuffled pair and the untrained network
    assert "MISA: the best place of each moment" in said(page)


def test_the_address_restores_the_player_and_follows_it(page: AppTest) -> None:
    opened(page, SPEECH, item="tiny/003", player="mode-heat~percentile-60~time_s-0.5~place-0.25_0.25_0.1_0.1")
    [clip] = clips(page)
    assert clip["id"] == "tiny/003"
    assert clip["opening"]["settings"] == {"mode": "heat", "percentile": 60.0, "map": 0}
    assert (clip["opening"]["time_s"], clip["opening"]["place"]) == (0.5, [0.25, 0.25, 0.1, 0.1])
    page.session_state["player"] = {"view": {"id": "tiny/003", "mode": "heat", "time_s": 1.5, "map": "Matchmap"}}
    page.run()
    assert page.query_params["player"] == "mode-heat~time_s-1.5"
    assert clips(page)[0]["opening"] == clip["opening"]  # not another message for the browser
    page.button(key="next").click().run()
    assert page.query_params["player"] == "mode-heat"
    [following] = clips(page)
    assert (following["id"], following["opening"]["time_s"]) == ("tiny/004", 0.0)
    assert following["opening"]["settings"]["mode"] == "heat"


def test_a_voice_speaks_about_the_picture_of_the_item(page: AppTest) -> None:
    opened(page, SPEECH, view="Yours", item="tiny/002")
    assert clips(page) == []
    page.audio_input[0].set_value(("voice.wav", recorded(1.0), "audio/wav")).run()
    assert not page.exception
    [clip] = clips(page)
    assert (clip["kind"], names(clip)) == ("picture", ["Matchmap", *CONTROLS])
    assert clip["duration_s"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("seconds", "loudness", "remark"),
    [
        (1.0, 0.0, "This recording is silent: what lights up has nothing to do with sound."),
        (0.05, 0.0, "This recording is silent"),
        (0.05, 0.1, "Only 0.05 s of sound, shorter than most words: expect little."),
    ],
)
def test_silence_and_a_click_are_played_with_a_remark(
    page: AppTest, seconds: float, loudness: float, remark: str
) -> None:
    opened(page, SPEECH, view="Yours", item="tiny/002")
    page.audio_input[0].set_value(("voice.wav", recorded(seconds, loudness=loudness), "audio/wav")).run()
    assert not page.exception, page.exception[0].message
    [clip] = clips(page)
    assert clip["duration_s"] == pytest.approx(seconds)
    assert all(math.isfinite(each[bound]) for each in clip["maps"] for bound in ("low", "high"))
    assert remark in said(page).replace("\\", "")
    [table] = [each.value for each in page.markdown if "SISA" in each.value]
    assert "nan" not in table


def test_a_recording_of_nothing_is_refused_in_one_line(page: AppTest) -> None:
    opened(page, SPEECH, view="Yours", item="tiny/002")
    page.audio_input[0].set_value(("voice.wav", recorded(0.0), "audio/wav")).run()
    assert not page.exception, page.exception[0].message
    assert clips(page) == []
    assert "This cannot be played" in said(page)


def test_own_files_are_played_or_refused_in_one_line(page: AppTest) -> None:
    opened(page, SOUND, view="Yours", own_picture="Upload", own_sound="Upload")
    picture, sound = page.file_uploader
    picture.set_value(("p.png", drawn(), "image/png")).run()
    _, sound = page.file_uploader
    sound.set_value(("s.wav", recorded(0.05), "audio/wav")).run()
    assert not page.exception
    [clip] = clips(page)
    assert clip["duration_s"] == pytest.approx(0.05)
    assert "shorter than most words" in said(page)
    _, sound = page.file_uploader
    sound.set_value(("s.wav", drawn(), "audio/wav")).run()
    assert not page.exception
    assert clips(page) == []
    assert "This cannot be played" in said(page)
    assert "The recording cannot be used" in said(page)


def test_own_words_are_read(page: AppTest) -> None:
    opened(page, WORDS, view="Yours", own_words="a dog near the zeppelin")
    [clip] = clips(page)
    assert (clip["kind"], clip["duration_s"]) == ("text", 5.0)
    assert "zeppelin" in said(page)
