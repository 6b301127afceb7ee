"""Sample <-> table row, and the writer of catalogs."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from xmodal.data.media import Media, Stored, Text, parse, reference
from xmodal.data.sample import LabelMapSource, Sample, SoundEvent, Split, Truth, Word
from xmodal.modality import Modality
from xmodal.storage import digest

_TIMED = [("start_s", pa.float32()), ("end_s", pa.float32())]

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("split", pa.string()),
        ("scene", pa.string()),
        ("group", pa.string()),
        *[
            (modality.value, pa.list_(pa.string()) if modality is Modality.TEXT else pa.string())
            for modality in Modality
        ],
        ("label_map", pa.string()),
        ("objects", pa.list_(pa.string())),
        ("words", pa.list_(pa.struct([("text", pa.string()), *_TIMED]))),
        ("sound_events", pa.list_(pa.struct([("label", pa.string()), *_TIMED, ("seen", pa.bool_())]))),
        ("facts", pa.string()),
        ("search", pa.string()),
    ]
)
"""Columns of a catalog's table. `search` is the case-folded text that word filters look in."""


def to_row(sample: Sample) -> dict[str, Any]:
    """The table row of a sample; `from_row` is its inverse up to `roots`."""
    truth = sample.truth
    row: dict[str, Any] = {modality.value: _cell(sample.media.get(modality)) for modality in Modality}
    row |= {"id": sample.id, "split": sample.split.value, "scene": sample.scene, "group": sample.group}
    source = truth.label_map
    row["label_map"] = None if source is None else f"{source.scheme}|{reference(source.media)}"
    row["objects"] = list(truth.objects) or None
    row["words"] = [vars(word) for word in truth.words] or None
    row["sound_events"] = [vars(event) for event in truth.sound_events] or None
    row["facts"] = json.dumps(dict(sample.facts), ensure_ascii=False) if sample.facts else None
    row["search"] = _search(sample)
    return row


def _cell(media: Media | None) -> str | list[str] | None:
    if media is None:
        return None
    return list(media.texts) if isinstance(media, Text) else reference(media)


def _search(sample: Sample) -> str:
    text = sample.media.get(Modality.TEXT)
    parts = [sample.id, sample.scene or "", *(text.texts if isinstance(text, Text) else ())]
    parts += [*sample.truth.objects, *(event.label for event in sample.truth.sound_events)]
    parts += [word.text for word in sample.truth.words]
    return " ".join(dict.fromkeys(" ".join(parts).casefold().split()))


def from_row(row: Mapping[str, Any], roots: Mapping[str, Path]) -> Sample:
    """The sample of a table row."""
    media: dict[Modality, Media] = {}
    for modality in Modality:
        cell = row[modality.value]
        if cell is not None:
            media[modality] = Text(tuple(cell)) if modality is Modality.TEXT else parse(cell)
    truth = Truth(
        label_map=_label_map(row["label_map"]),
        objects=tuple(row["objects"] or ()),
        words=tuple(Word(**word) for word in row["words"] or ()),
        sound_events=tuple(SoundEvent(**event) for event in row["sound_events"] or ()),
    )
    return Sample(
        id=row["id"],
        split=Split(row["split"]),
        media=media,
        scene=row["scene"],
        group=row["group"],
        truth=truth,
        facts=json.loads(row["facts"]) if row["facts"] else {},
        roots=roots,
    )


def _label_map(cell: str | None) -> LabelMapSource | None:
    if cell is None:
        return None
    scheme, _, rest = cell.partition("|")
    return LabelMapSource(scheme, parse(rest))


def stored(sample: Sample) -> list[Stored]:
    """Every file that the sample refers to."""
    media: list[Media] = [*sample.media.values()]
    if sample.truth.label_map is not None:
        media.append(sample.truth.label_map.media)
    return [entry for entry in media if isinstance(entry, Stored)]


def write_rows(path: Path, samples: Iterable[Sample], *, batch_rows: int = 4096) -> tuple[int, str]:
    """Write samples as an Arrow file in batches (memory stays bounded); returns the number of rows and their digest."""
    state = ""
    count = 0
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as writer:
        batch: list[dict[str, Any]] = []
        for sample in samples:
            row = to_row(sample)
            state = digest(state, json.dumps(row, sort_keys=True))
            batch.append(row)
            count += 1
            if len(batch) == batch_rows:
                writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=SCHEMA))
                batch = []
        if batch:
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=SCHEMA))
    return count, state or digest("")
