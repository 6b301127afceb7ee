"""Retrieval by a trained network: every picture against every caption (matchmaps section 5.1)."""

from xmodal.embeddings.pair_maps import PairMaps, pair_maps
from xmodal.evaluation.ranks import Retrieval, both_ways
from xmodal.features.pairs import Pairs
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress
from xmodal.similarity.matchmap import Aggregation
from xmodal.similarity.pairwise import pairwise


def retrieve(
    model: MatchmapModel, pairs: Pairs, aggregation: Aggregation, *, progress: Progress | None = None
) -> dict[str, Retrieval]:
    """Ranks in both directions over all the pairs."""
    return retrieve_maps(pair_maps(model, pairs, progress=progress), aggregation)


def retrieve_maps(maps: PairMaps, aggregation: Aggregation) -> dict[str, Retrieval]:
    """Ranks in both directions, from maps."""
    return both_ways(pairwise(maps.images, maps.captions, maps.lengths, aggregation).numpy())


def measures(retrievals: dict[str, Retrieval]) -> dict[str, float]:
    """What the training log keeps of a retrieval."""
    kept = {f"recall_at_10_{name}": found.recall_at(10) for name, found in retrievals.items()}
    kept |= {f"recall_at_1_{name}": found.recall_at(1) for name, found in retrievals.items()}
    return kept | {"recall_at_10": sum(found.recall_at(10) for found in retrievals.values()) / len(retrievals)}
