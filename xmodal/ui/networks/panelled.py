"""Panels for pages: the twelve of the gallery, those that people keep, and files of either."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from xmodal import workspace
from xmodal.modality import Modality
from xmodal.recipes import panels, saved_panels
from xmodal.recipes.gallery import SCORES, Gallery, Place, gallery
from xmodal.recipes.panel_export import Exported, preview_of
from xmodal.recipes.panels import Answered, Asked, Panel
from xmodal.recipes.saved_panels import Damaged
from xmodal.recipes.search_catalog import Collection, Filters
from xmodal.ui.catalogs import open_catalog
from xmodal.ui.given import Given, given
from xmodal.ui.networks.searched import Space

if TYPE_CHECKING:
    from xmodal.ui.retrieval.query_view import Asked as Query

Ask = Callable[[Modality, Given], np.ndarray]
"""Gives the vector of something that was brought."""


def twelve(space: Space, found: Collection) -> Gallery:
    """The gallery of a run over a catalog."""
    return gallery(found, Place(space.run.run, space.where.catalog, space.layer))


def saved(*, deleted: bool = False) -> tuple[Panel | Damaged, ...]:
    """Panels that people keep, or have deleted."""
    return saved_panels.saved(workspace.current(), deleted=deleted)


def fits(panel: Panel, space: Space) -> bool:
    """Whether a panel asks what is searched now."""
    return (panel.run, panel.catalog, panel.layer) == (space.run.run, space.where.catalog, space.layer)


def answered(panel: Panel, found: Collection, ask: Ask) -> Answered:
    """Ask a kept panel again.

    Raises:
        InputError: an item, a text or a file cannot be used any more.
    """
    return panels.answered(panel, found, lambda asked: ask(asked.sense, brought(asked)))


def brought(asked: Asked) -> Given:
    """The text or the file of a query.

    Raises:
        InputError: the file is gone or damaged.
    """
    return given(asked.text if asked.file is None else kept_file(asked.file))


def kept_file(name: str) -> bytes:
    """What was brought to a panel.

    Raises:
        InputError: it is gone or damaged.
    """
    return saved_panels.kept_file(name, workspace.current())


def save(
    name: str, space: Space, queries: "Sequence[tuple[Query, float]]", wanted: tuple[tuple[Modality, ...], int, Filters]
) -> Panel:
    """Keep what is asked as a panel; what was brought is kept with it.

    Args:
        name: for people.
        space: what is searched.
        queries: each with its weight.
        wanted: which senses answer (none: all), with how many items, and which items may.

    Raises:
        InputError, pydantic.ValidationError, OSError: the name is not plain, a file is too large, or the disk is full.
    """
    senses, many, filters = wanted
    asked = tuple(_asked(query, weight) for query, weight in queries)
    panel = Panel(
        name=name.strip(), run=space.run.run, catalog=space.where.catalog, layer=space.layer, asked=asked,
        senses=senses, many=many, split=filters.split, scene=filters.scene,
    )  # fmt: skip
    return saved_panels.save(panel, workspace.current())


def _asked(query: "Query", weight: float) -> Asked:
    if query.brought is None:
        return Asked(sense=query.sense, item=query.item, weight=weight)
    content = query.brought.content
    if isinstance(content, str):
        return Asked(sense=query.sense, text=content, weight=weight)
    assert isinstance(content, bytes)
    return Asked(sense=query.sense, file=saved_panels.keep_file(content, workspace.current()), weight=weight)


def rename(panel: str, name: str) -> None:
    """See `saved_panels.rename`."""
    saved_panels.rename(panel, name, workspace.current())


def delete(panel: str) -> None:
    """See `saved_panels.delete`."""
    saved_panels.delete(panel, workspace.current())


def restore(panel: str) -> None:
    """See `saved_panels.restore`."""
    saved_panels.restore(panel, workspace.current())


def preview(asked: Asked) -> bytes:
    """JPEG of a file that was asked with; of a sound its spectrogram.

    Raises:
        InputError: it is gone, damaged, or nothing of that sense.
    """
    return preview_of(saved_panels.medium_of(asked, workspace.current()))


def file(space: Space, shown: Sequence[Answered], suffix: str) -> bytes:
    """Panels as a page, a picture or a table.

    Raises:
        InputError: a file that was asked with is gone.
    """
    catalog = open_catalog(space.where.catalog)
    title = f"{space.run.run}: {space.where.catalog}"
    notes = (f"Best first, of {len(catalog):,} items. {SCORES}",)
    return Exported(title, notes, catalog, catalog.find, kept_file).content(shown, suffix)


def alone(panel: Panel, name: str = "") -> dict[str, str]:
    """Query parameters that show one panel alone: that of a name in the gallery, else a saved one by its id."""
    from xmodal.ui import state as addresses
    from xmodal.ui.retrieval import state

    return {**place(panel), addresses.VIEW: state.GALLERY_TAB, state.PANEL: name or panel.id}


def place(panel: Panel) -> dict[str, str]:
    """Query parameters of the run, the catalog and the layer that a panel asks."""
    from xmodal.ui import state as addresses
    from xmodal.ui.retrieval import state

    return {addresses.RUN: panel.run, addresses.CATALOG: panel.catalog, state.LAYER: panel.layer}


def address(panel: Panel) -> Mapping[str, str | list[str]]:
    """Query parameters that ask a panel's query on the page Retrieval, so that it can be changed there."""
    from xmodal.ui import state as addresses
    from xmodal.ui.retrieval import state

    found: dict[str, str | list[str]] = {**place(panel), addresses.VIEW: state.ASK_TAB}
    for where, asked in zip((state.FIRST, state.SECOND), panel.asked, strict=False):
        found |= state.asking(where, asked.sense, item=asked.item, text=asked.text, file=asked.file or "")
    if len(panel.asked) > 1:
        found |= {state.COMBINE: "true", state.SECOND.weight: f"{panel.asked[1].weight:.1f}"}
    if panel.senses:
        found[state.ANSWERS] = [sense.display for sense in panel.senses]
    narrowed = {addresses.SPLIT: panel.split.value if panel.split else "", addresses.SCENE: panel.scene or ""}
    return found | {key: value for key, value in narrowed.items() if value}
