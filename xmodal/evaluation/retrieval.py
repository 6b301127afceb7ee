"""Retrieval by a trained network: every picture against every caption (matchmaps section 5.1)."""

from xmodal.embeddings.pair_maps import pair_maps
from xmodal.evaluation.ranks import Retrieval, both_ways
from xmodal.features.pairs import PreparedPairs
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress
from xmodal.similarity.matchmap import Aggregation
from xmodal.similarity.pairwise import pairwise


def retrieve(
    model: MatchmapModel,
    pairs: PreparedPairs,
    aggregation: Aggregation,
    *,
    progress: Progress | None = None,
) -> dict[str, Retrieval]:
    """Ranks in both directions over all the pairs; keys name the modalities, like `speech_to_image`."""
    maps = pair_maps(model, pairs, progress=progress)
    options = pairs.prepared.index.options
    scores = pairwise(maps.images, maps.captions, maps.lengths, aggregation).numpy()
    return both_ways(scores, picture=options.picture.value, caption=options.caption.value)


def measures(retrievals: dict[str, Retrieval]) -> dict[str, float]:
    """What the training log keeps of a retrieval."""
    kept = {f"recall_at_10_{name}": found.recall_at(10) for name, found in retrievals.items()}
    kept |= {f"recall_at_1_{name}": found.recall_at(1) for name, found in retrievals.items()}
    return kept | {"recall_at_10": sum(found.recall_at(10) for found in retrievals.values()) / len(retrievals)}
