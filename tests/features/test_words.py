"""Words are found in any script, counted, numbered and padded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from xmodal.data.world import catalog
from xmodal.data.world.compose import compose
from xmodal.data.world.text import render_text
from xmodal.features.words import PADDING, UNKNOWN, Vocabulary, words_of

TEXTS = ("A dog, a cat.", "The dog's ball; a DOG!", "cat")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A dog, a cat.", ["a", "dog", "a", "cat"]),
        ("It’s the dogs' ball", ["it's", "the", "dogs", "ball"]),
        ("'tis rock 'n' roll", ["tis", "rock", "n", "roll"]),
        ("a red-brick house/shed -- 12 m²", ["a", "red", "brick", "house", "shed", "12", "m2"]),
        ("snake_case", ["snake", "case"]),
        ("soft\u00adly", ["softly"]),
        ("CAFÉ cafe\u0301", ["café", "café"]),
        ("एक लाल गाड़ी।", ["एक", "लाल", "गाड़ी"]),
        ("' '' -", []),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert words_of(text) == words_of(" ".join(words)) == [word for part in words for word in words_of(part)]
    assert len(words_of(text)) == len(words)
    if text.isascii() or "É" in text or "’" in text:
        assert words_of(text) == words


@given(st.text())
def test_words_are_words_of_themselves(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert all(word.strip("'") == word and not word.isspace() for word in words)


def test_a_vocabulary_is_in_the_order_of_its_counts() -> None:
    vocabulary = Vocabulary.of(TEXTS)
    assert vocabulary.words == ("a", "cat", "dog", "ball", "dog's", "the")
    assert Vocabulary.of(reversed(TEXTS)) == vocabulary
    assert vocabulary.ids == 8
    assert Vocabulary.of(TEXTS, smallest_count=2).words == ("a", "cat", "dog")
    assert Vocabulary.of(TEXTS, most=1).words == ("a",)
    assert Vocabulary.of(TEXTS, most=0).encode("a dog") == [UNKNOWN, UNKNOWN]


def test_ids_begin_after_padding_and_unknown() -> None:
    vocabulary = Vocabulary.of(TEXTS)
    assert vocabulary.encode("The a-DOG sleeps.") == [7, 2, 4, UNKNOWN]
    assert vocabulary.encode("...") == [UNKNOWN]


def test_a_batch_is_padded_to_its_longest_text() -> None:
    vocabulary = Vocabulary.of(TEXTS)
    ids, lengths = vocabulary.batch(["a", "the dog's cat", ""])
    assert ids.tolist() == [[2, PADDING, PADDING], [7, 6, 3], [UNKNOWN, PADDING, PADDING]]
    assert lengths.tolist() == [1, 3, 1]
    ids, lengths = vocabulary.batch(["a", "the dog's cat"], most_words=2)
    assert ids.tolist() == [[2, PADDING], [7, 6]]
    assert lengths.tolist() == [1, 2]
    assert vocabulary.batch(["a"], fewest_words=4)[0].tolist() == [[2, 0, 0, 0]]
    with pytest.raises(ValueError, match="at least one text"):
        vocabulary.batch([])


def test_captions_of_the_world_are_known() -> None:
    captions = [render_text(compose(catalog.DEFAULT, index), catalog.DEFAULT).text for index in range(6)]
    vocabulary = Vocabulary.of(captions)
    ids, lengths = vocabulary.batch(captions)
    assert UNKNOWN not in ids
    assert lengths.tolist() == [len(words_of(caption)) for caption in captions]
    assert int(ids.max()) == vocabulary.ids - 1


def test_a_vocabulary_survives_json() -> None:
    vocabulary = Vocabulary.of(TEXTS)
    assert vocabulary.encode("dog") == [4]
    again = Vocabulary.model_validate_json(vocabulary.model_dump_json())
    assert again == vocabulary
    assert again.encode("dog ball") == vocabulary.encode("dog ball")


@pytest.mark.parametrize(
    ("words", "problem"),
    [(("a", "a"), "twice"), (("Dog",), "'Dog' is not one"), (("two words",), "not one"), (("",), "not one")],
)
def test_words_that_no_text_could_contain_are_refused(words: tuple[str, ...], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Vocabulary(words=words)
