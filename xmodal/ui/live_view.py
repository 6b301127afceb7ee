"""The parts of "Live": speak before a picture of the catalog and watch it light up."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.data.catalog import Catalog
from xmodal.data.decode import MediaError
from xmodal.errors import InputError
from xmodal.modality import AUDIBLE
from xmodal.storage import digest
from xmodal.ui import cache, matchmap_view, page, state
from xmodal.ui.catalogs import Where
from xmodal.ui.live_player import live_player
from xmodal.ui.live_room import room

if TYPE_CHECKING:
    from xmodal.ui.networks.live import LivePicture
    from xmodal.ui.networks.trained import RunKey


def show(key: Where, chosen: Catalog, run: "RunKey", filmed: bool) -> None:
    """The chosen item's picture, a microphone, and other items to speak about."""
    if run.caption not in AUDIBLE:
        page.empty(
            f"{page.plain(run.run)} does not listen.",
            f"It matches pictures with {run.caption.display.lower()}; choose a run that listens to speech or sound.",
        )
        return
    if not len(chosen):
        matchmap_view.nothing_to_play(run, filmed)
        return
    place = matchmap_view.place_of(chosen)
    matchmap_view.steps(chosen, place)
    item = chosen[place].id
    try:
        picture = cache.live_picture(key, run, item)
    except (MediaError, InputError) as error:
        page.empty("This picture cannot be shown.", page.plain(str(error)))
    else:
        listen(picture, run, name=digest(key.catalog, key.digest, run.run, run.weights, item))
    matchmap_view.others(key, chosen, place)


def listen(picture: "LivePicture", run: "RunKey", *, name: str) -> None:
    """A picture with a microphone.

    Args:
        picture: of an item, or one that a visitor brought.
        run: the network that looks at it.
        name: the same for the same network and picture, another one otherwise.
    """
    token = state.live_token()
    room().take(token, name, picture)
    live_player(picture, name=name, token=token, heard=run.caption, key="live")
    st.caption(
        "What the microphone hears goes to this machine's own server, four times a second, and is not kept. "
        "No microphone? Choose Yours to give a recording."
    )
