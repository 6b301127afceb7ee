"""The tables of the results page: what the paper printed, what our runs reach, and what is missing."""

import shlex
from typing import TYPE_CHECKING, Any

import streamlit as st

from xmodal.evaluation.published import TABLES as PUBLISHED
from xmodal.evaluation.table_text import Line, as_csv, as_latex, lines, number, with_interval
from xmodal.evaluation.tables import HEADS, FilledTable
from xmodal.ui import in_background, page, run_cache, state

if TYPE_CHECKING:
    from xmodal.recipes.scores import Measure
    from xmodal.ui.networks.measured import Known, Missing, Ruler

TABS = ("Tables", "Curves", "Data amount", "Retrieval")
SAYS: dict[str, str] = {
    "retrieval": "R@k: share of pairs whose own partner is among the k best of all.",
    "localisation": "mAP: does the picture show what the word names? mIoU, mIoD, mIoT: how well the lit part fits it.",
    "concepts": "Dimensions of the shared space that stand for one thing seen and said (agreement above 0.7).",
    "senses": "Median rank of an item's own partner, 1 is best; mean of several splits of the items.",
    "transfer": "Share of items that classifiers name rightly, having learned the classes in this sense or another.",
}
"""What is measured, by its name."""
ABOUT = ("Row", "Direction", "Seeds")
"""Columns of words."""


def tables() -> None:
    """One table of the paper with our numbers."""
    from xmodal.ui.networks import measured

    known = run_cache.known_scores()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox("Table", list(PUBLISHED), key=state.TABLE, bind="query-params") or next(iter(PUBLISHED))
        measure = measured.measure_of(key)
        ruler = ruler_of(known, measure)
    found = measured.filled(known, key, ruler)
    page.section(found.table.title)
    if any(row.runs for row in found.rows):
        _table(found)
        _told(found, measure, ruler)
        _export(found, ruler)
    else:
        page.empty("No run was measured for this table yet.", f"{SAYS[measure]} Below is what to type.")
    _missing(measured.missing(known, found, ruler))


def ruler_of(known: "tuple[Known, ...]", measure: "Measure") -> "Ruler | None":
    """What the shown scores were measured on; None: nothing was."""
    from xmodal.ui.networks import measured

    offered = {str(ruler): ruler for ruler in measured.rulers(known, measure)}
    if not offered:
        return None
    chosen = st.selectbox(
        "Measured on", list(offered), key=f"{state.MEASURED_ON}_{measure}", bind="query-params",
        help="Scores stand beside each other only where the same pairs compete",
    )  # fmt: skip
    return offered[chosen or next(iter(offered))]


def _table(found: FilledTable) -> None:
    rows = [_row(line, found.measures) for line in lines(found)]
    right = {name: st.column_config.TextColumn(alignment="right") for name in rows[0] if name not in ABOUT}
    st.dataframe(rows, column_config=right, hide_index=True, height="content")


def _row(line: Line, measures: tuple[str, ...]) -> dict[str, Any]:
    family = line.family
    paper = {f"{HEADS[name]} paper": number(line.published(name), name) for name in measures}
    ours = {f"{HEADS[name]} ours": with_interval(line.ours(name), name) or "no run" for name in measures}
    share = "" if family is None else f"{family.share:.0%}"
    seeds = "" if family is None else f"{len(family.runs)}: {', '.join(run.run for run in family.runs)}"
    direction = line.direction.replace("_to_", " → ").replace("_", " ")
    return {"Row": line.row.label, "Direction": direction, "Data": share, **ours, **paper, "Seeds": seeds}


def _told(found: FilledTable, measure: str, ruler: "Ruler | None") -> None:
    chances = {"retrieval": "R@10 {at_10:.3g}", "senses": "median rank {middle:.0f}"} if ruler else {}
    said = chances.get(measure, "").format(at_10=min(1.0, 10 / ruler.n), middle=ruler.n / 2) if ruler else ""
    chance = f" Chance: {said}." if said else ""
    st.caption(
        f"{SAYS[measure]} Ours on {page.plain(str(ruler))}; the paper's on {page.plain(found.table.data)}: "
        f"other data and other sizes, so what can be compared is the order of the rows.{chance} "
        "± is half of the 95 % interval over seeds (Student's t)."
    )


def _export(found: FilledTable, ruler: "Ruler | None") -> None:
    name = found.table.key.replace(".", "-")
    with st.container(horizontal=True):
        st.download_button("CSV", as_csv(found), f"{name}.csv", "text/csv", icon=":material/table:", key="table_csv")
        st.download_button(
            "LaTeX",
            as_latex(found, measured_on=str(ruler)),
            f"{name}.tex",
            "text/x-tex",
            icon=":material/functions:",
            key="table_latex",
        )


def _missing(rows: "tuple[Missing, ...]") -> None:
    if not rows:
        return
    page.section(f"{page.counted(len(rows), 'row')} without scores")
    for row in rows:
        st.markdown(f"**{page.plain(row.label)}**")
        if row.lines:
            st.code("\n".join(row.lines), language="bash")
            if row.trained:
                words = shlex.split(row.lines[0])[3:]  # after `python -m xmodal`
                in_background.offer(
                    words, "Measure in the background", title=f"Measure {row.label}", key=f"measure_{row.label}"
                )
        else:
            st.caption("No network computes it: it comes with the first run that is measured.")
