"""Spaces in which a linear method can compare senses (the baselines of see_hear_read sections 4.2 and 4.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from xmodal.modality import Modality
from xmodal.stats.cca import POWER, Cca, Scale, fit_cca, normalised
from xmodal.stats.cluster_cca import fit_cluster_cca
from xmodal.stats.linear_map import LinearMap
from xmodal.stats.ridge import fit_ridge
from xmodal.stats.rows import check_pairs
from xmodal.stats.standard import fit_centre

Rows = Float[np.ndarray, "_items _dims"]

Near = Literal["cosine", "euclidean"]

REGRESSION = "linear-regression"
CCA = "cca"
NORMALISED = "normalised-cca"
CLUSTER = "cluster-cca"
PICTURE = Modality.IMAGE
"""What every training item has, beside one other sense."""


@runtime_checkable
class Map(Protocol):
    """Something fitted that new rows go through."""

    def transform(self, rows: Rows) -> Rows:
        """Where they go."""
        ...


@dataclass(frozen=True)
class Chain:
    """One map after another."""

    maps: tuple[Map, ...]

    def transform(self, rows: Rows) -> Rows:
        """Through all of them."""
        for each in self.maps:
            rows = each.transform(rows)
        return rows


@dataclass(frozen=True)
class Pairs:
    """Features of training items that have a picture and one other sense; row i of both is item i."""

    pictures: Rows
    others: Rows
    classes: Int[np.ndarray, "_items"] | None = None
    """What each picture shows (of the teacher, say), for cluster CCA; the same numbers for every other sense."""

    def __post_init__(self) -> None:
        """Refuse what does not match.

        Raises:
            ValueError: different numbers of rows, fewer than 2, or a number that is not finite.
        """
        check_pairs(self.pictures, self.others)
        if self.classes is not None and len(self.classes) != len(self.pictures):
            raise ValueError(f"{len(self.pictures)} pairs and {len(self.classes)} classes: each pair needs its own")


@dataclass(frozen=True)
class Space:
    """Where two senses or more can be compared."""

    maps: Mapping[Modality, Map]
    """From the features of each sense into the space; a sense that is not there has no vectors in it."""
    near: Near
    """How vectors are compared."""

    def vectors(self, features: Mapping[Modality, Rows]) -> dict[Modality, Rows]:
        """Vectors of all senses that are in this space.

        Raises:
            ValueError: other features than in training, or a number that is not finite.
        """
        return {sense: self.maps[sense].transform(rows) for sense, rows in features.items() if sense in self.maps}

    def similarities(
        self, queries: tuple[Modality, Rows], candidates: tuple[Modality, Rows]
    ) -> Float[np.ndarray, "queries candidates"]:
        """Every query's features against every candidate's: cosines, or squared distances below zero.

        A vector of length 0, which has no direction, is orthogonal to all.

        Raises:
            ValueError: a sense that is not in this space, other features than in training, or a number that is not
                finite.
        """
        for sense, _ in (queries, candidates):
            if sense not in self.maps:
                raise ValueError(f"there are no vectors of {sense} in this space; of: {', '.join(self.maps)}")
        one, other = (self.maps[sense].transform(rows) for sense, rows in (queries, candidates))
        return cosines(one, other) if self.near == "cosine" else _negative_distances(one, other)


@dataclass(frozen=True)
class Chosen:
    """How one method was fitted for one sense."""

    weight: float
    """Of the prior or the regularisation."""
    dims: int
    """Of its space."""


@dataclass(frozen=True)
class Linear:
    """How the linear methods are fitted; the paper gives no number but `sound` = 512."""

    weights: tuple[float, ...] = (1e-3, 1e-2, 1e-1, 1.0, 10.0)
    """Of ridge's prior and CCA's regularisation, relative to the mean variance of a feature. Of several, that with the
    lowest median rank on validation pairs is taken, for each method and sense ("fit hyper-parameters on the validation
    set", section 4.1)."""
    dims: tuple[int, ...] = (16, 32, 64, 128, 256, 512)
    """Dimensions of the spaces of CCA, at most; of several, as above. Plain CCA, which weighs all alike, drowns in
    those that hardly correlate."""
    power: float = POWER
    """Of normalised CCA."""
    scale: Scale = "correlations"
    """What normalised CCA takes the power of."""
    components: Mapping[Modality, int] = field(default_factory=lambda: {Modality.SOUND: 512})
    """Principal components to which a sense's features are reduced first."""


def fit_spaces(sense: Modality, pairs: Pairs, weight: float, linear: Linear) -> Iterator[tuple[str, Chosen, Space]]:
    """Each method's spaces for pictures and one other sense, one for each number of dimensions to choose from.

    Linear regression goes from the sense to visual features, so that both directions compare there (section 4.2).
    Ours: cosines are about the mean of the training pictures, because visual features are not negative and would all
    look alike from zero; CCA compares by distance, normalised CCA by cosine, as Gong et al. 2014 have it, and cluster
    CCA (where classes are given) by cosine.

    Raises:
        ValueError: what the fits refuse, such as features that are all constant.
    """
    pictures, others = pairs.pictures, pairs.others
    maps = {PICTURE: fit_centre(pictures), sense: _about_zero(pairs, weight)}
    yield REGRESSION, Chosen(weight, pictures.shape[1]), Space(maps, "cosine")
    plain = fit_cca(pictures, others, dims=max(linear.dims), regularisation=weight)
    scaled = normalised(plain, power=linear.power, scale=linear.scale)
    found: list[tuple[str, Cca, Near]] = [(CCA, plain, "euclidean"), (NORMALISED, scaled, "cosine")]
    if pairs.classes is not None:
        sides = (pictures, pairs.classes), (others, pairs.classes)
        found.append((CLUSTER, fit_cluster_cca(*sides, dims=max(linear.dims), regularisation=weight), "cosine"))
    for row, cca, near in found:
        for dims in sorted({min(dims, len(cca.correlations)) for dims in linear.dims}):
            yield row, Chosen(weight, dims), _of(cca.cut(dims), PICTURE, sense, near)


def fit_bridge(first: tuple[Modality, Pairs], second: tuple[Modality, Pairs], chosen: Chosen) -> Space:
    """Cluster CCA of two senses that were never seen together: what belongs together is what has pictures of a class.

    Raises:
        ValueError: what the fit refuses, such as fewer than two classes in common; pairs without classes.
    """
    one, other = first[1], second[1]
    if one.classes is None or other.classes is None:
        raise ValueError("cluster CCA needs the classes of the pictures")
    sides = (one.others, one.classes), (other.others, other.classes)
    found = fit_cluster_cca(*sides, dims=chosen.dims, regularisation=chosen.weight)
    return _of(found, first[0], second[0], "cosine")


def cosines(
    one: Float[np.ndarray, "queries dims"], other: Float[np.ndarray, "candidates dims"]
) -> Float[np.ndarray, "queries candidates"]:
    """Cosine of every vector with every other; 0 where one has no length."""
    units = []
    for side in (one, other):
        lengths = np.linalg.norm(side, axis=1, keepdims=True)
        units.append(np.divide(side, lengths, out=np.zeros_like(side), where=lengths > 0.0))
    return units[0] @ units[1].T


def _negative_distances(
    one: Float[np.ndarray, "queries dims"], other: Float[np.ndarray, "candidates dims"]
) -> Float[np.ndarray, "queries candidates"]:
    return 2.0 * one @ other.T - (one**2).sum(axis=1)[:, None] - (other**2).sum(axis=1)


def _about_zero(pairs: Pairs, prior: float) -> LinearMap:
    """Regressed visual features, about the mean of the training pictures."""
    found = fit_ridge(pairs.others, pairs.pictures, prior=prior)
    return replace(found, offset=np.zeros_like(found.offset))


def _of(cca: Cca, first: Modality, second: Modality, near: Near) -> Space:
    return Space({first: cca.first, second: cca.second}, near)
