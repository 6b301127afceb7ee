"""Search by example in a real browser: words, more like this, a file, a drawing, words in places, two together."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Playwright, expect

from tests.browser.conftest import FLAGS, Serve, Visitor
from tests.recipes.fresh_sense_run import saved_sense_run
from tests.recipes.shrunk_senses import every_sense
from tests.ui.tiny_catalog import build
from xmodal.data import encode, load
from xmodal.data.world.catalog import DEFAULT, live_sample
from xmodal.modality import Modality
from xmodal.recipes.catalog_vectors import extract, key_of, source_named
from xmodal.recipes.embedders import open_embedder
from xmodal.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MOST_MS = 120_000


@pytest.fixture(scope="module")
def searched(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The page over the tiny catalog with vectors of a run for every sense, and the folder of its media."""
    root = tmp_path_factory.mktemp("searched")
    build(root / "catalogs", root / "media")
    here = Workspace(root)
    run, source = saved_sense_run(here, every_sense()), source_named("tiny", here)
    extract(open_embedder(run), source, key_of(run, source), here)
    return f"{serve(root)}/retrieval?run={run.name}", root / "media"


@pytest.fixture
def speaking(driver: Playwright, chromium_path: str, tmp_path: Path) -> Iterator[Visitor]:
    """A visitor whose microphone says what is in an item of the world, again and again."""
    said = tmp_path / "said.wav"
    said.write_bytes(encode.wav(load.waveform(live_sample(DEFAULT, 3), Modality.SPEECH)))
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    flags.append(f"--use-file-for-fake-audio-capture={said}")
    browser = driver.chromium.launch(executable_path=chromium_path, args=[*FLAGS, *flags])
    context = browser.new_context(viewport={"width": 1280, "height": 1400}, permissions=["microphone"])
    visitor = Visitor(context.new_page())
    yield visitor
    browser.close()
    assert visitor.wrong == []


def best(page: Page, sense: str) -> str:
    """Id of the best answer of a sense."""
    cards = page.locator(f".st-key-found_{sense} .card")
    expect(cards.first).to_be_visible(timeout=MOST_MS)
    return cards.first.get_attribute("data-id") or ""


def test_every_kind_of_query(searched: tuple[str, Path], visit: Callable[..., Visitor]) -> None:
    address, media = searched
    visitor = visit(width=1280, height=1400)
    page = visitor.open(f"{address}&ask=Words")
    expect(page.locator(".st-key-found_image")).to_have_count(0)
    page.locator(".st-key-text input").fill("a dog near the boat")
    page.keyboard.press("Enter")
    more = best(page, "image")
    page.locator(".st-key-found_image .card").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-asked .card")).to_have_attribute("data-id", more.partition(":")[2], timeout=MOST_MS)
    assert best(page, "image") == more
    assert "like=" in page.url

    page.get_by_text("File", exact=True).click()
    content: FilePayload = {"name": "b.png", "mimeType": "image/png", "buffer": (media / "image-30.png").read_bytes()}
    page.locator(".st-key-file input[type=file]").set_input_files(content)
    expect(page.locator(".st-key-found_image .card").first).to_have_attribute(
        "data-id", "image:tiny/030", timeout=MOST_MS
    )

    page.get_by_text("Drawing", exact=True).click()
    paper = page.locator(".st-key-draw canvas")
    expect(paper).to_be_visible(timeout=MOST_MS)
    expect(page.locator(".st-key-found_image")).to_have_count(0)
    box = paper.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 220, steps=5)
    page.mouse.up()
    assert best(page, "sketch").startswith("sketch:")

    page.get_by_text("Layout", exact=True).click()
    page.locator(".st-key-layout input.word").fill("boat")
    page.keyboard.press("Enter")
    word = page.locator(".st-key-layout .words button")
    expect(word).to_have_text("boat", timeout=MOST_MS)
    assert best(page, "image")
    before = word.evaluate("(word) => word.offsetLeft")
    word.focus()
    page.keyboard.press("ArrowRight")
    assert word.evaluate("(word) => word.offsetLeft") > before

    visitor.idle()
    page.get_by_text("Combine with another").click()
    page.locator(".st-key-offered2 .card").nth(2).click()
    expect(page.locator(".st-key-asked2 .card")).to_have_attribute("data-id", "tiny/002", timeout=MOST_MS)
    assert "like2=image%3Atiny%2F002" in page.url
    assert best(page, "image")
    visitor.idle()


def test_the_gallery_opens_first_and_a_panel_is_kept(searched: tuple[str, Path], visit: Callable[..., Visitor]) -> None:
    visitor = visit(width=390, height=1400, dark=True)
    page = visitor.open(searched[0])
    panel = page.locator(".st-key-panel1 .group")
    expect(panel.first).to_be_visible(timeout=MOST_MS)
    assert panel.first.locator(".card").count() == 1
    assert panel.nth(1).locator(".card").count() == 4
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert fits, "the page scrolls sideways"
    asked = panel.first.locator(".card").get_attribute("data-id") or ""
    page.locator(".st-key-panel1_box a", has_text="Ask this").click()
    expect(page.locator(".st-key-asked .card")).to_have_attribute("data-id", asked.partition(":")[2], timeout=MOST_MS)
    visitor.idle()
    page.get_by_text("Save as a panel").click()
    page.get_by_label("Name").fill("Mine")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="See it").click()
    expect(page.get_by_role("heading", name="Mine")).to_be_visible(timeout=MOST_MS)
    visitor.idle()
    with page.expect_download() as written:
        page.get_by_role("button", name="Page (HTML)").click()
    alone = visit(width=390, height=900)
    alone.page.set_content(written.value.path().read_text(encoding="utf-8"))
    alone.page.evaluate("() => Promise.all([...document.images].map((image) => image.decode()))")
    length_s = alone.page.evaluate("""() => new Promise((done, fail) => {
        const sound = document.querySelector("audio");
        sound.onloadedmetadata = () => done(sound.duration);
        sound.onerror = () => fail(new Error("cannot be played"));
        sound.load();
        sound.preload = "metadata";
    })""")
    assert length_s > 1


def test_what_rests_under_the_pointer_plays_and_an_answer_is_explained(
    searched: tuple[str, Path], visit: Callable[..., Visitor]
) -> None:
    visitor = visit(width=1280, height=1400)
    page = visitor.open(f"{searched[0]}&like=image:tiny/012")
    best(page, "sound")
    visitor.idle()
    first, second = (page.locator(".st-key-found_sound .card").nth(place) for place in (0, 1))
    playing, speech = re.compile(r"\bplaying\b"), page.locator(".st-key-found_speech .card").first
    first.hover()
    expect(first).to_have_class(playing, timeout=MOST_MS)
    second.hover()
    expect(second).to_have_class(playing, timeout=MOST_MS)
    expect(first).not_to_have_class(playing)
    page.mouse.move(5, 5)
    expect(second).not_to_have_class(playing)
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_have_class(playing, timeout=MOST_MS)
    speech.hover()  # another sense's gallery: one sound at a time
    expect(speech).to_have_class(playing, timeout=MOST_MS)
    expect(second).not_to_have_class(playing)

    first.hover()
    first.locator(".asks").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("that fire in both")).to_be_visible(timeout=MOST_MS)
    assert "why=sound" in page.url
    visitor.idle()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0, timeout=MOST_MS)
    page.wait_for_url(lambda url: "why=" not in url, timeout=MOST_MS)


def test_a_cell_of_the_metrics_opens_its_items_and_one_of_them_asks(
    searched: tuple[str, Path], visit: Callable[..., Visitor]
) -> None:
    visitor = visit(width=1280, height=1400)
    page = visitor.open(f"{searched[0]}&view=Metrics&of_split=all")
    table = page.locator(".st-key-directions canvas").first
    expect(table).to_be_visible(timeout=MOST_MS)
    visitor.idle()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + 35 * 1.5)  # the last answer of the first query
    chosen = page.get_by_role("combobox", name="Direction")
    expect(chosen).to_have_value("Image → Text", timeout=MOST_MS)
    visitor.idle()  # until then the cards may be of the direction before
    card = page.locator("[class*=st-key-missed_] .card").first
    asked = card.get_attribute("data-id") or ""
    card.click()
    expect(page.locator(".st-key-asked .card")).to_have_attribute("data-id", asked.partition(":")[2], timeout=MOST_MS)


def test_a_file_of_300_mb_is_refused_in_the_browser(
    searched: tuple[str, Path], visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    with (tmp_path / "long.wav").open("wb") as file:
        file.truncate(300 << 20)
    page = visit(width=1280, height=1400).open(f"{searched[0]}&ask=File")
    page.locator(".st-key-file input[type=file]").set_input_files(tmp_path / "long.wav")
    expect(page.get_by_text("File must be 100.0MB or smaller")).to_be_visible(timeout=MOST_MS)


def test_what_is_said_into_the_microphone_is_asked_with(searched: tuple[str, Path], speaking: Visitor) -> None:
    page = speaking.open(f"{searched[0]}&ask=Microphone")
    recorder = page.locator("[class*=st-key-recorded]")
    recorder.get_by_role("button", name="Record").click()
    clock = recorder.get_by_text(re.compile(r"00:0[2-9]"))
    expect(clock).to_be_visible(timeout=MOST_MS)
    recorder.get_by_role("button", name="Stop recording").click()
    expect(page.get_by_role("radiogroup", name="Taken as")).to_be_visible(timeout=MOST_MS)  # it is a recording
    speaking.idle()
    expect(page.get_by_text("the recording is silent")).to_have_count(0)
