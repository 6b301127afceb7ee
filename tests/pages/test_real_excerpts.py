"""Every excerpt of real data through import, the Data page and the media route."""

import io
from collections.abc import Callable
from pathlib import Path

import av
import pytest
import soundfile
from PIL import Image
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from tests.pages.shown import sent
from tests.ui.asgi import get
from xmodal.data.catalog import Catalog
from xmodal.data.importing import ImportRequest, import_catalog
from xmodal.data.sample import Sample
from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.ui import media_routes
from xmodal.ui.media_address import address
from xmodal.ui.navigation import DATA
from xmodal.workspace import VARIABLE

APP = Starlette(routes=media_routes.ROUTES)
FOLDERS = (
    "ade20k", "caltech101", "cifar10", "coco", "esc10", "esc50_layout", "flickr8k", "formats", "fsdd",
    "imagenet_samples", "pacs", "scenes15", "sceneparsing", "speech_commands", "videos",
)  # fmt: skip
DIGITS = "spoken-digits"
"""Made of two excerpts, so it is read from the folder above them."""
CATALOGS = (*FOLDERS, DIGITS)
ITEMS = 6


@pytest.fixture(scope="module")
def imported(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root of a workspace with the first items of every excerpt."""
    root = tmp_path_factory.mktemp("real")
    requests = {name: ImportRequest(realdata / name, limit=ITEMS) for name in FOLDERS}
    requests[DIGITS] = ImportRequest(realdata, "spoken_digits", {"items": "12"}, limit=ITEMS)
    for name, request in requests.items():
        import_catalog(request, root / "catalogs" / name)
    return root


@pytest.fixture(params=CATALOGS)
def catalog(request: pytest.FixtureRequest, imported: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """One of the imported catalogs, and its workspace as the current one."""
    monkeypatch.setenv(VARIABLE, str(imported))
    return Catalog(imported / "catalogs" / request.param)


def page(**query: str) -> AppTest:
    """The Data page as an address with that query shows it."""
    test = AppTest.from_file(str(DATA.path), default_timeout=30)
    for name, value in query.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception, test.exception[0].message
    return test


def test_the_page_shows_it(catalog: Catalog) -> None:
    first = catalog[0]
    (gallery,) = sent(page(catalog=catalog.name), "cards")
    shown = gallery["cards"]
    assert isinstance(shown, list)
    assert [card["id"] for card in shown] == [sample.id for sample in catalog]
    test = page(catalog=catalog.name, item=first.id)
    assert bool(sent(test, "alt")) is (Modality.IMAGE in first.media)
    assert bool(sent(test, "texts")) is (Modality.TEXT in first.media)
    assert {data["modality"] for data in sent(test, "spectrogram")} == {each for each in AUDIBLE if each in first.media}
    assert sent(test, "facts")


def test_the_browser_gets_it(catalog: Catalog) -> None:
    wanted = [(modality, view) for modality in catalog[0].media for view in views(catalog[0], modality)]
    for modality, view in wanted:
        answer = get(APP, "/" + address(catalog.name, catalog.digest, catalog[0].id, modality, view))
        assert answer.status == 200, (modality, view, answer.body)
        assert answer.headers["etag"], "an error tile has none"
        READ[view](answer.body)


def views(sample: Sample, modality: Modality) -> tuple[str, ...]:
    """What the page asks of an entry."""
    if modality is Modality.IMAGE and sample.truth.label_map is not None:
        return "thumb", "large", "mask", "numbers"
    if modality in PICTORIAL:
        return "thumb", "large"
    if modality in AUDIBLE:
        return "thumb", "wave", "spectrogram"
    return ("thumb", "video") if modality is Modality.VIDEO else ()


def picture(content: bytes) -> None:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert min(image.size) >= 1


def recording(content: bytes) -> None:
    samples, rate_hz = soundfile.read(io.BytesIO(content))
    assert len(samples) > 0.1 * rate_hz
    assert abs(samples).max() > 0


def film(content: bytes) -> None:
    with av.open(io.BytesIO(content), mode="r") as container:
        assert sum(1 for _ in container.decode(video=0)) > 1


READ: dict[str, Callable[[bytes], None]] = {
    "thumb": picture,
    "large": picture,
    "mask": picture,
    "numbers": picture,
    "spectrogram": picture,
    "wave": recording,
    "video": film,
}
