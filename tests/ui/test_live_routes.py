"""The route for live sound: what it answers, whom it refuses, and that the newest buffer wins."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette

from tests.ui.asgi import Answer, ask, run
from xmodal.data.sample import Waveform
from xmodal.figures.score_map import Cover
from xmodal.ui import live_routes
from xmodal.ui.live_room import Heard, Room, room

APP = Starlette(routes=live_routes.ROUTES)
TARGET = f"/{live_routes.ADDRESS}"
HEADERS = {
    "origin": "http://127.0.0.1:8501",
    "sec-fetch-site": "same-origin",
    "x-xm-live": "the key",
    "x-xm-picture": "dog",
    "x-xm-start": "2.5",
    "x-xm-rate": "16000",
}
BODY = np.arange(-8000, 8000, dtype="<i2").tobytes()


@dataclass
class Listener:
    """Stands in for a network: remembers what it heard, waits where it is told to, fails where it is told to."""

    heard: list[tuple[Waveform, float]] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None

    def hear(self, sound: Waveform, *, start_s: float) -> Heard:
        self.heard.append((sound, start_s))
        self.begun.set()
        assert self.open.wait(20)
        if self.error is not None:
            raise self.error
        scores = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
        return Heard(scores, start_s + 0.16, 0.16, Cover(-0.1, 0.0, 1.2, 1.0), silent=not sound.samples.any())


@pytest.fixture
def listener() -> Iterator[Listener]:
    """In the seat of `HEADERS`."""
    room.cache_clear()
    found = Listener()
    found.open.set()
    room().take("the key", "dog", found)
    yield found
    room.cache_clear()


def post(body: bytes = BODY, *, client: str = "127.0.0.1", parts: int = 1, **changes: str | None) -> Answer:
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    headers = {name: value for name, value in (HEADERS | named).items() if value is not None}
    length = -(-len(body) // parts) or 1
    pieces = [body[start : start + length] for start in range(0, max(1, len(body)), length)]
    return run(ask(APP, TARGET, headers, method="POST", parts=pieces, client=client))


def test_a_buffer_is_answered_with_the_map_as_bytes(listener: Listener) -> None:
    answer = post(parts=3)
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    facts: dict[str, Any] = json.loads(answer.headers["x-xm-heard"])
    assert facts.pop("took_s") >= 0.0
    assert facts == {
        "frames": 2, "rows": 3, "cols": 4, "first": 2.66, "step": 0.16, "cover": [-0.1, 0.0, 1.2, 1.0], "silent": False,
    }  # fmt: skip
    np.testing.assert_array_equal(np.frombuffer(answer.body, "<f4"), np.arange(24))
    [(sound, start_s)] = listener.heard
    assert (sound.rate_hz, start_s) == (16_000, 2.5)
    np.testing.assert_array_equal(sound.samples * 32768, np.arange(-8000, 8000))


def test_silence_is_said(listener: Listener) -> None:
    del listener
    assert json.loads(post(bytes(3200)).headers["x-xm-heard"])["silent"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"origin": "http://evil.example"}, "another origin"),
        ({"origin": "http://127.0.0.1:8502"}, "another origin"),
        ({"origin": "null"}, "another origin"),
        ({"sec_fetch_site": "cross-site"}, "another origin"),
        ({"sec_fetch_site": "same-site"}, "another origin"),
        ({"sec_fetch_site": "none"}, "another origin"),
        ({"sec_fetch_site": None, "origin": None}, "without an origin"),
        ({"host": "evil.example:8501", "origin": "http://evil.example:8501"}, "this host"),
        ({"client": "192.168.1.7"}, "this machine"),
        ({"client": "testing"}, "this machine"),
    ],
)
def test_others_are_refused(listener: Listener, changes: dict[str, str | None], says: str) -> None:
    answer = post(**changes)  # pyright: ignore[reportArgumentType]  # `client` is a string in every row
    assert answer.status == 403
    assert says in answer.body.decode()
    assert listener.heard == []


def test_a_page_behind_a_proxy_and_an_old_browser_may_ask(listener: Listener) -> None:
    assert post(origin="https://127.0.0.1:8501").status == 200
    assert post(sec_fetch_site=None).status == 200
    assert post(origin=None).status == 200
    assert post(client="::1").status == 200
    assert len(listener.heard) == 4


def test_only_with_the_key_of_a_seat(listener: Listener) -> None:
    for key in ("another", "", None):
        answer = post(x_xm_live=key)
        assert answer.status == 410
        assert "load it again" in answer.body.decode()
    assert listener.heard == []


def test_a_buffer_for_another_picture_is_passed_over(listener: Listener) -> None:
    assert post(x_xm_picture="cat").status == 204
    room().take("the key", "cat", listener)
    assert post(x_xm_picture="cat").status == 200
    assert post(x_xm_picture="dog").status == 204


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        (b"", {}),
        (b"odd", {}),
        (BODY, {"x_xm_rate": "fast"}),
        (BODY, {"x_xm_rate": None}),
        (BODY, {"x_xm_rate": "0"}),
        (BODY, {"x_xm_rate": "96000"}),
        (BODY, {"x_xm_start": "-1"}),
        (BODY, {"x_xm_start": "nan"}),
        (BODY, {"x_xm_start": "inf"}),
        (BODY, {"x_xm_start": None}),
    ],
)
def test_a_bad_body_is_one_line(listener: Listener, body: bytes, changes: dict[str, str | None]) -> None:
    answer = post(body, **changes)  # pyright: ignore[reportArgumentType]  # no row names `client` or `parts`
    assert answer.status == 400
    assert b"\n" not in answer.body
    assert listener.heard == []


def test_a_body_that_is_too_large_is_not_read(listener: Listener) -> None:
    large = bytes(live_routes.MOST_BYTES + 2)
    assert post(content_length=str(len(large))).status == 413
    assert post(content_length="many").status == 413
    assert post(large, parts=8).status == 413
    assert post(large[2:], parts=8).status == 200
    assert len(listener.heard) == 1


def test_what_fails_is_one_line(listener: Listener) -> None:
    listener.error = ValueError("a buffer needs\nmore")
    assert (post().status, post().body) == (422, b"a buffer needs more")
    listener.error = RuntimeError("/a/path/of/mine")
    answer = post()
    assert answer.status == 500
    assert b"mine" not in answer.body
    listener.error = None
    assert post().status == 200


def test_the_newest_buffer_wins(listener: Listener) -> None:
    listener.open.clear()

    async def three() -> list[int]:
        asking = [asyncio.create_task(ask(APP, TARGET, HEADERS, method="POST", parts=[BODY]))]
        assert await asyncio.to_thread(listener.begun.wait, 20)  # the loop is free while a network runs
        for start in ("2.75", "3.0"):
            again = HEADERS | {"x-xm-start": start}
            asking.append(asyncio.create_task(ask(APP, TARGET, again, method="POST", parts=[BODY])))
            await asyncio.sleep(0.05)
        listener.open.set()
        return [answer.status for answer in await asyncio.gather(*asking)]

    assert run(three()) == [200, 204, 200]
    assert [start_s for _, start_s in listener.heard] == [2.5, 3.0]


def test_it_is_asked_by_post_alone(listener: Listener) -> None:
    del listener
    assert run(ask(APP, TARGET, HEADERS)).status == 405


def test_the_seat_unused_longest_goes_first() -> None:
    here = Room(most=2)
    one, two, three = Listener(), Listener(), Listener()
    here.take("a", "dog", one)
    here.take("b", "dog", two)
    first = here.seat("a")
    here.take("a", "dog", three)
    assert here.seat("a") is first  # the same picture: nothing changes
    here.take("c", "dog", three)
    assert (here.seat("b"), here.seat("a")) == (None, first)
