"""Words of a text as numbers: a vocabulary counted from the training texts (matchmaps section 5, text-based models)."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

import torch
from jaxtyping import Int
from pydantic import BaseModel, model_validator
from torch import Tensor

PADDING = 0
"""Id of what stands after the end of a text."""
UNKNOWN = 1
"""Id of a word that is not in the vocabulary, and of a text without a word."""
_FIRST_WORD = 2


def words_of(text: str) -> list[str]:
    """The words of a text, lower-case: letters, marks and digits of any script, with apostrophes inside a word kept.

    >>> words_of("It's a Dog-house: 2 dogs'!")
    ["it's", 'a', 'dog', 'house', '2', 'dogs']
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    kept = "".join(_kept(character) for character in plain)
    return [word for part in kept.split() if (word := part.strip("'"))]


def _kept(character: str) -> str:
    """The character if it can be of a word, nothing for marks of layout (soft hyphen, joiner), a space for the rest."""
    category = unicodedata.category(character)
    if category[0] in "LMN" or character == "'":
        return character
    return "" if category == "Cf" else " "


class Vocabulary(BaseModel, frozen=True, extra="forbid"):
    """Words in the order of their ids, which begin after padding (0) and unknown (1)."""

    words: tuple[str, ...]
    """Each once, as `words_of` writes them."""

    @model_validator(mode="after")
    def _findable(self) -> "Vocabulary":
        if len(set(self.words)) < len(self.words):
            raise ValueError("a word is in the vocabulary twice")
        odd = next((word for word in self.words if words_of(word) != [word]), None)
        if odd is not None:
            raise ValueError(f"{odd!r} is not one lower-case word: no text could contain it")
        return self

    @classmethod
    def of(cls, texts: Iterable[str], *, smallest_count: int = 1, most: int | None = None) -> "Vocabulary":
        """The words that occur at least `smallest_count` times, at most the `most` frequent.

        Frequent words first, equally frequent ones in alphabetical order, so that the order of the texts does not
        matter.
        """
        counts = Counter(word for text in texts for word in words_of(text))
        frequent = [word for word, count in counts.items() if count >= smallest_count]
        return cls(words=tuple(sorted(frequent, key=lambda word: (-counts[word], word))[:most]))

    @property
    def ids(self) -> int:
        """Rows of an embedding of this vocabulary: its words, padding and unknown."""
        return _FIRST_WORD + len(self.words)

    def encode(self, text: str) -> list[int]:
        """Ids of the words of a text; one unknown word if it has none, so that no text is empty."""
        return [self._id_of.get(word, UNKNOWN) for word in words_of(text)] or [UNKNOWN]

    def batch(
        self, texts: Sequence[str], *, fewest_words: int = 1, most_words: int | None = None
    ) -> tuple[Int[Tensor, "items words"], Int[Tensor, "items"]]:
        """Ids of several texts, padded on the right to the longest (or `fewest_words`), and their lengths (>= 1).

        Texts are cut to `most_words`.

        Raises:
            ValueError: no text.
        """
        if not texts:
            raise ValueError("a batch needs at least one text")
        rows = [torch.tensor(self.encode(text)[:most_words]) for text in texts]
        lengths = torch.tensor([len(row) for row in rows])
        padded = torch.full((len(rows), max(int(lengths.max()), fewest_words)), PADDING)
        for target, row in zip(padded, rows, strict=True):
            target[: len(row)] = row
        return padded, lengths

    @cached_property
    def _id_of(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words, start=_FIRST_WORD)}
