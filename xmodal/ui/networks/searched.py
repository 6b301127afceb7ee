"""Runs that can be searched with, and their vectors of catalogs, for pages."""

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xmodal import workspace
from xmodal.embeddings.table_index import INDEX, TableKey
from xmodal.embeddings.vector_table import VectorTable
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.progress import Progress
from xmodal.recipes import catalog_vectors
from xmodal.recipes import directions as measuring
from xmodal.recipes.embedder import Embedder, Medium, default_layer, layers_of, senses_of, why_not
from xmodal.recipes.embedders import open_embedder
from xmodal.recipes.networks import find_run, recipe_of, run_names
from xmodal.recipes.search_catalog import Collection, open_collection
from xmodal.runs.index import read_index
from xmodal.runs.places import SHIPPED
from xmodal.ui.catalogs import Where, open_catalog
from xmodal.ui.networks.trained import Unusable


@dataclass(frozen=True)
class SearchRun:
    """One network to search with."""

    run: str
    weights: str
    """SHA-256 of the weights."""
    title: str
    senses: tuple[Modality, ...]
    """What it takes and finds."""
    refused: tuple[tuple[Modality, str], ...]
    """Every other sense, and why it does not take it."""
    layers: tuple[str, ...]
    layer: str
    """The one that is compared unless another is chosen."""
    shipped: bool = False
    """It comes with the product."""


@dataclass(frozen=True)
class Space:
    """Which vectors: those of a catalog by one layer of a run."""

    run: SearchRun
    where: Where
    layer: str

    @property
    def key(self) -> TableKey:
        """Of the table of vectors.

        Raises:
            RunError, CheckpointError, CatalogError: the run or the catalog is gone or damaged.
        """
        run = find_run(self.run.run, workspace.current())
        return catalog_vectors.key_of(run, open_catalog(self.where.catalog), layer=self.layer)

    @property
    def command(self) -> tuple[str, ...]:
        """What computes the vectors."""
        layer = "" if self.layer == self.run.layer else self.layer
        return catalog_vectors.command_of(self.run.run, self.where.catalog, layer=layer)


class Network:
    """A loaded network, shared by all visitors: one asks at a time."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self._lock = embedder, threading.Lock()

    def vector(self, collection: Collection, sense: Modality, medium: Medium) -> np.ndarray:
        """See `Collection.embedded`."""
        with self._lock:
            return collection.embedded(self._embedder, sense, medium)

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """See `Embedder.unknown_words`."""
        return self._embedder.unknown_words(text)


def runs() -> tuple[SearchRun | Unusable, ...]:
    """Every run whose senses share a space, those with most senses first, of these the shipped ones; left out are runs
    that have saved nothing yet, and those that learned labels alone."""
    found = [each for name in run_names(workspace.current()) if (each := _run(name)) is not None]
    return tuple(sorted(found, key=_order))


def _order(run: SearchRun | Unusable) -> tuple[int, bool]:
    return (-len(run.senses), not run.shipped) if isinstance(run, SearchRun) else (1, False)


def _run(name: str) -> SearchRun | Unusable | None:
    try:
        run = find_run(name, workspace.current())
        recipe = recipe_of(run)
        if not senses_of(recipe) or not run.checkpoints:
            return None
        weights = read_index(run.checkpoint()).files["model.safetensors"]
    except (InputError, KeyError, OSError) as error:
        return Unusable(name, str(error))
    senses = senses_of(recipe)
    refused = tuple((sense, why_not(recipe, sense)) for sense in Modality if sense not in senses)
    shipped = run.folder.parent == SHIPPED
    return SearchRun(
        run.name, weights, recipe.title, senses, refused, layers_of(recipe), default_layer(recipe), shipped
    )


def network(key: SearchRun) -> Network:
    """The network of a run.

    Raises:
        RunError, CheckpointError: it cannot be used.
    """
    return Network(open_embedder(find_run(key.run, workspace.current())))


def trace(space: Space) -> tuple[Path, int] | None:
    """The index of the vectors and when it was written (ns); None: they are not there, or not finished."""
    here = workspace.current()
    folder = catalog_vectors.finished_folder(find_run(space.run.run, here), space.key, here)
    return None if folder is None else (folder / INDEX, (folder / INDEX).stat().st_mtime_ns)


def opened(space: Space, index: Path) -> Collection:
    """The vectors whose index that is, ready for search.

    Raises:
        TableError: they are damaged.
    """
    run = find_run(space.run.run, workspace.current())
    table = VectorTable(index.parent, key=space.key)
    return open_collection(table, recipe_of(run))


def directions(
    space: Space, found: Collection, competing: measuring.Competing, progress: Progress
) -> tuple[measuring.Direction, ...]:
    """See `recipes.directions.directions`.

    Raises:
        InputError: there is nothing to measure.
    """
    recipe = recipe_of(find_run(space.run.run, workspace.current()))
    return measuring.directions(found, recipe, competing, progress)
