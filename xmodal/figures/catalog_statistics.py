"""Figures of a catalog's distributions, after matchmaps Fig. 2. Text and axes take the page's theme."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int64

from xmodal.data.statistics import Ranking

HEIGHT_PX = 300
SHOWN = 20
"""Names listed in a bar chart."""
LABELLED = (1, 3, 10, 30, 100, 300, 1000)
"""Ranks whose word is written beside its point."""


def durations(seconds: Float[np.ndarray, "captions"], *, colour: str) -> go.Figure:
    """Histogram of caption durations (Fig. 2a)."""
    return _histogram(seconds, "Duration in s", "Spoken captions", colour, unit=" s")


def lengths(words: Int64[np.ndarray, "captions"], *, colour: str) -> go.Figure:
    """Histogram of caption lengths (Fig. 2b), one bar per number of words while there are at most 60."""
    figure = _histogram(words, "Words in a caption", "Captions", colour)
    if words.size and int(words.max()) <= 60:
        figure.update_traces(xbins={"start": int(words.min()) - 0.5, "end": int(words.max()) + 0.5, "size": 1})
    return figure


def frequencies(words: Ranking, *, colour: str) -> go.Figure:
    """How often the r-th most frequent word occurs, both axes logarithmic (Fig. 2c)."""
    ranks = np.arange(1, words.counts.size + 1)
    chosen = np.unique(np.geomspace(1, max(ranks.size, 1), 400).astype(int)) - 1 if ranks.size else ranks
    names = [words.names[place] for place in chosen]
    labels = [name if place + 1 in LABELLED else "" for name, place in zip(names, chosen, strict=True)]
    points = go.Scatter(
        x=ranks[chosen],
        y=words.counts[chosen],
        mode="lines+markers+text",
        text=labels,
        textposition="top right",
        customdata=names,
        marker={"color": colour, "size": 5},
        line={"color": colour, "width": 1},
        hovertemplate="%{customdata}: %{y:,} times, rank %{x:,}<extra></extra>",
    )
    figure = _figure(points, "Rank of the word", "Occurrences")
    room = 0.35  # of a decade, for the name of the last word
    figure.update_xaxes(type="log", dtick=1, range=[-0.15, float(np.log10(max(ranks.size, 1))) + room])
    figure.update_yaxes(type="log", dtick=1)
    return figure


def per_group(groups: Ranking, *, colour: str) -> go.Figure:
    """Items per speaker, video or user, most first (Fig. 2d)."""
    ranks = np.arange(1, groups.counts.size + 1)
    bars = go.Bar(
        x=ranks,
        y=groups.counts,
        customdata=list(groups.names),
        marker={"color": colour, "line": {"width": 0}},
        hovertemplate="%{customdata}: %{y:,} items<extra></extra>",
    )
    return _figure(bars, "Speaker, video or user, by rank", "Items")


def per_name(ranking: Ranking, *, colour: str, what: str) -> go.Figure:
    """Items per scene or object: the `SHOWN` most frequent names, longest bar on top."""
    names = [_plain(name) for name in ranking.names[:SHOWN]]
    counts = ranking.counts[:SHOWN]
    bars = go.Bar(
        x=counts, y=names, orientation="h", marker={"color": colour}, hovertemplate="%{y}: %{x:,} items<extra></extra>"
    )
    more = ranking.counts.size - len(names)
    figure = _figure(bars, "Items", f"{what} (and {more:,} more)" if more > 0 else what)
    figure.update_yaxes(autorange="reversed", type="category")
    figure.update_layout(height=max(HEIGHT_PX, 22 * len(names) + 80))
    return figure


def _histogram(values: np.ndarray, across: str, up: str, colour: str, unit: str = "") -> go.Figure:
    bars = go.Histogram(x=values, nbinsx=40, marker={"color": colour}, hovertemplate="%{x}: %{y:,}<extra></extra>")
    figure = _figure(bars, across, up)
    if values.size:
        middle = float(np.median(values))
        note = {"text": f"median {middle:.3g}{unit}, n = {values.size:,}", "x": 1, "y": 1.08, "showarrow": False}
        figure.add_annotation(xref="paper", yref="paper", xanchor="right", **note)
    return figure


def _figure(trace: go.Bar | go.Histogram | go.Scatter, across: str, up: str) -> go.Figure:
    figure = go.Figure(trace)
    figure.update_layout(
        height=HEIGHT_PX, margin={"l": 8, "r": 8, "t": 28, "b": 8}, xaxis_title=across, yaxis_title=up, bargap=0.06
    )
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    return figure


def _plain(name: str) -> str:
    """Names as they are: plotly would read `<` as markup."""
    return name.replace("_", " ").replace("&", "&amp;").replace("<", "&lt;")
