"""Vectors of single media by a network with a pathway for each sense."""

from collections.abc import Sequence
from typing import final

import numpy as np
import torch
from jaxtyping import Float

from xmodal.data.sample import Waveform
from xmodal.embeddings.sense_vectors import of_layer
from xmodal.errors import InputError
from xmodal.features.picture import batch as picture_batch
from xmodal.features.picture import normalised, prepared
from xmodal.features.spectrogram import Spectrogram, spectrogram_of
from xmodal.features.text_vectors import is_stop_word
from xmodal.features.words import words_of
from xmodal.modality import AUDIBLE, Modality
from xmodal.models.see_hear_read import SeeHearReadModel
from xmodal.recipes.embedder import Embedder, Medium, Ready
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sense_data import Reading
from xmodal.runs.run import Run


@final
class SenseEmbedder(Embedder):
    """Any layer that the senses share, of pictures, sounds and texts."""

    def __init__(self, run: Run, recipe: SeeHearReadRecipe, model: SeeHearReadModel, reading: Reading | None) -> None:
        super().__init__(run, recipe, model)
        self._picture, self._network, self._reading = recipe.picture, model, reading
        self._spectrograms = {pair.caption: pair.spectrogram for pair in recipe.pairs if pair.caption in AUDIBLE}

    def _made_ready(self, sense: Modality, medium: Medium) -> Ready:
        if isinstance(medium, str):
            return self._read(medium)
        if isinstance(medium, Waveform):
            return Ready(_heard(medium, self._spectrograms[sense]))
        pixels = picture_batch([prepared(medium, self._picture)])
        return Ready(normalised(pixels, self._picture)[0])

    def _read(self, text: str) -> Ready:
        assert self._reading is not None, "a network that reads has word vectors"
        words, lengths = self._reading.batch([text])
        if int(lengths[0]) == 0:
            raise InputError(f"this network knows none of these words: {', '.join(self.unknown_words(text))}")
        return Ready(words[0], int(lengths[0]))

    def vectors(self, sense: Modality, inputs: Sequence[Ready], layer: str) -> Float[np.ndarray, "items dim"]:
        """See `Embedder.vectors`."""
        batch = torch.stack([each.tensor for each in inputs])
        own = [each.length for each in inputs if each.length is not None]
        return of_layer(self._network, sense, batch, torch.tensor(own) if own else None, layer).numpy()

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """See `Embedder.unknown_words`; of a stop word nobody wants to know unless there are no others."""
        if self._reading is None:
            return ()
        options, vectors = self._reading.options, self._reading.vectors
        words = list(dict.fromkeys(words_of(text)))
        telling = [word for word in words if not (options.stop_words and is_stop_word(word))] or words
        return tuple(word for word in telling if not vectors.encode(word, options))


def _heard(sound: Waveform, options: Spectrogram) -> torch.Tensor:
    found = spectrogram_of(sound, options)
    if not found.any():
        where = "middle" if options.cut == "middle" else "beginning"
        raise InputError(f"the recording is silent in the {options.duration_s:.0f} s at its {where} that are heard")
    return torch.from_numpy(found)
