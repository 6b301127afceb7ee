"""Sentences become the paper's matrices, and equal texts equal vectors in every process."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from tests.architecture.sources import REPOSITORY
from xmodal.data.world import catalog
from xmodal.data.world.compose import compose
from xmodal.data.world.text import render_text
from xmodal.errors import InputError
from xmodal.features.corpus_vectors import CorpusTraining, train_vectors
from xmodal.features.pretrained_vectors import read_vectors
from xmodal.features.stop_words import ENGLISH
from xmodal.features.text_vectors import INDEX, TENSORS, TextVectors, WordVectors, is_stop_word, vectors_for
from xmodal.features.words import words_of

WORDS = ("the", "dog", "is", "red", "it", "isn't", "beach")
SMALL = TextVectors(dims=2, words=4)
TABLE = WordVectors(WORDS, torch.arange(1.0, 15.0).reshape(7, 2), "a test")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The dog is red.", ["dog", "red"]),
        ("The dog's beach!", ["dog", "beach"]),
        ("the unicorn dog", ["dog"]),
        ("It is the", ["it", "is", "the"]),
        ("It isn't", ["it", "isn't"]),
        ("It is a unicorn", ["it", "is"]),
        ("a unicorn", []),
        ("", []),
        ("red red dog red beach dog", ["red", "red", "dog", "red"]),
    ],
)
def test_words_that_are_kept(text: str, kept: list[str]) -> None:
    assert TABLE.encode(text, SMALL) == kept


def test_stop_words_stay_where_they_are_wanted() -> None:
    options = SMALL.model_copy(update={"stop_words": False, "words": 16})
    assert TABLE.encode("The dog isn't red", options) == ["the", "dog", "isn't", "red"]


def test_stop_words_are_a_fixed_list_of_words() -> None:
    assert len(ENGLISH) == 174
    assert all(words_of(word) == [word] for word in ENGLISH)
    assert all(map(is_stop_word, ("the", "who'd", "isn't", "we'll")))
    assert not any(map(is_stop_word, ("dog's", "fire", "two", "front", "sea", "o'clock")))


def test_a_batch_is_padded_with_zeros_and_cut() -> None:
    rows, lengths = TABLE.batch(["The red dog", "a unicorn", "red red dog red beach dog"], SMALL)
    assert rows.dtype == torch.float32
    assert lengths.tolist() == [2, 0, 4]
    assert rows.tolist() == [
        [[7, 8], [3, 4], [0, 0], [0, 0]],
        [[0, 0]] * 4,
        [[7, 8], [7, 8], [3, 4], [7, 8]],
    ]
    with pytest.raises(ValueError, match="at least one text"):
        TABLE.batch([], SMALL)
    with pytest.raises(ValueError, match="vectors have 2 numbers, the options say 300"):
        TABLE.batch(["dog"])


def test_the_paper_s_sentence_is_16_x_300() -> None:
    table = WordVectors(("dog",), torch.ones(1, 300))
    rows, lengths = table.batch(["dog " * 20, "A dog."])
    assert tuple(rows.shape) == (2, 16, 300)
    assert lengths.tolist() == [16, 1]


def test_unknown_words_are_counted() -> None:
    found = TABLE.coverage(["The dog and a unicorn", "unicorn, zebra", "the dog's beach"], SMALL)
    assert (found.tokens, found.known, found.texts, found.unread) == (6, 3, 3, 1)
    assert found.missing == (("unicorn", 2), ("zebra", 1))
    assert found.share == 0.5
    assert str(found) == "50.0 % of 6 words have a vector; most frequent without one: unicorn (2), zebra (1)"
    assert TABLE.coverage([], SMALL).share == 1.0


def test_they_are_saved_and_opened(tmp_path: Path) -> None:
    folder = tmp_path / "run" / "word_vectors"
    for _ in range(2):
        TABLE.save(folder)
        again = WordVectors.open(folder)
        assert (again.words, again.source) == (TABLE.words, TABLE.source)
        assert torch.equal(again.table, TABLE.table)
    assert {path.name for path in folder.iterdir()} == {INDEX, TENSORS}


def test_damage_is_said(tmp_path: Path) -> None:
    def broken(name: str, change: bytes | None) -> None:
        TABLE.save(tmp_path / "vectors")
        path = tmp_path / "vectors" / name
        path.unlink() if change is None else path.write_bytes(change)
        with pytest.raises(InputError, match=r"vectors: word vectors"):
            WordVectors.open(tmp_path / "vectors")

    TABLE.save(tmp_path / "vectors")
    tensors = (tmp_path / "vectors" / TENSORS).read_bytes()
    index = json.loads((tmp_path / "vectors" / INDEX).read_bytes())
    broken(TENSORS, tensors[:-1] + b"\x01")
    broken(TENSORS, None)
    broken(INDEX, None)
    broken(INDEX, b"{")
    broken(INDEX, json.dumps(index | {"words": index["words"][:-1]}).encode())
    broken(INDEX, json.dumps(index | {"format": 2}).encode())


def write(path: Path, rows: list[str]) -> Path:
    path.write_text("".join(f"{row} 0 0 0 {number}\n" for number, row in enumerate(rows)))
    return path


def numbers(path: Path, wanted: set[str] | None, further: int = 0) -> dict[str, float]:
    words, table = read_vectors(path, wanted, dims=5, further=further)
    return dict(zip(words, table[:, 4].tolist(), strict=True))


def test_wanted_words_of_a_file_with_and_without_capitals(tmp_path: Path) -> None:
    path = write(
        tmp_path / "glove.txt", ["of 1", "Paris 1", "PARIS 1", "dog 1", "Dog 1", "New_York 1", "sea 1", "paris 1"]
    )
    assert numbers(path, {"paris", "dog", "absent"}) == {"paris": 7.0, "dog": 3.0}
    assert numbers(path, {"sea"}, further=2) == {"of": 0.0, "paris": 7.0, "sea": 6.0}
    assert list(numbers(path, None)) == ["of", "paris", "dog", "sea"]
    with pytest.raises(InputError, match="has none of the words"):
        numbers(path, {"absent"}, further=2)
    with pytest.raises(InputError, match="5 numbers a word, not 300: set dims to 5"):
        read_vectors(path, None, dims=300)


def test_a_word_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "glove.txt", ["dog 1", "sea 1", "dog 1"])
    assert numbers(path, {"sea"}) == {"sea": 1.0}
    with pytest.raises(InputError, match=r"glove\.txt, line 3: 'dog' is there a second time: remove"):
        numbers(path, {"dog"})


def test_real_vectors_know_the_words_of_the_world(realdata: Path) -> None:
    texts = [render_text(compose(catalog.DEFAULT, index), catalog.DEFAULT).text for index in range(8)]
    path = realdata / "word_vectors" / "glove.twitter.27B.25d.subset.txt"
    options = TextVectors(file=str(path), dims=25, further_words=50)
    vectors = vectors_for(texts, options)
    assert {"dog", "the", "of"} & set(vectors.words)
    assert vectors.table.dtype == torch.float32
    found = vectors.coverage(texts, options)
    assert found.share > 0.85
    assert found.unread == 0
    rows, lengths = vectors.batch(texts, options)
    assert tuple(rows.shape) == (8, 16, 25)
    assert lengths.tolist() == [len(vectors.encode(text, options)) for text in texts]
    first = vectors.encode(texts[0], options)[0]
    line = next(line for line in path.read_text().splitlines() if line.startswith(f"{first} "))
    assert rows[0, 0].tolist() == pytest.approx([float(part) for part in line.split()[1:]])


SENTENCES = [["a", "red", "dog", "barks"], ["a", "grey", "cat", "sleeps"], ["waves", "roll", "in"]] * 20
_CHILD = """
import hashlib, json, sys
from xmodal.features.corpus_vectors import CorpusTraining, train_vectors
words, table = train_vectors(json.loads(sys.argv[1]), 12, CorpusTraining())
print(json.dumps([words, hashlib.sha256(table.tobytes()).hexdigest()]))
"""


def test_another_process_trains_equal_vectors() -> None:
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, json.dumps(SENTENCES)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    words, table = train_vectors(SENTENCES, 12, CorpusTraining())
    assert json.loads(child.stdout) == [list(words), hashlib.sha256(table.tobytes()).hexdigest()]
    assert words[:2] == ("a", "barks")


def test_vectors_of_texts_are_of_their_words() -> None:
    texts = ["The dog barks.", "the CAT sleeps", "", "a dog!"] * 5
    options = TextVectors(dims=6, training=CorpusTraining(epochs=2))
    vectors = vectors_for(texts, options)
    assert set(vectors.words) == {"the", "dog", "barks", "cat", "sleeps", "a"}
    assert vectors.words[0] == "dog"
    assert vectors.dims == 6
    assert torch.equal(vectors.table, vectors_for(texts, options).table)
    other = options.model_copy(update={"training": CorpusTraining(epochs=2, seed=1)})
    assert not torch.equal(vectors.table, vectors_for(texts, other).table)
    assert vectors.coverage(texts, options).share == 1.0


def test_words_that_stand_alike_have_alike_vectors() -> None:
    generator = np.random.default_rng(0)
    groups = (("dog", "cat", "cow"), ("red", "blue", "green"))
    sentences = [[str(word) for word in generator.choice(groups[place % 2], 4)] for place in range(600)]
    words, table = train_vectors(sentences, 16, CorpusTraining(epochs=60))
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    place = {word: row for row, word in enumerate(words)}
    same = [unit[place[a]] @ unit[place[b]] for group in groups for a in group for b in group if a < b]
    other = [unit[place[a]] @ unit[place[b]] for a in groups[0] for b in groups[1]]
    assert min(same) > max(other)


@pytest.mark.parametrize("texts", [[], ["", "..."], ["a dog"]])
def test_too_little_to_learn_from_is_said(texts: list[str]) -> None:
    with pytest.raises(InputError, match="occurs often enough"):
        vectors_for(texts, TextVectors(dims=4, training=CorpusTraining(smallest_count=2)))


@pytest.mark.parametrize("wrong", [{"words": 0}, {"dims": 0}, {"further_words": -1}, {"length": 3}])
def test_options_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        TextVectors.model_validate(wrong)


def test_options_survive_json() -> None:
    options = TextVectors(file="glove.txt", training=CorpusTraining(skip_gram=False))
    assert TextVectors.model_validate_json(options.model_dump_json()) == options
