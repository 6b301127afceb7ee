"""How well a run matches spoken digits with handwritten ones: retrieval by digit set and by pair, and pointing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from jaxtyping import Bool

from xmodal.data.media import Rendered
from xmodal.data.readers.digit_scene import DigitScene
from xmodal.data.readers.spoken_digits import scene_of
from xmodal.data.sample import Sample, Split
from xmodal.embeddings.pair_maps import PairMaps, pair_maps
from xmodal.errors import InputError
from xmodal.evaluation.pointing import Grid, Target, pointing
from xmodal.evaluation.ranks import both_ways, retrieval_of_alike
from xmodal.features.log_mel import frame_centre_s
from xmodal.features.picture import Picture
from xmodal.modality import Modality
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress, Silent
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.networks import load_matchmaps, matchmap_recipe_of, untrained_matchmaps
from xmodal.recipes.recipe import SpokenDigitsData
from xmodal.recipes.sources import pairs_of, source_of
from xmodal.runs.run import Run
from xmodal.similarity.pairwise import pairwise
from xmodal.workspace import Workspace


@dataclass(frozen=True)
class DigitScores:
    """What a run reaches on test items, chance and ceilings beside it; recalls by direction."""

    pairs: int
    digits: int
    same_digits_at_1: Mapping[str, float]
    """R@1 where any item with the same digits is a hit."""
    same_digits_chance: float
    own_pair_at_1: Mapping[str, float]
    own_pair_at_10: Mapping[str, float]
    """R@10 where only the item itself is a hit."""
    own_pair_ceiling_at_1: float
    """What knowing every digit, and nothing that tells items with the same digits apart, would reach."""
    own_pair_ceiling_at_10: float
    own_pair_chance_at_10: float
    pointing: float
    pointing_shuffled_speech: float
    """The same pictures with the speech of the next item."""
    pointing_untrained: float
    """By the network with its first random weights."""
    pointing_chance: float

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def digit_scores(
    run: Run, workspace: Workspace, *, items: int, seed: int = 0, progress: Progress | None = None
) -> DigitScores:
    """Scores of a run on `items` test items of its own kind, composed with that seed.

    Raises:
        InputError: the run is none of spoken digits.
    """
    progress = progress or Silent()
    recipe = matchmap_recipe_of(run)
    held_out = recipe.validation
    if not isinstance(held_out, SpokenDigitsData):
        raise InputError(f"{run.name} did not learn from spoken digits: its recipe has to be one of spoken-digits-*")
    data = held_out.model_copy(update={"split": Split.TEST, "items": items, "seed": seed})
    pairs = pairs_of(recipe, data, workspace, progress)
    source = source_of(data, workspace)
    samples = {sample.id: sample for sample in (source[place] for place in range(items))}
    known = [samples[identity] for identity in pairs.prepared.index.ids]
    maps = pair_maps(load_matchmaps(run), pairs, progress=progress)
    untrained = untrained_matchmaps(recipe)
    return scores_of(recipe, known, maps, (untrained, pair_maps(untrained, pairs, progress=progress)))


def scores_of(
    recipe: MatchmapRecipe, samples: list[Sample], maps: PairMaps, untrained: tuple[MatchmapModel, PairMaps]
) -> DigitScores:
    """Scores of the maps of all samples, with an untrained network and its maps beside them."""
    similarities = pairwise(maps.images, maps.captions, maps.lengths, recipe.aggregation).numpy()
    alike = _alike(samples)
    sizes = alike.sum(axis=1)
    own = both_ways(similarities)
    targets = [targets_of(sample, recipe.picture) for sample in samples]
    grid = grid_of(untrained[0], maps, recipe)
    following = [(place + 1) % len(samples) for place in range(len(samples))]
    digits = len(targets[0])
    return DigitScores(
        pairs=len(samples),
        digits=digits,
        same_digits_at_1={
            "speech_to_image": retrieval_of_alike(np.ascontiguousarray(similarities.T), alike).recall_at(1),
            "image_to_speech": retrieval_of_alike(similarities, alike).recall_at(1),
        },
        same_digits_chance=float(sizes.mean() / len(samples)),
        own_pair_at_1={direction: found.recall_at(1) for direction, found in own.items()},
        own_pair_at_10={direction: found.recall_at(10) for direction, found in own.items()},
        own_pair_ceiling_at_1=float((1 / sizes).mean()),
        own_pair_ceiling_at_10=float(np.minimum(1.0, 10 / sizes).mean()),
        own_pair_chance_at_10=min(1.0, 10 / len(samples)),
        pointing=pointing(maps, targets, grid),
        pointing_shuffled_speech=pointing(maps, targets, grid, speech=following),
        pointing_untrained=pointing(untrained[1], targets, grid),
        pointing_chance=1 / digits,
    )


def _scene(sample: Sample) -> DigitScene:
    entry = sample.media[Modality.IMAGE]
    assert isinstance(entry, Rendered)
    return scene_of(entry.arguments())


def _alike(samples: list[Sample]) -> Bool[np.ndarray, "items items"]:
    """Which items show and speak the same digits."""
    held = np.zeros((len(samples), 10), dtype=bool)
    for row, sample in zip(held, samples, strict=True):
        row[list(_scene(sample).digits)] = True
    return (held[:, None] == held[None]).all(axis=2)


def targets_of(sample: Sample, picture: Picture) -> tuple[Target, ...]:
    """Each spoken digit with its quarter of the canvas, in the order of speaking; edges of the canvas lie far out."""
    scene = _scene(sample)
    cell_of = dict(zip(scene.digits, scene.cells, strict=True))
    middle = _seen(0.5, picture)
    found = []
    for name, word in zip(scene.spoken, sample.truth.words, strict=True):
        row, col = divmod(cell_of[int(name[0])], 2)
        (top, bottom), (left, right) = ((middle, 9.0) if half else (-9.0, middle) for half in (row, col))
        found.append(Target(word.start_s, word.end_s, top, left, bottom, right))
    return tuple(found)


def _seen(place: float, picture: Picture) -> float:
    """A place of the whole square picture as a fraction of the square that is cut out of its middle."""
    side = picture.crop_px or picture.shorter_side_px
    rim = (picture.shorter_side_px - side) / 2
    return (place * picture.shorter_side_px - rim) / side


def grid_of(model: MatchmapModel, maps: PairMaps, recipe: MatchmapRecipe) -> Grid:
    """Where cells and frames of the maps lie."""
    side = recipe.picture.crop_px or recipe.picture.shorter_side_px
    rows, cols = (model.image.cell_centres(cells, side) for cells in maps.images.shape[2:])
    hop_s = frame_centre_s(1, recipe.pair.spectrogram)
    return Grid(rows, cols, model.caption.frame_times_s(maps.captions.shape[2], hop_s))
