"""Trained runs for pages: which there are, and the matchmaps that they see in an item."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from xmodal import workspace
from xmodal.analysis.matchmaps import Matchmap, matchmap_of, picture_of, sound_of, text_of
from xmodal.data import encode, load
from xmodal.data.loudness import evened
from xmodal.data.sample import Sample, Waveform, Word
from xmodal.errors import InputError
from xmodal.features.words import words_of
from xmodal.figures.score_map import ScoreMap, drawable
from xmodal.modality import Modality
from xmodal.models.matchmaps import MatchmapModel
from xmodal.recipes.launch import find_run, load_model, recipe_of, run_names, untrained_model, vocabulary_of
from xmodal.recipes.recipe import Recipe
from xmodal.runs.checkpoint import read_index
from xmodal.runs.run import Run, RunError
from xmodal.ui.played_clip import PlayedClip, text_words
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
    shown = (drawable("Matchmap", maps(sample, trained.model)), *_controls(maps, trained, sample, other))
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
    mean = drawable("Mean map", replace(true, scores=mean_scores, times_s=true.times_s[:1]))
    shuffled = () if other is None else (drawable("Shuffled pair", maps(other, trained.model)),)
    return (mean, *shuffled, drawable("Untrained", maps(sample, trained.untrained)))


def _words(sample: Sample, heard: Modality) -> tuple[Word, ...]:
    if heard is Modality.SPEECH:
        return sample.truth.words
    if heard is Modality.TEXT:
        return text_words(tuple(words_of(load.texts(sample)[0])))
    return ()
