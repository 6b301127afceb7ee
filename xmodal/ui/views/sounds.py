"""Recordings as WAV that every browser plays, their loudness evened out for playing only."""

import numpy as np
from jaxtyping import Float

from xmodal.data import decode, encode, load
from xmodal.data.sample import Sample, Waveform
from xmodal.modality import Modality
from xmodal.ui.views.rendition import Rendition

LEVEL = 0.1
"""Root mean square that clips are brought to, -20 dB below full scale."""
PEAK = 0.97
"""Never louder than this, so that nothing clips."""
SILENCE = 1e-5
"""Below this root mean square a clip is left as it is: amplified silence is noise."""
MAX_RATE_HZ = 48_000


def wave(sample: Sample, modality: Modality) -> Rendition:
    """16-bit mono WAV at the recording's own rate (at most 48 kHz).

    Raises:
        MediaError: absent or unreadable.
    """
    sound = load.waveform(sample, modality)
    if sound.rate_hz > MAX_RATE_HZ:
        sound = decode.resampled(sound, MAX_RATE_HZ)
    return Rendition(encode.wav(Waveform(evened(sound.samples), sound.rate_hz)), "audio/wav")


def evened(samples: Float[np.ndarray, "samples"]) -> Float[np.ndarray, "samples"]:
    """The samples at root mean square `LEVEL`, less where that would exceed `PEAK`."""
    level = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    if level < SILENCE:
        return samples
    gain = min(LEVEL / level, PEAK / float(np.abs(samples).max()))
    return (samples * gain).astype(np.float32)
