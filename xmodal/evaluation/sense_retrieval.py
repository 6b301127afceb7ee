"""Retrieval from every sense to every other by vectors of the same items (see_hear_read section 4.2)."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import torch
from jaxtyping import Float

from xmodal.evaluation.ranks import Retrieval, both_ways
from xmodal.modality import Modality
from xmodal.similarity.cosine import cosines
from xmodal.stats.standard import fit_standard

Vectors = Mapping[Modality, Float[np.ndarray, "items dim"]]
"""Vectors of the same items in several senses, row by row."""


def retrieve_all(vectors: Vectors) -> dict[str, Retrieval]:
    """Ranks in every direction between two senses, such as `sound_to_text`; they count from 1.

    The paper makes query features "zero mean and unit variance" and does not say over what; here the features of
    each sense are, over the items that compete, on both sides alike. Then cosine similarity.

    Raises:
        ValueError: senses of different numbers of items, or fewer than two items.
    """
    plain = {sense: torch.from_numpy(fit_standard(each).transform(each)) for sense, each in vectors.items()}
    found: dict[str, Retrieval] = {}
    for one, other in combinations(plain, 2):
        found |= both_ways(cosines(plain[one], plain[other]).numpy(), picture=one.value, caption=other.value)
    return found


def mean_over_splits(splits: list[dict[str, Retrieval]]) -> dict[str, dict[str, float]]:
    """Every measure of every direction, its mean over several splits of the items (4.2: five of 1,000)."""
    names = splits[0]
    each = {name: [split[name].as_dict() for split in splits] for name in names}
    return {
        name: {measure: float(np.mean([some[measure] for some in found])) for measure in found[0]}
        for name, found in each.items()
    }
