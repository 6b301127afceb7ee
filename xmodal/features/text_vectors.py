"""Sentences as matrices of word vectors: 16 words x 300 numbers, stop words removed, zeros after the end.

See, Hear and Read, section 2: "removing English stop words, and embedding each word with word2vec"; section 3.5: "we
concatenate words in a sentence into a fixed length matrix of size 16 x 300 for 16 words. We pad shorter sentences with
zeros, and crop longer sentences". The paper says nothing of words without a vector: they are left out and counted. A
sentence of nothing but stop words keeps them (ours), so that no sentence is empty that has any known word.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from xmodal.errors import InputError, reason
from xmodal.features.corpus_vectors import CorpusTraining, train_vectors
from xmodal.features.pretrained_vectors import read_vectors
from xmodal.features.stop_words import ENGLISH
from xmodal.features.words import words_of
from xmodal.storage import atomic_directory, atomic_write, file_sha256

INDEX, TENSORS = "vectors.json", "vectors.safetensors"
_MOST_MISSING = 20


class TextVectors(BaseModel):
    """What a sentence becomes; the defaults are the paper's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: int = Field(default=16, ge=1)
    """Longer sentences are cut, after stop words and unknown words are gone."""
    dims: int = Field(default=300, ge=1)
    """Numbers of a word."""
    stop_words: bool = True
    """English stop words are removed (`stop_words.ENGLISH`)."""
    file: str = ""
    """File of word2vec vectors (text or binary) or of GloVe; empty: vectors are trained on the texts."""
    further_words: int = Field(default=10_000, ge=0)
    """So many of the file's first words are known beside those of the training texts, for queries."""
    training: CorpusTraining = CorpusTraining()
    """How vectors are trained without a file."""


DEFAULT = TextVectors()


@dataclass(frozen=True)
class Coverage:
    """How much of some texts has vectors; stop words do not count where they are removed."""

    tokens: int
    known: int
    texts: int
    unread: int
    """Texts without any word that has a vector."""
    missing: tuple[tuple[str, int], ...]
    """The most frequent words without one, and how often they occur."""

    @property
    def share(self) -> float:
        """Of the tokens, those with a vector; 1 if there are none."""
        return self.known / self.tokens if self.tokens else 1.0

    def __str__(self) -> str:
        """One line for a report."""
        missing = ", ".join(f"{word} ({count:,})" for word, count in self.missing[:5])
        text = f"{100.0 * self.share:.1f} % of {self.tokens:,} words have a vector"
        return f"{text}; most frequent without one: {missing}" if missing else text


class _Index(BaseModel):
    """What `vectors.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, le=1)
    words: tuple[str, ...]
    source: str
    sha256: str
    """Of the tensors beside it."""


@dataclass(frozen=True)
class WordVectors:
    """A fixed table: word -> vector."""

    words: tuple[str, ...]
    """Each once, as `words_of` writes them."""
    table: Float[Tensor, "words dims"]
    """float32, finite."""
    source: str = ""
    """Where they are from, in words."""

    @property
    def dims(self) -> int:
        """Numbers of a word."""
        return self.table.shape[1]

    def encode(self, text: str, options: TextVectors = DEFAULT) -> list[str]:
        """The words of a text that are kept, as they stand in the table; none if no word of it is known.

        Of a word with an apostrophe that is not in the table, the part before it counts (`dog's`).
        """
        return [self.words[row] for row in self._rows(text, options)]

    def batch(
        self, texts: Sequence[str], options: TextVectors = DEFAULT
    ) -> tuple[Float[Tensor, "items words dims"], Int[Tensor, "items"]]:
        """Matrices of `options.words` words, zeros after the end, and how many words each has (0: none is known).

        Raises:
            ValueError: no text, or options of other dimensions.
        """
        if not texts:
            raise ValueError("a batch needs at least one text")
        if options.dims != self.dims:
            raise ValueError(f"vectors have {self.dims} numbers, the options say {options.dims}")
        rows = [self._rows(text, options) for text in texts]
        lengths = torch.tensor([len(row) for row in rows], dtype=torch.int64)
        padded = torch.zeros(len(rows), options.words, self.dims)
        flat = torch.tensor([place for row in rows for place in row], dtype=torch.int64)
        padded[torch.arange(options.words) < lengths[:, None]] = self.table[flat]
        return padded, lengths

    def coverage(self, texts: Iterable[str], options: TextVectors = DEFAULT) -> Coverage:
        """How much of some texts is known."""
        tokens: Counter[str] = Counter()
        count = unread = 0
        for text in texts:
            tokens.update(word for word in words_of(text) if not (options.stop_words and is_stop_word(word)))
            unread += not self._rows(text, options)
            count += 1
        missing = Counter({word: found for word, found in tokens.items() if self._row(word) is None})
        frequent = sorted(missing.items(), key=lambda item: (-item[1], item[0]))[:_MOST_MISSING]
        return Coverage(tokens.total(), tokens.total() - missing.total(), count, unread, tuple(frequent))

    def save(self, folder: Path) -> None:
        """Write them as a folder of their own (`vectors.json`, `vectors.safetensors`), in one piece."""
        with atomic_directory(folder) as new:
            safetensors.torch.save_file({"table": self.table.contiguous()}, new / TENSORS)
            index = _Index(words=self.words, source=self.source, sha256=file_sha256(new / TENSORS))
            atomic_write(new / INDEX, index.model_dump_json())

    @classmethod
    def open(cls, folder: Path) -> "WordVectors":
        """What `save` wrote.

        Raises:
            InputError: missing, changed or damaged.
        """
        try:
            index = _Index.model_validate_json((folder / INDEX).read_bytes())
            if file_sha256(folder / TENSORS) != index.sha256:
                raise InputError(f"{TENSORS} is not the file that was saved (its SHA-256 differs)")
            table = safetensors.torch.load_file(folder / TENSORS)["table"]
        except (OSError, ValueError, KeyError, safetensors.SafetensorError) as error:
            raise InputError(f"{folder}: word vectors cannot be read: {reason(error)}") from error
        if table.shape[:1] != (len(index.words),) or table.ndim != 2 or table.dtype != torch.float32:
            raise InputError(f"{folder}: word vectors do not fit: {len(index.words):,} words, table {table.shape}")
        return cls(index.words, table, index.source)

    def _rows(self, text: str, options: TextVectors) -> list[int]:
        words = words_of(text)
        telling = [word for word in words if not is_stop_word(word)] if options.stop_words else words
        return (self._known(telling) or self._known(words))[: options.words]

    def _known(self, words: Iterable[str]) -> list[int]:
        return [row for word in words if (row := self._row(word)) is not None]

    def _row(self, word: str) -> int | None:
        row = self._places.get(word)
        return self._places.get(word.partition("'")[0]) if row is None else row

    @cached_property
    def _places(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.words)}


def is_stop_word(word: str) -> bool:
    """Whether it, or what is before its apostrophe, is an English stop word."""
    return word in ENGLISH or word.partition("'")[0] in ENGLISH


def vectors_for(texts: Iterable[str], options: TextVectors = DEFAULT) -> WordVectors:
    """The vectors that training texts are read with: out of `options.file`, or trained on the texts.

    Raises:
        InputError: the file cannot be used, or there is nothing to learn from.
    """
    sentences = [words for text in texts if (words := words_of(text))]
    if options.file:
        wanted = {part for words in sentences for word in words for part in (word, word.partition("'")[0]) if part}
        path = Path(options.file)
        words, table = read_vectors(path, wanted, dims=options.dims, further=options.further_words)
        source = f"{path.name}, {len(words):,} of its words"
    else:
        words, table = train_vectors(sentences, options.dims, options.training)
        source = f"trained on {len(sentences):,} texts"
    return WordVectors(words, torch.from_numpy(table), source)
