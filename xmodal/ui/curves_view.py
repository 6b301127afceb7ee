"""The curves of the results page: losses, measures and concepts while runs learned."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from xmodal.figures.training_curves import DASHES, MARKS, Curve, curves
from xmodal.runs.curves import Curves, Series, curves_of
from xmodal.ui import cards, page, run_cache, state
from xmodal.ui.palette import RUN_COLOURS
from xmodal.ui.statistics_view import theme

MOST = 6
"""Runs in one chart."""
MOST_POINTS = 1_500
"""Of one line: more cannot be told apart, and a live chart is sent again and again."""
WEIGHTS = ("0", "0.5", "0.8", "0.9", "0.95")
MEASURES = {"recall_at_10": "R@10", "auc_seen": "AUC, seen", "auc_heard": "AUC, heard"}
"""Measures of the validation that are drawn, and what they are called."""


def show() -> None:
    """All charts of the chosen runs."""
    from xmodal.ui.networks import measured

    names = measured.logged()
    if not names:
        page.empty("No run has logged anything yet.", "Train one.", "python -m xmodal train matchmaps-tiny")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Runs", names, default=names[:1], key=state.CURVES, max_selections=MOST, bind="query-params"
        )
        weight = st.select_slider(
            "Smoothing", WEIGHTS, value=WEIGHTS[2], key=state.SMOOTHING, bind="query-params", width=240,
            help="Of the losses: how much the past counts at each point",
        )  # fmt: skip
    found = {name: curves_of(run_cache.logged(name)) for name in chosen}
    if not found:
        page.empty("No run is chosen.", "Choose one above.")
        return
    chart("loss", "How did the loss fall?", losses(found, float(weight)))
    left, right = st.columns(2, gap="medium")
    with left:
        chart("validation", "How good was it after each epoch?", validation(found))
    with right:
        chart("concepts", "How many concepts had it learned?", concept_counts(found))
    _top({name: each for name, each in found.items() if each.top})
    st.code(f"python -m xmodal curves {' '.join(found)} --out curves.pdf", language="bash")


def losses(found: Mapping[str, Curves], weight: float) -> Any:
    """Every term of the losses by step (matchmaps Fig. 5): a run's terms have its colour, every line its dash."""
    from xmodal.stats.smoothing import smoothed

    drawn = []
    for run, colour, each in _coloured(found):
        terms = [name for name in each.losses if name != "loss"]
        for name in terms if len(terms) > 1 else each.losses.keys() & {"loss"}:
            series = each.losses[name]
            smooth = Series(series.at, smoothed(series.values, weight)).thinned(MOST_POINTS)
            title = _named(found, run, name.replace("_", " "))
            drawn.append(Curve(title, smooth, colour, DASHES[len(drawn) % len(DASHES)]))
    return curves(drawn, across="Step", up="Loss") if drawn else None


def validation(found: Mapping[str, Curves]) -> Any:
    """Measures on the validation pairs by epoch."""
    drawn = [
        Curve(_named(found, run, MEASURES[name]), each.validation[name], colour, DASHES[place], MARKS[number])
        for number, (run, colour, each) in enumerate(_coloured(found))
        for place, name in enumerate(name for name in MEASURES if name in each.validation)
    ]
    return curves(drawn, across="Epoch", up="On validation pairs", share=True) if drawn else None


def concept_counts(found: Mapping[str, Curves]) -> Any:
    """Dimensions that have learned a concept by epoch (matchmaps Fig. 11)."""
    drawn = [
        Curve(f"{run}, of {each.units:,}", each.concepts, colour, mark=MARKS[place % len(MARKS)])
        for place, (run, colour, each) in enumerate(_coloured(found))
        if each.concepts.at.size
    ]
    return curves(drawn, across="Epoch", up="Dimensions above 0.7") if drawn else None


def _coloured(found: Mapping[str, Curves]) -> list[tuple[str, str, Curves]]:
    colours = RUN_COLOURS[theme()]
    return [(run, colours[place % len(colours)], each) for place, (run, each) in enumerate(found.items())]


def _named(found: Mapping[str, Curves], run: str, what: str) -> str:
    """The run is told where there are several."""
    return what if len(found) == 1 else f"{run}, {what}"


def chart(key: str, title: str, figure: Any) -> None:
    """A figure under its title; a sentence where there is none."""
    st.markdown(f"**{title}**")
    if figure is None:
        st.caption("Nothing of this is logged.")
    else:
        st.plotly_chart(figure, key=f"chart_{key}", config={"displaylogo": False})


def _top(found: Mapping[str, Curves]) -> None:
    """The best concepts after an epoch (matchmaps Fig. 12)."""
    if not found:
        return
    page.section("What had it learned by then?")
    run = next(iter(found))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(found) > 1:
            run = st.selectbox("Concepts of", list(found), key=state.CONCEPTS_OF, bind="query-params") or run
        epochs = [str(epoch) for epoch in sorted(found[run].top)]
        epoch = epochs[-1]
        if len(epochs) > 1:
            epoch = st.select_slider("After epoch", epochs, value=epoch, key=state.AFTER, bind="query-params")
    rows = [
        {"Word": each.name, "Thing": cards.spoken_name(each.object), "Agreement": each.value, "Dimension": each.unit}
        for each in found[run].top[int(epoch)]
    ]
    if not rows:
        st.caption("No dimension had both a word and a thing yet.")
        return
    st.dataframe(rows, column_config={"Agreement": st.column_config.NumberColumn(format="%.2f")}, hide_index=True)
