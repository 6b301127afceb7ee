"""The words of a corpus, and the frequent ones besides, out of a file of word vectors."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from jaxtyping import Float

from xmodal.data.vector_files import Entry, read_layout, vectors_in
from xmodal.errors import InputError
from xmodal.features.words import words_of


def read_vectors(
    path: Path, wanted: Collection[str] | None, *, dims: int, further: int = 0
) -> tuple[tuple[str, ...], Float[np.ndarray, "words dims"]]:
    """Words of a file, lower-case and in its order, and their vectors (float32).

    A word that is in the file only with capitals has the first of those; words that no text could contain (`words_of`)
    are left out. Memory is that of what is kept.

    Args:
        path: word2vec text or binary, or GloVe text, also gzip; known by its content.
        wanted: Words of a corpus, lower-case; None: every word of the file.
        dims: Numbers of a word.
        further: So many of the file's first words are kept beside the wanted ones: files begin with frequent words,
            which queries will have that the corpus has not.

    Raises:
        InputError: with the file, the line and what to do: not readable, damaged, cut off, other dimensions, a word
            that is kept is there twice, none of the wanted words.
    """
    layout = read_layout(path)
    if layout.dims != dims:
        raise InputError(f"{path}: {layout.dims} numbers a word, not {dims}: set dims to {layout.dims}")
    choice = _Choice(None if wanted is None else frozenset(wanted), further)
    for entry in vectors_in(path, choice.wants):
        choice.keep(entry)
    if not choice.any_wanted:
        raise InputError(f"{path}: has none of the words that are wanted: are they of another language?")
    words = tuple(choice.first_seen)
    return words, np.stack([choice.exact.get(word, choice.first_seen[word]) for word in words])


@dataclass
class _Choice:
    """What is kept of a file while it is read."""

    wanted: frozenset[str] | None
    further: int
    exact: dict[str, Float[np.ndarray, "dims"]] = field(default_factory=dict)
    """Of words that are lower-case in the file."""
    first_seen: dict[str, Float[np.ndarray, "dims"]] = field(default_factory=dict)
    """Of every word kept, as it first came."""
    any_wanted: bool = False

    def wants(self, word: str) -> bool:
        key = word.lower()
        if key in self.first_seen:
            return word == key
        if self.wanted is None or key in self.wanted:
            self.any_wanted = self.any_wanted or is_word(key)
            return is_word(key)
        if self.further and is_word(key):
            self.further -= 1
            return True
        return False

    def keep(self, entry: Entry) -> None:
        key = entry.word.lower()
        if entry.word == key:
            if key in self.exact:
                raise InputError(f"{entry.where}: {key!r} is there a second time: remove one of its lines")
            self.exact[key] = entry.vector
        self.first_seen.setdefault(key, entry.vector)


def is_word(text: str) -> bool:
    """Whether `words_of` could find exactly this in a text."""
    return (text.isascii() and text.isalnum() and text == text.lower()) or words_of(text) == [text]
