"""How well a run finds what spoken words name, on some data (matchmaps Table 4)."""

from collections.abc import Iterator

import numpy as np

from xmodal.analysis.prompted import Prompted, search
from xmodal.data import load
from xmodal.data.decode import MediaError
from xmodal.data.sample import LabelMap, Sample
from xmodal.data.spoken import recordings
from xmodal.embeddings.word_vectors import word_vectors
from xmodal.errors import InputError
from xmodal.evaluation.localisation import Localisation, localisation
from xmodal.evaluation.word_objects import FEWEST_OCCURRENCES, chosen, table_for
from xmodal.features.prepared import Prepared
from xmodal.modality import Modality
from xmodal.progress import Progress, Silent
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.networks import load_matchmaps, matchmap_recipe_of
from xmodal.recipes.recipe import Data
from xmodal.recipes.sources import pairs_of, source_of
from xmodal.runs.run import Run
from xmodal.workspace import Workspace

LABELS_PX = 256
"""Side of the label maps that are computed; stored ones have their own size."""


def localised(
    run: Run, data: Data, n: int, workspace: Workspace, *, epoch: int | None = None, progress: Progress | None = None
) -> Localisation:
    """Detection and localisation over the first `n` pairs of the data, words and pictures of the same items.

    Raises:
        InputError: the run does not listen to speech, or the data have no word times or no label maps.
    """
    progress = progress or Silent()
    recipe = matchmap_recipe_of(run)
    if recipe.pair.caption is not Modality.SPEECH:
        raise InputError(f"{run.name} reads {recipe.pair.caption.value}: words are looked for by their sound")
    model = load_matchmaps(run, epoch=epoch)  # before the data, which take their time
    prepared, samples = _first(recipe, data, n, workspace, progress)
    table = table_for(samples[:100])
    words = word_vectors(model, recordings(samples, progress), [pair.word for pair in table], recipe.pair.spectrogram)
    pairs = chosen(table, words.counts)
    if not pairs:
        raise InputError(
            f"no word that names an object is said {FEWEST_OCCURRENCES} times in these {len(samples)} captions: "
            "take more items, or data with word times and label maps"
        )
    places = {name: place for place, name in enumerate(prepared.index.ids)}

    def look(sample: Sample) -> np.ndarray:
        return prepared.picture(places[sample.id])

    vectors = words.of([pair.word for pair in pairs])
    return localisation(_with_truth(search(model, samples, vectors, recipe.picture, look, progress)), pairs)


def _first(
    recipe: MatchmapRecipe, data: Data, n: int, workspace: Workspace, progress: Progress
) -> tuple[Prepared, list[Sample]]:
    """The prepared pairs, and the samples of the first `n` of them."""
    prepared = pairs_of(recipe, data, workspace, progress).prepared
    kept = set(prepared.index.ids[:n])
    source = source_of(data, workspace)
    samples = (source[place] for place in range(len(source)))
    return prepared, [sample for sample in samples if sample.id in kept]


def _with_truth(found: Iterator[tuple[Sample, Prompted]]) -> Iterator[tuple[Prompted, LabelMap]]:
    """Pictures whose truth is known."""
    for sample, seen in found:
        try:
            truth = load.label_map(sample, size_px=LABELS_PX)
        except MediaError:
            continue  # damaged: as if there were none
        if truth is not None:
            yield seen, truth
