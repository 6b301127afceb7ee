"""How well a network names what is seen and heard (matchmaps section 4.5, 3: area under the ROC curve)."""

import numpy as np
from jaxtyping import Float
from sklearn.metrics import roc_auc_score

from xmodal.embeddings.pair_maps import pair_maps
from xmodal.features.pairs import PreparedPairs
from xmodal.models.matchmaps import MatchmapModel


def mean_auc(scores: Float[np.ndarray, "items classes"], present: Float[np.ndarray, "items classes"]) -> float:
    """Area under the ROC curve of each class, its mean over the classes that some items have and others have not.

    0.5 is chance, 1 is perfect.

    Raises:
        ValueError: there is no such class.
    """
    usable = (present.any(axis=0)) & (~present.astype(bool)).any(axis=0)
    if not usable.any():
        raise ValueError("no class is present in some of the items and absent from others")
    return float(np.mean([roc_auc_score(present[:, place], scores[:, place]) for place in np.flatnonzero(usable)]))


def label_measures(model: MatchmapModel, pairs: PreparedPairs) -> dict[str, float]:
    """`auc_seen` and `auc_heard`, as far as the network has layers for them; nothing if it has none."""
    if not (model.seen_head or model.heard_head):
        return {}
    maps = pair_maps(model, pairs)
    scores = model.label_scores(maps.images, maps.captions, maps.lengths)
    everything = range(len(pairs))
    return {
        f"auc_{branch}": mean_auc(found.detach().numpy(), pairs.labels(branch, everything).numpy())
        for branch, found in scores.items()
    }
