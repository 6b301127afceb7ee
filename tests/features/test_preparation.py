"""Pairs made ready once: real items, unreadable ones left out by name, interruptions made good."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.processes import PART_ITEMS, PREPARED, prepare_in_small_parts, server
from tests.ui.tiny_catalog import build
from xmodal.data import load
from xmodal.data.catalog import Catalog
from xmodal.data.importing import ImportRequest, import_catalog
from xmodal.data.media import Stored
from xmodal.data.sample import Sample
from xmodal.data.world.catalog import WorldItems
from xmodal.data.world.spec import WorldSpec
from xmodal.errors import InputError
from xmodal.features import preparation as module
from xmodal.features.log_mel import log_mel_of
from xmodal.features.preparation import ReadPair, Source, prepare, read_pair
from xmodal.features.prepared import INDEX, PairOptions, StoredPair
from xmodal.modality import Modality

WORLD = WorldItems(WorldSpec(seed=5, objects_min=1, objects_max=1), 4)
SMALL = PREPARED


@dataclass(frozen=True)
class _Some:
    """A few items of another source, with changes to some of them."""

    whole: Source
    count: int
    change: Callable[[int, Sample], Sample] = lambda _, sample: sample

    @property
    def digest(self) -> str:
        return f"{self.whole.digest} {self.count} {self.change.__name__}"

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, position: int, /) -> Sample:
        return self.change(position, self.whole[position])


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Item 7 has a broken picture."""
    folder = tmp_path_factory.mktemp("tiny")
    return build(folder / "catalogs", folder / "media")


def test_world_items_are_stored_as_they_are(tmp_path: Path) -> None:
    pairs = prepare(WORLD, SMALL, tmp_path)
    assert len(pairs) == 4
    assert pairs.index.ids == tuple(WORLD[place].id for place in range(4))
    assert pairs.index.left_out == ()
    for place in (3, 0):
        fresh = log_mel_of(load.waveform(WORLD[place], Modality.SPEECH), SMALL.spectrogram)[:, :200]
        stored = pairs.spectrogram(place)
        assert stored.dtype == np.float16
        assert stored.shape == (40, 200)
        assert np.abs(stored.astype(np.float32) - fresh).max() <= 80 * 2**-11  # half a last place of float16
        picture = read_pair(WORLD[place], SMALL).picture
        assert np.array_equal(pairs.picture(place), picture)
        assert min(picture.shape[:2]) == 32


def test_what_is_prepared_is_not_prepared_again(tmp_path: Path) -> None:
    first = prepare(WORLD, SMALL, tmp_path)
    stamp = (first.folder / INDEX).stat().st_mtime_ns
    assert prepare(WORLD, SMALL, tmp_path).folder == first.folder
    assert (first.folder / INDEX).stat().st_mtime_ns == stamp
    other = prepare(WORLD, SMALL.model_copy(update={"most_frames": 10}), tmp_path)
    assert other.folder != first.folder
    assert other.spectrogram(0).shape == (40, 10)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".parts")] == []


def test_texts_as_captions(tmp_path: Path) -> None:
    pairs = prepare(WORLD, SMALL.model_copy(update={"caption": Modality.TEXT}), tmp_path)
    assert [pairs.text(place) for place in range(4)] == [load.texts(WORLD[place]) for place in range(4)]
    assert pairs.spectrogram(0).shape == (40, 0)


def test_a_real_excerpt(realdata: Path, tmp_path: Path) -> None:
    photos = import_catalog(ImportRequest(realdata / "flickr8k", "flickr8k", {}, {}), tmp_path / "flickr8k")
    pairs = prepare(_Some(photos, 4), SMALL, tmp_path / "cache")
    assert len(pairs) == 4
    assert all(40 <= pairs.spectrogram(place).shape[1] <= 200 for place in range(4))
    assert {min(pairs.picture(place).shape[:2]) for place in range(4)} == {32}


def test_what_cannot_be_read_is_left_out_and_named(catalog: Catalog, tmp_path: Path) -> None:
    def change(place: int, sample: Sample) -> Sample:
        media = {**sample.media}
        if place == 2:
            del media[Modality.SPEECH]
        if place == 3:
            media[Modality.SPEECH] = Stored("not-there.wav")
        return replace(sample, media=media)

    pairs = prepare(_Some(catalog, 9, change), SMALL, tmp_path, workers_wanted=1)
    assert len(pairs) == 6
    reasons = dict(pairs.index.left_out)
    assert reasons.keys() == {"tiny/002", "tiny/003", "tiny/007"}
    assert "no speech" in reasons["tiny/002"]
    assert "no such file" in reasons["tiny/003"]
    assert pairs.index.ids[2] == "tiny/004"
    assert np.array_equal(pairs.picture(5), read_pair(catalog[8], SMALL).picture)


def test_worker_processes_make_the_same(catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = prepare(catalog, SMALL, tmp_path / "one", workers_wanted=1)
    monkeypatch.setattr(module, "PART_ITEMS", 40)  # two parts for two workers
    two = prepare(catalog, SMALL, tmp_path / "two", workers_wanted=2)
    assert one.index == two.index
    for name in ("pictures.npy", "shapes.npy", "captions.npy", "lengths.npy"):
        assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes()


def test_nothing_usable_is_an_error_until_it_is_repaired(catalog: Catalog, tmp_path: Path) -> None:
    media = catalog[0].roots[""]
    hidden = media.rename(media.with_name("elsewhere"))
    with pytest.raises(InputError, match=r"no pair of image and speech can be used: .*no such file"):
        prepare(_Some(catalog, 3), SMALL, tmp_path)
    hidden.rename(media)
    assert len(prepare(_Some(catalog, 3), SMALL, tmp_path)) == 3
    with pytest.raises(InputError, match="the data are empty"):
        prepare(_Some(catalog, 0), SMALL, tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"picture": "speech"}, "is not seen as a picture"), ({"caption": "image"}, "is no caption")],
)
def test_options_that_make_no_pair(change: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        PairOptions.model_validate(change)


def test_a_killed_preparation_goes_on(catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = server().Process(target=prepare_in_small_parts, args=(catalog.folder, tmp_path))
    child.start()
    while len(parts := list(tmp_path.glob("*.parts/0*"))) < 3 and child.is_alive():
        time.sleep(0.002)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert child.exitcode == -signal.SIGKILL
    monkeypatch.setattr(module, "PART_ITEMS", PART_ITEMS)
    made: list[int] = []
    original = read_pair

    def counted(sample: Sample, options: StoredPair) -> ReadPair:
        made.append(1)
        return original(sample, options)

    monkeypatch.setattr(module, "read_pair", counted)
    pairs = prepare(catalog, SMALL, tmp_path, workers_wanted=1)
    assert len(pairs) == 59
    assert len(made) <= 60 - PART_ITEMS * len(parts)
    monkeypatch.undo()
    whole = prepare(catalog, SMALL, tmp_path / "whole", workers_wanted=1)
    assert (whole.folder / "captions.npy").read_bytes() == (pairs.folder / "captions.npy").read_bytes()
    assert not list(tmp_path.glob("*.parts"))
