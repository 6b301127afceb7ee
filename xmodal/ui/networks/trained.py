"""Trained runs for pages: which there are, and the matchmaps that they see in an item."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from xmodal import workspace
from xmodal.analysis.matchmaps import Matchmap, matchmap_of, picture_of, sound_of, text_of
from xmodal.data import encode, load
from xmodal.data.sample import Sample, Waveform, Word
from xmodal.errors import InputError
from xmodal.features.words import words_of
from xmodal.modality import Modality
from xmodal.models.matchmaps import MatchmapModel
from xmodal.recipes.launch import find_run, load_model, recipe_of, run_names, untrained_model, vocabulary_of
from xmodal.recipes.recipe import Recipe
from xmodal.runs.checkpoint import read_index
from xmodal.runs.run import Run, RunError
from xmodal.ui.played_clip import Cover, PlayedClip, ScoreMap, score_map, text_words
from xmodal.ui.views.sounds import evened
from xmodal.ui.views.spectrogram import spectrogram
from xmodal.ui.word_things import things_of

CONTROLS = ("Mean map", "Shuffled pair", "Untrained")
"""Maps beside the true one, so that a viewer sees when a map ignores the sound."""


@dataclass(frozen=True)
class RunKey:
    """One network: a run after an epoch."""

    run: str
    weights: str
    """SHA-256 of the weights."""
    title: str
    caption: Modality
    """What it was trained to match with pictures."""


@dataclass(frozen=True)
class Unusable:
    """A run that pages cannot open."""

    run: str
    reason: str


def runs() -> tuple[RunKey | Unusable, ...]:
    """Every run of the workspace, then the shipped ones; a run that has saved nothing yet is left out."""
    here = workspace.current()
    found = (_run(name) for name in run_names(here))
    return tuple(each for each in found if each is not None)


def _run(name: str) -> RunKey | Unusable | None:
    try:
        run = find_run(name, workspace.current())
        recipe = recipe_of(run)
        if not run.checkpoints:
            return None
        weights = read_index(run.checkpoint()).files["model.safetensors"]
    except (InputError, KeyError, OSError) as error:
        return Unusable(name, str(error))
    return RunKey(run.name, weights, recipe.title, recipe.pair.caption)


@dataclass(frozen=True)
class Trained:
    """A loaded network with what is needed to use it."""

    run: Run
    recipe: Recipe
    model: MatchmapModel
    untrained: MatchmapModel

    @property
    def hop_s(self) -> float:
        """Seconds between frames of what the caption branch reads; words count 1."""
        options = self.recipe.pair.spectrogram
        return 1.0 if self.recipe.pair.caption is Modality.TEXT else options.hop_samples / options.rate_hz


def load_run(key: RunKey) -> Trained:
    """The network of a run, and the same network with its first random weights.

    Raises:
        RunError, CheckpointError: it cannot be used.
    """
    run = find_run(key.run, workspace.current())
    recipe = recipe_of(run)
    untrained = untrained_model(recipe)
    return Trained(run, recipe, load_model(run), untrained)


def clip_of(trained: Trained, sample: Sample, other: Sample | None) -> PlayedClip:
    """What the player shows of an item: the network's matchmap and the controls beside it.

    Args:
        trained: the network.
        sample: an item with a picture and what the network listens to.
        other: another item, whose caption makes the shuffled pair.

    Raises:
        MediaError: a medium is missing or unreadable.
    """
    picture = load.picture(sample, trained.recipe.pair.picture, size_px=512)
    heard = trained.recipe.pair.caption
    maps = partial(_maps, trained, picture)
    words = _words(sample, heard)
    shown = (_score_map("Matchmap", maps(sample, trained.model)), *_controls(maps, trained, sample, other))
    things = things_of(load.label_map(sample, size_px=512), words) if words else None
    common = {"maps": shown, "heard": heard, "picture": encode.jpeg(picture), "words": words, "things": things}
    described = " ".join(load.texts(sample)[:1]) or "Picture"
    if heard is Modality.TEXT:
        return PlayedClip(sample.id, "text", float(len(words)), description=described, **common)
    sound = load.waveform(sample, heard)
    return PlayedClip(
        sample.id, "picture", sound.duration_s, sound=encode.wav(Waveform(evened(sound.samples), sound.rate_hz)),
        spectrogram=spectrogram(sample, heard).content, description=described, **common
    )  # fmt: skip


def _maps(trained: Trained, picture: np.ndarray, sample: Sample, model: MatchmapModel) -> Matchmap:
    """The matchmap of a picture with the caption of an item."""
    options = trained.recipe
    if options.pair.caption is Modality.TEXT:
        vocabulary = vocabulary_of(trained.run)
        if vocabulary is None:
            raise RunError(f"{trained.run.name} has lost its vocabulary.json")
        caption = text_of(model, load.texts(sample)[0], vocabulary)
    else:
        caption = sound_of(model, load.waveform(sample, options.pair.caption), options.pair.spectrogram)
    return matchmap_of(model, picture_of(model, picture, options.picture), caption, hop_s=trained.hop_s)


def _controls(maps: partial, trained: Trained, sample: Sample, other: Sample | None) -> tuple[ScoreMap, ...]:
    true = maps(sample, trained.model)
    mean_scores = true.scores.mean(axis=2, keepdims=True)
    mean = _score_map("Mean map", replace(true, scores=mean_scores, times_s=true.times_s[:1]))
    shuffled = () if other is None else (_score_map("Shuffled pair", maps(other, trained.model)),)
    return (mean, *shuffled, _score_map("Untrained", maps(sample, trained.untrained)))


def _score_map(name: str, found: Matchmap) -> ScoreMap:
    step = float(found.times_s[1] - found.times_s[0]) if len(found.times_s) > 1 else 1.0
    scores, cover = _over_all(_frames_first(found.scores), found.row_centres, found.col_centres)
    return score_map(name, scores, first_s=float(found.times_s[0]), step_s=step, cover=cover)


def _frames_first(scores: np.ndarray) -> np.ndarray:
    return np.moveaxis(scores, 2, 0)


def _over_all(scores: np.ndarray, rows: np.ndarray, cols: np.ndarray) -> tuple[np.ndarray, Cover]:
    """The map and the rectangle that its cells fill, each a step wide around its centre.

    Cells of residual networks are centred on the upper left of what they stand for; where they leave a rim of the
    picture free, the outermost cells are repeated over it.
    """
    (top, high, above, below), (left, wide, before, after) = _rim(rows), _rim(cols)
    padded = np.pad(scores, ((0, 0), (above, below), (before, after)), mode="edge")
    return padded, Cover(left, top, wide * padded.shape[2], high * padded.shape[1])


def _rim(centres: np.ndarray) -> tuple[float, float, int, int]:
    """Where the first cell begins once the rim is filled, a cell's length, and cells to add before and after."""
    step = float(centres[1] - centres[0]) if len(centres) > 1 else 1.0
    begin, end = float(centres[0]) - step / 2, float(centres[-1]) + step / 2
    before, after = max(0, int(np.ceil(begin / step - 1e-6))), max(0, int(np.ceil((1.0 - end) / step - 1e-6)))
    return begin - before * step, step, before, after


def _words(sample: Sample, heard: Modality) -> tuple[Word, ...]:
    if heard is Modality.SPEECH:
        return sample.truth.words
    if heard is Modality.TEXT:
        return text_words(tuple(words_of(load.texts(sample)[0])))
    return ()
