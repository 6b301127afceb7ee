"""Audio-visual patterns found without labels: components of matchmaps in clusters (matchmaps section 5.4, Fig. 9)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, Field

from xmodal.analysis.co_segmentation import Component, Segmentation, components
from xmodal.analysis.observed import Observed, nearest, words_at
from xmodal.progress import Progress, Silent
from xmodal.stats.running import RunningQuantiles


class Clustering(BaseModel):
    """How components become clusters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    segmentation: Segmentation = Segmentation()
    """Its percentile is taken over the matchmaps of all pairs, as one score for all (the paper's is absolute)."""
    most_components: int = Field(default=5, ge=1)
    """Of each pair only the largest are used (ours; the paper uses all)."""
    clusters: int | None = Field(default=60, ge=1)
    """How many Birch makes of its leaves; None: the leaves themselves. The paper reports 423 and not how."""
    radius: float = Field(default=0.5, gt=0.0)
    """Birch's threshold: the largest radius of a leaf. Vectors of each sense have length 1 on average."""
    smallest_cluster: int = Field(default=2, ge=1)
    """Smaller clusters are not listed: one component alone is always pure (ours)."""
    listed: int = Field(default=100, ge=1)
    """Purest clusters that are listed (Fig. 9)."""


DEFAULT = Clustering()


@dataclass(frozen=True)
class Found:
    """A component in the pair where it was found."""

    item: int
    """Position of the pair."""
    component: Component
    words: tuple[str, ...]
    """That it overlaps, each once."""
    pixels: Int[np.ndarray, "numbers"]
    """Labelled pixels under its mask: of nothing, then of each class."""


@dataclass(frozen=True)
class Cluster:
    """Components that are alike, under the word and the object that they are about."""

    word: str
    """Overlapped by most of its components, of equal ones the first in the alphabet; empty if there is none."""
    object: str
    """The class with most of its pixels; empty if none is labelled."""
    word_purity: float
    """Share of its components that overlap the word."""
    object_purity: float
    """Share of its labelled pixels that are of that class."""
    members: tuple[Found, ...]
    """Nearest to the cluster's centre first."""

    @property
    def purity(self) -> float:
        """Harmonic mean of both."""
        return harmonic(self.word_purity, self.object_purity)


@dataclass(frozen=True)
class Clusters:
    """What was found in all pairs."""

    cut: float
    """Score above which cells of a matchmap were inside."""
    components: int
    clusters: int
    """All of them, also those that are not listed."""
    listed: tuple[Cluster, ...]
    """Purest first, of equally pure ones the larger."""


def harmonic(one: float, other: float) -> float:
    """Harmonic mean of two shares; 0 if both are 0."""
    return 2 * one * other / (one + other) if one + other > 0 else 0.0


def clusters(observed: Observed, options: Clustering = DEFAULT, *, progress: Progress | None = None) -> Clusters:
    """Audio-visual clusters of pairs (section 5.4).

    The matchmap of every pair is cut into volumetric components; both maps are averaged inside each, rescaled by the
    mean length of all vectors of their sense, joined, and clustered by Birch. Deviations from the paper are the fields
    of `Clustering` and the function words that never label a cluster (`observed.FUNCTION_WORDS`). Word purity counts
    components, object purity pixels: the paper says "purity" and "precision" without a formula.
    """
    progress = progress or Silent()
    cut = cut_of(observed, options.segmentation, progress)
    found = list(_components(observed, options, cut, progress))
    if not found:
        return Clusters(cut, 0, 0, ())
    vectors = joined([_pooled(observed, each) for each in found])
    numbers = _birch(vectors, options)
    every = [_cluster(observed, found, vectors, np.flatnonzero(numbers == number)) for number in np.unique(numbers)]
    large = [each for each in every if len(each.members) >= options.smallest_cluster]
    best = sorted(large, key=lambda each: (-each.purity, -len(each.members), each.word, each.object))
    return Clusters(cut, len(found), len(every), tuple(best[: options.listed]))


def cut_of(observed: Observed, options: Segmentation, progress: Progress) -> float:
    """The score where all matchmaps are cut: as given, or the percentile of all their scores (within a 2000th of their
    range, from one pass)."""
    if options.threshold.kind == "score":
        return options.threshold.value
    seen = RunningQuantiles(1)
    for item in range(len(observed)):
        seen.add(_scores(observed, item).reshape(-1, 1))
        progress.update("Looking for the threshold", item + 1, len(observed))
    return float(seen.at(options.threshold.value / 100)[0])


def joined(
    pooled: Sequence[tuple[Float[np.ndarray, "dim"], Float[np.ndarray, "dim"]]],
) -> Float[np.ndarray, "components twice_dim"]:
    """Image and speech vectors over the mean length of their sense, side by side."""
    images, captions = (np.stack(vectors) for vectors in zip(*pooled, strict=True))
    scaled = []
    for vectors in (images, captions):
        length = float(np.linalg.norm(vectors, axis=1).mean())
        scaled.append(vectors / (length if length > 0 else 1.0))
    return np.concatenate(scaled, axis=1)


def _scores(observed: Observed, item: int) -> Float[np.ndarray, "rows cols frames"]:
    """One matchmap, valid frames only."""
    valid = observed.captions[item, :, : int(observed.lengths[item])]
    return np.einsum("drc,dt->rct", observed.images[item], valid, optimize=True)


def _components(observed: Observed, options: Clustering, cut: float, progress: Progress) -> Iterator[Found]:
    rows = nearest(observed.places.rows, observed.labels.shape[1])
    cols = nearest(observed.places.cols, observed.labels.shape[2])
    for item in range(len(observed)):
        parts = components(_scores(observed, item), options.segmentation, cut=cut)
        for part in parts[: options.most_components]:
            times_s = observed.places.times_s[: len(part.frame_mask)][part.frame_mask]
            under = observed.labels[item][part.image_mask[np.ix_(rows, cols)]]
            pixels = np.bincount(under, minlength=len(observed.classes) + 1)
            yield Found(item, part, words_at(observed.words[item], times_s), pixels)
        progress.update("Cutting matchmaps", item + 1, len(observed))


def _pooled(observed: Observed, found: Found) -> tuple[Float[np.ndarray, "dim"], Float[np.ndarray, "dim"]]:
    """Means of both maps inside the component's masks."""
    frames = np.flatnonzero(found.component.frame_mask)
    image = observed.images[found.item][:, found.component.image_mask].mean(axis=1)
    return image, observed.captions[found.item][:, frames].mean(axis=1)


def _birch(vectors: Float[np.ndarray, "components twice_dim"], options: Clustering) -> Int[np.ndarray, "components"]:
    from sklearn.cluster import Birch

    leaves = Birch(threshold=options.radius, n_clusters=cast(int, None)).fit(vectors)  # None: stop at the leaves
    if options.clusters is None or len(leaves.subcluster_centers_) <= options.clusters:
        return np.asarray(leaves.labels_)
    if options.clusters == 1:
        return np.zeros(len(vectors), np.int64)
    return np.asarray(leaves.set_params(n_clusters=options.clusters).partial_fit().predict(vectors))


def _cluster(
    observed: Observed, found: Sequence[Found], vectors: np.ndarray, members: Int[np.ndarray, "members"]
) -> Cluster:
    chosen = vectors[members]
    order = np.argsort(np.linalg.norm(chosen - chosen.mean(axis=0), axis=1), kind="stable")
    own = [found[int(number)] for number in members[order]]
    said = Counter(word for each in own for word in each.words)
    word, count = min(said.items(), key=lambda entry: (-entry[1], entry[0]), default=("", 0))
    pixels = np.sum([each.pixels for each in own], axis=0)[1:]
    labelled = int(pixels.sum())
    largest = int(pixels.argmax()) if labelled else -1
    return Cluster(
        word=word,
        object=observed.classes[largest] if labelled else "",
        word_purity=count / len(own),
        object_purity=float(pixels[largest] / labelled) if labelled else 0.0,
        members=tuple(own),
    )
