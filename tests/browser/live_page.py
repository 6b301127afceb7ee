"""A page with a picture and a microphone, as a shipped network that listens to speech sees and hears it."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from jaxtyping import UInt8

from xmodal.modality import Modality
from xmodal.seeding import stream
from xmodal.ui import live_view

if TYPE_CHECKING:
    from xmodal.ui.networks.live import LivePicture
    from xmodal.ui.networks.trained import RunKey


def picture(number: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """Coloured squares."""
    squares = stream(number, "squares").integers(0, 255, (6, 8, 3), dtype=np.uint8)
    return squares.repeat(40, axis=0).repeat(40, axis=1)


@st.cache_resource
def seen(number: int) -> "tuple[RunKey, LivePicture]":
    from xmodal.ui.networks.live import look_at  # takes its time: the page shows its title first
    from xmodal.ui.networks.trained import RunKey, load_run, runs

    [key, *_] = [key for key in runs() if isinstance(key, RunKey) and key.caption is Modality.SPEECH]
    return key, look_at(load_run(key), picture(number), "Coloured squares")


st.set_page_config(layout="wide")
st.title("What lights up when?")
other = st.toggle("Other picture")
if st.toggle("Shown", value=True):
    run, looked_at = seen(int(other))
    live_view.listen(looked_at, run, name=f"squares {int(other)}")
