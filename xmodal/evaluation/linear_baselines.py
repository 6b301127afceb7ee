"""The rows of see_hear_read's Tables 1 and 2 that no network computes: random, linear regression, CCA and its kin."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from xmodal.evaluation.linear_spaces import (
    CCA,
    CLUSTER,
    PICTURE,
    REGRESSION,
    Chain,
    Chosen,
    Linear,
    Map,
    Pairs,
    Rows,
    Space,
    fit_bridge,
    fit_spaces,
)
from xmodal.evaluation.ranks import Retrieval, both_ways
from xmodal.modality import Modality
from xmodal.seeding import stream
from xmodal.stats.pca import Pca, fit_pca

RANDOM = "random"

Two = tuple[Modality, Modality]
"""Two senses; pictures come first where they take part."""


@dataclass(frozen=True)
class Baselines:
    """Everything fitted, for any test items."""

    spaces: Mapping[str, Mapping[Two, Space]]
    """Row -> senses -> their space; CCA has none for two senses that were never paired."""
    chosen: Mapping[str, Mapping[Modality, Chosen]]
    """Row -> sense paired with pictures -> how it was fitted."""

    def retrieved(self, senses: Two, first: Rows, second: Rows, *, seed: int) -> dict[str, dict[str, Retrieval]]:
        """Row -> direction -> ranks, where row i of both sides is test item i.

        Args:
            senses: of both sides, in the order of `spaces`.
            first, second: features as in training.
            seed: of the random row.

        Raises:
            ValueError: sides that do not match, features that are not those of training, or no row for these senses.
        """
        known = {row: spaces[senses] for row, spaces in self.spaces.items() if senses in spaces}
        if not known:
            raise ValueError(f"nothing was fitted for {senses[0]} and {senses[1]}")
        found = {RANDOM: _ranked(stream(seed, "random baseline").random((len(first), len(second))), senses)}
        for row, space in known.items():
            found[row] = _ranked(space.similarities((senses[0], first), (senses[1], second)), senses)
        return found

    def for_classifiers(self) -> dict[str, Space]:
        """The spaces of Table 3 by its rows: regression has all senses, CCA pictures and one other (`cca-text`)."""
        regressed = self.spaces[REGRESSION]
        maps: dict[Modality, Map] = {}
        for (one, other), space in regressed.items():
            if one is PICTURE:
                maps |= {PICTURE: maps.get(PICTURE, space.maps[one]), other: space.maps[other]}
        ccas = {f"{CCA}-{other.value}": space for (_, other), space in self.spaces[CCA].items()}
        return {REGRESSION: Space(maps, "cosine"), **ccas}


def fit_baselines(
    train: Mapping[Modality, Pairs], linear: Linear, *, validation: Mapping[Modality, Pairs] | None = None
) -> Baselines:
    """All linear methods, for pictures with each sense of `train` and for every two of these senses.

    Two senses other than pictures were never seen together: regression brings both to visual features (section 4.3),
    cluster CCA goes by the classes of their pictures, with the larger of both senses' weights and the smaller of their
    dimensions; CCA cannot.

    Args:
        train: sense -> its training pairs with pictures.
        linear: how to fit.
        validation: sense -> pairs to choose by, about a thousand (each with each is compared, for every choice);
            None: there is nothing to choose.

    Raises:
        ValueError: no sense; pictures themselves as the other sense; several weights or dims and no validation pairs
            for a sense; what the fits refuse.
    """
    if not train or PICTURE in train:
        raise ValueError("training pairs are pictures with at least one sense other than pictures")
    if not linear.weights or not linear.dims:
        raise ValueError("at least one weight and one number of dimensions are needed")
    choices = len(linear.weights) * len(linear.dims)
    waiting = set(train) - set(validation or {}) if choices > 1 else set()
    if waiting:
        raise ValueError(f"{choices} choices and no validation pairs to choose by for: {', '.join(sorted(waiting))}")
    spaces: dict[str, dict[Two, Space]] = {}
    chosen: dict[str, dict[Modality, Chosen]] = {}
    reduced = {sense: _reduced(sense, pairs, linear) for sense, pairs in train.items()}
    for sense, (pairs, pca) in reduced.items():
        for row, (how, space) in _best(sense, pairs, pca, linear, (validation or {}).get(sense)).items():
            spaces.setdefault(row, {})[PICTURE, sense] = space
            chosen.setdefault(row, {})[sense] = how
    for one, other in combinations(train, 2):
        maps = {each: spaces[REGRESSION][PICTURE, each].maps[each] for each in (one, other)}
        spaces[REGRESSION][one, other] = Space(maps, "cosine")
        hows = [chosen[CLUSTER][each] for each in (one, other) if each in chosen.get(CLUSTER, {})]
        if len(hows) == 2:
            how = Chosen(max(each.weight for each in hows), min(each.dims for each in hows))
            bridge = fit_bridge((one, reduced[one][0]), (other, reduced[other][0]), how)
            spaces[CLUSTER][one, other] = _after(bridge, {each: reduced[each][1] for each in (one, other)})
    return Baselines(spaces, chosen)


def _reduced(sense: Modality, pairs: Pairs, linear: Linear) -> tuple[Pairs, Pca | None]:
    """Pairs whose other sense is given by its principal components, and these; None: it is left as it is."""
    dims = linear.components.get(sense)
    if dims is None or pairs.others.shape[1] <= dims:
        return pairs, None
    pca = fit_pca(pairs.others, dims)
    return replace(pairs, others=pca.transform(pairs.others)), pca


def _after(space: Space, reductions: Mapping[Modality, Pca | None]) -> Space:
    """The same space for features that were not reduced yet."""
    maps: dict[Modality, Map] = dict(space.maps)
    for sense, pca in reductions.items():
        if pca is not None:
            maps[sense] = Chain((pca, maps[sense]))
    return replace(space, maps=maps)


def _best(
    sense: Modality, pairs: Pairs, pca: Pca | None, linear: Linear, validation: Pairs | None
) -> dict[str, tuple[Chosen, Space]]:
    """Row -> what does best on the validation pairs; of equal ones the first."""
    best: dict[str, tuple[tuple[float, float], Chosen, Space]] = {}
    for weight in linear.weights:
        for row, how, fitted in fit_spaces(sense, pairs, weight, linear):
            space = _after(fitted, {sense: pca})
            loss = (0.0, 0.0) if validation is None else _loss(space, sense, validation)
            if row not in best or loss < best[row][0]:
                best[row] = (loss, how, space)
    return {row: (how, space) for row, (_, how, space) in best.items()}


def _loss(space: Space, sense: Modality, pairs: Pairs) -> tuple[float, float]:
    """Median rank, mean of both directions; the mean rank tells apart what is equal in that."""
    found = _ranked(space.similarities((PICTURE, pairs.pictures), (sense, pairs.others)), (PICTURE, sense)).values()
    return float(np.mean([each.median_rank for each in found])), float(np.mean([each.ranks.mean() for each in found]))


def _ranked(similarities: Rows, senses: Two) -> dict[str, Retrieval]:
    return both_ways(similarities, picture=senses[0].value, caption=senses[1].value)
