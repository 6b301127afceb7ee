"""Live in a real browser: a fake microphone speaks, the picture lights up, and nothing stays open."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Playwright, expect

from tests.browser.conftest import FLAGS, Serve, Visitor
from tests.browser.test_matchmap_player import NAMELESS
from xmodal.data import encode, load
from xmodal.data.world.catalog import DEFAULT, live_sample
from xmodal.modality import Modality

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
OWN_S = 0.8
"""From sound to light, with the 0.4 s that the page waits for what follows, but without the way to the server and back:
the wait, half a frame, and one animation frame of a slow page."""
KEEP_TRACKS = """
    window.tracks = [];
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (what) => {
        const stream = await ask(what);
        window.tracks.push(...stream.getTracks());
        return stream;
    };
"""
OPEN = "() => window.tracks.filter((track) => track.readyState === 'live').length"
SILENT = "navigator.mediaDevices.getUserMedia = async () => new AudioContext().createMediaStreamDestination().stream;"
FAILING = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', '%s'); };"
IMPOSSIBLE = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
Opened = Callable[..., tuple[Visitor, Locator]]


@pytest.fixture(scope="module")
def hearing(driver: Playwright, chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose microphone says what is in an item of the world, again and again."""
    said = tmp_path_factory.mktemp("said") / "said.wav"
    said.write_bytes(encode.wav(load.waveform(live_sample(DEFAULT, 3), Modality.SPEECH)))
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    flags.append(f"--use-file-for-fake-audio-capture={said}")
    browser = driver.chromium.launch(executable_path=chromium_path, args=[*FLAGS, *flags])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def live_page(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a page with a microphone, and its route."""
    return serve(tmp_path_factory.mktemp("workspace"), "tests/browser/live_app.py")


@pytest.fixture
def opened(hearing: Browser, live_page: str) -> Iterator[Opened]:
    """`opened(script, width=…, dark=…)`: a fresh visitor; what went wrong on the page fails the test at its end."""
    visitors: list[Visitor] = []

    def opener(script: str = KEEP_TRACKS, *, width: int = 1280, dark: bool = False) -> tuple[Visitor, Locator]:
        context = hearing.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light",
            permissions=["microphone"],
        )  # fmt: skip
        visitor = Visitor(context.new_page())
        visitors.append(visitor)
        visitor.page.add_init_script(script)
        visitor.page.goto(live_page)
        root = visitor.page.locator(".live")
        expect(root.locator(".go")).to_be_visible(timeout=150_000)  # the first visit loads the network's packages
        visitor.idle()
        return visitor, root

    yield opener
    for visitor in visitors:
        visitor.page.context.close()
        assert visitor.wrong == []


def drawn(root: Locator) -> dict[str, Any]:
    return root.evaluate("(root) => ({ ...root.drawn })")


def wait_for(root: Locator, what: Callable[[dict[str, Any]], Any], *, seconds: float = 30.0) -> dict[str, Any]:
    for _ in range(round(10 * seconds)):
        if what(found := drawn(root)):
            return found
        root.page.wait_for_timeout(100)
    raise AssertionError(drawn(root))


def level(root: Locator) -> float:
    return float(root.locator(".meter").get_attribute("aria-valuenow") or 0)


def test_the_picture_lights_up_while_somebody_speaks(opened: Opened) -> None:
    visitor, root = opened()
    page = visitor.page
    expect(root.locator(".line")).to_have_text("Start, and say what is in the picture.")
    assert float(root.locator(".light").evaluate("(light) => light.style.opacity")) == 0.0
    page.keyboard.press("Space")
    expect(root).to_have_attribute("data-state", "live", timeout=15_000)
    found = wait_for(root, lambda found: found["maps"] >= 8 and found["frames"] >= 60)
    assert found["latency_s"] is not None
    expect(root.locator(".line")).to_contain_text("Listening")
    expect(root.locator(".latency")).to_contain_text("Sound to light")
    assert float(root.locator(".light").evaluate("(light) => light.style.opacity")) > 0.5
    assert max(level(root) for _ in range(10)) > -40
    best = wait_for(root, lambda found: found["latency_s"] < OWN_S + found["trip_s"] + 0.3)
    assert best["latency_s"] > 0.35
    page.keyboard.press("m")
    expect(root).to_have_attribute("data-mode", "heat")
    assert page.evaluate(OPEN) == 1
    page.keyboard.press("Space")
    expect(root).to_have_attribute("data-state", "idle")
    assert page.evaluate(OPEN) == 0
    assert level(root) == -60
    maps = drawn(root)["maps"]
    page.wait_for_timeout(600)
    assert drawn(root)["maps"] == maps


def test_waiting_for_less_is_sooner(opened: Opened) -> None:
    _, root = opened()
    root.locator("#wait").fill("0")
    root.locator(".go").click()
    sooner = wait_for(root, lambda found: found["maps"] >= 12)
    root.locator("#wait").fill("1")
    later = wait_for(root, lambda found: found["latency_s"] > sooner["latency_s"] + 0.5)
    assert later["latency_s"] > 1.0
    expect(root.locator(".latency")).to_contain_text("1.00 s waiting")


def test_another_picture_while_speaking(opened: Opened) -> None:
    visitor, root = opened()
    root.locator(".go").click()
    maps = wait_for(root, lambda found: found["maps"] >= 3)["maps"]
    source = root.locator(".base").get_attribute("src")
    visitor.page.get_by_text("Other picture").click()
    visitor.idle()
    expect(root.locator(".base")).not_to_have_attribute("src", source or "")
    wait_for(root, lambda found: found["maps"] >= maps + 4)
    expect(root).to_have_attribute("data-state", "live")
    assert visitor.page.evaluate(OPEN) == 1


def test_the_microphone_is_released_when_the_tab_or_the_page_is_left(opened: Opened) -> None:
    visitor, root = opened()
    page = visitor.page
    root.locator(".go").click()
    wait_for(root, lambda found: found["maps"] >= 1)
    page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate(OPEN) == 0
    expect(root.locator(".line")).to_have_text("Stopped, because the page was left.")
    root.locator(".go").click()
    page.wait_for_function("() => window.tracks.length === 2")
    page.get_by_text("Shown").click()
    expect(root).to_have_count(0)
    page.wait_for_function(f"() => ({OPEN})() === 0")


def test_silence_is_said_and_lights_nothing(opened: Opened) -> None:
    _, root = opened(SILENT)
    root.locator(".go").click()
    wait_for(root, lambda found: found["maps"] >= 2)
    expect(root.locator(".line")).to_contain_text("Nothing is heard")
    assert float(root.locator(".light").evaluate("(light) => light.style.opacity")) == 0.0


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (FAILING % "NotAllowedError", "does not let this page use the microphone"),
        (FAILING % "NotFoundError", "No microphone was found"),
        (FAILING % "NotReadableError", "in use by another program"),
        (FAILING % "AbortError", "cannot be opened"),
        (IMPOSSIBLE, "does not stream a microphone"),
    ],
)
def test_without_a_microphone_it_says_what_to_do(opened: Opened, script: str, says: str) -> None:
    _, root = opened(script)
    button = root.locator(".go")
    if button.is_enabled():
        button.click()
    expect(root.locator(".line")).to_contain_text(says)
    expect(root.locator(".line")).to_contain_text("Yours")
    expect(root).to_have_attribute("data-state", "problem")


def test_a_refusal_stops_with_its_reason(opened: Opened) -> None:
    visitor, root = opened()
    visitor.page.route("**/xm/live", lambda route: route.fulfill(status=410, body="This page was opened too long ago"))
    root.locator(".go").click()
    expect(root.locator(".line")).to_contain_text("too long ago", timeout=15_000)
    assert visitor.page.evaluate(OPEN) == 0
    assert all("410" in line for line in visitor.wrong)
    visitor.wrong.clear()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_it_fits_and_every_control_has_a_name(opened: Opened, width: int, dark: bool) -> None:
    visitor, root = opened(width=width, dark=dark)
    expect(root).to_have_attribute("data-theme", "dark" if dark else "light")
    assert root.evaluate(NAMELESS) == []
    assert visitor.page.evaluate("() => document.scrollingElement.scrollWidth") <= width
    inside = "(root) => [...root.querySelectorAll('*')].every((e) => e.getBoundingClientRect().right <= innerWidth + 1)"
    assert root.locator(".layout").evaluate(inside)
