"""A collection of drawn vectors, made in a moment: entries of one item are near to each other."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from xmodal.data.sample import Split
from xmodal.embeddings.engine import searcher
from xmodal.embeddings.sense_scales import SenseScales
from xmodal.embeddings.table_index import TableKey
from xmodal.embeddings.table_writer import TableWriter
from xmodal.embeddings.vector_table import Row, VectorTable
from xmodal.modality import Modality
from xmodal.recipes.search_catalog import Collection
from xmodal.seeding import stream

DIM = 16
THREE = (Modality.IMAGE, Modality.SOUND, Modality.TEXT)


def drawn_collection(
    folder: Path,
    items: Sequence[tuple[str, Split, str | None]],
    senses: Sequence[Modality] = THREE,
    lacking: Mapping[str, Modality] | None = None,
) -> Collection:
    """Items with an id, a split and a scene; two vectors of each text; `lacking` names entries without one."""
    drawn = stream(3, "vectors")
    key = TableKey(weights="00", layer="hidden2", catalog="11", modalities=tuple(senses))
    rows, vectors = [], []
    for position, (name, split, scene) in enumerate(items):
        centre = drawn.standard_normal(DIM)
        for sense in senses:
            for text in range(0 if (lacking or {}).get(name) is sense else 2 if sense is Modality.TEXT else 1):
                rows.append(Row(name, position, sense, split, scene, text))
                vectors.append(centre + 0.2 * drawn.standard_normal(DIM))
    with TableWriter(folder, key, dim=DIM) as writer:
        writer.append(np.array(vectors, np.float32), rows, items_done=len(items))
        writer.finish()
    table = VectorTable(folder, key=key)
    return Collection(table, SenseScales({}), searcher(table))
