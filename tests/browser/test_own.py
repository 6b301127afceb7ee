"""A visitor's own picture and recording on the matchmap page, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Visitor
from tests.pages.test_matchmap_sources import drawn, recorded

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MOST_MS = 120_000
"""The first pair waits until the network's packages are loaded."""
INPUT = ".st-key-{key} input[type=file]"


def test_own_files_become_a_player_that_plays(trained: str, visit: Callable[..., Visitor]) -> None:
    page = visit(width=1280).page
    asked = "run=matchmaps-tiny-1&item=tiny/003&view=Yours&own_picture=Upload&own_sound=Upload"
    page.goto(f"{trained}/matchmap?{asked}")
    expect(page.locator(INPUT.format(key="own_sound_file"))).to_be_attached(timeout=MOST_MS)
    picture: FilePayload = {"name": "picture.png", "mimeType": "image/png", "buffer": drawn()}
    page.locator(INPUT.format(key="own_picture_file")).set_input_files(picture)
    expect(page.get_by_test_id("stImage").locator("img")).to_be_visible(timeout=MOST_MS)
    expect(page.locator(".matchmap")).to_have_count(0)  # nothing is said about it yet
    sound: FilePayload = {"name": "voice.wav", "mimeType": "audio/wav", "buffer": recorded(2.0)}
    page.locator(INPUT.format(key="own_sound_file")).set_input_files(sound)
    player = page.locator(".matchmap")
    expect(player).to_have_attribute("data-state", "ready", timeout=MOST_MS)
    assert player.locator("img.base").evaluate("(image) => image.naturalWidth / image.naturalHeight") == 1.5
    audio = player.locator("audio")
    assert audio.evaluate("(audio) => audio.duration") == pytest.approx(2.0, abs=0.01)
    player.locator(".round").click()
    page.wait_for_function("(audio) => audio.currentTime > 0.3", arg=audio.element_handle(), timeout=MOST_MS)
    assert player.evaluate("(root) => root.drawn.seconds") > 0.2
