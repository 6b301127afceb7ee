"""A sample goes through the table and comes out the same."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xmodal.data.media import Media, Rendered, Stored, Text
from xmodal.data.rows import SCHEMA, from_row, stored, to_row, write_rows
from xmodal.data.sample import LabelMapSource, Sample, SoundEvent, Split, Truth, Word
from xmodal.modality import Modality

_WORDS = st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=8, max_size=8)
_SECONDS = st.lists(st.floats(0, 1000, width=32), min_size=4, max_size=4)


def _odd(words: list[str], seconds: list[float], kept: int) -> Sample:
    """A sample out of any words and times; the bits of `kept` say which parts it has."""
    media: dict[Modality, Media] = {
        Modality.IMAGE: Stored("a" + words[0].replace("\0", "")),
        Modality.SOUND: Stored("b.wav", "root", start_s=1.5, end_s=2.25),
        Modality.SPEECH: Stored("s.tar", offset_bytes=512, size_bytes=kept),
        Modality.VIDEO: Rendered("world", words[1]),
        Modality.TEXT: Text((words[2], words[3])),
    }
    truth = Truth(
        label_map=LabelMapSource("indexed", Stored("m.png")) if kept & 1 else None,
        objects=(words[4], words[5]) if kept & 2 else (),
        words=(Word(words[6], seconds[0], seconds[1]),) if kept & 4 else (),
        sound_events=(SoundEvent(words[7], seconds[2], seconds[3], (None, True, False)[kept % 3]),) if kept & 8 else (),
    )
    chosen = {modality: entry for number, (modality, entry) in enumerate(media.items()) if kept & 16 << number}
    return Sample(
        id=words[0] or "x",
        split=list(Split)[kept % 3],
        media=chosen,
        scene=words[1] if kept & 512 else None,
        group=words[2] if kept & 1024 else None,
        truth=truth,
        facts={words[3]: words[4]} if kept & 2048 else {},
    )


@settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(_WORDS, _SECONDS, st.integers(0, 4095)), max_size=3))
def test_samples_survive_the_table(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[list[str], list[float], int]]
) -> None:
    samples = [_odd(*parts) for parts in drawn]
    path = Path(tmp_path_factory.getbasetemp()) / "rows.arrow"
    count, _ = write_rows(path, samples, batch_rows=2)
    table = pa.ipc.open_file(str(path)).read_all()
    assert table.schema == SCHEMA
    assert count == table.num_rows == len(samples)
    assert [from_row(row, {}) for row in table.to_pylist()] == samples


def _sample(**changes: Any) -> Sample:
    media = {Modality.IMAGE: Stored("a.jpg"), Modality.TEXT: Text(("A Dog in ÉTÉ", "straße"))}
    return replace(Sample("Set/1", Split.TRAIN, media, scene="Kitchen"), **changes)


def test_the_digest_changes_with_any_row_and_their_order(tmp_path: Path) -> None:
    one, two = _sample(), _sample(id="Set/2")
    lists = ([one, two], [two, one], [one], [one, _sample(id="Set/2", scene="beach")], [])
    digests = [write_rows(tmp_path / "x", samples)[1] for samples in lists]
    assert len(set(digests)) == 5
    assert write_rows(tmp_path / "y", [one, two], batch_rows=1)[1] == digests[0]


def test_what_can_be_searched() -> None:
    truth = Truth(objects=("dog", "dog"), words=(Word("Hello", 0, 1),), sound_events=(SoundEvent("rain", 0, 1),))
    words = to_row(_sample(truth=truth))["search"].split()
    assert words == ["set/1", "kitchen", "a", "dog", "in", "été", "strasse", "rain", "hello"]


def test_what_a_sample_refers_to() -> None:
    source = LabelMapSource("indexed", Stored("m.png"))
    sample = _sample(
        media={Modality.IMAGE: Stored("a.jpg"), Modality.VIDEO: Rendered("world", "{}")}, truth=Truth(label_map=source)
    )
    assert stored(sample) == [Stored("a.jpg"), Stored("m.png")]
