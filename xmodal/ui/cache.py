"""The cache boundaries of the app: catalogs, selections and what is computed from them, keyed by version."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from xmodal import workspace
from xmodal.data.catalog import Catalog, CatalogError, Filter
from xmodal.data.report import Report
from xmodal.data.sample import Sample
from xmodal.data.statistics import Statistics, statistics_of
from xmodal.ui.catalogs import Broken, Summary, Where, open_catalog, richest, summarise, where
from xmodal.ui.views.masks import Regions, regions

HASHED: dict[str | type[Any], Callable[[Any], Any]] = {Filter: Filter.model_dump_json}
"""How a filter becomes part of a key."""


def key_of(name: str) -> Where:
    """The key of a catalog by name.

    Raises:
        CatalogError: there is none, or it is damaged.
    """
    return where(open_catalog(name))


def loaded() -> tuple[Summary | Broken, ...]:
    """Every catalog in the workspace: worlds first, then those with most modalities, then the rest by name."""
    found: list[Summary | Broken] = []
    for name in workspace.current().names():
        try:
            found.append(_summary(where(open_catalog(name))))
        except CatalogError as error:
            found.append(Broken(name, str(error)))
    return tuple(sorted(found, key=_order))


def _order(entry: Summary | Broken) -> tuple[bool, bool, int]:
    if isinstance(entry, Broken):
        return True, True, 0
    return False, entry.reader != "world", -len(entry.counts)


@st.cache_data(max_entries=64, show_spinner=False)
def _summary(key: Where) -> Summary:
    return summarise(open_catalog(key.catalog))


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=HASHED)
def selection(key: Where, wanted: Filter) -> Catalog:
    """The items that pass the filter."""
    catalog = open_catalog(key.catalog)
    return catalog if wanted == Filter() else catalog.select(wanted)


@st.cache_data(max_entries=16, show_spinner="Counting words and lengths", hash_funcs=HASHED)
def statistics(key: Where, wanted: Filter) -> Statistics:
    """Distributions over the items that pass the filter."""
    return statistics_of(selection(key, wanted).table)


@st.cache_data(max_entries=64, show_spinner=False)
def scenes(key: Where) -> tuple[str, ...]:
    """Scene labels, sorted."""
    return tuple(sorted(open_catalog(key.catalog).values("scene")))


@st.cache_data(max_entries=16, show_spinner=False)
def report(key: Where) -> Report:
    """What the import skipped."""
    return open_catalog(key.catalog).report()


@st.cache_data(max_entries=256, show_spinner=False)
def mask_regions(key: Where, item: str) -> Regions | None:
    """Names, colours and areas of an item's label map; None if it has none or it is broken."""
    sample = open_catalog(key.catalog).sample(item)
    try:
        return regions(sample) if sample.truth.label_map is not None else None
    except MediaError:
        return None


@st.cache_data(max_entries=16, show_spinner=False)
def showcase(key: Where) -> Sample | None:
    """One item with as many senses as there are."""
    return richest(open_catalog(key.catalog))


@st.cache_data(ttl=20, max_entries=4, show_spinner=False)
def sizes(root: Path) -> dict[str, int]:
    """Bytes on disk of the workspace's parts; counted anew after 20 s."""
    return dict(workspace.Workspace(root).sizes())
