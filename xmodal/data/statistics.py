"""Distributions over a catalog's table, as in matchmaps Fig. 2: lengths and words of captions, items per speaker.

Only the table is read, never media: a caption's duration is where its last word ends, or the part of a recording that
its reference names.
"""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported; a type checker cannot see them)

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float, Int64

_PART = r"#t=(?P<start>[0-9.]+),(?P<end>[0-9.]+)$"
_BETWEEN_WORDS = r"[^\p{L}\p{N}']+"


@dataclass(frozen=True)
class Ranking:
    """How often each name occurs, most frequent first."""

    names: tuple[str, ...]
    counts: Int64[np.ndarray, "names"]


@dataclass(frozen=True)
class Statistics:
    """What `statistics_of` finds; an absent column gives an empty part."""

    items: int
    splits: Mapping[str, int]
    caption_durations_s: Float[np.ndarray, "spoken_captions"]
    """Of spoken captions whose duration is known."""
    words_per_caption: Int64[np.ndarray, "captions"]
    words: Ranking
    groups: Ranking
    """Items per speaker, video or user."""
    scenes: Ranking
    """Items per scene label."""
    objects: Ranking
    """Items that hold each kind of object at least once."""


def statistics_of(table: pa.Table) -> Statistics:
    """Distributions over the rows of a catalog's table (columns of `rows.SCHEMA`)."""
    captions = _captions(table)
    lists = pc.split_pattern_regex(pc.utf8_lower(captions), _BETWEEN_WORDS)
    words = lists.flatten()
    spoken = pc.not_equal(words, "")
    full = pc.list_parent_indices(lists).filter(spoken).to_numpy(zero_copy_only=False)
    return Statistics(
        items=table.num_rows,
        splits={str(name): int(count) for name, count in _counted(_column(table, "split"))},
        caption_durations_s=caption_durations(table),
        words_per_caption=np.bincount(full, minlength=len(captions)).astype(np.int64),
        words=_ranked(words.filter(spoken)),
        groups=_ranked(_column(table, "group")),
        scenes=_ranked(_column(table, "scene")),
        objects=_ranked(_per_item(_column(table, "objects"))),
    )


def caption_durations(table: pa.Table) -> Float[np.ndarray, "captions"]:
    """Seconds of each spoken caption of known duration, in the table's order."""
    speech = _column(table, "speech")
    parts = pc.extract_regex(speech, _PART)
    ends_s = _last_ends(_column(table, "words"))
    start_s, end_s = (pc.cast(pc.struct_field(parts, name), pa.float64()) for name in ("start", "end"))
    known = pc.if_else(pc.is_valid(speech), pc.coalesce(pc.subtract(end_s, start_s), ends_s), None)
    return pc.drop_null(known).to_numpy(zero_copy_only=False).astype(np.float64)


def _last_ends(words: pa.Array) -> pa.Array:
    """Where each row's last word ends, null where there are no words."""
    lengths = pc.fill_null(pc.list_value_length(words), 0).to_numpy(zero_copy_only=False)
    ends_s = words.flatten().field("end_s").to_numpy(zero_copy_only=False).astype(np.float64)
    last = np.cumsum(lengths) - 1
    some = lengths > 0
    result = np.full(lengths.size, np.nan)
    result[some] = ends_s[last[some]]
    return pa.array(result, mask=~some)


def _captions(table: pa.Table) -> pa.Array:
    """Written captions (every alternative counts), or what is spoken where nothing is written."""
    written = _column(table, "text").flatten()
    if len(written):
        return written
    words = _column(table, "words").drop_null()
    spoken = pa.ListArray.from_arrays(_offsets(words), words.flatten().field("text"))
    joined = pc.binary_join(spoken, " ")
    return joined.filter(pc.greater(pc.list_value_length(spoken), 0))


def _offsets(lists: pa.ListArray) -> pa.Array:
    lengths = pc.list_value_length(lists).to_numpy(zero_copy_only=False)
    return pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())


def _per_item(lists: pa.Array) -> pa.Array:
    """The values of all lists, each once per list."""
    pairs = pa.table({"item": pc.list_parent_indices(lists), "name": lists.flatten()})
    return pairs.group_by(["item", "name"]).aggregate([])["name"].combine_chunks()


def _column(table: pa.Table, name: str) -> pa.Array:
    return pa.concat_arrays(table[name].chunks) if table[name].num_chunks else pa.array([], table[name].type)


def _counted(values: pa.Array) -> list[tuple[str, int]]:
    found = pc.value_counts(values.drop_null())
    return list(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True))


def _ranked(values: pa.Array) -> Ranking:
    ordered = sorted(_counted(values), key=lambda entry: (-entry[1], entry[0]))
    return Ranking(tuple(name for name, _ in ordered), np.array([count for _, count in ordered], dtype=np.int64))
