"""Panels as a still picture: the query on the left, the answers of each sense in two columns."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from xmodal.data import encode
from xmodal.figures.lettering import font
from xmodal.figures.modality_colours import MARKERS, SURFACES, TONES, Theme
from xmodal.figures.panels import Entry, ShownGallery, ShownPanel
from xmodal.modality import AUDIBLE, Modality

CARD_PX, EDGE_PX, GAP_PX, MARGIN_PX = 140, 4, 10, 24
LINE_PX, HEAD_PX = 19, 32
COLUMNS = 2
"""Cards of a sense side by side."""
ABREAST = 3
"""Senses side by side."""
INK: dict[Theme, tuple[str, str]] = {"light": ("#1D1F23", "#5A5E66"), "dark": ("#E6E6E3", "#A3A7AE")}
"""Of headlines, and of what is quieter."""
_GROUP_PX = COLUMNS * (CARD_PX + GAP_PX) - GAP_PX
_STEP_PX = CARD_PX + LINE_PX + GAP_PX
_WIDTH_PX = 2 * MARGIN_PX + CARD_PX + ABREAST * (_GROUP_PX + MARGIN_PX)


def png(gallery: ShownGallery, *, theme: Theme = "light") -> bytes:
    """The picture, one panel below the other."""
    heights = [_height(panel) for panel in gallery.panels]
    notes = [line for note in gallery.notes for line in _wrapped(note, _WIDTH_PX - 2 * MARGIN_PX, 13)]
    top = MARGIN_PX + HEAD_PX + LINE_PX * len(notes) + MARGIN_PX
    sheet = Image.new("RGB", (_WIDTH_PX, top + sum(heights)), SURFACES[theme][0])
    pen = ImageDraw.Draw(sheet)
    pen.text((MARGIN_PX, MARGIN_PX), gallery.title, INK[theme][0], font=font(20))
    for number, line in enumerate(notes):
        pen.text((MARGIN_PX, MARGIN_PX + HEAD_PX + number * LINE_PX), line, INK[theme][1], font=font(13))
    for panel, height in zip(gallery.panels, heights, strict=True):
        _draw_panel(sheet, panel, top, theme)
        top += height
    return encode.png(np.asarray(sheet))


def _height(panel: ShownPanel) -> int:
    """Of a panel, with the room below it."""
    bands = [_rows(panel)[first : first + ABREAST] for first in range(0, len(_rows(panel)), ABREAST)]
    answers = sum(LINE_PX + GAP_PX + max(band) * _STEP_PX for band in bands)
    return HEAD_PX + max(answers, LINE_PX + GAP_PX + len(panel.queries) * _STEP_PX) + MARGIN_PX


def _rows(panel: ShownPanel) -> list[int]:
    """How many rows of cards each sense has."""
    return [max(1, -(-len(entries) // COLUMNS)) for entries in panel.answers.values()]


def _draw_panel(sheet: Image.Image, panel: ShownPanel, top: int, theme: Theme) -> None:
    pen = ImageDraw.Draw(sheet)
    pen.line((MARGIN_PX, top, _WIDTH_PX - MARGIN_PX, top), INK[theme][1])
    pen.text((MARGIN_PX, top + 8), panel.name, INK[theme][0], font=font(16))
    first = top + HEAD_PX
    pen.text((MARGIN_PX, first), "Query", INK[theme][1], font=font(13))
    for number, entry in enumerate(panel.queries):
        _draw_card(sheet, entry, (MARGIN_PX, first + LINE_PX + GAP_PX + number * _STEP_PX), theme)
    left = MARGIN_PX + CARD_PX + MARGIN_PX
    rows = _rows(panel)
    for number, (sense, entries) in enumerate(panel.answers.items()):
        place = number % ABREAST
        _draw_group(sheet, sense, entries, (left + place * (_GROUP_PX + MARGIN_PX), first), theme)
        if place == ABREAST - 1:
            first += LINE_PX + GAP_PX + max(rows[number - place : number + 1]) * _STEP_PX


def _draw_group(
    sheet: Image.Image, sense: Modality, entries: Sequence[Entry], corner: tuple[int, int], theme: Theme
) -> None:
    pen, (left, top) = ImageDraw.Draw(sheet), corner
    pen.text((left, top), MARKERS[sense], TONES[theme][sense].text, font=font(13))
    pen.text((left + 18, top), sense.display, INK[theme][1], font=font(13))
    for number, entry in enumerate(entries):
        row, column = divmod(number, COLUMNS)
        x, y = left + column * (CARD_PX + GAP_PX), top + LINE_PX + GAP_PX + row * _STEP_PX
        _draw_card(sheet, entry, (x, y), theme)


def _draw_card(sheet: Image.Image, entry: Entry, corner: tuple[int, int], theme: Theme) -> None:
    pen, (left, top) = ImageDraw.Draw(sheet), corner
    inner = (CARD_PX - EDGE_PX, CARD_PX)
    pen.rectangle((left, top, left + CARD_PX - 1, top + CARD_PX - 1), SURFACES[theme][1])
    if entry.picture is not None:
        picture = Image.fromarray(entry.picture)
        heard = entry.sense in AUDIBLE
        fitted = picture.resize(inner, Image.Resampling.BILINEAR) if heard else ImageOps.fit(picture, inner)
        sheet.paste(fitted, (left + EDGE_PX, top))
    if entry.text:
        lines, most = _wrapped(entry.text, inner[0] - 14, 12), (CARD_PX - 12) // 16
        lines = lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]
        pen.multiline_text((left + EDGE_PX + 7, top + 6), "\n".join(lines), INK[theme][0], font=font(12), spacing=3)
    pen.rectangle((left, top, left + EDGE_PX - 1, top + CARD_PX - 1), TONES[theme][entry.sense].mark)
    pen.text((left, top + CARD_PX + 2), entry.title, INK[theme][0 if entry.own else 1], font=font(12))


def _wrapped(text: str, room_px: float, size_px: int) -> list[str]:
    """A text in lines that fit; a word that is too long is cut."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font(size_px).getlength(longer) > room_px:
            lines.append(line)
            longer = word
        while len(longer) > 1 and font(size_px).getlength(longer) > room_px:
            longer = longer[:-1]
        line = longer
    return [*lines, line] if line else lines
