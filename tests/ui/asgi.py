"""Asks an ASGI app, without a network."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.applications import Starlette

Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """One response."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def get(app: Starlette, target: str, headers: Mapping[str, str] | None = None) -> Answer:
    """GET `target` (path and query as a browser would send them)."""
    return run(ask(app, target, headers))


def run(asking: Coroutine[Any, Any, Result]) -> Result:
    """Wait for it in a thread of its own: a browser test in the same process keeps this thread's loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


async def ask(
    app: Starlette,
    target: str,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "GET",
    parts: Sequence[bytes] = (b"",),
    client: str = "127.0.0.1",
) -> Answer:
    """The same inside a running loop; `parts` of a body arrive one after the other."""
    path, _, query = target.partition("?")
    named = {"host": "127.0.0.1:8501"} | {name.lower(): value for name, value in (headers or {}).items()}
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        "client": (client, 5000),
        "server": ("127.0.0.1", 8501),
    }
    sent: list[dict[str, Any]] = []

    waiting = list(parts)

    async def receive() -> dict[str, Any]:
        if not waiting:  # the browser stays connected until it has everything
            await asyncio.Event().wait()
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], found, body)
