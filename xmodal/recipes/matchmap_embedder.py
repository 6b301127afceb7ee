"""Vectors of single media by a network with matchmaps: the mean of its maps over all places (matchmaps Eq. 1-2).

Ours: the paper never compares pooled vectors of whole data sets. Their dot product is SISA (Eq. 6); search compares
cosines, which leave out how large the maps are.
"""

from collections.abc import Sequence
from typing import final

import numpy as np
import torch
from jaxtyping import Float

from xmodal.data.sample import Waveform
from xmodal.errors import InputError
from xmodal.features import log_mel
from xmodal.features.picture import batch as picture_batch
from xmodal.features.picture import normalised, prepared
from xmodal.features.words import Vocabulary, words_of
from xmodal.modality import Modality
from xmodal.models.matchmaps import MatchmapModel
from xmodal.recipes.embedder import POOLED, Embedder, Medium, Ready
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.runs.run import Run


@final
class MatchmapEmbedder(Embedder):
    """One vector a picture, and one a caption of any length up to what was trained on."""

    def __init__(self, run: Run, recipe: MatchmapRecipe, model: MatchmapModel, vocabulary: Vocabulary | None) -> None:
        super().__init__(run, recipe, model)
        self._picture, self._pair, self._vocabulary = recipe.picture, recipe.pair, vocabulary

    def _made_ready(self, sense: Modality, medium: Medium) -> Ready:  # noqa: ARG002 - one front end for each kind
        if isinstance(medium, str):
            return self._read(medium)
        if isinstance(medium, Waveform):
            options = self._pair.spectrogram
            clip = log_mel.log_mel_of(medium, options)[:, : self._pair.most_frames]
            return Ready(torch.from_numpy(np.ascontiguousarray(clip)), clip.shape[1])
        pixels = picture_batch([prepared(medium, self._picture)])
        return Ready(normalised(pixels, self._picture)[0])

    def _read(self, text: str) -> Ready:
        assert self._vocabulary is not None, "a network that reads has a vocabulary"
        if len(unknown := self.unknown_words(text)) == len(set(words_of(text))):
            raise InputError(f"this network knows none of these words: {', '.join(unknown)}")
        words, lengths = self._vocabulary.batch([text])
        return Ready(words[0], int(lengths[0]))

    def vectors(self, sense: Modality, inputs: Sequence[Ready], layer: str) -> Float[np.ndarray, "items dim"]:
        """See `Embedder.vectors`; captions of equal length go together, so that none is padded."""
        if layer != POOLED:
            raise ValueError(f"unknown layer {layer!r}; known: {POOLED}")
        places: dict[int | None, list[int]] = {}
        for place, each in enumerate(inputs):
            places.setdefault(each.length, []).append(place)
        found: dict[int, np.ndarray] = {}
        for length, chosen in places.items():
            batch = torch.stack([inputs[place].tensor for place in chosen]).to(self.device)
            lengths = None if length is None else torch.full((len(chosen),), length, device=self.device)
            with torch.no_grad():
                pooled = self.model.encode(sense, batch, lengths).pooled().float().cpu().numpy()
            found.update(zip(chosen, pooled, strict=True))
        return np.stack([found[place] for place in range(len(inputs))])

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """See `Embedder.unknown_words`."""
        known = set(self._vocabulary.words) if self._vocabulary is not None else set()
        return tuple(word for word in dict.fromkeys(words_of(text)) if word not in known)
