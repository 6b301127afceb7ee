"""Items of the world as samples: ids, splits, everything rendered on demand, the same in every process."""

import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from xmodal.data import load
from xmodal.data.decode import MediaError
from xmodal.data.media import Rendered, parse, reference
from xmodal.data.rows import from_row, to_row
from xmodal.data.sample import Split
from xmodal.data.world.catalog import DEFAULT, content, item_id, live_sample, scene_of, sound_events, split_of
from xmodal.data.world.compose import compose
from xmodal.data.world.spec import WorldSpec
from xmodal.modality import PICTORIAL, Modality


def test_ids_name_the_world() -> None:
    assert item_id(DEFAULT, 42) == "w1-0-000042"
    assert item_id(WorldSpec(seed=7), 42) == "w1-7-000042"
    hard, harder = (item_id(WorldSpec(clutter=clutter), 42) for clutter in (0.9, 1.0))
    assert len({hard, harder, item_id(DEFAULT, 42)}) == 3
    assert hard.startswith("w1-")
    assert hard.endswith("-0-000042")


def test_splits_do_not_depend_on_how_many_there_are() -> None:
    assert [split_of(index) for index in range(10)] == [Split.TRAIN] * 8 + [Split.VALIDATION, Split.TEST]
    assert split_of(1_000_009) is Split.TEST


def test_a_live_sample_survives_the_table_and_renders_again() -> None:
    sample = live_sample(DEFAULT, 4)
    again = from_row(to_row(sample), {})
    assert again == sample
    entry = again.media[Modality.IMAGE]
    assert isinstance(entry, Rendered)
    assert parse(reference(entry)) == entry
    for modality in PICTORIAL:
        picture = load.picture(again, modality, size_px=32)
        assert picture.shape == (32, 32, 3)
        np.testing.assert_array_equal(picture, load.picture(sample, modality, size_px=32))
    found = load.label_map(again, size_px=32)
    assert found is not None
    assert found.labels.shape == (32, 32)
    assert set(np.unique(found.labels)) - {0} == set(found.names)


def test_another_version_is_refused_with_what_to_do() -> None:
    entry = live_sample(DEFAULT, 4).media[Modality.IMAGE]
    assert isinstance(entry, Rendered)
    with pytest.raises(MediaError, match="build it again"):
        scene_of(entry.arguments() | {"version": 99})


def test_text_is_in_the_table_and_not_computed() -> None:
    with pytest.raises(ValueError, match="it is in the table"):
        content(DEFAULT, compose(DEFAULT, 0), Modality.TEXT, 32)


def test_sound_events_are_those_of_the_scene_in_order() -> None:
    for index in range(40):
        scene = compose(DEFAULT, index)
        events = sound_events(scene)
        assert [event.start_s for event in events] == sorted(event.start_s for event in events)
        assert len(events) == sum(len(source.sounding) for source in scene.sounding())
        assert {event.label for event in events if event.seen} <= {thing.kind for thing in scene.things}
        assert {event.label for event in events if not event.seen} == {source.kind for source in scene.unseen}


_DIGESTS = """
import hashlib, json, sys
from xmodal.data.world.catalog import DEFAULT, content
from xmodal.data.world.compose import compose
from xmodal.modality import Modality
made = {}
for modality in (modality for modality in Modality if modality not in (Modality.TEXT, Modality.VIDEO)):
    value = content(DEFAULT, compose(DEFAULT, 6), modality, 64)
    value = value.samples if hasattr(value, "samples") else value
    made[modality.value] = hashlib.sha256(value.tobytes()).hexdigest()
print(json.dumps(made))
"""


def test_media_are_bit_identical_in_two_processes() -> None:
    seen = []
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", _DIGESTS],
            capture_output=True,
            text=True,
            timeout=120,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
        )
        assert done.returncode == 0, done.stderr
        seen.append(json.loads(done.stdout))
    assert seen[0] == seen[1]
    here = content(DEFAULT, compose(DEFAULT, 6), Modality.SKETCH, 64)
    assert isinstance(here, np.ndarray)
    assert hashlib.sha256(here.tobytes()).hexdigest() == seen[0]["sketch"]
