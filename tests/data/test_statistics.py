"""Statistics against counts made by hand, in plain loops."""

import numpy as np
import pyarrow as pa
import pytest

from xmodal.data.media import Stored, Text
from xmodal.data.rows import SCHEMA, to_row
from xmodal.data.sample import Sample, Split, Truth, Word
from xmodal.data.statistics import caption_durations, statistics_of
from xmodal.modality import Modality


def table(*samples: Sample) -> pa.Table:
    return pa.Table.from_pylist([to_row(sample) for sample in samples], schema=SCHEMA)


def item(number: int, **fields: object) -> Sample:
    return Sample(**{"id": f"i{number}", "split": Split.TRAIN, "media": {}, **fields})  # pyright: ignore[reportArgumentType]  # fields vary by test


def words(*texts: str, step_s: float = 0.5) -> Truth:
    return Truth(words=tuple(Word(text, place * step_s, (place + 1) * step_s) for place, text in enumerate(texts)))


def test_written_captions_count_with_their_alternatives() -> None:
    found = statistics_of(
        table(
            item(0, media={Modality.TEXT: Text(("A dog, a cat!", "Don't go"))}),
            item(1, media={Modality.IMAGE: Stored("a.png")}),
            item(2, media={Modality.TEXT: Text(("dog",))}),
        )
    )
    assert found.items == 3
    assert found.words_per_caption.tolist() == [4, 2, 1]
    assert found.words.names == ("a", "dog", "cat", "don't", "go")
    assert found.words.counts.tolist() == [2, 2, 1, 1, 1]


def test_an_empty_caption_has_no_words() -> None:
    found = statistics_of(table(item(0, media={Modality.TEXT: Text(("...", "one"))})))
    assert found.words_per_caption.tolist() == [0, 1]


def test_spoken_words_count_where_nothing_is_written() -> None:
    speech = {Modality.SPEECH: Stored("a.wav")}
    found = statistics_of(table(item(0, media=speech, truth=words("in the", "park")), item(1, media=speech)))
    assert found.words_per_caption.tolist() == [3]
    assert found.caption_durations_s.tolist() == [1.0]


def test_durations_come_from_the_reference_or_the_last_word() -> None:
    found = caption_durations(
        table(
            item(0, media={Modality.SPEECH: Stored("a.wav", start_s=1.5, end_s=4.0)}),
            item(1, media={Modality.SPEECH: Stored("b.wav")}),
            item(2, media={Modality.SPEECH: Stored("c.wav")}, truth=words("a", "b", "c")),
            item(3, media={Modality.IMAGE: Stored("d.png")}, truth=words("not", "spoken")),
        )
    )
    assert found.tolist() == [2.5, 1.5]


def test_items_per_name_count_an_item_once() -> None:
    found = statistics_of(
        table(
            item(0, scene="beach", group="ann", truth=Truth(objects=("dog", "dog", "cat"))),
            item(1, scene="beach", group="bob", truth=Truth(objects=("dog",)), split=Split.TEST),
            item(2, scene="farm", group="ann"),
        )
    )
    assert (found.objects.names, found.objects.counts.tolist()) == (("dog", "cat"), [2, 1])
    assert (found.scenes.names, found.scenes.counts.tolist()) == (("beach", "farm"), [2, 1])
    assert (found.groups.names, found.groups.counts.tolist()) == (("ann", "bob"), [2, 1])
    assert found.splits == {"train": 2, "test": 1}


def test_an_empty_catalog_has_empty_parts() -> None:
    for empty in (table(), table().slice(0, 0), pa.Table.from_batches([], schema=SCHEMA)):
        found = statistics_of(empty)
        assert found.items == 0
        assert found.words.names == found.objects.names == ()
        assert found.words_per_caption.size == found.caption_durations_s.size == 0


def test_a_selection_and_many_batches_count_alike() -> None:
    samples = [
        item(number, media={Modality.TEXT: Text((" ".join(["word"] * (number % 7 + 1)),))}, truth=words("a"))
        for number in range(50)
    ]
    whole = table(*samples)
    parts = pa.concat_tables([whole.slice(start, 13) for start in range(0, 50, 13)])
    assert np.array_equal(statistics_of(parts).words_per_caption, statistics_of(whole).words_per_caption)
    chosen = parts.take(pa.array([40, 3, 17]))
    assert statistics_of(chosen).words_per_caption.tolist() == [40 % 7 + 1, 4, 4]


@pytest.mark.parametrize("signs", ["Ünïcode Wörter", "two  spaces", "tab\tbed"])
def test_words_of_any_script(signs: str) -> None:
    found = statistics_of(table(item(0, media={Modality.TEXT: Text((signs,))})))
    assert found.words_per_caption.tolist() == [2]
