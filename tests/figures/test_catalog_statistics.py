"""Figures hold the numbers they are given."""

from typing import Any

import numpy as np

from xmodal.data.statistics import Ranking
from xmodal.figures import catalog_statistics as figures


def trace(figure: Any) -> Any:
    """Its only trace."""
    assert len(figure.data) == 1
    return figure.data[0]


RANKING = Ranking(("a", "<b>", "living_room"), np.array([5, 3, 1]))
EMPTY = Ranking((), np.array([], dtype=np.int64))


def test_histograms_state_median_and_count() -> None:
    figure: Any = figures.durations(np.array([1.0, 2.0, 4.0]), colour="#CC79A7")
    assert list(trace(figure).x) == [1.0, 2.0, 4.0]
    assert figure.layout.annotations[0].text == "median 2 s, n = 3"
    assert figure.layout.xaxis.title.text == "Duration in s"
    whole: Any = figures.lengths(np.array([3, 4, 9]), colour="#009E73")
    assert (trace(whole).xbins.start, trace(whole).xbins.end, trace(whole).xbins.size) == (2.5, 9.5, 1)


def test_word_frequencies_are_log_log_with_named_points() -> None:
    figure: Any = figures.frequencies(RANKING, colour="#009E73")
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("log", "log")
    assert list(trace(figure).x) == [1, 2, 3]
    assert list(trace(figure).y) == [5, 3, 1]
    assert trace(figure).text[0] == "a"


def test_long_tails_are_thinned_to_few_points() -> None:
    many = Ranking(tuple(str(number) for number in range(50_000)), np.arange(50_000, 0, -1))
    figure: Any = figures.frequencies(many, colour="#009E73")
    assert len(trace(figure).x) <= 400
    assert (trace(figure).x[0], trace(figure).x[-1]) == (1, 50_000)


def test_names_are_plain_and_the_rest_is_counted() -> None:
    figure: Any = figures.per_name(RANKING, colour="#0072B2", what="Scene")
    assert list(trace(figure).y) == ["a", "&lt;b>", "living room"]
    assert figure.layout.yaxis.title.text == "Scene"
    many = Ranking(tuple(str(number) for number in range(30)), np.ones(30, dtype=np.int64))
    tail: Any = figures.per_name(many, colour="#0072B2", what="Scene")
    assert tail.layout.yaxis.title.text == "Scene (and 10 more)"


def test_groups_are_bars_by_rank() -> None:
    figure: Any = figures.per_group(RANKING, colour="#7F7F7F")
    assert list(trace(figure).y) == [5, 3, 1]


def test_empty_parts_make_empty_figures() -> None:
    for figure in (
        figures.durations(np.array([]), colour="#000000"),
        figures.lengths(np.array([], dtype=np.int64), colour="#000000"),
        figures.frequencies(EMPTY, colour="#000000"),
        figures.per_group(EMPTY, colour="#000000"),
        figures.per_name(EMPTY, colour="#000000", what="Scene"),
    ):
        trace(figure)
