"""What a visitor brought, or chose instead: known by a digest, decoded only where it is used."""

import hashlib
import io
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import UInt8

from xmodal.data import decode, load
from xmodal.data.decode import MediaError
from xmodal.data.sample import Sample
from xmodal.modality import Modality


@dataclass(frozen=True)
class Given:
    """A picture or a recording as bytes, an item whose picture is meant, or a text."""

    digest: str
    """Same digest, same content."""
    content: bytes | str | Sample = field(compare=False, repr=False)


def given(content: bytes | str) -> Given:
    """What a visitor brought."""
    data = content.encode() if isinstance(content, str) else content
    return Given(hashlib.blake2b(data, digest_size=16).hexdigest(), content)


def described(chosen: Given) -> str:
    """What a picture shows, for those who do not see it."""
    if isinstance(chosen.content, Sample):
        return " ".join(load.texts(chosen.content)[:1]) or "Picture"
    return "Your picture"


def picture_of(chosen: Given, modality: Modality) -> UInt8[np.ndarray, "rows cols 3"]:
    """The RGB picture.

    Raises:
        MediaError: it is none; the line says that it was the picture.
    """
    try:
        if isinstance(chosen.content, Sample):
            return load.picture(chosen.content, modality, size_px=512)
        if isinstance(chosen.content, bytes):
            return decode.picture(io.BytesIO(chosen.content))
    except MediaError as error:
        raise MediaError(f"The picture cannot be used: {error}.") from error
    raise MediaError("The picture cannot be used: it is a text.")
