"""The app in a real browser: what a visitor sees, hears and does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve, Visitor
from tests.ui.tiny_catalog import words_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]
SPEAKING = """() => {
    const hosts = [...document.querySelectorAll('*')].filter((element) => element.shadowRoot);
    const root = hosts.map((host) => host.shadowRoot).find((each) => each.querySelector('.words button'));
    return [Number(root.querySelector('.strip').getAttribute('aria-valuenow')),
            root.querySelector('.words .now')?.textContent ?? null];
}"""
UNTIL_THE_END = """([reading, most_s]) => new Promise((resolve) => {
    const read = eval(reading), samples = [], begun = performance.now();
    const frame = () => {
        const [time_s, lit] = read();
        const over = samples.length > 0 && time_s < samples.at(-1)[0];
        if (over || performance.now() - begun > most_s * 1000) return resolve(samples);
        samples.push([time_s, lit]);
        requestAnimationFrame(frame);
    };
    frame();
})"""
"""What a reading says at every drawn frame, until time jumps back or so many seconds have gone."""
FOCUSED = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.dataset?.id ?? '';
}"""


def item(address: str, number: int = 0) -> str:
    return f"{address}/data?catalog=tiny&item=tiny%2F{number:03d}"


def test_a_deep_link_works_as_the_first_visit(serve: Serve, tiny_workspace: Path, visit: Visit) -> None:
    page = visit().open(item(serve(tiny_workspace), 4))
    expect(page.locator("h1")).to_have_text("What is in this data?")
    expect(page.get_by_text("tiny/004", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Home")).to_be_visible()


def test_home_shows_an_item_and_leads_on(address: str, visit: Visit) -> None:
    visitor = visit()
    page = visitor.open(address)
    expect(page.locator(".masks .photo")).to_be_in_viewport()
    expect(page.locator(".player").first).to_be_in_viewport()
    expect(page.get_by_text("Tiny catalog")).to_be_visible()
    page.get_by_role("link", name="Browse all items").click()
    expect(page.locator("h1")).to_have_text("What is in this data?")
    visitor.idle()
    expect(page.locator(".gallery .card")).to_have_count(48)


def test_a_cover_on_home_opens_its_item(address: str, visit: Visit) -> None:
    visitor = visit()
    page = visitor.open(address)
    page.locator(".card.opens img").first.click()
    expect(page.get_by_role("button", name="All items")).to_be_visible(timeout=20_000)
    assert "item=tiny%2F000" in page.url
    visitor.idle()


def test_the_gallery_loads_lazily(address: str, visit: Visit) -> None:
    page = visit().open(f"{address}/data")
    expect(page.locator(".card")).to_have_count(48)
    expect(page.locator(".card.loaded").nth(3)).to_be_visible()
    sizes = page.locator(".card").evaluate_all("(cards) => cards.map((card) => card.getBoundingClientRect().width)")
    assert all(128 <= size <= 224 for size in sizes)


def test_one_sound_at_a_time_with_a_moving_playhead(address: str, visit: Visit) -> None:
    page = visit().open(f"{address}/data")
    first, second = page.locator(".card").nth(0), page.locator(".card").nth(1)
    first.get_by_role("button", name="Play speech").click()
    expect(first).to_have_class("card picture opens loaded playing")
    page.wait_for_function(
        "(card) => parseFloat(card.style.getPropertyValue('--at')) > 10", arg=first.element_handle(), timeout=10_000
    )
    expect(first.locator(".time")).to_have_text("0:00 / 0:02")
    second.get_by_role("button", name="Play sound").click()
    expect(second).to_have_class("card picture opens loaded playing")
    expect(first).to_have_class("card picture opens loaded")
    second.get_by_role("button", name="Play sound").click()
    expect(second).to_have_class("card picture opens loaded")


def test_words_light_up_when_they_are_spoken(address: str, visit: Visit) -> None:
    page = visit().open(item(address))
    truth = words_of(0)
    play = page.get_by_role("button", name="Play speech")
    play.click()
    expect(play).to_have_attribute("data-state", "playing")
    samples = page.evaluate(UNTIL_THE_END, [SPEAKING, 10.0])
    for time_s, lit in samples:
        spoken = [word.text for word in truth if word.start_s - 0.01 <= time_s < word.end_s + 0.01]
        assert lit in spoken or (lit is None and not any(w.start_s + 0.01 < time_s < w.end_s - 0.01 for w in truth))
    assert len({lit for _, lit in samples if lit}) >= 3
    assert max(time_s for time_s, _ in samples) > truth[-1].start_s


def test_a_click_on_a_word_goes_there(address: str, visit: Visit) -> None:
    page = visit().open(item(address))
    page.locator(".words button", has_text="boat").click()
    page.wait_for_function("() => true")
    time_s, _ = page.evaluate(SPEAKING)
    assert time_s >= words_of(0)[4].start_s
    page.get_by_role("button", name="Play sound").click()
    expect(page.get_by_role("button", name="Play speech")).to_have_attribute("data-state", "paused")


def pixels(page: Page) -> list[int]:
    """How many pixels of the mask canvas are clear, dark, coloured."""
    return page.locator(".masks canvas").evaluate(
        """(canvas) => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const counts = [0, 0, 0];
            for (let i = 0; i < data.length; i += 4) {
                counts[data[i + 3] === 0 ? 0 : data[i] + data[i + 1] + data[i + 2] === 0 ? 1 : 2] += 1;
            }
            return counts.map((count) => count / (data.length / 4));
        }"""
    )


def test_masks_on_demand(address: str, visit: Visit) -> None:
    page = visit().open(item(address, 10))
    page.get_by_role("button", name="Classes").click()
    page.wait_for_timeout(500)
    _, dark, coloured = pixels(page)
    assert coloured == pytest.approx((40 * 40 + 16 * 96) / 96**2, abs=0.03)
    assert dark == 0
    stage = page.locator(".masks .stage")
    box = stage.bounding_box()
    assert box is not None
    assert box["width"] >= 512
    page.mouse.move(box["x"] + box["width"] * 30 / 96, box["y"] + box["height"] * 48 / 96)
    expect(page.locator(".masks .name")).to_have_text("ball")
    _, dark, coloured = pixels(page)
    assert dark > 0.7
    assert 0 < coloured < 0.05
    page.mouse.move(5, 5)
    page.locator(".legend button", has_text="floor").click()
    page.mouse.move(5, 5)
    expect(page.locator(".legend button", has_text="floor")).to_have_attribute("aria-pressed", "true")
    assert pixels(page)[1] > 0.7
    page.get_by_role("button", name="Picture").click()
    assert pixels(page)[0] == 1.0


def test_masks_over_the_gallery(address: str, visit: Visit) -> None:
    page = visit().open(f"{address}/data?masks=true")
    expect(page.locator(".card .overlay").first).to_be_visible()
    page.wait_for_function(
        "(image) => image.naturalWidth > 0", arg=page.locator(".card .overlay").first.element_handle(), timeout=10_000
    )


def test_filter_by_words_and_share_the_view(address: str, visit: Visit) -> None:
    visitor = visit()
    page = visitor.open(f"{address}/data")
    box = page.get_by_role("searchbox", name="Words")
    box.fill("kettle")
    box.press("Enter")
    expect(page.get_by_text("24 of 60 items")).to_be_visible(timeout=20_000)
    assert "words=kettle" in page.url
    url = page.url
    other = visit().open(url)
    expect(other.locator(".card")).to_have_count(24)


def test_the_bad_rows(address: str, visit: Visit) -> None:
    visitor = visit()
    page = visitor.open(f"{address}/data")
    page.get_by_role("tab", name="Bad rows").click()
    expect(page.get_by_text("2 rows or files were skipped")).to_be_visible(timeout=20_000)
    assert "tab=Bad" in page.url
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    assert download.value.suggested_filename == "tiny-bad-rows.csv"


def test_the_statistics(address: str, visit: Visit) -> None:
    page = visit().open(f"{address}/data?tab=Statistics")
    expect(page.locator(".js-plotly-plot")).to_have_count(6, timeout=20_000)


def test_the_words_of_a_caption_are_one_tab_stop(address: str, visit: Visit) -> None:
    page = visit().open(item(address, 10))
    words = page.locator(".words button")
    expect(words.first).to_be_visible()
    stops = words.evaluate_all("(buttons) => buttons.filter((button) => button.tabIndex === 0).length")
    assert stops == 1
    words.first.focus()
    page.keyboard.press("ArrowRight")
    expect(words.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(words.first).to_be_focused()


def test_by_keyboard_alone(address: str, visit: Visit) -> None:
    visitor = visit()
    page = visitor.open(f"{address}/data")
    expect(page.locator(".card").first).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED):
            break
    assert page.evaluate(FOCUSED) == "tiny/000"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED) == "tiny/001"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "tiny/005"
    page.keyboard.press(" ")
    expect(page.locator(".card").nth(5)).to_have_class("card picture opens loaded playing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="All items")).to_be_visible(timeout=20_000)
    assert "item=tiny%2F005" in page.url
    visitor.idle()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**item=tiny%2F006**", timeout=20_000)
    visitor.idle()


def test_copy_link(address: str, visit: Visit) -> None:
    page = visit().open(item(address))
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == page.url


def test_a_video_plays(address: str, visit: Visit) -> None:
    page = visit().open(item(address))
    video = page.locator(".card video")
    assert video.evaluate("(video) => video.preload") == "none"
    page.get_by_role("button", name="Play video").click()
    page.wait_for_function("(video) => video.currentTime > 0.2", arg=video.element_handle(), timeout=10_000)


@pytest.mark.parametrize(
    ("width", "height", "dark", "background"),
    [(1280, 800, False, "rgb(252, 252, 250)"), (390, 844, True, "rgb(20, 22, 26)")],
)
def test_both_themes_fit_desk_and_phone(
    address: str, visit: Visit, width: int, height: int, dark: bool, background: str
) -> None:
    for path in ("/", "/data", "/data?item=tiny%2F000"):
        page = visit(width=width, height=height, dark=dark).open(address + path)
        shown = page.locator('[data-testid="stApp"]').evaluate("(app) => getComputedStyle(app).backgroundColor")
        assert shown == background
        expect(page.locator(".xm").first).to_have_attribute("data-theme", "dark" if dark else "light")
        assert page.evaluate("() => document.scrollingElement.scrollWidth") <= width
        wide = page.locator(".xm").evaluate_all(
            "(all) => all.filter((e) => e.getBoundingClientRect().right > innerWidth + 1).length"
        )
        assert wide == 0
