"""A world on disk: the same digest whatever happens on the way, disjoint shards, modalities alone."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from xmodal.data import load
from xmodal.data.catalog import Catalog
from xmodal.data.sample import Split
from xmodal.data.world.build import WorldBuild, build, build_item, is_built
from xmodal.data.world.spec import WorldSpec
from xmodal.modality import Modality

PICTURES = (Modality.SKETCH, Modality.CLIP_ART, Modality.TEXT)


def _request(**changes: object) -> WorldBuild:
    """A quick build: 24 px drawings and text."""
    return WorldBuild.model_validate({"items": 6, "size_px": 24, "modalities": PICTURES, "workers": 1} | changes)


def _command(folder: Path, *, items: int, workers: int) -> list[str]:
    words = (
        f"-m xmodal world build --items {items} --size-px 24 --modalities sketch,text --workers {workers} --json --out"
    )
    return [sys.executable, *words.split(), str(folder)]


def test_an_interrupted_build_goes_on_and_ends_like_any_other(tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed" / "world", tmp_path / "whole" / "world"
    with subprocess.Popen(_command(killed, items=60, workers=2), stderr=subprocess.DEVNULL) as process:
        while len(list(killed.glob("media/*/*/*.json"))) < 12:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    done = len(list(killed.glob("media/*/*/*.json")))
    assert 12 <= done < 58, "it was interrupted in the middle"
    assert not (killed / "catalog.json").exists()
    before = {path: path.stat().st_mtime_ns for path in killed.glob("media/*/*/*.json")}
    again = subprocess.run(_command(killed, items=16, workers=1), capture_output=True, text=True, timeout=120)
    assert again.returncode == 0, again.stderr
    assert all(path.stat().st_mtime_ns == time_ns for path, time_ns in before.items()), "finished items are kept"
    request = WorldBuild(items=16, size_px=24, modalities=(Modality.SKETCH, Modality.TEXT), workers=1)
    assert json.loads(again.stdout)["digest"] == build(request, whole).digest
    for path in sorted(whole.rglob("*.png")):
        assert path.read_bytes() == (killed / path.relative_to(whole)).read_bytes()
    assert not list(killed.rglob(".*.json*")) or done < 58


def test_no_worker_outlives_a_killed_build(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    with subprocess.Popen(_command(folder, items=2000, workers=2), stderr=subprocess.DEVNULL) as process:
        while not list(folder.glob("media/*/*/*.json")):
            assert process.poll() is None
            time.sleep(0.02)
        children = _children(process.pid)
        process.send_signal(signal.SIGKILL)
    assert len(children) >= 2
    until_s = time.monotonic() + 10
    while (left := [child for child in children if _runs(child)]) and time.monotonic() < until_s:
        time.sleep(0.05)
    assert left == []


def _children(parent: int) -> list[int]:
    return [int(number) for number in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _runs(process: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_disjoint_ranges_are_disjoint_shards_of_one_world(tmp_path: Path) -> None:
    whole = build(_request(items=8), tmp_path / "whole")
    parts = [build(_request(items=4, first=first), tmp_path / f"part-{first}") for first in (0, 4)]
    ids = [[sample.id for sample in part] for part in parts]
    assert set(ids[0]).isdisjoint(ids[1])
    assert ids[0] + ids[1] == [sample.id for sample in whole]
    for position, sample in enumerate(whole):
        other = parts[position // 4][position % 4]
        assert other.media == sample.media
        np.testing.assert_array_equal(load.picture(other, Modality.SKETCH), load.picture(sample, Modality.SKETCH))


def test_a_built_item_shows_what_the_live_one_shows(tmp_path: Path) -> None:
    from xmodal.data.world.catalog import content, live_sample
    from xmodal.data.world.compose import compose

    request = _request(items=2, modalities=(Modality.SKETCH, Modality.IMAGE, Modality.SOUND, Modality.TEXT), size_px=64)
    catalog = build(request, tmp_path / "world")
    sample, live = catalog[1], live_sample(request.world, 1)
    scene = compose(request.world, 1)
    assert (sample.id, sample.split, sample.scene) == (live.id, live.split, live.scene)
    assert load.texts(sample) == load.texts(live)
    np.testing.assert_array_equal(
        load.picture(sample, Modality.SKETCH), content(request.world, scene, Modality.SKETCH, 64)
    )
    seen, made = load.picture(sample, Modality.IMAGE), content(request.world, scene, Modality.IMAGE, 64)
    assert isinstance(made, np.ndarray)
    assert np.abs(seen.astype(int) - made.astype(int)).mean() < 6, "JPEG, nearly the same"
    heard, sung = load.waveform(sample, Modality.SOUND), load.waveform(live, Modality.SOUND)
    np.testing.assert_allclose(heard.samples, np.clip(sung.samples, -1, 1), atol=1e-4)
    found = load.label_map(sample, size_px=64)
    assert found is not None
    assert found.labels.shape == (64, 64)


def test_modalities_alone_hide_the_truth_of_the_others(tmp_path: Path) -> None:
    sample = build(_request(items=1), tmp_path / "drawn")[0]
    assert sample.media.keys() == set(PICTURES)
    assert sample.truth.label_map is None
    assert sample.truth.sound_events == ()
    assert sample.truth.words == ()


def test_worlds_of_other_settings_have_other_ids_and_folders(tmp_path: Path) -> None:
    hard = _request(items=2, world=WorldSpec(clutter=1.0))
    easy = _request(items=2)
    ids = {sample.id for request in (hard, easy) for sample in build(request, tmp_path / request.key())}
    assert len(ids) == 4
    assert hard.key() != easy.key() == _request(items=9, workers=2).key()
    assert is_built(tmp_path / easy.key(), easy)
    assert not is_built(tmp_path / easy.key(), hard)
    assert not is_built(tmp_path / easy.key(), _request(items=3))
    assert not is_built(tmp_path / "nowhere", easy)


def test_a_second_build_of_the_same_makes_nothing_anew(tmp_path: Path) -> None:
    first = build(_request(), tmp_path / "world")
    times = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*.png")}
    again = build(_request(items=8), tmp_path / "world")
    assert all(path.stat().st_mtime_ns == time_ns for path, time_ns in times.items())
    assert [sample.id for sample in again][:6] == [sample.id for sample in first]
    assert len(Catalog(first.folder)) == 8


def test_splits_are_eight_to_one_to_one(tmp_path: Path) -> None:
    catalog = build(_request(items=20, modalities=(Modality.TEXT,)), tmp_path / "world")
    assert catalog.values("split") == {Split.TRAIN: 16, Split.VALIDATION: 2, Split.TEST: 2}


def test_an_item_whose_note_is_damaged_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    row = build_item(_request(), tmp_path / "media", 3)
    note = tmp_path / "media" / "0000" / "000003.json"
    note.write_bytes(b"")
    assert build_item(_request(), tmp_path / "media", 3) == row
    assert json.loads(note.read_text()) == row


@pytest.mark.parametrize("changes", [{"items": 0}, {"size_px": 4}, {"first": -1}, {"colour": "red"}])
def test_impossible_requests_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        _request(**changes)
