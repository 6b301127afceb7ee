"""Vectors of words learned from the texts themselves by gensim's word2vec (Mikolov et al., NIPS 2013).

For catalogs that come without a file of vectors. The same texts, in the same order, and the same settings give the same
vectors in every process: one worker, one seed, nothing that depends on Python's hashing of strings. On another kind of
processor the last bits may differ.
"""

import zlib
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field

from xmodal.errors import InputError


class CorpusTraining(BaseModel):
    """How vectors are trained; beyond what is here, gensim's defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    skip_gram: bool = True
    """Words tell their neighbours (better where texts are few); else neighbours tell the word."""
    window: int = Field(default=5, ge=1)
    """Most words between two that are neighbours."""
    epochs: int = Field(default=10, ge=1)
    """Passes through the texts."""
    smallest_count: int = Field(default=1, ge=1)
    """Rarer words get no vector."""
    seed: int = Field(default=0, ge=0)
    """Another seed gives other vectors that are as good."""


def train_vectors(
    sentences: Sequence[Sequence[str]], dims: int, training: CorpusTraining
) -> tuple[tuple[str, ...], Float[np.ndarray, "words dims"]]:
    """Words, frequent ones first and equally frequent ones in alphabetical order, and their vectors (float32).

    Args:
        sentences: Texts as words, stop words too: they are neighbours like others.
        dims: Numbers of a vector.
        training: How.

    Raises:
        InputError: no word occurs often enough.
    """
    from gensim.models import Word2Vec

    model = Word2Vec(
        vector_size=dims,
        sg=int(training.skip_gram),
        window=training.window,
        epochs=training.epochs,
        min_count=training.smallest_count,
        seed=training.seed,
        workers=1,
        hashfxn=_hashed,
    )
    model.build_vocab(sentences)
    if not len(model.wv):
        raise InputError(
            f"no word of {len(sentences):,} texts occurs often enough (smallest count {training.smallest_count}): "
            "give more texts, a smaller count, or a file of word vectors"
        )
    model.train(sentences, total_examples=model.corpus_count, epochs=training.epochs)
    counts = {str(word): model.wv.get_vecattr(word, "count") for word in model.wv.index_to_key}
    words = tuple(sorted(counts, key=lambda word: (-counts[word], word)))
    return words, np.stack([model.wv[word] for word in words]).astype(np.float32)


def _hashed(word: str) -> int:
    return zlib.crc32(word.encode())
