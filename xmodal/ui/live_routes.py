"""`POST /xm/live`: the newest sound of a microphone in, the map of the picture out, without running a page's script.

A twentieth of the time of Streamlit's own way (a trigger with the sound as text, a run of the script, the map as data;
docs/MATCHMAPS.md). Only a page of this server on this machine may ask, with the key that it was given. Of the buffers
of one visitor one is heard at a time, and a buffer that a newer one has overtaken is not heard at all.
"""

import ipaddress
import json
import logging
import math
import time
from collections.abc import Mapping
from functools import cache, partial
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import numpy as np
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit.config import get_option

from xmodal.data.sample import Waveform
from xmodal.ui.live_room import Heard, Seat, room
from xmodal.ui.media_address import PREFIX

LOG = logging.getLogger(__name__)
ADDRESS = f"{PREFIX}/live"
"""Relative, as all addresses of the app."""
MOST_BYTES = 400_000
"""Of a body: 4 s at 48 kHz."""
RATES_HZ = (8_000, 48_000)
MOST_START_S = 1e6
"""Eleven days of listening."""
TOKEN, PICTURE, START, RATE, FACTS = "x-xm-live", "x-xm-picture", "x-xm-start", "x-xm-rate", "x-xm-heard"
"""Headers: a page of another server could not set them without being asked for permission first."""
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class RefusedError(Exception):
    """Not heard, and why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def live(request: Request) -> Response:
    """Answer one buffer: float32 scores `frames rows cols`, and what they are in the header `x-xm-heard`.

    204: a newer buffer or another picture has overtaken this one. Everything else that is not 200 is one line of text.
    """
    try:
        check_origin(request)
        seat = _seat(request.headers)
        sound, start_s = _sound(await _body(request), request.headers)
        if request.headers.get(PICTURE) != seat.picture:
            return _overtaken()
        return await _hear(seat, sound, start_s)
    except RefusedError as refused:
        return PlainTextResponse(str(refused), refused.status, headers=ALWAYS)
    except ClientDisconnect:
        return _overtaken()


def _overtaken() -> Response:
    return Response(status_code=204, headers=ALWAYS)


def check_origin(request: Request) -> None:
    """Let through a page of this server, opened on this machine, and nothing else.

    Raises:
        RefusedError: another machine, host name or origin, or a request that does not say where it comes from.
    """
    allowed = get_option("server.allowedHosts")
    if allowed and request.url.hostname not in allowed:
        raise RefusedError(403, "Not for this host")
    if request.client is None or not _loopback(request.client.host):
        raise RefusedError(403, "Live sound is taken from this machine only")
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is None:
        raise RefusedError(403, "Not without an origin")
    if site not in (None, "same-origin") or origin not in (None, *_own_origins(request)):
        raise RefusedError(403, "Not for another origin")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _own_origins(request: Request) -> tuple[str, ...]:
    """The server's own name and port; the scheme may be another one behind a proxy."""
    host = urlsplit(f"//{request.headers.get('host', '')}").netloc
    return f"http://{host}", f"https://{host}"


def _seat(headers: Mapping[str, str]) -> Seat:
    seat = room().seat(headers.get(TOKEN, ""))
    if seat is None:
        raise RefusedError(410, "This page was opened too long ago: load it again")
    return seat


async def _body(request: Request) -> bytes:
    """All of it, unless it is too large: then no more than the allowed part is read."""
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > MOST_BYTES:
        raise RefusedError(413, f"A buffer may have {MOST_BYTES:,} bytes")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise RefusedError(413, f"A buffer may have {MOST_BYTES:,} bytes")
        parts.append(part)
    return b"".join(parts)


def _sound(body: bytes, headers: Mapping[str, str]) -> tuple[Waveform, float]:
    """Mono 16-bit samples, little endian, and when they began."""
    try:
        rate_hz, start_s = int(headers.get(RATE, "")), float(headers.get(START, ""))
    except ValueError:
        raise RefusedError(400, f"{RATE} and {START} must be numbers") from None
    if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
        raise RefusedError(400, f"The rate must lie between {RATES_HZ[0]} and {RATES_HZ[1]} Hz")
    if not (math.isfinite(start_s) and 0.0 <= start_s <= MOST_START_S):
        raise RefusedError(400, "The start must be a time since the microphone was opened")
    if not body or len(body) % 2:
        raise RefusedError(400, "A buffer holds 16-bit samples")
    return Waveform(np.frombuffer(body, "<i2").astype(np.float32) / 32768.0, rate_hz), start_s


async def _hear(seat: Seat, sound: Waveform, start_s: float) -> Response:
    number = seat.arrive()
    async with seat.lock:
        if number != seat.newest:
            return _overtaken()
        begun = time.perf_counter()
        try:
            hear = partial(seat.ear.hear, sound, start_s=start_s)
            heard = await anyio.to_thread.run_sync(hear, limiter=_limiter())
        except ValueError as error:
            raise RefusedError(422, " ".join(str(error).split())[:300]) from None
        except Exception:  # what one buffer does to a network must not look like a broken app
            LOG.exception("a live buffer failed")
            raise RefusedError(500, "Unexpected sound; the server's log says more") from None
        return _answer(heard, time.perf_counter() - begun)


@cache
def _limiter() -> anyio.CapacityLimiter:
    """One network runs at a time for all visitors: two at once would each take twice as long."""
    return anyio.CapacityLimiter(1)


def _answer(heard: Heard, took_s: float) -> Response:
    frames, rows, cols = heard.scores.shape
    cover = heard.cover
    facts = {
        "frames": frames,
        "rows": rows,
        "cols": cols,
        "first": heard.first_s,
        "step": heard.step_s,
        "cover": [cover.left, cover.top, cover.width, cover.height],
        "silent": heard.silent,
        "took_s": took_s,
    }
    content = np.ascontiguousarray(heard.scores, "<f4").tobytes()
    return Response(content, media_type="application/octet-stream", headers={**ALWAYS, FACTS: json.dumps(facts)})


ROUTES: list[BaseRoute] = [Route(f"/{ADDRESS}", live, methods=["POST"])]
"""For `st.App(routes=...)`."""
