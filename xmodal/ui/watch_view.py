"""One training as it goes: how far it is, its curves, what it printed."""

import streamlit as st

from xmodal.errors import InputError, reason
from xmodal.runs.curves import curves_of
from xmodal.ui import curves_view, page, run_cache, state

SMOOTHING = 0.8


def facts(run: str) -> None:
    """Where the training is, and on what."""
    from xmodal.ui.networks import progressed

    try:
        now = progressed.now_of(run, run_cache.logged(run))
    except InputError as error:
        st.warning(page.plain(reason(error)))
        return
    shown = {
        "Stage": now.stage,
        "Step": f"{now.step:,} of {now.steps:,}" if now.steps else "",
        "Epochs": str(now.epoch),
    }
    shown["Pairs a second"] = "" if now.items_per_s is None else f"{now.items_per_s:,.0f}"
    shown["Waiting for data"] = "" if now.waiting is None else f"{now.waiting:.0%}"
    shown["On"] = now.device
    shown["Memory"] = "" if now.memory_bytes is None else f"{now.memory_bytes / 1e9:.1f} GB"
    shown |= {
        curves_view.MEASURES[name]: f"{value:.3f}" for name, value in now.scores.items() if name in curves_view.MEASURES
    }
    st.markdown(" · ".join(f"{name} **{page.plain(value)}**" for name, value in shown.items() if value))


def curves(run: str) -> None:
    """Losses by term, and measures on the validation pairs."""
    found = {run: curves_of(run_cache.logged(run))}
    left, right = st.columns(2, gap="medium")
    with left:
        curves_view.chart("job_loss", "Loss", curves_view.losses(found, SMOOTHING))
    with right:
        curves_view.chart("job_validation", "On validation pairs", curves_view.validation(found))


def log(job: str) -> None:
    """The end of what the job printed, or the lines with some words."""
    from xmodal.ui.networks import background

    with st.expander("What it printed"):
        wanted = st.text_input(
            "Search", key=state.IN_LOG, placeholder="Lines with these words", label_visibility="collapsed"
        )
        st.code(background.log(job, wanted or "") or "nothing", language=None, height=240)
