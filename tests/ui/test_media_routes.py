"""The media route: what it gives, what it refuses, what it keeps."""

import asyncio
import io
from pathlib import Path

import pytest
import soundfile
from PIL import Image
from starlette.applications import Starlette

from tests.ui.asgi import ask, get, run
from xmodal.data.catalog import Catalog
from xmodal.modality import Modality
from xmodal.ui import media_routes
from xmodal.ui.media_address import address, token

pytestmark = pytest.mark.usefixtures("tiny")
APP = Starlette(routes=media_routes.ROUTES)


def at(item: str, modality: str, view: str, query: str = "") -> str:
    return f"/xm/tiny/{token(item)}/{modality}/{view}{query}"


def test_a_thumbnail(tiny: Catalog) -> None:
    answer = get(APP, "/" + address("tiny", tiny.digest, "tiny/000", Modality.IMAGE, "thumb"))
    assert answer.status == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    with Image.open(io.BytesIO(answer.body)) as image:
        assert max(image.size) <= 224


def test_without_a_version_the_browser_asks_again() -> None:
    first = get(APP, at("tiny/001", "image", "thumb"))
    assert first.headers["cache-control"] == "private, no-cache"
    again = get(APP, at("tiny/001", "image", "thumb"), {"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_a_part_of_a_sound() -> None:
    whole = get(APP, at("tiny/000", "speech", "wave"))
    assert whole.headers["accept-ranges"] == "bytes"
    assert soundfile.info(io.BytesIO(whole.body)).samplerate == 16_000
    part = get(APP, at("tiny/000", "speech", "wave"), {"Range": "bytes=100-199"})
    assert part.status == 206
    assert part.body == whole.body[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.body)}"


@pytest.mark.parametrize(
    "target",
    [
        at("tiny/000", "image", "nonsense"),
        at("tiny/000", "smell", "thumb"),
        at("tiny/000", "clip_art", "thumb"),
        at("tiny/999", "image", "thumb"),
        f"/xm/other/{token('tiny/000')}/image/thumb",
        f"/xm/../{token('tiny/000')}/image/thumb",
        f"/xm/.tiny/{token('tiny/000')}/image/thumb",
        "/xm/tiny/..%2f..%2fetc%2fpasswd/image/thumb",
        "/xm/tiny/image-0.png/image/thumb",
        f"/xm/tiny/{token('../../etc/passwd')}/image/thumb",
        f"/xm/tiny/{token('tiny/000')}/image/../../../../etc/passwd",
    ],
)
def test_what_is_not_there_is_not_found(tiny: Catalog, target: str) -> None:
    answer = get(APP, target)
    assert answer.status == 404
    assert str(tiny.folder) not in answer.body.decode()


def test_a_broken_picture_is_a_tile_on_a_card_and_a_line_elsewhere() -> None:
    tile = get(APP, at("tiny/007", "image", "thumb"))
    assert (tile.status, tile.headers["content-type"]) == (200, "image/png")
    large = get(APP, at("tiny/007", "image", "large"))
    assert large.status == 422
    assert large.body.decode().startswith("picture is damaged")
    assert b"\n" not in large.body


def test_another_host_name_is_refused() -> None:
    target = at("tiny/000", "image", "thumb")
    assert get(APP, target, {"Host": "evil.example:8501"}).status == 403
    assert get(APP, target, {"Host": "localhost:8501"}).status == 200


def test_a_view_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    original = media_routes.VIEWS["spectrogram"]

    def counted(sample: object, modality: object) -> object:
        made.append("")
        return original(sample, modality)  # pyright: ignore[reportArgumentType]  # a stand-in of the same shape

    monkeypatch.setitem(media_routes.VIEWS, "spectrogram", counted)
    target = at("tiny/033", "sound", "spectrogram")

    async def many() -> list[int]:
        return [answer.status for answer in await asyncio.gather(*(ask(APP, target) for _ in range(6)))]

    assert run(many()) == [200] * 6
    get(APP, target)
    assert 1 <= len(made) <= media_routes.MAKERS


def test_a_changed_file_is_shown_anew(tiny_root: Path) -> None:
    path = tiny_root / "pictures and sounds" / "image-50.png"
    before = get(APP, at("tiny/050", "image", "thumb"))
    original = path.read_bytes()
    path.write_bytes((tiny_root / "pictures and sounds" / "image-3.png").read_bytes())
    try:
        after = get(APP, at("tiny/050", "image", "thumb"))
    finally:
        path.write_bytes(original)
    assert after.headers["etag"] != before.headers["etag"]
    assert after.body != before.body
