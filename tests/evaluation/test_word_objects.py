"""The word-object tables: unambiguous, in the data's own names."""

from collections import Counter

import numpy as np

from xmodal.data.media import Rendered
from xmodal.data.sample import LabelMap, LabelMapSource, Sample, Split, Truth, Word
from xmodal.data.word_objects import named_by, nouns_of
from xmodal.data.world.catalog import live_sample
from xmodal.data.world.compose import compose
from xmodal.data.world.labels import LABELS
from xmodal.data.world.spec import WorldSpec
from xmodal.data.world.text import render_text
from xmodal.evaluation.published import TABLES as PUBLISHED
from xmodal.evaluation.published import rows_in
from xmodal.evaluation.word_objects import ADE20K, WORLD, WordObject, chosen, table_for


def test_a_word_stands_for_one_object() -> None:
    for table in (WORLD, ADE20K):
        assert max(Counter(pair.word for pair in table).values()) == 1
        assert all(pair.word == pair.word.lower().strip() and " " not in pair.word for pair in table)
        assert len(table) >= 100


def test_the_world_says_its_nouns_of_nothing_else() -> None:
    nouns = {pair.word: pair.object for pair in WORLD}
    assert {pair.object for pair in WORLD} <= LABELS.keys()
    spec = WorldSpec(seed=3)
    for index in range(150):
        caption = render_text(compose(spec, index), spec)
        mentioned = {mention.word_index: mention.kind for mention in caption.mentions}
        for place, word in enumerate(caption.words):
            if word in nouns:
                assert mentioned.get(place) == nouns[word], caption.text


def test_the_commonest_pairs_are_chosen() -> None:
    table = tuple(WordObject(word, word) for word in ("owl", "dog", "cat", "bell"))
    counts = {"owl": 9, "dog": 40, "cat": 8}
    assert [pair.word for pair in chosen(table, counts)] == ["dog", "owl"]
    assert [pair.word for pair in chosen(table, counts, most=1)] == ["dog"]
    assert [pair.word for pair in chosen(table, counts, fewest=1)] == ["dog", "owl", "cat"]


def test_each_kind_of_data_has_its_table() -> None:
    assert table_for([live_sample(WorldSpec(seed=3), 0)]) is WORLD
    shapes = '{"size":[4,4],"shapes":[{"name":"stop sign","category_id":1,"segmentation":[[0,0,4,0,4,4]]}]}'
    truth = Truth(label_map=LabelMapSource("polygons", Rendered("polygons", shapes)))
    assert table_for([Sample("a", Split.TEST, {}, truth=truth)]) == (WordObject("sign", "stop sign"),)
    assert table_for([Sample("a", Split.TEST, {})]) == ()


def test_nouns_of_things() -> None:
    assert nouns_of("dog") == {"dog", "puppy", "hound"}
    assert nouns_of("stop_sign, board") == {"sign"}
    assert nouns_of("") == set()


def test_words_name_instances() -> None:
    zeros = np.zeros((1, 1), np.int32)
    truth = LabelMap(zeros, {}, zeros, ("dog", "stop sign", "dog"))
    words = [Word(text, 0.0, 0.1) for text in ("Two", "hounds,", "signs", "doghouse")]
    assert named_by(words, truth) == ((), (1, 3), (2,), ())


def test_runs_of_tables_1_and_2_fill_table_4() -> None:
    keys = {row.key for row in PUBLISHED["matchmaps.4"].rows}
    others = {row.key for name in ("matchmaps.1", "matchmaps.2") for row in PUBLISHED[name].rows}
    assert keys - others == {"full-frame"}
    computes = ("matchmaps.1/rn-sisa-shn-none", "matchmaps.2/random")
    assert "matchmaps.4/rn-sisa-shn-none" in rows_in("matchmaps.4", computes)
    assert rows_in("matchmaps.1", computes) == computes
