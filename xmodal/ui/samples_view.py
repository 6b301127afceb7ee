"""Sample predictions of a run: the same pairs after any step, from before the first on."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.errors import InputError, reason
from xmodal.ui import cards, page, players, run_cache, state
from xmodal.ui.matchmap_player import matchmap_player

if TYPE_CHECKING:
    from xmodal.ui.networks.sampled import SampleKey, SampleLook

NEWEST = "newest"
"""Last place of the slider: goes on by itself while the network learns."""
CARD_PX = 144


def count(run: str) -> int:
    """After how many steps there are samples; 0 where the run cannot be read."""
    from xmodal.ui.networks import sampled

    try:
        return len(sampled.keys(run))
    except InputError:
        return 0


def show(run: str) -> None:
    """One slider for all pairs, their pictures under heat, and one of them in the player."""
    from xmodal.ui.networks import sampled

    page.section("Sample predictions")
    try:
        keys = sampled.keys(run)
        if not keys:
            st.caption("None yet: they are taken before the first step, soon after it, and after epochs.")
            return
        key = _chosen(keys)
        looks = run_cache.sample_looks(key)
        _gallery(key, looks)
        place = _pair(len(looks))
        if place is not None:
            matchmap_player(run_cache.sample_clip(key, place), key="sample_player")
    except InputError as error:
        st.warning(page.plain(reason(error)))


def _chosen(keys: "tuple[SampleKey, ...]") -> "SampleKey":
    known = {f"{key.step:,}": key for key in keys}
    chosen = st.select_slider(
        "After step", [*known, NEWEST], value=NEWEST, key=state.SAMPLE_STEP, bind="query-params",
        help="0 is before the first step: random weights, or those that the training starts from",
    )  # fmt: skip
    return known.get(str(chosen), keys[-1])


def _gallery(key: "SampleKey", looks: "tuple[SampleLook, ...]") -> None:
    shown = [
        cards.pictured(look.item, look.address, title=f"{look.score:.3g}", caption=_place(look.rank, len(looks)))
        for look in looks
    ]
    players.gallery(shown, key="samples", label=f"Samples after step {key.step}", size_px=CARD_PX, on_open=None)
    st.caption(
        f"After step {key.step:,}. Bright: the cell's best score at any time of the caption, from the least to the "
        f"best of its picture. Below: the pair's score, and the place of its own caption among the {len(looks)} here."
    )


def _place(rank: int, count: int) -> str:
    return f"own caption: {rank} of {count}"


def _pair(count: int) -> int | None:
    """Which pair is played, by its place above; None: none."""
    numbers = [str(number) for number in range(1, count + 1)]
    chosen = st.segmented_control("Play pair", numbers, key=state.SAMPLE_PAIR, bind="query-params")
    return numbers.index(chosen) if chosen in numbers else None
