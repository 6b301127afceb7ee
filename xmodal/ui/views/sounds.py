"""Recordings as WAV that every browser plays, their loudness evened out for playing only."""

from xmodal.data import decode, encode, load
from xmodal.data.loudness import evened
from xmodal.data.sample import Sample, Waveform
from xmodal.modality import Modality
from xmodal.ui.views.rendition import Rendition

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
