"""Speak and the picture lights up: the map of a few seconds of sound, made anew several times a second.

The network was trained on whole captions and looks far to both sides of a frame (the compact one 3 s, of which about
1 s matters), so a frame near the end of the buffer is a first guess that later buffers correct. Measured on twelve
items of the world with the shipped network, correlation of a frame's map with the one in the whole recording, by how
much sound follows the frame: 0 s 0.46, 0.24 s 0.54, 0.48 s 0.64, 0.64 s 0.71, 0.96 s 0.86, if the network hears 2.9 s
or more; of 1.3 s alone never above 0.47. So the buffer is longer than what is shown, and the page lets its visitor
choose how long to wait.
"""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8

from xmodal.analysis.matchmaps import SeenPicture, matchmap_of, picture_of, sound_of
from xmodal.data import encode
from xmodal.data.sample import Waveform
from xmodal.features.log_mel import LogMel, at_rate
from xmodal.figures.score_map import rims
from xmodal.models.matchmaps import MatchmapModel
from xmodal.ui.live_room import Heard
from xmodal.ui.networks.trained import Trained
from xmodal.ui.views.pictures import fitted

SHOWN_S = 1.3
"""Frames of the newest so many seconds are given back; those before are settled."""
SHOWN_PX = 1024
"""Longer side of the picture for people."""
SHORTEST_S = 0.1
"""A buffer needs so much sound."""
SILENT_DBFS = -55.0
"""Below this in its loudest 25 ms, the newest sound is silence: levels are relative to the loudest part of the buffer,
so that the network would hear words in the hum of a quiet room."""
WINDOW_S = 0.025


@dataclass(frozen=True)
class LivePicture:
    """A picture as a network sees it, to be held against what is heard. Safe to use from several threads."""

    model: MatchmapModel
    seen: SeenPicture
    options: LogMel
    jpeg: bytes
    """The picture for people."""
    description: str

    def hear(self, sound: Waveform, *, start_s: float) -> Heard:
        """Match the picture with a sound that began `start_s` after the microphone was opened.

        The beginning is cut so that frames of all buffers lie on one grid of times. Levels are relative to the loudest
        moment of the buffer, as they are to that of the recording elsewhere.

        Raises:
            ValueError: less than `SHORTEST_S` of sound.
        """
        rate_hz = self.options.rate_hz
        samples = at_rate(sound, rate_hz)[to_grid(start_s, self._frame_samples, rate_hz) :]
        if samples.size < SHORTEST_S * rate_hz:
            raise ValueError(f"a buffer needs at least {SHORTEST_S} s of sound")
        cut_s = sound.duration_s - samples.size / rate_hz
        caption = sound_of(self.model, Waveform(samples, rate_hz), self.options)
        found = matchmap_of(self.model, self.seen, caption, hop_s=self.options.hop_samples / rate_hz)
        first = int(np.searchsorted(found.times_s, samples.size / rate_hz - SHOWN_S))
        first = min(first, found.times_s.size - 1)
        (rows, cols), cover = rims(found)
        scores = np.pad(np.moveaxis(found.scores[:, :, first:], 2, 0), ((0, 0), rows, cols), mode="edge")
        newest = samples[-round(SHOWN_S * rate_hz) :]
        return Heard(
            scores=np.ascontiguousarray(scores, np.float32),
            first_s=start_s + cut_s + float(found.times_s[first]),
            step_s=self._frame_samples / rate_hz,
            cover=cover,
            silent=loudest_dbfs(newest, rate_hz) < SILENT_DBFS,
        )

    @property
    def _frame_samples(self) -> int:
        """From frame to frame of the map."""
        return self.model.caption.geometry.stride * self.options.hop_samples


def look_at(trained: Trained, picture: UInt8[np.ndarray, "rows cols 3"], description: str) -> LivePicture:
    """The image map of a picture, made once."""
    seen = picture_of(trained.model, picture, trained.recipe.picture)
    shown = encode.jpeg(np.asarray(fitted(picture, SHOWN_PX)))
    return LivePicture(trained.model, seen, trained.recipe.pair.spectrogram, shown, description)


def to_grid(start_s: float, frame_samples: int, rate_hz: int) -> int:
    """How many samples after `start_s` the next frame of the stream's own grid is centred."""
    return -round(start_s * rate_hz) % frame_samples


def loudest_dbfs(samples: Float[np.ndarray, "samples"], rate_hz: int) -> float:
    """Root mean square of the loudest 25 ms, dB below full scale; the mean (a constant offset) is not sound."""
    window = round(WINDOW_S * rate_hz)
    whole = samples[: samples.size // window * window].reshape(-1, window)
    if whole.size == 0:
        return -math.inf
    power = float(np.square(whole - samples.mean()).mean(axis=1).max())
    return 10.0 * math.log10(power) if power > 0.0 else -math.inf
