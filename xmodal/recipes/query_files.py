"""Files that somebody asks with: what is in them decides, not their names."""

import os
from collections.abc import Sequence

from xmodal.data import decode
from xmodal.data.decode import MediaError, MediaFile, UnknownKindError
from xmodal.errors import InputError
from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.recipes.embedder import LONGEST_S, Medium, listed

MOST_MB = 100
"""Largest file that is asked with, in units of 2^20 bytes: ten minutes of one channel of sound at 48 kHz take 55."""


def medium_in(file: MediaFile, sense: Modality) -> Medium:
    """The picture or the recording in a file; of a video its sound.

    Raises:
        MediaError: there is none, or the file is too large.
        InputError: a text, which nobody asks with as a file.
    """
    _check_size(file)
    if sense in PICTORIAL:
        return decode.picture(file)
    if sense not in AUDIBLE:
        raise InputError(f"{sense.display.lower()} is not asked for with a file")
    sound = decode.waveform(file, end_s=LONGEST_S + 1.0)
    if sound.duration_s > LONGEST_S:
        raise MediaError(f"the recording is longer than {LONGEST_S / 60:.0f} min: cut it")
    return sound


def recognised(file: MediaFile, senses: Sequence[Modality]) -> tuple[Modality, Medium]:
    """What a file holds: a picture, else a recording, as the first of the senses that takes it.

    Raises:
        MediaError: neither, or it is damaged or too large.
        InputError: none of the senses takes it.
    """
    _check_size(file)
    try:
        medium: Medium = decode.picture(file)
        kind, taken = "a picture", PICTORIAL
    except UnknownKindError as no_picture:
        file.seek(0)
        try:
            medium = medium_in(file, AUDIBLE[0])
        except UnknownKindError as no_sound:
            raise MediaError(f"neither a picture ({no_picture}) nor a recording ({no_sound})") from no_sound
        kind, taken = "a recording", AUDIBLE
    sense = next((sense for sense in senses if sense in taken), None)
    if sense is None:
        raise InputError(f"{kind} is nothing to this network: it takes {listed(senses)}")
    return sense, medium


def _check_size(file: MediaFile) -> None:
    """Refuse a file by its size, before anything of it is read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > MOST_MB << 20:
        raise MediaError(f"the file has {size / (1 << 20):,.0f} MB: at most {MOST_MB} MB can be asked with, cut it")
