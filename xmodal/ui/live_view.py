"""The parts of "Live": speak before a picture of the catalog, or one of your own, and watch it light up."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.data.catalog import Catalog
from xmodal.data.decode import MediaError
from xmodal.errors import InputError
from xmodal.modality import AUDIBLE
from xmodal.storage import digest
from xmodal.ui import matchmap_view, own_view, page, run_cache, state
from xmodal.ui.catalogs import Where
from xmodal.ui.live_player import live_player
from xmodal.ui.live_room import room

if TYPE_CHECKING:
    from xmodal.ui.networks.live import LivePicture
    from xmodal.ui.networks.trained import RunKey


def show(key: Where, chosen: Catalog, run: "RunKey") -> None:
    """A picture, a microphone, and other items to speak about."""
    if run.caption not in AUDIBLE:
        page.empty(
            f"{page.plain(run.run)} does not listen.",
            f"It matches pictures with {run.caption.display.lower()}; choose a run that listens to speech or sound.",
        )
        return
    if not len(chosen):
        page.empty("No item to begin with.", "Choose another catalog or other words: an item's picture comes first.")
        return
    place = matchmap_view.place_of(chosen)
    matchmap_view.steps(chosen, place)
    picture = own_view.picture_of(key, chosen[place])
    if picture is not None:
        try:
            listen(run_cache.live_picture(run, picture), run, name=digest(run.run, run.weights, picture.digest))
        except (MediaError, InputError) as error:
            page.empty("This picture cannot be shown.", page.plain(str(error)))
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
