"""Up to four runs side by side: curves, what differs in their recipes, scores."""

from collections.abc import Mapping, Sequence

import streamlit as st

from xmodal.runs.curves import Curves, curves_of
from xmodal.ui import curves_view, page, run_cache, state

MOST = 4
SMOOTHING = 0.8


def show() -> None:
    """Choose runs, and see them beside each other."""
    from xmodal.ui.networks import compared

    names = compared.names()
    chosen = st.multiselect(
        "Runs", names, key=state.COMPARED, max_selections=MOST, bind="query-params", placeholder="Choose two to four"
    )
    if len(chosen) < 2:
        page.empty("Choose two runs or more.", "Their curves, their recipes and their scores are set side by side.")
        return
    found = {name: curves_of(run_cache.logged(name)) for name in chosen}
    left, right = st.columns(2, gap="medium")
    with left:
        curves_view.chart("compared_loss", "Loss", curves_view.losses(found, SMOOTHING))
    with right:
        curves_view.chart("compared_validation", "On validation pairs", curves_view.validation(found))
    _scores(found)
    _differences(chosen)


def _scores(found: Mapping[str, Curves]) -> None:
    """The newest measures on each run's own validation pairs."""
    page.section("Newest scores")
    measures = dict.fromkeys(name for each in found.values() for name in each.validation)
    if not measures:
        st.caption("None of them has finished an epoch yet.")
        return
    rows = [
        {"Run": run, "Epochs": _epochs(each)}
        | {_title(name): each.validation[name].values[-1] if name in each.validation else None for name in measures}
        for run, each in found.items()
    ]
    columns = {_title(name): st.column_config.NumberColumn(format="%.3f") for name in measures}
    st.dataframe(rows, column_config=columns, hide_index=True, placeholder="")
    st.caption("Each on the validation pairs of its own recipe: compare numbers only where these are the same.")


def _epochs(each: Curves) -> int:
    return int(max((series.at[-1] for series in each.validation.values()), default=0))


def _title(measure: str) -> str:
    return curves_view.MEASURES.get(measure, measure.replace("recall_at_", "R@").replace("_", " "))


def _differences(runs: Sequence[str]) -> None:
    """Every field that is not the same in all of them."""
    from xmodal.ui.networks import compared

    page.section("What differs in their recipes")
    found = compared.differences(runs)
    if not found:
        st.caption("Nothing: the same recipe, trained again.")
        return
    st.dataframe([{"Field": each.path} | dict(zip(runs, each.values, strict=True)) for each in found], hide_index=True)
