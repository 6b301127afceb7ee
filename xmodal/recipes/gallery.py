"""The gallery of twelve panels that opens first: five queries that are heard, four that are read, three that are seen.

As on the project page of See, Hear and Read, which does not say how its queries were chosen. Here a rule chooses them
and nobody: items of the test split, the first of each scene in the order of the catalog, then the second of each scene,
and so on. One after the other asks, none twice; an item without a vector of the sense that is due gives way to another.
"""

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from xmodal.data.sample import Split
from xmodal.embeddings.vector_table import VectorTable
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.recipes.panels import Answered, Asked, Panel, answered
from xmodal.recipes.search_catalog import Collection

PLAN: tuple[tuple[tuple[Modality, ...], int], ...] = (
    ((Modality.SOUND, Modality.SPEECH), 5),
    ((Modality.TEXT,), 4),
    ((Modality.IMAGE, Modality.SKETCH, Modality.CLIP_ART, Modality.SPATIAL_TEXT), 3),
)
"""Senses of which the first that a run has asks, and how often."""
ANSWERS = 4
"""Of each sense, as the texts of the project page."""
SPLITS = (Split.TEST, Split.VALIDATION, Split.TRAIN)
"""Queries are of the first of these that the collection has."""
SCORES = "Scores are cosines, from -1 to 1; those of one sense can be compared, those of two cannot."


@dataclass(frozen=True)
class Place:
    """Which vectors a gallery is of, by name."""

    run: str
    catalog: str
    layer: str


@dataclass(frozen=True)
class Gallery:
    """The panels, answered, and what one has to know of them."""

    panels: tuple[Answered, ...]
    split: Split
    """Of the queries."""
    items: int
    """How many items answer."""
    lacking: tuple[str, ...]
    """Kinds of query that the run cannot take, or that say nothing to it: `heard`, `read`, `seen`."""


def gallery(collection: Collection, place: Place) -> Gallery:
    """Choose the queries and ask them; fewer than twelve where there are not items enough, or senses."""
    split = next((each for each in SPLITS if each.value in set(collection.table.rows["split"].to_pylist())), SPLITS[0])
    left = list(_spread(collection.table, split))
    panels: list[Answered] = []
    lacking = []
    for (senses, count), kind in zip(PLAN, ("heard", "read", "seen"), strict=True):
        sense = next((each for each in senses if each in collection.senses), None)
        found = [] if sense is None else list(islice(_asking(collection, place, sense, left), count))
        lacking += [] if found else [kind]
        for each in found:
            left.remove(each.panel.asked[0].item)
            name = f"{each.panel.asked[0].sense.display} {len(panels) + 1}"
            panels.append(replace(each, panel=each.panel.model_copy(update={"name": name})))
    items = len(set(collection.table.rows["id"].to_pylist()))
    return Gallery(tuple(panels), split, items, tuple(lacking))


def notes_of(shown: Gallery) -> tuple[str, ...]:
    """What has to be known of a gallery, a sentence or two each."""
    where = {Split.TEST: "test", Split.VALIDATION: "validation", Split.TRAIN: "training"}[shown.split]
    return (
        f"A rule chooses the queries: items of the {where} split, one of each scene in turn, in the order of the "
        f"catalog. {shown.items:,} items answer, the query's own among them.",
        SCORES,
        *((f"Nothing that is {' or '.join(shown.lacking)} says anything to this network.",) if shown.lacking else ()),
    )


def _asking(collection: Collection, place: Place, sense: Modality, items: Sequence[str]) -> Iterator[Answered]:
    """Queries by some items in turn; those that say nothing to the network are left out."""
    for item in items:
        asked = Asked(sense=sense, item=item)
        panel = Panel(
            name=sense.display, run=place.run, catalog=place.catalog, layer=place.layer, asked=(asked,), many=ANSWERS
        )  # fmt: skip
        with contextlib.suppress(InputError):
            yield answered(panel, collection)


def _spread(table: VectorTable, split: Split) -> Iterator[str]:
    """Ids of a split: the first of each scene, the second of each scene, and so on, in the order of the catalog."""
    rows = table.rows.select(["id", "split", "scene"]).to_pylist()
    scenes = {row["id"]: row["scene"] for row in rows if row["split"] == split.value}
    found: defaultdict[int, list[str]] = defaultdict(list)
    seen: defaultdict[str | None, int] = defaultdict(int)
    for item, scene in scenes.items():
        found[seen[scene]].append(item)
        seen[scene] += 1
    for turn in sorted(found):
        yield from found[turn]
