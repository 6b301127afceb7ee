"""Every direction between two senses from stored vectors: who competes, what was trained, who is missed most."""

from pathlib import Path

import numpy as np
import pytest

from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.ui.tiny_catalog import ITEMS, build
from xmodal.data.sample import Split
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.recipes.catalog_vectors import extract, key_of
from xmodal.recipes.directions import Competing, Direction, as_rows, directions, learned_pairs
from xmodal.recipes.embedders import open_embedder
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.search_catalog import Collection, open_collection
from xmodal.workspace import Workspace

Measured = tuple[Collection, Recipe]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    root: Path = tmp_path_factory.mktemp("directions")
    catalog, here = build(root / "catalogs", root / "media"), Workspace(root)
    run = fresh_sense_run(here)
    embedder = open_embedder(run)
    return open_collection(extract(embedder, catalog, key_of(run, catalog), here), embedder.recipe), embedder.recipe


def named(found: tuple[Direction, ...]) -> dict[str, Direction]:
    return {each.name: each for each in found}


def test_trained_directions_are_told_from_others(measured: Measured) -> None:
    found = directions(*measured, Competing(split=None, n=ITEMS))
    assert len(found) == 6
    never = {each.name for each in found if not each.trained}
    assert never == {"sound_to_text", "text_to_sound"}
    assert frozenset((Modality.IMAGE, Modality.SOUND)) in learned_pairs(measured[1])
    rows = as_rows(found)
    assert [row["trained"] for row in rows].count(False) == 2
    assert {"median_rank", "mean_average_precision", "chance_precision"} <= rows[0].keys()
    assert {row.keys() == rows[0].keys() for row in rows} == {True}


def test_ranks_are_those_of_search(measured: Measured) -> None:
    collection, _ = measured
    each = named(directions(*measured, Competing(split=None, n=ITEMS)))["image_to_sound"]
    assert "tiny/007" not in each.items  # its picture is damaged
    assert len(each.items) == ITEMS - 1
    ranks = dict(zip(each.items, each.scores.retrieval.ranks.tolist(), strict=True))
    worst = list(each.worst())
    assert [rank for _, rank, _ in worst] == sorted(ranks.values(), reverse=True)
    places = {row["id"]: place for place, row in enumerate(collection.table.rows.to_pylist())
              if row["modality"] == "sound"}  # fmt: skip
    for item, rank, first in worst[:5]:
        query = collection.vector_of(item, Modality.IMAGE)
        scores = {name: float(collection.table.vectors[places[name]] @ query) for name in each.items}
        assert rank == ranks[item] == pytest.approx(sum(score >= scores[item] for score in scores.values()), abs=1)
        assert scores[first] == pytest.approx(max(scores.values()), abs=1e-6)


def test_the_seed_draws_who_competes(measured: Measured) -> None:
    one, same, other = (
        named(directions(*measured, Competing(split=Split.TEST, n=5, seed=seed)))["sound_to_text"] for seed in (0, 0, 1)
    )
    assert one.items == same.items != other.items
    np.testing.assert_array_equal(one.scores.retrieval.ranks, same.scores.retrieval.ranks)
    assert len(one.items) == 5
    rows = measured[0].table.rows.to_pylist()
    assert {row["split"] for row in rows if row["id"] in one.items} == {"test"}
    assert list(one.items) == sorted(one.items)


@pytest.mark.parametrize("competing", [Competing(n=1), Competing(split=Split.TEST, n=0)])
def test_fewer_than_two_cannot_compete(measured: Measured, competing: Competing) -> None:
    with pytest.raises(InputError, match="at least 2 items"):
        directions(*measured, competing)
