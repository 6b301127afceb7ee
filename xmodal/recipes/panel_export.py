"""Panels to keep: as a page with its media inside, as a picture, or as a table."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from xmodal.data import encode, load, spreadsheet
from xmodal.data.loudness import evened
from xmodal.data.sample import Sample, Waveform
from xmodal.errors import InputError
from xmodal.features.preparation import Source
from xmodal.figures import panel_page, panel_sheet
from xmodal.figures.panels import Entry, ShownGallery, ShownPanel
from xmodal.figures.spectrogram import drawn
from xmodal.modality import AUDIBLE, Modality
from xmodal.recipes.embedder import Medium
from xmodal.recipes.panels import Answered, Asked, listing
from xmodal.recipes.query_files import medium_in
from xmodal.storage import atomic_write

SUFFIXES = (".html", ".png", ".csv")
"""Kinds of files."""
PICTURE_PX = 320
"""Longer side of pictures, at most."""
LONGEST_S = 30.0
"""Of a sound that goes along."""


@dataclass
class Exported:
    """Panels of one catalog, to be written as one file.

    Args:
        title: headline.
        notes: what has to be known of them.
        source: the catalog.
        find: position of an item in it, None if it is gone.
        file: gives the bytes of a file that was asked with.
    """

    title: str
    notes: tuple[str, ...]
    source: Source
    find: Callable[[str], int | None]
    file: Callable[[str], bytes]
    _known: dict[tuple[int, Modality, int], Entry] = field(default_factory=dict)

    def content(self, panels: Sequence[Answered], suffix: str) -> bytes:
        """The file's bytes.

        Raises:
            InputError: another suffix than `SUFFIXES`, or nothing to write.
        """
        if not panels:
            raise InputError("there is no panel to write")
        match suffix.lower():
            case ".html":
                return panel_page.html(self._gallery(panels)).encode()
            case ".png":
                return panel_sheet.png(self._gallery(panels))
            case ".csv":
                return spreadsheet.csv_of(listing(panels))
            case other:
                raise InputError(f"no file of kind {other!r} is written; known: {', '.join(SUFFIXES)}")

    def write(self, panels: Sequence[Answered], path: Path) -> None:
        """Write a file of the kind that its suffix names; never seen half written.

        Raises:
            InputError: another suffix than `SUFFIXES`, or nothing to write.
        """
        atomic_write(path, self.content(panels, path.suffix))

    def _gallery(self, panels: Sequence[Answered]) -> ShownGallery:
        return ShownGallery(self.title, self.notes, tuple(self._panel(each) for each in panels))

    def _panel(self, shown: Answered) -> ShownPanel:
        answers = {
            sense: tuple(
                self._answer(hit.position, sense, hit.text, (hit.score, hit.item in shown.own)) for hit in hits
            )
            for sense, hits in shown.answers.items()
        }
        return ShownPanel(shown.panel.name, tuple(map(self._query, shown.panel.asked)), answers)

    def _answer(self, position: int, sense: Modality, text: int, about: tuple[float, bool]) -> Entry:
        (score, own), place = about, (position, sense, text)
        if place not in self._known:
            self._known[place] = _of_item(self.source[position], sense, text)
        known = self._known[place]
        title = f"{score:.2f} · own" if own else f"{score:.2f}"
        return Entry(sense, title, known.caption, known.text, known.picture, known.sound, own)

    def _query(self, asked: Asked) -> Entry:
        title = asked.sense.display + ("" if asked.weight == 1.0 else f" × {asked.weight:g}")
        if asked.text:
            return Entry(asked.sense, title, text=asked.text)
        if asked.file is not None:
            medium = medium_in(io.BytesIO(self.file(asked.file)), asked.sense)
            picture, sound = _shown(medium)
            return Entry(asked.sense, title, "what was asked with", "", picture, sound)
        position = self.find(asked.item)
        if position is None:
            return Entry(asked.sense, title, asked.item)
        found = _of_item(self.source[position], asked.sense, 0)
        return Entry(asked.sense, title, found.caption, found.text, found.picture, found.sound)


def _of_item(sample: Sample, sense: Modality, text: int) -> Entry:
    """An entry of an item; without its picture or sound where that cannot be read any more."""
    if sense is Modality.TEXT:
        return Entry(sense, "", text=load.texts(sample)[text])
    words = " ".join(load.texts(sample)[:1]) or sample.id
    try:
        medium = load.waveform(sample, sense) if sense in AUDIBLE else load.picture(sample, sense, size_px=PICTURE_PX)
    except (ValueError, OSError):
        return Entry(sense, "", words)
    return Entry(sense, "", words, "", *_shown(medium))


def preview_of(medium: Medium) -> bytes:
    """JPEG of a picture; of a sound the spectrogram of its beginning.

    Raises:
        InputError: it is a text.
    """
    picture, _ = _shown(medium)
    if picture is None:
        raise InputError("a text is shown as it is")
    return encode.jpeg(picture, quality=85)


def _shown(medium: Medium) -> tuple[UInt8[np.ndarray, "rows cols 3"] | None, Waveform | None]:
    if isinstance(medium, str):
        return None, None
    if isinstance(medium, Waveform):
        short = Waveform(medium.samples[: round(LONGEST_S * medium.rate_hz)], medium.rate_hz)
        return drawn(short), Waveform(evened(short.samples), short.rate_hz)
    picture = Image.fromarray(medium)
    picture.thumbnail((PICTURE_PX, PICTURE_PX))
    return np.asarray(picture), None
