"""Search by example in a real browser: words, more like this, a file, a drawing, words in places, two together."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Serve, Visitor
from tests.recipes.fresh_sense_run import saved_sense_run
from tests.recipes.shrunk_senses import every_sense
from tests.ui.tiny_catalog import build
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
