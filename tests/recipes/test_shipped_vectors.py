"""Vectors that ship with a run: found without a job, never written to, and left alone when they are damaged."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.ui.tiny_catalog import build
from xmodal.data.catalog import Catalog
from xmodal.embeddings.table_index import TableKey
from xmodal.embeddings.vector_table import VectorTable
from xmodal.modality import Modality
from xmodal.progress import Progress
from xmodal.recipes import shipped_vectors
from xmodal.recipes.catalog_vectors import extract, finished_folder, folder_of, key_of
from xmodal.recipes.embedders import open_embedder
from xmodal.recipes.search_catalog import Part, open_collection
from xmodal.recipes.ship import ship
from xmodal.recipes.shipped_vectors import keep, shipped_folder
from xmodal.runs.run import Run, RunError
from xmodal.storage import file_sha256
from xmodal.workspace import Workspace


@dataclass(frozen=True)
class Shipped:
    catalog: Catalog
    run: Run
    key: TableKey
    own: VectorTable
    """What the workspace holds."""
    kept: VectorTable
    """What ships."""


class Heard(Progress):
    """Remembers every note."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        del done, total
        self.notes.append(stage + note)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    root = tmp_path_factory.mktemp("shipping")
    catalog, here = build(root / "catalogs", root / "media"), Workspace(root)
    run = ship(fresh_sense_run(here), root / "given away", unfinished=True)
    key = key_of(run, catalog)
    own = extract(open_embedder(run), catalog, key, here)
    return Shipped(catalog, run, key, own, keep(run, own))


def test_a_fresh_workspace_finds_them_and_they_answer_alike(shipped: Shipped, tmp_path: Path) -> None:
    here, heard = Workspace(tmp_path), Heard()
    before = {path: file_sha256(path) for path in shipped.run.folder.rglob("*") if path.is_file()}
    embedder = open_embedder(shipped.run)
    table = extract(embedder, shipped.catalog, shipped.key, here, heard)
    assert (table.folder, table.index.precision) == (shipped.kept.folder, "float16")
    assert finished_folder(shipped.run, shipped.key, here) == shipped.kept.folder
    assert heard.notes == []
    assert not here.cache.exists()
    assert {path: file_sha256(path) for path in shipped.run.folder.rglob("*") if path.is_file()} == before
    np.testing.assert_allclose(table.vectors, shipped.own.vectors, atol=1e-3)
    assert table.rows.to_pylist() == shipped.own.rows.to_pylist()
    assert [part.left_out for part in table.index.parts] == [part.left_out for part in shipped.own.index.parts]
    found = [open_collection(each, embedder.recipe) for each in (table, shipped.own)]
    query = Part(found[1].vector_of("tiny/012", Modality.TEXT))
    first, second = (each.search([query], Modality.IMAGE, 5)[0] for each in found)
    assert [hit.score for hit in first] == pytest.approx([hit.score for hit in second], abs=2e-3)


def test_those_of_the_workspace_come_first(shipped: Shipped) -> None:
    here = Workspace(shipped.catalog.folder.parents[1])
    assert finished_folder(shipped.run, shipped.key, here) == folder_of(shipped.key, here)
    assert extract(open_embedder(shipped.run), shipped.catalog, shipped.key, here).folder == shipped.own.folder


@pytest.mark.parametrize("file", ["vectors.f16", "rows-000000.arrow", "scales.safetensors"])
def test_damaged_ones_are_said_and_left_alone(shipped: Shipped, tmp_path: Path, file: str) -> None:
    path = shipped.kept.folder / file
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    try:
        heard = Heard()
        table = extract(open_embedder(shipped.run), shipped.catalog, shipped.key, Workspace(tmp_path), heard)
        assert table.folder == folder_of(shipped.key, Workspace(tmp_path))
        assert heard.notes[0].startswith("Reading the vectors that came with the run: not used")
        assert str(shipped.kept.folder) in heard.notes[0]
        assert path.read_bytes() == content[: len(content) // 2]
    finally:
        path.write_bytes(content)


def test_another_version_of_the_catalog_has_none(shipped: Shipped, tmp_path: Path) -> None:
    other = shipped.key.model_copy(update={"catalog": "another"})
    assert finished_folder(shipped.run, other, Workspace(tmp_path)) is None
    assert not shipped_folder(shipped.run, other).exists()


def test_too_many_do_not_ship(shipped: Shipped, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped_vectors, "MOST_BYTES", 1000)
    with pytest.raises(RunError, match="too many to ship: at most 1,000"):
        keep(shipped.run, shipped.own)
