"""What a trained run makes of a picture or a film with a caption: its matchmap and the controls beside it.

`matched` and `filmed` take decoded media; `matched_files` takes files: the one call for scripts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8
from torch import Tensor

from xmodal.analysis.filmed import film_maps
from xmodal.analysis.matchmaps import Matchmap, SeenPicture, matchmap_of, picture_of, sound_of, text_of
from xmodal.data import decode
from xmodal.data.decode import MediaError, MediaFile
from xmodal.data.sample import Clip, Waveform
from xmodal.errors import InputError
from xmodal.features.words import Vocabulary, words_of
from xmodal.modality import Modality
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.networks import load_matchmaps, matchmap_recipe_of, untrained_matchmaps, vocabulary_of
from xmodal.runs.run import Run, RunError

TRUE, MEAN, SHUFFLED, UNTRAINED = "Matchmap", "Mean map", "Shuffled pair", "Untrained"
"""The map of a pair, and what stands beside it so that a viewer sees when a map ignores the sound: the map of the
caption's mean over time, the map with another caption, and the map of the network's first random weights."""
LONGEST_S = 600.0
"""Longest recording that is matched in one go."""
MOST_WORDS = 400
"""Words of the longest text."""

Caption = Waveform | str
"""What a picture is matched with: a recording, or a text for runs that read."""
Features = Float[Tensor, "dim _"]
"""Caption map: a vector at every frame or word."""
Maps = Mapping[str, Matchmap]
"""`TRUE` first, then the controls, by name."""


@dataclass(frozen=True)
class Trained:
    """A loaded network with what is needed to use it."""

    run: Run
    recipe: MatchmapRecipe
    model: MatchmapModel
    untrained: MatchmapModel

    @property
    def caption(self) -> Modality:
        """What it was trained to match with pictures."""
        return self.recipe.pair.caption

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that it knows.

        Raises:
            RunError: the run does not read, or its words are lost.
        """
        found = vocabulary_of(self.run)
        if found is None:
            raise RunError(f"{self.run.name} has no vocabulary.json: it cannot read")
        return found


def opened(run: Run, *, epoch: int | None = None) -> Trained:
    """The network of a run after an epoch (None: the newest), and the same network with its first random weights.

    Raises:
        RunError, CheckpointError: it cannot be used.
    """
    recipe = matchmap_recipe_of(run)
    return Trained(run, recipe, load_matchmaps(run, epoch=epoch), untrained_matchmaps(recipe))


def matched(
    trained: Trained,
    picture: UInt8[np.ndarray, "rows cols 3"],
    caption: Caption,
    *,
    other: Caption | None = None,
    progress: Progress | None = None,
) -> Maps:
    """The matchmap of a picture and a caption, and the controls.

    Args:
        trained: from `opened`.
        picture: RGB, of any size.
        caption: a recording, or a text if the run reads.
        other: another caption, for the shuffled pair; None: no such control.
        progress: told while long recordings are heard.

    Raises:
        InputError: the caption is not what the run was trained on, or longer than `LONGEST_S`, or has no word.
    """
    seen, true = _seen(trained, picture), heard_by(trained, caption, progress=progress)
    found = {TRUE: _map(trained, seen, true), MEAN: _map(trained, seen, true.mean(dim=1, keepdim=True))}
    if other is not None:
        found[SHUFFLED] = _map(trained, seen, heard_by(trained, other))
    return found | {UNTRAINED: match(_raw(trained), picture, caption)}


def match(trained: Trained, picture: UInt8[np.ndarray, "rows cols 3"], caption: Caption) -> Matchmap:
    """The matchmap alone; see `matched`."""
    return _map(trained, _seen(trained, picture), heard_by(trained, caption))


def filmed(trained: Trained, clip: Clip, *, other: Waveform | None = None, progress: Progress | None = None) -> Maps:
    """The matchmap of a film with its own soundtrack, and the controls; see `analysis.filmed`.

    The mean map follows the pictures and ignores the sound.

    Raises:
        InputError: the film is silent (has no soundtrack), or the run reads words.
    """
    true = _soundtrack(trained, clip)
    captions = {TRUE: true, MEAN: true.mean(dim=1, keepdim=True).expand_as(true)}
    if other is not None:
        captions[SHUFFLED] = heard_by(trained, other)
    maps = _film_maps(trained, clip, list(captions.values()), progress)
    return dict(zip(captions, maps, strict=True)) | {UNTRAINED: film_match(_raw(trained), clip)}


def film_match(trained: Trained, clip: Clip) -> Matchmap:
    """The matchmap of a film alone; see `filmed`."""
    [found] = _film_maps(trained, clip, [_soundtrack(trained, clip)])
    return found


def matched_files(
    trained: Trained,
    picture: Path,
    caption: Path | str,
    *,
    other: Path | str | None = None,
    progress: Progress | None = None,
) -> Maps:
    """`matched` of a picture file and a recording's file; for a run that reads, of a picture file and a text.

    Raises:
        MediaError: a file is not what it should be.
        InputError: see `matched`.
        OSError: a file cannot be read.
    """
    with picture.open("rb") as file:
        pixels = decode.picture(file)
    captions = [_caption_of_file(trained, each) for each in (caption, other) if each is not None]
    return matched(trained, pixels, captions[0], other=captions[1] if other is not None else None, progress=progress)


def recording(file: MediaFile) -> Waveform:
    """A recording of at most `LONGEST_S`, or the soundtrack of a video.

    Raises:
        MediaError: there is no sound in it, or it is longer.
    """
    sound = decode.waveform(file, end_s=LONGEST_S + 1.0)
    if sound.duration_s > LONGEST_S:
        raise MediaError(f"the recording is longer than {LONGEST_S / 60:.0f} min: cut it")
    return sound


def heard_by(trained: Trained, caption: Caption, *, progress: Progress | None = None) -> Features:
    """Caption map of a recording or a text.

    Raises:
        InputError: see `matched`.
    """
    reads = trained.caption is Modality.TEXT
    if reads != isinstance(caption, str):
        wanted = "reads words" if reads else f"listens to {trained.caption.display.lower()}"
        raise InputError(f"{trained.run.name} {wanted}: give it {'a text' if reads else 'a recording'}")
    if isinstance(caption, str):
        count = len(words_of(caption))
        if not 1 <= count <= MOST_WORDS:
            raise InputError(f"the text has {count} words: 1 to {MOST_WORDS} are read")
        return text_of(trained.model, caption, trained.vocabulary)
    if caption.duration_s > LONGEST_S:
        raise InputError(f"the recording is {caption.duration_s / 60:.1f} min long: cut it to {LONGEST_S / 60:.0f} min")
    return sound_of(trained.model, caption, trained.recipe.pair.spectrogram, progress=progress)


def _caption_of_file(trained: Trained, caption: Path | str) -> Caption:
    if trained.caption is Modality.TEXT:
        return str(caption)
    with Path(caption).open("rb") as file:
        return recording(file)


def _seen(trained: Trained, picture: UInt8[np.ndarray, "rows cols 3"]) -> SeenPicture:
    return picture_of(trained.model, picture, trained.recipe.picture)


def _map(trained: Trained, seen: SeenPicture, caption: Features) -> Matchmap:
    return matchmap_of(trained.model, seen, caption, hop_s=trained.recipe.pair.hop_s)


def _raw(trained: Trained) -> Trained:
    """The same with its first random weights."""
    return replace(trained, model=trained.untrained)


def _soundtrack(trained: Trained, clip: Clip) -> Features:
    """Caption map of a film's own sound."""
    if clip.sound is None:
        raise InputError("This video has no sound to match its pictures with.")
    return heard_by(trained, clip.sound)


def _film_maps(
    trained: Trained, clip: Clip, captions: Sequence[Features], progress: Progress | None = None
) -> tuple[Matchmap, ...]:
    return film_maps(
        trained.model, clip, captions, trained.recipe.picture, hop_s=trained.recipe.pair.hop_s, progress=progress
    )
