"""Splits: the words that data sets use for them, and the deterministic split where none is published."""

import hashlib

from xmodal.data.sample import Split

_NAMES: dict[str, Split] = {
    **dict.fromkeys(("train", "training", "trn", "trainset", "trainval"), Split.TRAIN),
    **dict.fromkeys(("validation", "valid", "val", "dev", "development"), Split.VALIDATION),
    **dict.fromkeys(("test", "testing", "tst", "eval", "evaluation"), Split.TEST),
}

SPLIT_WORDS: tuple[str, ...] = tuple(_NAMES)
"""Every word that `named_split` knows."""


def named_split(word: str) -> Split | None:
    """The split that a word such as `training`, `dev` or `Val` means; None if it means none."""
    return _NAMES.get(word.strip().casefold())


def hashed_split(key: str, *, validation_share: float = 0.1, test_share: float = 0.1) -> Split:
    """The same split for the same key on every machine: key = group, so that dependent items stay together.

    The first 8 bytes of BLAKE2b(key) as a fraction of [0, 1): test below `test_share`, then validation, then train.
    """
    head = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    place = int.from_bytes(head, "big") / 2**64
    if place < test_share:
        return Split.TEST
    return Split.VALIDATION if place < test_share + validation_share else Split.TRAIN
