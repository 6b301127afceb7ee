"""Vectors of a whole catalog: complete, resumable, keyed; and what is found in them."""

import io
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.recipes.fresh_run import fresh_run
from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.ui.tiny_catalog import ITEMS, SCENES, build
from xmodal.data import encode, load
from xmodal.data.catalog import Catalog, Filter
from xmodal.data.sample import Sample, Split, Waveform
from xmodal.embeddings import sense_scales
from xmodal.embeddings.sense_scales import SenseScales, load_scales
from xmodal.embeddings.table_index import TableKey
from xmodal.embeddings.vector_table import VectorTable
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.progress import Progress
from xmodal.recipes import catalog_vectors
from xmodal.recipes.catalog_vectors import extract, folder_of, key_of, source_named, state_of
from xmodal.recipes.embedder import Embedder, Medium
from xmodal.recipes.embedders import open_embedder
from xmodal.recipes.query_files import medium_in, recognised
from xmodal.recipes.search_catalog import Collection, Filters, Part, open_collection
from xmodal.workspace import Workspace


@dataclass(frozen=True)
class Setup:
    here: Workspace
    catalog: Catalog
    embedder: Embedder
    key: TableKey
    table: VectorTable

    @property
    def collection(self) -> Collection:
        return open_collection(self.table, self.embedder.recipe)


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    root = tmp_path_factory.mktemp("searched")
    catalog, here = build(root / "catalogs", root / "media"), Workspace(root)
    run = fresh_sense_run(here)
    embedder, key = open_embedder(run), key_of(run, catalog)
    assert state_of(key, here) is None
    return Setup(here, catalog, embedder, key, extract(embedder, catalog, key, here))


def test_every_entry_has_a_row_and_the_broken_one_a_reason(setup: Setup) -> None:
    senses = [row["modality"] for row in setup.table.rows.to_pylist()]
    assert senses.count("image") == ITEMS - 1
    assert senses.count("sound") == ITEMS
    unread = 1  # item 8: markup without a known word
    assert senses.count("text") == ITEMS - unread
    assert set(senses) == {"image", "sound", "text"}
    faults = dict(setup.collection.left_out)
    assert faults.keys() == {"tiny/007", "tiny/008"}
    assert faults["tiny/007"].startswith("image: picture is damaged")
    assert "none of these words" in faults["tiny/008"]
    row = setup.table.row(0)
    assert (row.id, row.position, row.split, row.scene) == ("tiny/000", 0, Split.TRAIN, SCENES[0])


def test_features_have_zero_mean_before_they_have_unit_length(setup: Setup) -> None:
    scales = load_scales(setup.table.folder)
    assert scales.of.keys() == {Modality.IMAGE, Modality.SOUND, Modality.TEXT}
    samples = [setup.catalog[place] for place in range(ITEMS) if place != 7]
    ready = [setup.embedder.ready(Modality.IMAGE, load.picture(sample, Modality.IMAGE)) for sample in samples]
    raw = setup.embedder.vectors(Modality.IMAGE, ready, "hidden2")
    np.testing.assert_allclose(scales.of[Modality.IMAGE].mean, raw.mean(axis=0), atol=1e-5)
    expected = (raw - raw.mean(0)) / np.where(raw.std(0) > 0, raw.std(0), np.inf)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    own = [place for place, row in enumerate(setup.table.rows.to_pylist()) if row["modality"] == "image"]
    assert (np.sum(setup.table.vectors[own] * expected, axis=1) > 0.999).all()


def test_sounds_that_are_all_alike_say_nothing(setup: Setup) -> None:
    found = setup.collection
    with pytest.raises(InputError, match="says nothing to this network"):
        found.search([Part(found.vector_of("tiny/012", Modality.SOUND))], Modality.IMAGE, 5)


def test_a_sense_that_the_catalog_lacks_is_scaled_like_the_others(setup: Setup) -> None:
    scales = load_scales(setup.table.folder)
    vectors = np.ones((1, setup.table.dim), np.float32)
    found = scales.transform(Modality.SKETCH, vectors)
    means = np.stack([each.mean for each in scales.of.values()]).mean(0)
    assert np.sign(found[0]).tolist() == np.sign((1 - means) * (found[0] != 0)).tolist()
    assert (SenseScales({}).transform(Modality.SKETCH, vectors) == vectors).all()
    few = sense_scales.fit_scales({Modality.IMAGE: np.ones((sense_scales.FEWEST - 1, 3), np.float32)})
    assert not few.of


class _EnoughError(Exception):
    pass


class _Interrupts(Progress):
    """Ends the work at an item of the second part."""

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        del total, note
        if stage.startswith("Embedding") and done >= 25:
            raise _EnoughError


def test_what_was_interrupted_goes_on_and_comes_out_alike(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_vectors, "PART_ITEMS", 20)
    monkeypatch.setattr(catalog_vectors, "SCALED_BY", 12)
    here = Workspace(tmp_path)
    with pytest.raises(_EnoughError):
        extract(setup.embedder, setup.catalog, setup.key, here, _Interrupts())
    state = state_of(setup.key, here)
    assert state is not None
    assert (state.complete, [part.items_done for part in state.parts]) == (False, [20])
    told: list[int] = []

    class Notes(Progress):
        def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
            assert (stage, total, note) == ("Embedding image, sound and text", ITEMS, "")
            told.append(done)

    resumed = extract(setup.embedder, setup.catalog, setup.key, here, Notes())
    assert (told[0], told[-1], told) == (20, ITEMS, sorted(told))
    whole = extract(setup.embedder, setup.catalog, setup.key, Workspace(tmp_path / "whole"))
    np.testing.assert_allclose(resumed.vectors, whole.vectors, atol=1e-5)
    assert resumed.rows.equals(whole.rows)
    again = extract(setup.embedder, setup.catalog, setup.key, here, _Interrupts())  # nothing is left to do
    assert again.digest == resumed.digest


def test_the_key_is_of_weights_layer_catalog_and_words(setup: Setup) -> None:
    run = setup.embedder.run
    assert key_of(run, setup.catalog) == setup.key == key_of(run, setup.catalog, layer="hidden2")
    others = [key_of(run, setup.catalog, layer="joint"), key_of(run, source_named("world:seed=7", setup.here, items=5))]
    assert len({key.digest for key in (setup.key, *others)}) == 3
    assert source_named("tiny", setup.here).digest == setup.catalog.digest
    with pytest.raises(InputError, match="no layer 'conv9'; it has joint, hidden1, hidden2, scores"):
        key_of(run, setup.catalog, layer="conv9")
    words = run.folder / "words" / "vectors.json"
    before = words.read_bytes()
    words.write_bytes(before + b" ")
    assert key_of(run, setup.catalog) != setup.key
    words.write_bytes(before)
    assert folder_of(setup.key, setup.here) == setup.table.folder


def test_data_without_anything_to_search_says_so(setup: Setup, tmp_path: Path) -> None:
    run = fresh_run(Workspace(tmp_path / "w"))
    embedder = open_embedder(run)

    class Mute:
        digest = "mute"

        def __len__(self) -> int:
            return 3

        def __getitem__(self, position: int, /) -> Sample:
            return Sample(f"mute/{position}", Split.TEST, {})

    with pytest.raises(InputError, match="no item has image or speech"):
        extract(embedder, Mute(), key_of(run, Mute()), setup.here)
    assert state_of(key_of(run, Mute()), setup.here) is None


def test_an_item_finds_itself_first_and_answers_are_in_every_sense(setup: Setup) -> None:
    found = setup.collection
    assert found.senses == (Modality.IMAGE, Modality.SOUND, Modality.TEXT)
    vector = found.vector_of("tiny/012", Modality.IMAGE)
    hits, recall = found.search([Part(vector)], Modality.IMAGE, 5)
    assert (hits[0].item, hits[0].position, recall) == ("tiny/012", 12, 1.0)
    assert hits[0].score == pytest.approx(1.0)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for sense in found.senses:
        answers, _ = found.search([Part(vector)], sense, 5)
        assert len({hit.item for hit in answers}) == 5
        assert {hit.modality for hit in answers} == {sense}


def test_an_upload_of_an_item_is_the_item(setup: Setup) -> None:
    found, sample = setup.collection, setup.catalog[3]
    media: dict[Modality, Medium] = {
        Modality.IMAGE: load.picture(sample, Modality.IMAGE),
        Modality.SOUND: load.waveform(sample, Modality.SOUND),
        Modality.TEXT: load.texts(sample)[0],
    }
    for sense, medium in media.items():
        vector = found.embedded(setup.embedder, sense, medium)
        own = found.vector_of(sample.id, sense)
        assert float(vector @ own) == pytest.approx(float(np.linalg.norm(vector)), rel=1e-3)


def test_filters_and_combinations(setup: Setup) -> None:
    found = setup.collection
    one, two = (found.vector_of(item, Modality.IMAGE) for item in ("tiny/001", "tiny/002"))
    hits, _ = found.search([Part(one)], Modality.IMAGE, ITEMS, Filters(Split.TEST, "forest"))
    expected = setup.catalog.select(Filter(split=Split.TEST, scene="forest")).column("id").to_pylist()
    assert sorted(hit.item for hit in hits) == sorted(expected)
    both, _ = found.search([Part(one), Part(two, -1.0)], Modality.IMAGE, ITEMS)
    places = [hit.item for hit in both]
    assert places.index("tiny/001") < places.index("tiny/002")
    with pytest.raises(InputError, match="cancel each other out"):
        found.search([Part(one), Part(one, -1.0)], Modality.IMAGE, 3)


@pytest.mark.parametrize(
    ("item", "said"),
    [("tiny/007", "'tiny/007' cannot be asked with as image: picture is damaged"), ("nobody", "there is no such item")],
)
def test_an_item_without_a_vector_says_why(setup: Setup, item: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        setup.collection.vector_of(item, Modality.IMAGE)


def test_files_are_known_by_their_content() -> None:
    tone = Waveform(np.sin(np.arange(8000) * 0.2).astype(np.float32), 8000)
    picture, sound = encode.png(np.zeros((9, 9, 3), np.uint8)), encode.wav(tone)
    senses = (Modality.SKETCH, Modality.SPEECH)
    assert recognised(io.BytesIO(picture), senses)[0] is Modality.SKETCH
    sense, medium = recognised(io.BytesIO(sound), senses)
    assert sense is Modality.SPEECH
    assert isinstance(medium, Waveform)
    _, half = recognised(io.BytesIO(sound[: len(sound) // 2]), senses)
    assert isinstance(half, Waveform)
    assert 0.4 < half.duration_s < 0.5
    with pytest.raises(InputError, match=r"neither a picture .* nor a recording"):
        recognised(io.BytesIO(b"nothing of the kind"), senses)
    with pytest.raises(InputError, match="a recording is nothing to this network: it takes text"):
        recognised(io.BytesIO(sound), (Modality.TEXT,))
    with pytest.raises(InputError, match="not a picture"):
        medium_in(io.BytesIO(sound), Modality.IMAGE)


def test_a_file_of_300_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.truncate(300 << 20)  # a hole: no disk is used
    tracemalloc.start()
    try:
        with path.open("rb") as file, pytest.raises(InputError, match="the file has 300 MB: at most 100 MB can be"):
            recognised(file, (Modality.IMAGE, Modality.SOUND))
        with path.open("rb") as file, pytest.raises(InputError, match="the file has 300 MB"):
            medium_in(file, Modality.SOUND)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
