"""Data amount on the results page: recall over the share of the training data, one line for each start."""

import streamlit as st

from xmodal.evaluation.data_amount import AmountLine, data_amount
from xmodal.figures.training_curves import amounts
from xmodal.ui import page, results_view, run_cache
from xmodal.ui.palette import RUN_COLOURS
from xmodal.ui.statistics_view import theme

EXAMPLE = "matchmaps-compact-sisa-shn-none"
COMMANDS = f"""python -m xmodal train {EXAMPLE} --set 'data.*.share=0.1' seed=1
python -m xmodal evaluate {EXAMPLE}"""
"""How a point is added; the paper has 10, 20, 50 and 100 % for three starts."""


def show() -> None:
    """R@10 over the share (matchmaps Fig. 6)."""
    from xmodal.ui.networks import measured

    known = run_cache.known_scores()
    ruler = results_view.ruler_of(known, "retrieval")
    lines = data_amount(measured.by(known, "retrieval", ruler))
    if ruler is None or not lines:
        page.empty("No run was measured yet.", "Retrieval by runs that learned from more and more of the data.")
    else:
        st.plotly_chart(
            amounts(lines, RUN_COLOURS[theme()], chance=min(1.0, 10 / ruler.n)),
            key="chart_amount",
            config={"displaylogo": False},
        )
        st.caption(
            f"On {page.plain(str(ruler))}. Bars are 95 % intervals over seeds (Student's t); a point without one is "
            "one seed."
        )
        right = {name: st.column_config.TextColumn(alignment="right") for name in ("Data", "R@10", "± 95 %")}
        st.dataframe([row for line in lines for row in _rows(line)], column_config=right, hide_index=True)
    st.markdown("To add a point, train with a share of the data and another seed, then measure:")
    st.code(COMMANDS, language="bash")


def _rows(line: AmountLine) -> list[dict[str, str | int]]:
    return [
        {
            "Start": line.label,
            "Data": f"{share:.0%}",
            "R@10": f"{found.mean:.3f}",
            "± 95 %": "" if found.half_width is None else f"{found.half_width:.3f}",
            "Seeds": found.runs,
        }
        for share, found in zip(line.shares, line.recalls, strict=True)
    ]
