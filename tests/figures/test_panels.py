"""Panels as a page and as a picture: everything inside, nothing fetched, no data taken for markup."""

import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
from PIL import Image

from xmodal.data import decode
from xmodal.data.sample import Waveform
from xmodal.figures import panel_page, panel_sheet
from xmodal.figures.panels import Entry, ShownGallery, ShownPanel
from xmodal.modality import Modality

TONE = Waveform((0.3 * np.sin(np.arange(22_050) * 0.1)).astype(np.float32), 22_050)
RED = np.full((40, 60, 3), (200, 30, 30), np.uint8)
NASTY = '<img src=x onerror=alert(1)> & "quotes"'


def gallery(text: str = "a dog", panels: int = 1) -> ShownGallery:
    heard = Entry(Modality.SOUND, "Sound", NASTY, picture=RED, sound=TONE)
    answers = {
        Modality.IMAGE: tuple(Entry(Modality.IMAGE, f"0.{n}", picture=RED, own=n == 9) for n in (9, 8, 7)),
        Modality.TEXT: (Entry(Modality.TEXT, "0.50", text=text),),
    }
    return ShownGallery(NASTY, (NASTY,), tuple(ShownPanel(NASTY, (heard,), answers) for _ in range(panels)))


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_holds_its_media_and_nothing_else_runs() -> None:
    page = panel_page.html(gallery(NASTY))
    tags = Tags(page)
    names = [name for name, _ in tags.found]
    assert names.count("audio") == 1
    assert names.count("img") == 4
    assert not {"script", "link", "iframe", "object"} & set(names)
    sources = [attributes["src"] or "" for _, attributes in tags.found if "src" in attributes]
    assert all(source.startswith("data:") for source in sources)
    assert not any(name.startswith("on") for _, attributes in tags.found for name in attributes)
    assert tags.words.count(NASTY) == 5  # title, headline, note, name, text
    assert re.search(r"<blockquote>&lt;img src=x", page)
    [policy] = [attributes["content"] for name, attributes in tags.found if "http-equiv" in attributes]
    assert policy == panel_page.POLICY
    assert "prefers-color-scheme: dark" in page


def test_sounds_and_pictures_come_back_from_the_page() -> None:
    sources = [
        attributes["src"] or "" for _, attributes in Tags(panel_page.html(gallery())).found if "src" in attributes
    ]
    sound = next(source for source in sources if source.startswith("data:audio/mpeg;base64,"))
    heard = decode.waveform(io.BytesIO(base64.b64decode(sound.partition(",")[2])))
    assert abs(heard.duration_s - TONE.duration_s) < 0.2
    assert np.sqrt(np.mean(np.square(heard.samples))) > 0.1
    picture = next(source for source in sources if source.startswith("data:image/jpeg;base64,"))
    seen = decode.picture(io.BytesIO(base64.b64decode(picture.partition(",")[2])))
    assert np.abs(seen.astype(int) - RED).max() < 12


def test_the_picture_grows_with_its_panels_and_has_two_themes() -> None:
    one, three = (Image.open(io.BytesIO(panel_sheet.png(gallery(panels=count)))) for count in (1, 3))
    assert one.width == three.width
    assert three.height - one.height > 2 * 2 * panel_sheet.CARD_PX  # two rows of pictures in each
    light, dark = (
        np.asarray(Image.open(io.BytesIO(panel_sheet.png(gallery(), theme=each)))) for each in panel_sheet.INK
    )
    assert light[0, 0].min() > 200
    assert dark[0, 0].max() < 60
    reds = [int((np.abs(sheet.astype(int) - RED[0, 0]).max(axis=2) < 3).sum()) for sheet in (light, dark)]
    assert min(reds) > 3 * 0.9 * panel_sheet.CARD_PX * (panel_sheet.CARD_PX - panel_sheet.EDGE_PX)


def test_a_long_text_stays_in_its_card() -> None:
    short = np.asarray(Image.open(io.BytesIO(panel_sheet.png(gallery("a")))))
    long = np.asarray(Image.open(io.BytesIO(panel_sheet.png(gallery("words " * 200 + "x" * 300)))))
    assert short.shape == long.shape
    changed = np.argwhere((short != long).any(axis=2))
    assert np.ptp(changed[:, 0]) < panel_sheet.CARD_PX
    assert np.ptp(changed[:, 1]) < panel_sheet.CARD_PX
