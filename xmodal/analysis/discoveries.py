"""Concepts and clusters as they are kept on disk, printed and shown: numbers, words and small pictures."""

import base64
from collections.abc import Callable
from typing import Literal

import numpy as np
from jaxtyping import Bool, UInt8
from PIL import Image
from pydantic import BaseModel, ConfigDict
from scipy import ndimage

from xmodal.analysis.clusters import Cluster, Clusters
from xmodal.analysis.concepts import Concept, Concepts
from xmodal.analysis.observed import Observed, nearest
from xmodal.data import encode

Pictures = Callable[[int], UInt8[np.ndarray, "_ _ 3"]]
"""Number of a pair -> the square that the network saw."""
SHOWN_CONCEPTS = 60
"""Concepts that are kept with their examples."""
SHOWN_MEMBERS = 6
"""Examples of each cluster."""
SPOT_PX = 144
_OUTSIDE = 0.2
"""Brightness of what is outside a mask."""


class Kept(BaseModel):
    """What all of these have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Spot(Kept):
    """A part of a picture."""

    item: str
    activation: float = 0.0
    """Normalised (of concepts)."""
    object: str = ""
    picture: str
    """The square with everything else darkened: JPEG, base64."""


class Stretch(Kept):
    """A part of a caption."""

    item: str
    activation: float = 0.0
    start_s: float
    end_s: float
    words: tuple[str, ...]


class ConceptEntry(Kept):
    """One dimension of the space."""

    unit: int
    value: float
    words: tuple[str, ...]
    object: str
    objects: tuple[tuple[str, float], ...]
    spots: tuple[Spot, ...]
    stretches: tuple[Stretch, ...]


class ConceptReport(Kept):
    """The dictionary of a network."""

    kind: Literal["concepts"] = "concepts"
    run: str
    data: str
    pairs: int
    count: int
    """Dimensions whose value exceeds `learned_above`."""
    learned_above: float
    values: tuple[float, ...]
    """Of every dimension."""
    top: tuple[ConceptEntry, ...]
    """Largest value first."""


class ClusterEntry(Kept):
    """One audio-visual pattern."""

    word: str
    object: str
    word_purity: float
    object_purity: float
    purity: float
    size: int
    spots: tuple[Spot, ...]
    stretches: tuple[Stretch, ...]
    """Of the same members as the spots."""


class ClusterReport(Kept):
    """Audio-visual patterns, purest first."""

    kind: Literal["clusters"] = "clusters"
    run: str
    data: str
    pairs: int
    cut: float
    components: int
    clusters: int
    listed: tuple[ClusterEntry, ...]


def concept_report(found: Concepts, observed: Observed, pictures: Pictures, *, run: str, data: str) -> ConceptReport:
    """The dictionary with examples of its best entries."""
    top = tuple(_concept(concept, observed, pictures) for concept in found.top(SHOWN_CONCEPTS))
    values = tuple(round(unit.value, 4) for unit in found.units)
    return ConceptReport(
        run=run, data=data, pairs=len(observed), count=found.count, learned_above=found.learned_above, values=values,
        top=top,
    )  # fmt: skip


def cluster_report(found: Clusters, observed: Observed, pictures: Pictures, *, run: str, data: str) -> ClusterReport:
    """The listed clusters with examples from their middle."""
    listed = tuple(_cluster(cluster, observed, pictures) for cluster in found.listed)
    return ClusterReport(
        run=run, data=data, pairs=len(observed), cut=found.cut, components=found.components, clusters=found.clusters,
        listed=listed,
    )  # fmt: skip


def spotlight(picture: UInt8[np.ndarray, "_ _ 3"], mask: Bool[np.ndarray, "_ _"]) -> str:
    """A picture as JPEG in base64, `SPOT_PX` wide: darkened outside the mask, its edge drawn."""
    size = (SPOT_PX, SPOT_PX)
    small = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS), np.float32)
    inside = np.asarray(Image.fromarray(mask).resize(size, Image.Resampling.NEAREST), bool)
    edge = inside ^ np.asarray(ndimage.binary_erosion(inside, border_value=1), bool)
    lit = np.where(inside[..., None], small, _OUTSIDE * small)
    lit[edge] = 255.0
    return base64.b64encode(encode.jpeg(lit.astype(np.uint8), quality=80)).decode("ascii")


def _concept(concept: Concept, observed: Observed, pictures: Pictures) -> ConceptEntry:
    spots = tuple(
        Spot(
            item=observed.ids[region.item],
            activation=region.activation,
            object=region.object,
            picture=spotlight(pictures(region.item), region.mask),
        )
        for region in concept.regions
    )
    stretches = tuple(
        Stretch(
            item=observed.ids[segment.item],
            activation=segment.activation,
            start_s=segment.start_s,
            end_s=segment.end_s,
            words=segment.words,
        )
        for segment in concept.segments
    )
    return ConceptEntry(
        unit=concept.unit, value=concept.value, words=concept.words, object=concept.object, objects=concept.objects,
        spots=spots, stretches=stretches,
    )  # fmt: skip


def _cluster(cluster: Cluster, observed: Observed, pictures: Pictures) -> ClusterEntry:
    members = cluster.members[:SHOWN_MEMBERS]
    rows = nearest(observed.places.rows, SPOT_PX)
    cols = nearest(observed.places.cols, SPOT_PX)
    spots, stretches = [], []
    for member in members:
        mask = member.component.image_mask[np.ix_(rows, cols)]
        spots.append(Spot(item=observed.ids[member.item], picture=spotlight(pictures(member.item), mask)))
        start_s, end_s = member.component.interval_s(observed.places.times_s, observed.places.step_s)
        stretches.append(Stretch(item=observed.ids[member.item], start_s=start_s, end_s=end_s, words=member.words))
    return ClusterEntry(
        word=cluster.word, object=cluster.object, word_purity=cluster.word_purity,
        object_purity=cluster.object_purity, purity=cluster.purity, size=len(cluster.members), spots=tuple(spots),
        stretches=tuple(stretches),
    )  # fmt: skip
