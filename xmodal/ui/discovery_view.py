"""The parts of the concepts page: the dictionary of a network, its audio-visual clusters, and the work behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from xmodal import workspace
from xmodal.jobs import analyses
from xmodal.jobs.queue import Queue
from xmodal.modality import Modality
from xmodal.progress import describe
from xmodal.ui import cards, page, players, run_cache, state
from xmodal.ui.cards import Card
from xmodal.ui.catalogs import Summary, Where, open_catalog
from xmodal.ui.navigation import MATCHMAP, switch

if TYPE_CHECKING:
    from xmodal.analysis.discoveries import ClusterEntry, ClusterReport, ConceptEntry, ConceptReport, Spot, Stretch
    from xmodal.recipes.discover import Question, Work
    from xmodal.ui.networks.trained import RunKey

TABS = ("Concepts", "Clusters")
PAIRS = ("100", "200", "300", "500", "1000")
PER_PAGE = 8
"""Concepts on a page."""
CARD_PX = 128
FADE_S = 0.1
"""Heard before and after a segment, so that words are not cut."""
WHY: dict[str, str] = {
    "concepts": "For every dimension of the shared space: the five pictures and the five captions that excite it most, "
    "and how well the words heard in those captions name the things lit up in those pictures.",
    "clusters": "Stretches of speech and parts of pictures that match are cut out of every pair and sorted by "
    "likeness; each heap is named after its commonest word and its commonest thing.",
}


@dataclass(frozen=True)
class Discovery:
    """The work behind the answer to a question about a run: one process for all visitors."""

    question: "Question"

    def state(self) -> "Work":
        """How far it is."""
        return analyses.discovering(self.question, Queue(workspace.current()))

    def start(self) -> None:
        """Start it unless it runs (for callbacks)."""
        analyses.discover_answer(self.question, Queue(workspace.current()))


def pairs(summary: Summary) -> int:
    """How many pairs to look at."""
    offered = [count for count in PAIRS if int(count) < summary.items] + [str(min(summary.items, int(PAIRS[-1])))]
    chosen = st.selectbox(
        "Pairs", offered, index=min(1, len(offered) - 1), key=state.PAIRS, bind="query-params",
        help="Pairs of this catalog that the network looks at: more take longer and say more",
    )  # fmt: skip
    return int(chosen or offered[0])


def unusable(run: "RunKey", summary: Summary) -> None:
    """The catalog lacks what the run listens to."""
    page.empty(
        f"{page.plain(summary.name)} has no {run.caption.display.lower()}.",
        f"{page.plain(run.run)} matches pictures with {run.caption.display.lower()}; choose another catalog or run.",
    )


def concepts(key: Where, run: "RunKey", count: int) -> None:
    """The dictionary: one row of examples for each concept."""
    found: ConceptReport | None = _answered("concepts", key, run, count)
    if found is None:
        return
    st.metric(
        f"Dimensions above {found.learned_above:g}", f"{found.count} of {len(found.values)}",
        help=f"Agreement of words and things, from 0 to 1, over {found.pairs:,} pairs (matchmaps section 5.5)",
    )  # fmt: skip
    if not found.top:
        page.empty("No dimension has both a word and a thing yet.", "Train longer, or look at more pairs.")
        return
    pages = -(-len(found.top) // PER_PAGE)
    number = st.pagination(pages, key=state.PAGE, bind="query-params") if pages > 1 else 1
    first = (min(number, pages) - 1) * PER_PAGE
    for entry in found.top[first : first + PER_PAGE]:
        _concept(key, run, entry)


def clusters(key: Where, run: "RunKey", count: int) -> None:
    """All clusters as a table, and examples of one."""
    found: ClusterReport | None = _answered("clusters", key, run, count)
    if found is None:
        return
    if not found.listed:
        page.empty("Nothing in these pairs forms a cluster.", "Look at more pairs, or train longer.")
        return
    st.caption(
        f"{page.counted(found.components, 'matching part')} of {found.pairs:,} pairs in "
        f"{page.counted(found.clusters, 'cluster')}; the {len(found.listed)} purest with at least two parts are listed."
    )
    named = {f"{place}. {_title(entry)}": entry for place, entry in enumerate(found.listed, start=1)}
    chosen = st.selectbox("Cluster", list(named), key=state.CLUSTER, bind="query-params")
    entry = named.get(chosen or "", found.listed[0])
    _examples(key, run, entry, name="cluster")
    st.dataframe(
        [_row(each) for each in found.listed],
        column_config={name: st.column_config.NumberColumn(format="%.2f") for name in PURITIES},
        hide_index=True,
    )


PURITIES = ("Word purity", "Object purity", "Harmonic mean")


def _row(entry: "ClusterEntry") -> dict[str, str | float | int]:
    shares = zip(PURITIES, (entry.word_purity, entry.object_purity, entry.purity), strict=True)
    return {"Word": entry.word, "Object": cards.spoken_name(entry.object), **dict(shares), "Parts": entry.size}


def _title(entry: "ClusterEntry") -> str:
    return f"{entry.word or 'no word'} / {cards.spoken_name(entry.object) or 'nothing'}"


def _concept(key: Where, run: "RunKey", entry: "ConceptEntry") -> None:
    with st.container(border=True):
        thing = cards.spoken_name(entry.object)
        st.markdown(f"**{page.plain(' / '.join(entry.words))}** → {page.plain(thing)}")
        st.caption(f"agreement {entry.value:.2f} · dimension {entry.unit}")
        _examples(key, run, entry, name=f"concept_{entry.unit}")


def _examples(key: Where, run: "RunKey", entry: "ConceptEntry | ClusterEntry", *, name: str) -> None:
    """A row of parts of pictures and a row of parts of captions; a click opens the item's matchmap."""
    rows = {"seen": _spots(key, entry.spots), "heard": _stretches(key, run, entry.stretches)}
    for sense, shown in rows.items():
        if not shown:
            continue
        row = f"{name}_{sense}"
        players.gallery(shown, key=row, label=f"What is {sense}", size_px=CARD_PX, on_open=state.note_chosen)
        if chosen := state.noted(row):
            switch(MATCHMAP, {state.CATALOG: key.catalog, state.RUN: run.run, state.ITEM: chosen})


def _spots(key: Where, spots: "Sequence[Spot]") -> list[Card]:
    """Parts of pictures, everything else darkened."""
    made = []
    for spot in spots:
        base = cards.card(open_catalog(key.catalog).sample(spot.item), key, wanted=Modality.IMAGE)
        made.append(
            base
            | {
                "picture": f"data:image/jpeg;base64,{spot.picture}",
                "title": cards.spoken_name(spot.object),
                "caption": "",
                "sounds": [],
                "has": [],
            }
        )
    return made


def _stretches(key: Where, run: "RunKey", stretches: "Sequence[Stretch]") -> list[Card]:
    """Parts of captions; the button plays that part alone."""
    made = []
    for part in stretches:
        base = cards.card(open_catalog(key.catalog).sample(part.item), key, wanted=run.caption)
        span = f"#t={max(0.0, part.start_s - FADE_S):.2f},{part.end_s + FADE_S:.2f}"
        own = [sound | {"source": sound["source"] + span} for sound in base["sounds"]]
        made.append(
            base
            | {
                "title": " ".join(part.words),
                "caption": "" if run.caption is Modality.TEXT else f"{part.start_s:.1f} to {part.end_s:.1f} s",
                "sounds": own,
                "has": [],
            }
        )
    return made


def _answered(kind: Literal["concepts", "clusters"], key: Where, run: "RunKey", count: int) -> Any:
    """The answer; None while there is none, and what to do about it is shown."""
    from xmodal.recipes.discover import Question

    question = Question(kind=kind, run=run.run, data=key.catalog, pairs=count, epoch=run.epoch)
    found = run_cache.discovered(question)
    if found is None:
        _waiting(question.kind, count, Discovery(question))
    return found


def _waiting(kind: str, count: int, work: "Discovery") -> None:
    """A button that starts the work, or how far it is."""
    if work.state().running:
        _progress(work)
        return
    fault = work.state().fault
    if fault:
        page.problem("The last attempt failed.", fault, action="Try again", on_click=work.start, key=f"again_{kind}")
        return
    with st.container(border=True):
        st.markdown(WHY[kind])
        label = f"Look for {kind} in {page.counted(count, 'pair')}"
        st.button(label, key=f"start_{kind}", on_click=work.start, icon=":material/search:")


@st.fragment(run_every=1.0)
def _progress(work: "Discovery") -> None:
    now = work.state()
    if not now.running:
        st.rerun()
    share = min(1.0, now.done / now.total) if now.total else 0.0
    text = describe(now.stage or "Starting", now.done, now.total, now.elapsed_s, before=now.before)
    st.progress(share, text=text)
    st.caption("You may leave this page; the work goes on.")
