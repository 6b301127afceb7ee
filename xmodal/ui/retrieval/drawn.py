"""What somebody drew, or the words that somebody placed, as a picture. No Streamlit.

What comes from a browser is checked before anything is done with it.
"""

from typing import Annotated, Literal

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from xmodal.data.readers.spatial_text import Label, written
from xmodal.errors import InputError, reason

PICTURE_PX = 384
"""Side of the pictures."""
_FINER = 2
"""Times as large are lines drawn, so that they are smooth."""
_PAPER, _INK = 255, 30
"""As in sketches of the world."""
_LETTERS_WIDE = 0.8
"""Of a word's box, a letter's share of its height, at least: the height decides how large it is written."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Stroke(_Model):
    """One line of a pen or an eraser."""

    width: Annotated[float, Field(gt=0.0, le=0.2)]
    """Share of the paper's side."""
    erases: bool = False
    points: tuple[tuple[Share, Share], ...] = Field(min_length=1, max_length=400)


class Placed(_Model):
    """A word in its place."""

    name: str = Field(min_length=1, max_length=40)
    x: Share
    """Of its middle."""
    y: Share
    size: Annotated[float, Field(ge=0.01, le=0.2)]
    """Height of its letters."""


class Drawing(_Model):
    """Strokes in their order."""

    mode: Literal["draw"]
    things: tuple[Stroke, ...] = Field(max_length=400)


class Layout(_Model):
    """Words in their places."""

    mode: Literal["layout"]
    things: tuple[Placed, ...] = Field(max_length=40)


_DRAWN: TypeAdapter[Drawing | Layout] = TypeAdapter(Annotated[Drawing | Layout, Field(discriminator="mode")])


def picture_of(content: object) -> UInt8[np.ndarray, "rows cols 3"] | None:
    """The picture of what a canvas told; None: there is nothing on it.

    Raises:
        InputError: nothing that the canvas could have told.
    """
    try:
        found = _DRAWN.validate_python(content)
    except ValueError as error:
        raise InputError(f"the drawing cannot be used: {reason(error)}") from error
    if not found.things:
        return None
    if isinstance(found, Layout):
        labels = [_label(word) for word in found.things]
        return written(labels, aspect=1.0, size_px=PICTURE_PX)
    return _strokes(found)


def _label(word: Placed) -> Label:
    width, height = word.size * _LETTERS_WIDE * max(2, len(word.name)), 2 * word.size
    return Label(word.name, word.x - width / 2, word.y - height / 2, width, height)


def _strokes(drawing: Drawing) -> UInt8[np.ndarray, "rows cols 3"]:
    side = PICTURE_PX * _FINER
    paper = Image.new("L", (side, side), _PAPER)
    pen = ImageDraw.Draw(paper)
    for stroke in drawing.things:
        points = [(x * side, y * side) for x, y in stroke.points]
        colour, width = (_PAPER if stroke.erases else _INK), max(1, round(stroke.width * side))
        pen.line(points, fill=colour, width=width, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=colour)
    small = paper.resize((PICTURE_PX, PICTURE_PX), Image.Resampling.BOX)
    return np.repeat(np.asarray(small)[..., None], 3, axis=2)
