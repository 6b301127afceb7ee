"""Media for the browser: `/xm/{catalog}/{item}/{modality}/{view}`.

Everything in an address is looked up (catalog by name in the workspace or by the settings of a world, item by id,
modality and view in tables); nothing in it is ever a path. Results are kept on disk; they are made in a few threads
apart from those of the pages.
"""

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import anyio
import anyio.to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit.config import get_option

from xmodal import workspace
from xmodal.data.decode import MediaError
from xmodal.data.load import file_path
from xmodal.data.media import Stored
from xmodal.data.sample import Sample
from xmodal.modality import Modality
from xmodal.storage import digest
from xmodal.ui.live_world import open_source
from xmodal.ui.media_address import PREFIX, identity
from xmodal.ui.media_cache import MediaCache
from xmodal.ui.views import VIEWS, VIEWS_VERSION, pictures
from xmodal.ui.views.rendition import SUFFIXES

LOG = logging.getLogger(__name__)
MAKERS = 2
"""Renditions made at the same time; further requests wait."""
SLOW_VIEWS = frozenset({"video", "poster", "numbers", "mask"})
"""Made one at a time, so that thumbnails and sounds never wait behind them (also any view of a video)."""
TYPES = {suffix: media_type for media_type, suffix in SUFFIXES.items()}
ALWAYS = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
KEEP = {"Cache-Control": "private, max-age=31536000, immutable"}
"""For addresses that name the version of the data."""
ASK = {"Cache-Control": "private, no-cache"}
"""For addresses that do not: the browser keeps it and asks each time whether it is still right."""


@dataclass(frozen=True)
class Wanted:
    """One view of one entry, found."""

    sample: Sample
    modality: Modality
    view: str
    key: str
    """Digest of all that decides the result: also the ETag."""


async def media(request: Request) -> Response:
    """Answer one request; foreign host names (a web page that points its own name at this machine) are refused."""
    allowed = get_option("server.allowedHosts")
    if allowed and request.url.hostname not in allowed:
        return PlainTextResponse("Not for this host", 403, headers=ALWAYS)
    try:
        wanted = await run_in_threadpool(_find, request.path_params)
    except (LookupError, ValueError):  # an unknown catalog, item, modality or view
        return PlainTextResponse("Nothing here", 404, headers={**ALWAYS, "Cache-Control": "no-cache"})
    tag = f'"{wanted.key}"'
    headers = {**ALWAYS, **(KEEP if "v" in request.query_params else ASK), "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    store = _store(workspace.current().cache / "media")
    path = await run_in_threadpool(store.get, wanted.key)
    if path is None:
        try:
            path = await anyio.to_thread.run_sync(_make, wanted, store, limiter=_limiter(_slow(wanted)))
        except MediaError as error:
            return _broken(wanted.view, _line(error))
        except Exception:  # one entry that a decoder chokes on must not look like a broken app
            LOG.exception("%s of %s failed", wanted.view, wanted.sample.id)
            return _broken(wanted.view, "unexpected content; the server's log says more")
    return FileResponse(path, headers=headers, media_type=TYPES[path.suffix])


@cache
def _store(folder: Path) -> MediaCache:
    return MediaCache(folder)


@cache
def _limiter(slow: bool) -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(1 if slow else MAKERS)


def _slow(wanted: Wanted) -> bool:
    return wanted.view in SLOW_VIEWS or wanted.modality is Modality.VIDEO


def _find(named: dict[str, str]) -> Wanted:
    modality, view = Modality(named["modality"]), named["view"]
    if view not in VIEWS:
        raise LookupError(f"no view {view!r}")
    catalog = open_source(named["catalog"])
    sample = catalog.sample(identity(named["item"]))
    if modality not in sample.media:
        raise LookupError(f"{sample.id} has no {modality.display.lower()}")
    version = (str(VIEWS_VERSION), catalog.name, catalog.digest)
    return Wanted(sample, modality, view, digest(*version, sample.id, modality.value, view, _state(sample, modality)))


def _state(sample: Sample, modality: Modality) -> str:
    """Size and time of the files behind it, so that a changed file is shown anew."""
    truth = sample.truth.label_map
    marks = []
    for entry in (sample.media[modality], truth.media if truth and modality is Modality.IMAGE else None):
        if isinstance(entry, Stored):
            try:
                status = file_path(entry, sample).stat()
                marks.append(f"{status.st_size} {status.st_mtime_ns}")
            except (MediaError, OSError):
                marks.append("missing")
    return " ".join(marks)


def _make(wanted: Wanted, store: MediaCache) -> Path:
    known = store.get(wanted.key)  # another request may have made it while this one waited
    return known or store.put(wanted.key, VIEWS[wanted.view](wanted.sample, wanted.modality))


def _broken(view: str, reason: str) -> Response:
    headers = {**ALWAYS, "Cache-Control": "no-cache"}
    if view == "thumb":
        tile = pictures.error_tile(reason)
        return Response(tile.content, media_type=tile.media_type, headers=headers)
    return PlainTextResponse(reason, 422, headers=headers)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


ROUTES: list[BaseRoute] = [Route(f"/{PREFIX}/{{catalog}}/{{item}}/{{modality}}/{{view}}", media, methods=["GET"])]
"""For `st.App(routes=...)`."""
