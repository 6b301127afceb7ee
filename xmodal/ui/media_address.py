"""Addresses of media: the item's id as an opaque token, never a path."""

import base64

from xmodal.modality import Modality

PREFIX = "xm"


def token(identity: str) -> str:
    """An id of any characters as letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(identity.encode()).decode().rstrip("=")


def identity(item: str) -> str:
    """The id of a token.

    Raises:
        ValueError: it is not one that `token` makes.
    """
    try:
        found = base64.b64decode(item + "=" * (-len(item) % 4), altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise ValueError(f"{item!r} is no item") from error
    if token(found) != item:
        raise ValueError(f"{item!r} is no item")
    return found


def address(catalog: str, version: str, item_id: str, modality: Modality, view: str) -> str:
    """Relative address of a view (pages lie at the root, so it also works behind a proxy with a path).

    `version` is the catalog's digest: another version of the data has another address, so browsers may keep this one.
    """
    return f"{PREFIX}/{catalog}/{token(item_id)}/{modality.value}/{view}?v={version[:12]}"
