"""A trained run as something that turns pictures, recordings and texts into vectors of one space."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from xmodal.data.loudness import SILENCE
from xmodal.data.sample import Waveform
from xmodal.errors import InputError
from xmodal.features.words import words_of
from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.models.contract import CrossModalModel
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.runs.run import Run

SMALLEST_PX = 8
"""A picture with a shorter side shows nothing; handwritten digits have 28."""
LONGEST_S = 600.0
"""Longest recording that is asked with."""
POOLED = "pooled"
"""The one layer of a network with matchmaps: the mean of its maps over all places."""

Medium = UInt8[np.ndarray, "rows cols 3"] | Waveform | str
"""What somebody asks with: a picture, a recording or a text."""


@dataclass(frozen=True)
class Ready:
    """One medium as the network reads it."""

    tensor: Tensor
    """Without the axis of items."""
    length: int | None = None
    """Frames or words that are its own; None: all are."""


class Embedder(ABC):
    """A loaded network and how media are made ready for it.

    `ready` may be called by several threads at once, `vectors` by one at a time.
    """

    def __init__(self, run: Run, recipe: Recipe, model: CrossModalModel) -> None:
        self.run, self.recipe, self.model = run, recipe, model
        self.senses, self.layers = senses_of(recipe), layers_of(recipe)

    def ready(self, sense: Modality, medium: Medium) -> Ready:
        """A medium made ready.

        Raises:
            InputError: this network has not that sense, or nothing can be seen, heard or read in the medium.
        """
        if sense not in self.senses:
            raise InputError(f"{self.run.name} takes no {sense.display.lower()}: {why_not(self.recipe, sense)}")
        check(sense, medium)
        try:
            return self._made_ready(sense, medium)
        except InputError:
            raise
        except ValueError as error:  # what a front end says of numbers that are not finite
            raise InputError(str(error)) from error

    @abstractmethod
    def _made_ready(self, sense: Modality, medium: Medium) -> Ready:
        """The same of a medium that fits the sense."""

    @abstractmethod
    def vectors(self, sense: Modality, inputs: Sequence[Ready], layer: str) -> Float[np.ndarray, "items dim"]:
        """One layer of some media of one sense (at least one), float32, as the network gives it.

        Raises:
            ValueError: no such layer.
        """

    @abstractmethod
    def unknown_words(self, text: str) -> tuple[str, ...]:
        """Words of a text that the network never read, each once, in their order."""

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return next(self.model.parameters()).device


def senses_of(recipe: Recipe) -> tuple[Modality, ...]:
    """What a run of the recipe was trained to take, and so can be asked with and finds."""
    if isinstance(recipe, SeeHearReadRecipe):
        paired = {recipe.picture_sense, *(pair.caption for pair in recipe.pairs)}
        return tuple(sense for sense in recipe.model.pathways if sense in paired)
    if isinstance(recipe, MatchmapRecipe) and recipe.matches:
        return (recipe.pair.picture, recipe.pair.caption)
    return ()


def layers_of(recipe: Recipe) -> tuple[str, ...]:
    """The layers that can be compared; `default_layer` says which one is by default."""
    return tuple(recipe.model.units) if isinstance(recipe, SeeHearReadRecipe) else (POOLED,)


def default_layer(recipe: Recipe) -> str:
    """The last hidden layer (see_hear_read section 4.2), or the mean of the maps."""
    return f"hidden{len(recipe.model.hidden)}" if isinstance(recipe, SeeHearReadRecipe) else POOLED


def width_of(recipe: Recipe, layer: str) -> int:
    """Numbers of a vector of that layer."""
    if isinstance(recipe, SeeHearReadRecipe):
        return recipe.model.units[layer]
    assert isinstance(recipe, MatchmapRecipe)
    return recipe.model.image.map_dim


def scaled(recipe: Recipe) -> bool:
    """Whether features are compared at zero mean and unit variance (see_hear_read section 4.2; matchmaps' are not)."""
    return isinstance(recipe, SeeHearReadRecipe)


def why_not(recipe: Recipe, sense: Modality) -> str:
    """Why a run of the recipe does not take a sense."""
    if sense is Modality.VIDEO:
        return "ask with one of its frames or with its sound"
    senses = senses_of(recipe)
    if not senses:
        return "it was trained on labels alone, so that its pictures and sounds share no space"
    return f"it was trained on {listed(senses)}"


def listed(senses: Sequence[Modality], last: str = "and") -> str:
    """`image, sound and text`."""
    names = [sense.display.lower() for sense in senses]
    return f" {last} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def check(sense: Modality, medium: Medium) -> None:
    """Refuse a medium in which there is nothing of that sense.

    Raises:
        InputError: it is of another kind, empty, silent, too long or too small.
    """
    wanted = "a picture" if sense in PICTORIAL else "a recording" if sense in AUDIBLE else "a text"
    kind = {str: "a text", Waveform: "a recording"}.get(type(medium), "a picture")
    if kind != wanted:
        raise InputError(f"{sense.display.lower()} is asked for with {wanted}, not with {kind}")
    if isinstance(medium, str):
        if not words_of(medium):
            raise InputError("the text is empty: write what you look for")
    elif isinstance(medium, Waveform):
        _check_heard(medium)
    elif min(medium.shape[:2]) < SMALLEST_PX:
        size = " x ".join(str(side) for side in reversed(medium.shape[:2]))
        raise InputError(f"the picture is {size} pixels: nothing can be seen on fewer than {SMALLEST_PX} a side")


def _check_heard(sound: Waveform) -> None:
    if sound.duration_s > LONGEST_S:
        raise InputError(f"the recording is {sound.duration_s / 60:.0f} min long: cut it to {LONGEST_S / 60:.0f} min")
    level = np.sqrt(np.mean(np.square(sound.samples, dtype=np.float64))) if sound.samples.size else 0.0
    if level < SILENCE:
        raise InputError("the recording is silent: there is nothing to look for")
