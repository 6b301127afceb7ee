"""Word times of spoken captions as data sets write them -> `Word`s."""

import json
from collections.abc import Iterable
from typing import Any

from xmodal.data.sample import Word

SILENCES = frozenset({"<SIL>", "<SPOKEN_NOISE>", "<EPS>", "<UNK>", "SIL", "SPN", ""})
"""Marks of an aligner that are no words (Places audio: `<SIL>`, `<SPOKEN_NOISE>`)."""


def aligned(text: str) -> tuple[Word, ...]:
    """`0.12__DOG__0.53 0.53__<SIL>__0.80` (Places audio, `text_alignment`) -> words in lower case, silences left out.

    Raises:
        ValueError: a part that is not start__WORD__end with 0 <= start <= end in seconds.
    """
    return _checked(tuple(part.split("__")) for part in text.split())


def listed(value: Any) -> tuple[Word, ...]:
    """A list of `{"word"|"text", "start"|"start_s", "end"|"end_s"}` or of `[word, start, end]`, or JSON text of one.

    `{"words": [...], "start": [...], "end": [...]}` (three lists of one length) is understood too.

    Raises:
        ValueError: another shape, or times that are not seconds in order.
    """
    if isinstance(value, str):
        if "__" in value and not value.lstrip().startswith(("[", "{")):
            return aligned(value)
        value = json.loads(value) if value.strip() else []
    if isinstance(value, dict):
        columns = [value.get(key) for key in ("start", "words", "end")]
        if not all(isinstance(column, list) for column in columns) or len({len(c) for c in columns if c}) > 1:
            raise ValueError("word times need lists of one length under words, start and end")
        return _checked(zip(*(column or [] for column in columns), strict=False))
    if not isinstance(value, list):
        raise ValueError(f"word times must be a list, found {str(value)[:40]!r}")
    return _checked(_triple(part) for part in value)


def _triple(part: Any) -> tuple[Any, ...]:
    if isinstance(part, dict):
        word = part.get("word", part.get("text"))
        return (part.get("start_s", part.get("start")), word, part.get("end_s", part.get("end")))
    if isinstance(part, list | tuple) and len(part) == 3:
        return (part[1], part[0], part[2])
    raise ValueError(f"a word must be [word, start, end] or an object, found {str(part)[:40]!r}")


def _checked(triples: Iterable[tuple[Any, ...]]) -> tuple[Word, ...]:
    words: list[Word] = []
    for triple in triples:
        if len(triple) != 3:
            raise ValueError(f"expected start__WORD__end, found {'__'.join(map(str, triple))[:40]!r}")
        try:
            start_s, end_s = float(triple[0]), float(triple[2])
        except (TypeError, ValueError) as error:
            raise ValueError(f"times {triple[0]!r} and {triple[2]!r} are not seconds") from error
        if not 0 <= start_s <= end_s < 1e6:
            raise ValueError(f"word {triple[1]!r} from {start_s:g} s to {end_s:g} s: times are not in order")
        if str(triple[1]).upper() not in SILENCES:
            words.append(Word(str(triple[1]).lower(), start_s, end_s))
    return tuple(words)
