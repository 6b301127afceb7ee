"""The retrieval page: makes its vectors, asks with items, words and files, combines, says what a run cannot take."""

import re
from collections.abc import Mapping

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import nothing_ships, opened, sent, shown
from tests.recipes.fresh_run import fresh_run
from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.ui.tiny_catalog import build
from xmodal.data import encode
from xmodal.data.sample import Waveform
from xmodal.jobs import local
from xmodal.jobs.queue import Queue
from xmodal.recipes import query_files
from xmodal.recipes.catalog_vectors import extract, key_of, source_named
from xmodal.recipes.embedders import open_embedder
from xmodal.runs.run import open_run
from xmodal.ui.navigation import RETRIEVAL
from xmodal.ui.retrieval import query_view
from xmodal.workspace import VARIABLE, Workspace, current

SENSES, PICTURES = "see-hear-read-ranking-1", "see-hear-read-teacher-1"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The tiny catalog, a run for three senses with its vectors, and a run for pictures alone without."""
    root = tmp_path_factory.mktemp("searched")
    build(root / "catalogs", root / "media")
    here = Workspace(root)
    run = fresh_sense_run(here)
    fresh_sense_run(here, "see-hear-read-teacher")
    source = source_named("tiny", here)
    extract(open_embedder(run), source, key_of(run, source), here)
    return here


@pytest.fixture(autouse=True)
def _workspace(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(filled.root))
    nothing_ships(monkeypatch, filled.root)
    monkeypatch.setattr(local, "begin", lambda *_: None)  # jobs wait for ever


def page(query: Mapping[str, str] | None = None) -> AppTest:
    return opened(RETRIEVAL, {"run": SENSES, "view": "Ask", **(query or {})}, timeout_s=120)


def galleries(test: AppTest) -> dict[str, list[str]]:
    """Ids of the cards of every gallery, by the first word of its label."""
    return {each["label"].split(":")[0]: [card["id"] for card in each["cards"]] for each in sent(test, "cards")}


def said(test: AppTest) -> str:
    return " ".join(each.value for each in (*test.markdown, *test.caption)).replace("\\", "")


def test_it_opens_with_an_item_and_answers_in_every_sense() -> None:
    found = galleries(page())
    assert {name: len(cards) for name, cards in found.items() if name in ("Image", "Sound", "Text")} == {
        "Image": 6, "Sound": 6, "Text": 6,
    }  # fmt: skip
    [asked] = found["The query"]
    assert found["Image"][0] == f"image:{asked}"


def test_the_address_restores_what_is_asked() -> None:
    test = page({"like": "text:tiny/013", "answers": "Text", "many": "12", "scene": "kitchen"})
    found = galleries(test)
    assert found["The query"] == ["tiny/013"]
    assert len(found["Text"]) == 12
    assert not {"Image", "Sound"} & found.keys()
    [shown_cards] = [each["cards"] for each in sent(test, "cards") if each["label"].startswith("Text")]
    assert {card["caption"] for card in shown_cards} == {"kitchen"}
    [own] = [card for card in shown_cards if card["id"] == "text:tiny/013"]
    assert own["title"] == "1.00 · own ✓"
    assert test.segmented_control(key="entry/tiny/013").value == "Text"


def test_words_and_those_that_it_does_not_know() -> None:
    test = page({"ask": "Words"})
    assert "Image" not in galleries(test)
    assert "Write what you look for" in said(test)
    test.text_input(key="text").set_value("a dog near the zebra").run()
    assert not test.exception
    assert len(galleries(test)["Image"]) == 6
    assert "The network never read: zebra. Such words do not count." in said(test)
    test.text_input(key="text").set_value("zebra").run()
    assert not test.exception
    assert "this network knows none of these words: zebra" in said(test)
    assert "Image" not in galleries(test)
    test.text_input(key="text").set_value("?!").run()
    assert not test.exception
    assert "the text is empty" in said(test)


def uploaded(content: bytes, name: str) -> AppTest:
    test = page({"ask": "File"})
    test.file_uploader(key="file").set_value((name, content, "application/octet-stream"))
    return shown(test)


def test_an_upload_finds_the_same_picture() -> None:
    catalog = current().catalog("tiny")
    content = (catalog.roots[""] / "image-12.png").read_bytes()
    assert galleries(uploaded(content, "ball.png"))["Image"][0] == "image:tiny/012"


NOISE = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
TONE = Waveform((0.3 * np.sin(np.arange(16_000) * 0.3)).astype(np.float32), 16_000)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (encode.png(np.zeros((1, 1, 3), np.uint8)), "dot.png", "the picture is 1 x 1 pixels"),
        (encode.png(NOISE)[:6000], "cut.png", "picture is damaged: image file is truncated"),
        (encode.wav(Waveform(np.zeros(16_000, np.float32), 16_000)), "hush.wav", "the recording is silent"),
        (encode.wav(TONE)[:44], "cut.wav", "sound has no samples"),
        (encode.flac(TONE)[:40], "cut.flac", "flac file is damaged"),
        (b"", "empty.png", "the file is empty"),
        (b"GIF89a and then nothing", "bad.gif", "neither a picture"),
        (b"#EXTM3U\n/etc/passwd\n", "list.m4a", "neither a picture"),
        (
            b"RIFF" + bytes(query_view.FILE_MB << 20),
            "long.wav",
            "the file has 100 MB: at most 100 MB can be asked with",
        ),
    ],
    ids=["one pixel", "cut picture", "silence", "no sound", "cut sound", "empty", "no picture", "list", "too large"],
)
def test_absurd_files_get_a_clear_answer(content: bytes, name: str, reason: str) -> None:
    test = uploaded(content, name)
    assert reason in said(test)
    assert "Image" not in galleries(test)


def test_the_page_and_the_command_line_take_files_of_one_size() -> None:
    assert query_view.FILE_MB == query_files.MOST_MB


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("🦓 🦓", "the text is empty"),
        ("<script>alert(1)</script> **zebra**", "none of these words: script, alert, 1, zebra"),
        ("zebra " * 333, "none of these words: zebra"),
    ],
    ids=["signs", "markup", "very long"],
)
def test_absurd_words_get_a_clear_answer(words: str, reason: str) -> None:
    test = page({"ask": "Words"})
    test.text_input(key="text").set_value(words)
    assert reason in said(shown(test))
    assert "Image" not in galleries(test)


def test_an_address_that_makes_no_sense_is_no_failure() -> None:
    absurd = {"many": "99", "answers": "Taste", "layer": "nowhere", "split": "moon", "weight2": "17", "ask": "Smell"}
    assert len(galleries(page({**absurd, "and": "maybe", "like": ":", "like2": "taste:", "why": "::"}))["Image"]) == 6
    assert "no vector of ../../etc/passwd" in said(page({"like": "image:../../etc/passwd"}))
    assert "none of these words" in said(page({"ask": "Words", "text": "x" * 9000}))


def test_two_queries_with_a_weight() -> None:
    test = page({"like": "image:tiny/012", "and": "true", "like2": "image:tiny/013", "weight2": "-1.0"})
    cards = galleries(test)
    assert cards["The query"] in (["tiny/012"], ["tiny/013"])
    assert "image:tiny/013" not in cards["Image"]
    test.slider(key="weight2").set_value(1.0).run()
    assert not test.exception
    assert {"image:tiny/012", "image:tiny/013"} <= set(galleries(test)["Image"])
    test = page({"like": "image:tiny/012", "and": "true", "like2": "image:tiny/012", "weight2": "-1.0"})
    assert "cancel each other out" in said(test)
    first_alone = page({"like": "image:tiny/012", "and": "true"})
    assert first_alone.text_input(key="find2")
    assert galleries(first_alone)["Image"][0] == "image:tiny/012"


@pytest.mark.parametrize(
    ("query", "reason", "button"),
    [
        ({"like": "image:nobody"}, "tiny has no vector of nobody", "forget"),
        ({"run": "nobody"}, "There is no such run to search with", "forget_run"),
        ({"catalog": "nowhere"}, "There is no such catalog", "forget_catalog"),
    ],
)
def test_an_address_of_something_that_is_not_there_leads_on(query: Mapping[str, str], reason: str, button: str) -> None:
    test = page(query)
    assert reason in said(test)
    test.button(key=button).click()
    assert "Image" in galleries(shown(test))


def test_a_run_says_what_it_cannot_take_and_offers_to_make_vectors() -> None:
    test = page({"run": PICTURES, "ask": "Words"})
    assert "This catalog has no vectors of this run yet." in said(test)
    test.button(key="embed").click()
    shown(test)
    [job] = Queue(current()).jobs()
    assert job.spec.arguments == ("embed", PICTURES, "--data", "tiny")
    assert not [each for each in test.button if each.key == "embed"]
    run, source = current().runs / PICTURES, source_named("tiny", current())
    embedder = open_embedder(open_run(run))
    extract(embedder, source, key_of(embedder.run, source), current())
    test = page({"run": PICTURES, "ask": "Words"})
    assert "see-hear-read-teacher-1 takes no words." in said(test)
    assert "It takes no sketch, clip art, spatial text, text, sound or speech: it was trained on image." in said(test)


def test_damaged_vectors_are_named_and_can_be_made_again() -> None:
    here, source = current(), source_named("tiny", current())
    run = open_run(here.runs / SENSES)
    table = extract(open_embedder(run), source, key_of(run, source, layer="joint"), here)
    (table.folder / "scales.safetensors").write_bytes(b"nothing")
    test = page({"layer": "joint"})
    assert "The vectors of this catalog cannot be used." in said(test)
    assert test.button(key="embed")


def test_a_drawing_is_taken_as_a_picture_where_there_are_no_sketches() -> None:
    test = page({"ask": "Drawing"})
    [paper] = sent(test, "mode")
    assert (paper["mode"], paper["modality"]) == ("draw", "image")
    assert "Image" not in galleries(test)
    test.session_state["draw_drawn"] = {"mode": "draw", "things": [{"width": 0.1, "points": [[0.1, 0.2], [0.8, 0.9]]}]}
    assert len(galleries(shown(test))["Image"]) == 6
    test.session_state["draw_drawn"] = {"mode": "draw", "things": [{"width": 99}]}
    assert "the drawing cannot be used" in said(shown(test))
    assert "takes no words in places." in said(page({"ask": "Layout"}))


def test_an_answer_is_explained_by_units_and_these_by_items() -> None:
    test = page({"like": "image:tiny/012"})
    [answers] = [each for each in sent(test, "cards") if each["label"].startswith("Sound")]
    assert {card["asks"] for card in answers["cards"]} == {"Why this answer?"}
    assert "Why this answer?" not in said(test)
    best = answers["cards"][0]
    test = page({"like": "image:tiny/012", "why": best["id"]})
    [line] = [each.value for each in test.markdown if "that fire in both" in each.value]
    score, *parts = (float(number) for number in re.findall(r"\*\*([+-]?\d\.\d\d)\*\*", line))
    assert f"{score:.2f}" == best["title"].split()[0]
    assert sum(parts) == pytest.approx(score, abs=0.02)
    found = galleries(test)
    assert found["Query and answer"] == ["image:tiny/012", best["id"]]
    units = {name: cards for name, cards in found.items() if name.startswith("What unit")}
    assert len(units) == len([each for each in test.markdown if each.value.startswith("**Unit ")])
    assert {card.partition(":")[0] for cards in units.values() for card in cards} <= {"image", "sound", "text"}
    assert "cannot be explained" in said(page({"like": "image:tiny/012", "why": "image:nobody"}))
    assert "that fire in both" not in said(page({"like": "image:tiny/012", "why": "nothing of the kind"}))


def test_a_picture_and_a_caption_have_a_matchmap() -> None:
    here, source = current(), source_named("tiny", current())
    run = fresh_run(here)
    extract(open_embedder(run), source, key_of(run, source), here)
    test = page({"run": run.name, "like": "image:tiny/012", "why": "speech:tiny/011"})
    [player] = sent(test, "opening")
    assert player["maps"][0]["name"] == "Matchmap"
    assert "| Score of the pair |" in said(test)
    test = page({"run": run.name, "like": "image:tiny/012", "why": "image:tiny/011"})
    assert not sent(test, "opening")
    assert "The matchmap of tiny/011 itself" in said(test)
