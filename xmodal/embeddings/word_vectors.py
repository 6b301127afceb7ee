"""One vector a spoken word: every occurrence cut out of its recording, embedded alone, averaged (matchmaps 5.3)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from xmodal.data.sample import Waveform, Word
from xmodal.data.word_objects import bare
from xmodal.features.log_mel import LogMel, at_rate, log_mel
from xmodal.models.matchmaps import MatchmapModel

Recording = tuple[Waveform, tuple[Word, ...]]
"""A spoken caption and its words."""
_CHUNK = 512
"""Occurrences that are held at once."""
_BATCH = 64


@dataclass(frozen=True)
class WordVectors:
    """What a network makes of single words."""

    words: tuple[str, ...]
    vectors: Float[Tensor, "words dim"]
    """float32; zeros for a word that never occurs."""
    occurrences: Int[np.ndarray, "words"]

    def of(self, words: Sequence[str]) -> Float[Tensor, "chosen dim"]:
        """The vectors of some of the words, in that order."""
        return self.vectors[[self.words.index(word) for word in words]]

    @property
    def counts(self) -> dict[str, int]:
        """Occurrences by word."""
        return dict(zip(self.words, self.occurrences.tolist(), strict=True))


def word_vectors(
    model: MatchmapModel, recordings: Iterable[Recording], words: Sequence[str], options: LogMel
) -> WordVectors:
    """The vectors of the words over all the recordings.

    "We isolate all occurrences of that word [...] and compute an embedding vector for each one by feeding the isolated
    words into the audio branch of our model and averaging the output across the time dimension", then "averaging the
    individual embeddings for all instances of the word" (matchmaps section 5.3). Only valid frames are averaged;
    occurrences of one length go through the network together, so that nothing is padded.
    """
    places = {word: place for place, word in enumerate(dict.fromkeys(words))}
    sums = torch.zeros(len(places), model.caption.dim, dtype=torch.float64)
    counts = torch.zeros(len(places), dtype=torch.int64)
    occurrences = _occurrences(recordings, places, options)
    while chunk := list(islice(occurrences, _CHUNK)):
        rows = torch.tensor([row for row, _ in chunk])
        sums.index_add_(0, rows, averaged(model, [clip for _, clip in chunk]).double())
        counts.index_add_(0, rows, torch.ones_like(rows))
    vectors = (sums / counts.clamp(min=1)[:, None]).float()
    return WordVectors(tuple(places), vectors, counts.numpy())


def averaged(model: MatchmapModel, clips: Sequence[Float[np.ndarray, "bands _"]]) -> Float[Tensor, "clips dim"]:
    """The mean over time of each clip's caption map; clips in the same call do not change each other."""
    device = next(model.parameters()).device
    found = torch.zeros(len(clips), model.caption.dim)
    by_frames: dict[int, list[int]] = defaultdict(list)
    for place, clip in enumerate(clips):
        by_frames[clip.shape[1]].append(place)
    for frames, places in by_frames.items():
        for first in range(0, len(places), _BATCH):
            part = places[first : first + _BATCH]
            batch = torch.from_numpy(np.stack([clips[place] for place in part])).to(device)
            with torch.inference_mode():
                maps, valid = model.caption_maps(batch, torch.full((len(part),), frames, device=device))
            found[part] = maps[:, :, : int(valid[0])].float().mean(dim=2).cpu()
    return found


def isolated(samples: Float[np.ndarray, "samples"], word: Word, rate_hz: int) -> Float[np.ndarray, "cut_samples"]:
    """The stretch of a recording in which the word is said; empty if its times lie outside or are turned round."""
    start, end = (round(max(0.0, time_s) * rate_hz) for time_s in (word.start_s, word.end_s))
    return samples[start : max(start, end)]


def _occurrences(
    recordings: Iterable[Recording], places: dict[str, int], options: LogMel
) -> Iterator[tuple[int, Float[np.ndarray, "bands frames"]]]:
    """Number of the word and spectrogram of each occurrence of one of them."""
    for recording, words in recordings:
        wanted = [(places[bare(word.text)], word) for word in words if bare(word.text) in places]
        if not wanted:
            continue
        samples = at_rate(recording, options.rate_hz)
        for place, word in wanted:
            cut = isolated(samples, word, options.rate_hz)
            if cut.size:
                yield place, log_mel(np.ascontiguousarray(cut), options)
