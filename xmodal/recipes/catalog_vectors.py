"""Vectors of everything in a catalog that a run has a sense for, on disk: made once, used by every search.

They lie in the workspace's cache, in a folder named after the weights, the layer, the catalog and all that decides how
media are read: another checkpoint or another version of the data has another folder. `extract` goes on where it was
stopped. Where the workspace has none, those that came with the run count (`shipped_vectors`).

Features of a network that is compared at zero mean and unit variance are stored so (`sense_scales`).
"""

import contextlib
import shutil
from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from xmodal.data import workers
from xmodal.embeddings.sense_scales import SenseScales, fit_scales, load_scales
from xmodal.embeddings.table_index import TableIndex, TableKey, read_index, table_folder
from xmodal.embeddings.table_writer import TableWriter
from xmodal.embeddings.vector_table import VectorTable
from xmodal.errors import InputError
from xmodal.features.preparation import Source
from xmodal.modality import Modality
from xmodal.progress import Progress, Silent
from xmodal.recipes.embedder import Embedder, default_layer, layers_of, listed, scaled, senses_of, width_of
from xmodal.recipes.item_vectors import ItemVectors, Reading
from xmodal.recipes.networks import VOCABULARY, recipe_of
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.sense_data import WORDS
from xmodal.recipes.shipped_vectors import shipped_folder, shipped_index, shipped_table
from xmodal.recipes.sources import catalog_of, data_of, source_of
from xmodal.runs import index as checkpoints
from xmodal.runs.run import Run, RunError
from xmodal.storage import digest, file_sha256
from xmodal.workspace import Workspace

PART_ITEMS = 128
"""Items of one part: what an interruption loses at most."""
SCALED_BY = 500
"""Items, spread over the catalog, whose vectors tell the scale of each sense."""
WORLD_ITEMS = 1000
"""Of a world that is named without a number."""
READ = {"picture", "pair", "pairs", "text"}
"""Fields of recipes that decide how media are read."""


def source_named(name: str, workspace: Workspace, *, items: int = WORLD_ITEMS) -> Source:
    """A catalog by its name or folder, whole, or the first items of a world such as `world:seed=7`.

    Raises:
        CatalogError: there is no such catalog.
        pydantic.ValidationError: a setting that the world does not have.
    """
    data = data_of(name, items=items)
    return source_of(data, workspace) if isinstance(data, WorldData) else catalog_of(name, workspace)


def key_of(run: Run, source: Source, *, layer: str = "", epoch: int | None = None) -> TableKey:
    """What the vectors of a run's layer (empty: `default_layer`) are of; no network is loaded.

    Raises:
        RunError: a run whose senses share no space, or no such weights.
        CheckpointError: a damaged index of the weights.
        InputError: no such layer.
    """
    recipe = recipe_of(run)
    if not senses_of(recipe):
        raise RunError(f"{run.name} cannot be searched with: its pictures and sounds share no space")
    if layer and layer not in layers_of(recipe):
        raise InputError(f"{run.name} has no layer {layer!r}; it has {', '.join(layers_of(recipe))}")
    words = [path for path in (run.folder / VOCABULARY, *sorted((run.folder / WORDS).glob("*"))) if path.is_file()]
    return TableKey(
        weights=checkpoints.read_index(run.checkpoint(epoch)).files["model.safetensors"],
        layer=layer or default_layer(recipe),
        catalog=source.digest,
        modalities=senses_of(recipe),
        details=digest(recipe.model_dump_json(include=READ), *map(file_sha256, words)),
    )


def command_of(run: str, data: str, *, layer: str = "", epoch: int | None = None) -> tuple[str, ...]:
    """The command, after `python -m xmodal`, that computes the vectors."""
    options = [*(["--layer", layer] if layer else []), *([] if epoch is None else ["--epoch", str(epoch)])]
    return ("embed", run, "--data", data, *options)


def folder_of(key: TableKey, workspace: Workspace) -> Path:
    """Where the vectors lie, or will lie."""
    return table_folder(workspace.cache / "vectors", key)


def state_of(key: TableKey, workspace: Workspace) -> TableIndex | None:
    """How far the vectors are; None: there are none that can be used or gone on with."""
    try:
        found = read_index(folder_of(key, workspace))
    except InputError:
        return None
    return found if found.key == key else None


def finished_folder(run: Run, key: TableKey, workspace: Workspace) -> Path | None:
    """Where finished vectors lie: in the workspace, else beside the run's weights; None: nowhere."""
    own = state_of(key, workspace)
    if own is not None and own.complete:
        return folder_of(key, workspace)
    return None if shipped_index(run, key) is None else shipped_folder(run, key)


def extract(
    embedder: Embedder, source: Source, key: TableKey, workspace: Workspace, progress: Progress | None = None
) -> VectorTable:
    """The vectors, computed unless they are there; who asks while another process computes them waits. Damaged ones
    that came with the run are said and left alone.

    Raises:
        InputError: no item has anything that the run takes.
        OSError: the disk is full.
    """
    progress = progress or Silent()
    shipped = _shipped(embedder.run, key, workspace, progress)
    return shipped or _extracted(embedder, source, key, workspace, progress)


def _shipped(run: Run, key: TableKey, workspace: Workspace, progress: Progress) -> VectorTable | None:
    """What came with the run, unless the workspace has its own."""
    own = state_of(key, workspace)
    if own is not None and own.complete:
        return None
    try:
        return shipped_table(run, key)
    except InputError as error:
        progress.update("Reading the vectors that came with the run", 1, 1, note=f": not used, {error}")
        return None


def _extracted(
    embedder: Embedder, source: Source, key: TableKey, workspace: Workspace, progress: Progress
) -> VectorTable:
    folder = folder_of(key, workspace)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TableWriter(folder, key, dim=width_of(embedder.recipe, key.layer)) as writer:
        if not writer.complete:
            _fill(writer, Reading(embedder, source, key.layer), progress)
            if not writer.rows:
                faults = [why for part in read_index(folder).parts for _, why in part.left_out]
                shutil.rmtree(folder)
                why = faults[0] if faults else f"no item has {listed(key.modalities, 'or')}"
                raise InputError(f"nothing here can be searched by {embedder.run.name}: {why}")
            writer.finish()
    return VectorTable(folder, key=key)


def _fill(writer: TableWriter, reading: Reading, progress: Progress) -> None:
    stage, count = f"Embedding {listed(reading.embedder.senses)}", len(reading.source)
    with ThreadPoolExecutor(workers.count(0, count)) as pool:
        scales, known = _scales(writer.folder, reading, pool, progress)
        for first in range(writer.items_done, count, PART_ITEMS):
            places = range(first, min(first + PART_ITEMS, count))
            missing = [place for place in places if place not in known]
            found = {**known, **reading.read(missing, pool, progress, stage)}
            _append(writer, [found[place] for place in places], scales, places.stop)
    progress.update(stage, count, count)


def _append(writer: TableWriter, items: list[ItemVectors], scales: SenseScales, items_done: int) -> None:
    rows = [row for item in items for row in item.rows]
    vectors = np.concatenate([item.vectors for item in items])
    for sense in {row.modality for row in rows}:
        own = [place for place, row in enumerate(rows) if row.modality is sense]
        vectors[own] = scales.transform(sense, vectors[own])
    writer.append(vectors, rows, items_done=items_done, left_out=[fault for item in items for fault in item.faults])


def _scales(
    folder: Path, reading: Reading, pool: Executor, progress: Progress
) -> tuple[SenseScales, Mapping[int, ItemVectors]]:
    """The scale of each sense, and the items that were read for it; none are where the scales are known."""
    if not scaled(reading.embedder.recipe):
        return SenseScales({}), {}
    with contextlib.suppress(InputError):
        return load_scales(folder), {}
    count = len(reading.source)
    places = np.unique(np.linspace(0, count - 1, min(count, SCALED_BY)).astype(int)).tolist()
    known = reading.read(places, pool, progress, "Measuring the scale of each sense")
    by_sense: dict[Modality, list[np.ndarray]] = {}
    for item in known.values():
        for row, vector in zip(item.rows, item.vectors, strict=True):
            by_sense.setdefault(row.modality, []).append(vector)
    scales = fit_scales({sense: np.stack(vectors) for sense, vectors in by_sense.items()})
    scales.save(folder)
    return scales, known
