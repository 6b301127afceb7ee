"""Why something was found, and what the units of the shared layer fire at."""

from collections import Counter
from pathlib import Path

import pytest

from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.ui.tiny_catalog import build
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.recipes.catalog_vectors import extract, key_of
from xmodal.recipes.embedders import open_embedder
from xmodal.recipes.explained import TELLING, units_at, why
from xmodal.recipes.search_catalog import Collection, Part, open_collection
from xmodal.workspace import Workspace


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    root: Path = tmp_path_factory.mktemp("explained")
    catalog, here = build(root / "catalogs", root / "media"), Workspace(root)
    run = fresh_sense_run(here)
    embedder = open_embedder(run)
    return open_collection(extract(embedder, catalog, key_of(run, catalog), here), embedder.recipe)


def test_every_answer_can_be_explained_by_the_score_it_was_found_with(collection: Collection) -> None:
    parts = [Part(collection.vector_of("tiny/012", Modality.IMAGE))]
    for sense in collection.senses:
        for hit in collection.search(parts, sense, 3)[0]:
            found = why(collection, parts, hit.item, sense)
            assert (found.hit.item, found.hit.text) == (hit.item, hit.text)
            assert found.shared.cosine == pytest.approx(hit.score, abs=1e-5)
    with pytest.raises(InputError, match="'tiny/007' has no vector as image"):
        why(collection, parts, "tiny/007", Modality.IMAGE)


def test_what_a_unit_fires_at_is_what_a_loop_over_all_rows_finds(collection: Collection) -> None:
    table = collection.table
    silent = 0
    for told in units_at(collection, range(table.dim)):
        scenes = Counter[str]()
        for sense, hits in told.strongest.items():
            best: dict[str, float] = {}
            for place in range(len(table)):
                row, entry = table.row(place), float(table.vectors[place, told.unit])
                if row.modality is sense and entry > best.get(row.id, 0.0):
                    best[row.id] = entry
            expected = sorted(best.values(), reverse=True)[:TELLING]
            assert [hit.score for hit in hits] == pytest.approx(expected, abs=1e-5)
            assert [best[hit.item] for hit in hits] == pytest.approx(expected, abs=1e-5)
            scenes.update(hit.scene or "" for hit in hits)
        silent += not scenes
        assert scenes[told.scene] == max(scenes.values(), default=0)
        assert told.scene_share == pytest.approx(scenes[told.scene] / max(1, scenes.total()))
    assert 0 < silent < table.dim
    assert units_at(collection, []) == ()
