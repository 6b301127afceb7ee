"""Figures of trainings: losses (matchmaps Fig. 5), measures and concepts by epoch (Fig. 11), data amount (Fig. 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from xmodal.evaluation.data_amount import AmountLine
from xmodal.evaluation.over_seeds import Repeated
from xmodal.runs.curves import Series

HEIGHT_PX = 340
DASHES = ("solid", "dash", "dot", "dashdot")
"""Kinds of line; a curve differs from the others by more than its colour."""
_NEITHER = "#7F7F7F"
"""Grey that is seen on a light and on a dark page."""
MARKS = ("circle", "diamond", "square", "triangle-up", "star", "cross")


@dataclass(frozen=True)
class Curve:
    """One series as it is drawn."""

    name: str
    series: Series
    colour: str
    dash: str = "solid"
    mark: str = ""
    """Marker at every point; empty: a plain line."""


def curves(drawn: Sequence[Curve], *, across: str, up: str, share: bool = False) -> go.Figure:
    """Any number of curves over steps or epochs; a `share` has an axis from 0 to 1."""
    figure = go.Figure([_line(each) for each in drawn])
    _lay_out(figure, across, up)
    if share:
        figure.update_yaxes(range=[0.0, 1.02])
    else:
        figure.update_yaxes(rangemode="tozero")
    if drawn and all(each.mark for each in drawn):  # epochs are whole numbers
        most = max((float(each.series.at.max()) for each in drawn if each.series.at.size), default=1.0)
        figure.update_xaxes(dtick=1 if most <= 12 else None, range=[0.5, most + 0.5])
    return figure


def amounts(lines: Sequence[AmountLine], colours: Sequence[str], *, chance: float | None = None) -> go.Figure:
    """R@10 over the share of the data, one line for each start, with 95 % intervals (Fig. 6)."""
    figure = go.Figure()
    for number, line in enumerate(lines):
        halves = [found.half_width or 0.0 for found in line.recalls]
        figure.add_scatter(
            x=[100 * share for share in line.shares],
            y=[found.mean for found in line.recalls],
            error_y={"type": "data", "array": halves, "visible": any(halves)},
            name=_plain(line.label),
            mode="lines+markers",
            line={"color": colours[number % len(colours)], "dash": DASHES[number % len(DASHES)]},
            marker={"symbol": MARKS[number % len(MARKS)], "size": 10},
            customdata=[_told(found) for found in line.recalls],
            hovertemplate="%{x:g} % of the data: %{customdata}",
        )
    if chance is not None:
        figure.add_hline(
            y=chance, line_dash="dot", line_width=1, line_color=_NEITHER, annotation_text=f"chance {chance:g}"
        )
    _lay_out(figure, "Share of the training data, %", "R@10, mean of both directions")
    shares = sorted({100 * share for line in lines for share in line.shares} | {10.0, 20.0, 50.0, 100.0})
    figure.update_xaxes(type="log", tickvals=shares, ticktext=[f"{share:g}" for share in shares])
    figure.update_yaxes(range=[0.0, 1.02])
    return figure


def _told(found: Repeated) -> str:
    width = f" ± {found.half_width:.3f} ({found.runs} seeds)" if found.half_width is not None else " (one seed)"
    return f"{found.mean:.3f}{width}"


def _line(curve: Curve) -> go.Scatter:
    return go.Scatter(
        x=curve.series.at,
        y=curve.series.values,
        name=_plain(curve.name),
        mode="lines+markers" if curve.mark else "lines",
        line={"color": curve.colour, "dash": curve.dash, "width": 2},
        marker={"symbol": curve.mark or "circle", "size": 8},
        hovertemplate="%{y:.3g} at %{x:,}",
    )


def _lay_out(figure: go.Figure, across: str, up: str) -> None:
    figure.update_layout(
        height=HEIGHT_PX,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        xaxis_title=across,
        yaxis_title=up,
        showlegend=True,
        uirevision="kept",
        legend={"orientation": "h", "y": -0.25, "x": 0, "yanchor": "top"},
    )
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)


def _plain(name: str) -> str:
    """Names as they are: plotly would read `<` as markup."""
    return name.replace("&", "&amp;").replace("<", "&lt;")
