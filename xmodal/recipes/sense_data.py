"""What a network with a pathway for each sense learns from: prepared pairs, word vectors, what a teacher says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jaxtyping import Float, Int
from torch import Tensor

from xmodal.features.pairs import share_of
from xmodal.features.preparation import prepare
from xmodal.features.prepared import SensePairOptions
from xmodal.features.sense_pairs import SensePairs
from xmodal.features.text_vectors import TextVectors, WordVectors, vectors_for
from xmodal.modality import Modality
from xmodal.progress import Progress
from xmodal.recipes.networks import find_run
from xmodal.recipes.paired_source import paired_source
from xmodal.recipes.recipe import Data
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sources import source_of
from xmodal.runs.run import Run, RunError
from xmodal.workspace import Workspace

WORDS = "words"
"""Folder of a run that holds its word vectors."""


@dataclass(frozen=True)
class Reading:
    """Texts as a run reads them."""

    vectors: WordVectors
    options: TextVectors

    def batch(self, texts: Sequence[str]) -> tuple[Float[Tensor, "items words dims"], Int[Tensor, "items"]]:
        """Word vectors of each text, all of one size, and how many words are its own."""
        return self.vectors.batch(texts, self.options)


def trained_sets(
    recipe: SeeHearReadRecipe, data: Data, workspace: Workspace, progress: Progress
) -> dict[Modality, SensePairs]:
    """The pairs of training data, by the sense that goes with the pictures; no item is in two of them."""
    found = {}
    for pair in recipe.pairs:
        source = paired_source(data, recipe.pairing, frozenset((pair.picture, pair.caption)), workspace)
        prepared = prepare(source, pair, workspace.cache / "pairs", progress=progress)
        found[pair.caption] = SensePairs(prepared, recipe.picture, share_of(prepared, data.share, recipe.seed))
    return found


def whole_set(
    recipe: SeeHearReadRecipe, pair: SensePairOptions, data: Data, workspace: Workspace, progress: Progress
) -> SensePairs:
    """Pairs to measure on: every item gives this one, whatever else it has."""
    prepared = prepare(source_of(data, workspace), pair, workspace.cache / "pairs", progress=progress)
    return SensePairs(prepared, recipe.picture, share_of(prepared, data.share, recipe.seed))


def with_reading(sets: Mapping[Modality, SensePairs], reading: Reading | None) -> dict[Modality, SensePairs]:
    """The same sets; texts are read so."""
    return {sense: replace(each, sentences=reading) if sense is Modality.TEXT else each for sense, each in sets.items()}


def reading_of(run: Run, recipe: SeeHearReadRecipe) -> Reading | None:
    """How a run reads; None: it does not.

    Raises:
        InputError: its word vectors are damaged.
        RunError: they are missing.
    """
    if Modality.TEXT not in recipe.model.pathways:
        return None
    if not (run.folder / WORDS).is_dir():
        raise RunError(f"{run.name} has no {WORDS}: it cannot read")
    return Reading(WordVectors.open(run.folder / WORDS), recipe.text)


def first_reading(
    run: Run, recipe: SeeHearReadRecipe, sets: Sequence[Mapping[Modality, SensePairs]], workspace: Workspace
) -> Reading | None:
    """How a run reads, fixed when it first starts: as the run whose pathway of text it starts from, whose weights know
    no other vectors; else with vectors of the words of its training texts."""
    if Modality.TEXT not in recipe.model.pathways or (run.folder / WORDS).is_dir():
        return reading_of(run, recipe)
    vectors = _taken_over(recipe, workspace) or vectors_for(_texts(sets), recipe.text)
    vectors.save(run.folder / WORDS)
    return Reading(vectors, recipe.text)


def _taken_over(recipe: SeeHearReadRecipe, workspace: Workspace) -> WordVectors | None:
    for start in recipe.start:
        if {"pathways", f"pathways.{Modality.TEXT}"} & set(recipe.parts_of(start)):
            words = find_run(start.run, workspace).folder / WORDS
            return WordVectors.open(words) if words.is_dir() else None
    return None


def _texts(sets: Sequence[Mapping[Modality, SensePairs]]) -> list[str]:
    return [
        text
        for some in sets
        if (read := some.get(Modality.TEXT)) is not None
        for place in read.positions
        for text in read.prepared.text(place)
    ]
