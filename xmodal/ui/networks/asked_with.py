"""What a visitor brought to ask with, decoded."""

import io

from xmodal.errors import InputError
from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.recipes.embedder import Medium
from xmodal.recipes.query_files import medium_in, recognised
from xmodal.ui.given import Given


def medium_of(asked: Given, sense: Modality) -> Medium:
    """The picture, recording or text.

    Raises:
        InputError: it is none of that sense.
    """
    if isinstance(asked.content, bytes):
        return medium_in(io.BytesIO(asked.content), sense)
    if isinstance(asked.content, str):
        return asked.content
    raise InputError("an item is asked with by its vector")


def senses_in(content: bytes, senses: tuple[Modality, ...]) -> tuple[Modality, ...]:
    """The senses that take a file: all that are seen, or all that are heard.

    Raises:
        InputError: none does, or it is neither a picture nor a recording.
    """
    first, _ = recognised(io.BytesIO(content), senses)
    kinds = next(kinds for kinds in (PICTORIAL, AUDIBLE) if first in kinds)
    return tuple(sense for sense in senses if sense in kinds)
