"""How well every sense finds every other: a table of directions, and the items of one of them, worst misses first."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa
import streamlit as st

from xmodal.data import spreadsheet
from xmodal.data.sample import Split
from xmodal.errors import InputError
from xmodal.evaluation.table_text import number
from xmodal.evaluation.tables import HEADS
from xmodal.ui import page, pickers, players
from xmodal.ui.catalogs import Summary
from xmodal.ui.progress_bar import Bar
from xmodal.ui.retrieval import cache, state
from xmodal.ui.retrieval.entry_card import entry_card

if TYPE_CHECKING:
    from xmodal.recipes.directions import Competing, Direction
    from xmodal.recipes.search_catalog import Collection
    from xmodal.ui.networks.searched import Space

COUNTS = ("200", "1000", "5000")
PER_PAGE = 6
CARD_PX = 88
TRAINED, NEVER = "●", "○"
MEASURED = (
    "The own partner of a query is the entry of the same item. Median rank: the middle one of all ranks, from 1; a tie "
    "counts against it. R@k: share of queries whose own partner is among the k best. mAP and P@10: what has the scene "
    "of the query is right, its own partner too; the mean of the average precision, and the precision of the ten best."
)
CHANCES = {
    "median_rank": "chance_median_rank",
    "recall_at_10": "chance_recall_at_10",
    "mean_average_precision": "chance_precision",
    "precision_at_10": "chance_precision",
}
"""What a measure is by chance, by the names of `DirectionScores.as_dict`; of the other recalls it is k of n."""


def show(space: "Space", found: "Collection", summary: Summary) -> None:
    """Measure, unless that was done; show the table, and one direction."""
    competing, bar = _competing(summary), Bar()
    try:
        measured = cache.directions(space, found, competing, bar)
    except InputError as error:
        page.empty("There is nothing to measure.", page.plain(f"{error}."))
        return
    finally:
        bar.close()
    named = {state.direction_name(each.query.display, each.answer.display): each for each in measured}
    _table(named, competing)
    _export(space, measured)
    chosen = st.selectbox(
        "Direction", list(named), key=state.DIRECTION, bind="query-params", on_change=state.first_miss,
        help="What finds what; a click on a cell of the table chooses it too",
    )  # fmt: skip
    _direction(space, named[chosen or next(iter(named))])


def _competing(summary: Summary) -> "Competing":
    """Which items compete."""
    from xmodal.recipes.directions import Competing

    splits = [split.value for split in Split if summary.splits.get(split.value)]
    first = Split.TEST.value if Split.TEST.value in splits else pickers.ALL
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split = st.segmented_control(
            "Items of", [*splits, pickers.ALL], key=state.OF_SPLIT, default=first, required=True, bind="query-params",
            help="Items of the split train may be those that the run learned from",
        )  # fmt: skip
        count = st.segmented_control(
            "At most", COUNTS, key=state.COMPETING, default=COUNTS[1], required=True, bind="query-params",
            help="How many items compete: among more, ranks are higher",
        )  # fmt: skip
        seed = st.number_input(
            "Seed", 0, 999, 0, key=state.DRAWN, bind="query-params", width=120,
            help="Draws which items compete, where there are more",
        )  # fmt: skip
    of = Split(split) if split in splits else None
    return Competing(of, int(count or COUNTS[1]), int(seed))


def _table(named: "Mapping[str, Direction]", competing: "Competing") -> None:
    """Queries down, answers across; one measure."""
    from xmodal.recipes.directions import MEASURES

    told = {name: each.scores.as_dict() for name, each in named.items()}
    offered = {HEADS[name]: name for name in MEASURES if any(name in scores for scores in told.values())}
    head = st.segmented_control(
        "Measure", list(offered), key=state.MEASURE, default=next(iter(offered)), required=True, bind="query-params",
        help=MEASURED,
    )  # fmt: skip
    measure = offered.get(str(head), MEASURES[0])
    queries = list(dict.fromkeys(each.query.display for each in named.values()))
    answers = list(dict.fromkeys(each.answer.display for each in named.values()))
    rows = [
        {"Query": query}
        | {answer: _cell(named, told, (query, answer), measure) for answer in sorted(answers, key=queries.index)}
        for query in queries
    ]
    right = {answer: st.column_config.TextColumn(alignment="right") for answer in answers}
    key = "directions"
    st.dataframe(
        rows, column_config=right, hide_index=True, height="content", key=key, selection_mode="single-cell",
        on_select=lambda: state.choose_direction(key, queries, list(named)),
    )  # fmt: skip
    counts = sorted({len(each.items) for each in named.values()})
    n = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
    of = "all splits" if competing.split is None else f"the split {competing.split.value}"
    chances = {_chance(scores, measure) for scores in told.values()}
    st.caption(
        f"{TRAINED} trained on pairs of the two · {NEVER} never saw the two together · n = {n} of {of}, seed "
        f"{competing.seed} · by chance {' to '.join(f'{each:.3g}' for each in sorted({min(chances), max(chances)}))}"
    )


def _cell(
    named: "Mapping[str, Direction]", told: Mapping[str, Mapping[str, float]], two: tuple[str, str], measure: str
) -> str:
    name = state.direction_name(*two)
    if name not in named:
        return ""
    return f"{number(told[name].get(measure), measure)} {TRAINED if named[name].trained else NEVER}"


def _chance(scores: Mapping[str, float], measure: str) -> float:
    if measure in CHANCES:
        return scores.get(CHANCES[measure], 0.0)
    return min(1.0, int(measure.rpartition("_")[2]) / scores["queries"])


def _export(space: "Space", measured: "Sequence[Direction]") -> None:
    from xmodal.recipes.directions import as_rows

    with st.container(horizontal=True):
        players.copy_link(key="copy_metrics")
        st.download_button(
            "All directions as CSV", lambda: spreadsheet.csv(pa.Table.from_pylist(as_rows(tuple(measured)))),
            file_name=f"{space.where.catalog}-directions.csv", mime="text/csv", icon=":material/download:",
            on_click="ignore", key="directions_csv",
        )  # fmt: skip


def _direction(space: "Space", chosen: "Direction") -> None:
    """All measures of one direction, and its items."""
    from xmodal.recipes.directions import MEASURES

    scores = chosen.scores.as_dict()
    with st.container(horizontal=True):
        for measure in MEASURES:
            if measure in scores:
                value = f"{number(scores[measure], measure)}"
                st.metric(HEADS[measure], value, width=110, help=f"By chance {_chance(scores, measure):.3g}")
    pages = -(-len(chosen.items) // PER_PAGE)
    page.section("Worst misses first")
    st.caption(
        "Each query, what it ranks first, and its own partner with its rank. A click asks with what is clicked on."
    )
    place = st.pagination(pages, key=state.MISSES, bind="query-params") if pages > 1 else 1
    start = (min(place, pages) - 1) * PER_PAGE
    for column, misses in zip(
        st.columns(2, gap="medium"), _halves(islice(chosen.worst(), start, start + PER_PAGE)), strict=True
    ):
        with column:
            for item, rank, first in misses:
                _miss(space, chosen, (item, rank, first))
    st.download_button(
        "These items as CSV", lambda: spreadsheet.csv(_misses(chosen)), file_name=f"{chosen.name}-ranks.csv",
        mime="text/csv", icon=":material/download:", on_click="ignore", key="misses_csv",
    )  # fmt: skip


def _halves(misses: "islice[tuple[str, int, str]]") -> tuple[list[tuple[str, int, str]], list[tuple[str, int, str]]]:
    found = list(misses)
    half = -(-len(found) // 2)
    return found[:half], found[half:]


def _miss(space: "Space", chosen: "Direction", miss: tuple[str, int, str]) -> None:
    item, rank, first = miss
    shown = [entry_card(space, item, chosen.query) | {"title": "Query"}]
    if first != item:
        shown.append(entry_card(space, first, chosen.answer) | {"title": "First"})
    own = "Own ✓" if rank == 1 else f"Own: {rank:,}."
    shown.append(entry_card(space, item, chosen.answer) | {"title": own})
    with st.container(border=True):
        players.gallery(
            shown, key=f"missed_{item}", label=f"{item}: number {rank} of {len(chosen.items)}", size_px=CARD_PX,
            on_open=state.ask_like,
        )  # fmt: skip


def _misses(chosen: "Direction") -> pa.Table:
    names = ("item", "rank_of_own", "ranked_first")
    return pa.Table.from_pylist([dict(zip(names, miss, strict=True)) for miss in chosen.worst()])
