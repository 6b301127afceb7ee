"""The curves of trainings for print: PDF or PNG by matplotlib, readable in grey."""

from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from xmodal.runs.curves import Curves, Series
from xmodal.stats.smoothing import smoothed
from xmodal.storage import atomic_path

SUFFIXES = (".pdf", ".png")
DPI = 300
PANEL_IN = (3.4, 2.4)
"""Width and height of one panel: two stand in a column of a page."""
_STYLES = ("-", "--", ":", "-.")
_COLOURS = ("#0B4F8A", "#B24F00", "#007B5A", "#8A2D6B", "#5B5B5B", "#8A6A00")
_FAINT = 0.2
"""Of the line behind a smooth one."""
NAMES = {"recall_at_10": "R@10", "auc_seen": "AUC, seen", "auc_heard": "AUC, heard"}
"""Measures of the validation that are drawn; the others only make it crowded."""


def write_figure(found: Mapping[str, Curves], target: Path, *, smoothing: float = 0.0) -> None:
    """Losses, validation and concepts of runs, one panel each; a panel that no run has anything for is left out.

    Args:
        found: run -> its curves.
        target: file whose suffix is one of `SUFFIXES`.
        smoothing: of the losses, 0 to below 1; the values themselves stay as faint lines.

    Raises:
        ValueError: nothing was logged.
    """
    panels = [draw for draw, has in _PANELS if any(has(each) for each in found.values())]
    if not panels:
        raise ValueError("these runs have logged nothing yet")
    figure = Figure(figsize=(PANEL_IN[0] * len(panels), PANEL_IN[1]), layout="constrained")
    for axes, draw in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        draw(axes, found, smoothing)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_ylim(bottom=0)
        axes.legend(fontsize=6, frameon=False)
        axes.tick_params(labelsize=7)
        axes.xaxis.label.set_size(8)
        axes.yaxis.label.set_size(8)
    with atomic_path(target) as temporary:
        figure.savefig(temporary, format=target.suffix.lower().removeprefix("."), dpi=DPI)


def _losses(axes: Axes, found: Mapping[str, Curves], smoothing: float) -> None:
    for number, (run, each) in enumerate(found.items()):
        terms = [name for name in each.losses if name != "loss"]
        for place, name in enumerate(terms if len(terms) > 1 else ["loss"] if each.losses else []):
            series = each.losses[name]
            colour, dashes = _COLOURS[number % len(_COLOURS)], _STYLES[place % len(_STYLES)]
            if smoothing:
                axes.plot(series.at, series.values, linewidth=0.6, alpha=_FAINT, color=colour, linestyle=dashes)
            [line] = axes.plot(series.at, smoothed(series.values, smoothing), color=colour, linestyle=dashes)
            line.set(linewidth=1.1, label=f"{run}, {name.replace('_', ' ')}")
    axes.set_xlabel("Step")
    axes.set_ylabel("Loss")


def _validation(axes: Axes, found: Mapping[str, Curves], _: float) -> None:
    for number, (run, each) in enumerate(found.items()):
        for place, name in enumerate(name for name in NAMES if name in each.validation):
            _by_epoch(axes, each.validation[name], f"{run}, {NAMES[name]}", number, place)
    axes.set_ylabel("On validation pairs")


def _concepts(axes: Axes, found: Mapping[str, Curves], _: float) -> None:
    for number, (run, each) in enumerate(found.items()):
        if each.concepts.at.size:
            _by_epoch(axes, each.concepts, run, number, 0)
    axes.set_ylabel("Concepts learned")


def _by_epoch(axes: Axes, series: Series, label: str, number: int, place: int) -> None:
    colour, dashes = _COLOURS[number % len(_COLOURS)], _STYLES[place % len(_STYLES)]
    [line] = axes.plot(series.at, series.values, color=colour, linestyle=dashes, marker="os^Dv*"[number % 6])
    line.set(markersize=3, linewidth=1.1, label=label)
    axes.set_xlabel("Epoch")


_Draw = Callable[[Axes, Mapping[str, Curves], float], None]
_PANELS: tuple[tuple[_Draw, Callable[[Curves], bool]], ...] = (
    (_losses, lambda each: bool(each.losses)),
    (_validation, lambda each: any(name in NAMES for name in each.validation)),
    (_concepts, lambda each: bool(each.concepts.at.size)),
)
"""What is drawn, and whether a run has it."""
