"""The spoken caption of an item: many voices, a room, a little noise, and when each word is said.

Captions of matchmaps (Section 3) last about 10 s and 20 words; ours are as long as `text.render_text` makes them, some
3 to 8 s. Function words that run together ("in the") share one interval; every other word has its own.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from xmodal.data.sample import Word
from xmodal.data.world.scene import Scene
from xmodal.data.world.sounds.spectra import forward, inverse, noise, ringing
from xmodal.data.world.speaker import SPEAKER, Spoken, Utterance
from xmodal.data.world.spec import WORLD_VERSION, WorldSpec
from xmodal.data.world.text import Caption, render_text
from xmodal.seeding import stream

RATE_HZ = 16000
"""Sampling rate of spoken captions."""

VOICES: tuple[str, ...] = (
    "en-us+f2",
    "en-us+m6",
    "en-gb-x-rp+f5",
    "en-gb-x-rp+m1",
    "en-us-nyc+f3",
    "en-gb-scotland+m6",
    "en-gb-x-gbclan+f4",
    "en-us+edward2",
    "en-us+anika",
    "en-gb-x-gbclan+m1",
    "en-gb-scotland+f1",
    "en-us-nyc+m3",
    "en-gb-x-rp+f2",
    "en-us+adam",
    "en-us-nyc+f5",
    "en-us+m5",
)
"""espeak-ng's names of the speakers (accent + variant), women and men in turn.

Variants that a speech recogniser for American English understands comparatively well; no whispers, no robots.
"""

_QUIET_DB = -38.0
"""Level below an utterance's loudest 10 ms that counts as silence."""
_FRAME_S = 0.01


@dataclass(frozen=True)
class SpokenCaption:
    """A caption as heard."""

    waveform: Float[np.ndarray, "samples"]
    """float32 at `RATE_HZ`, within [-1, 1]."""
    words: tuple[Word, ...]
    """In the order of `Caption.words`, in seconds from the start of the waveform (of the direct sound)."""
    voice: str
    """Which of `VOICES` speaks."""


def render_speech(scene: Scene, spec: WorldSpec) -> SpokenCaption:
    """The item's caption, spoken by one of the first `spec.voices` voices.

    Raises RuntimeError where espeak-ng cannot be run.
    """
    caption = render_text(scene, spec)
    generator = stream([WORLD_VERSION, spec.seed, scene.index], "speech")
    voice = VOICES[int(generator.integers(spec.voices))]
    utterance = Utterance(
        text=caption.text,
        voice=voice,
        rate_wpm=int(generator.integers(135, 186)),
        pitch=int(generator.integers(40, 61)),
        pitch_range=int(generator.integers(35, 66)),
        seed=int(generator.integers(1, 2**31)),
    )
    spoken = SPEAKER.speak(utterance)
    dry = _resample(spoken)
    words = _words(caption, spoken, dry)
    start, end = words[0].start_s, words[-1].end_s
    lead_s, trail_s = 0.1 + 0.3 * generator.random(), 0.1 + 0.3 * generator.random()
    dry = _cut(dry, start - lead_s, end + trail_s)
    waveform = _record(dry, generator, spec.speech_snr_db)
    shift = lead_s - start
    return SpokenCaption(
        waveform, tuple(Word(one.text, one.start_s + shift, one.end_s + shift) for one in words), voice
    )


_ESPEAK_HZ = 22050
_PERIOD_IN, _PERIOD_OUT = 441, 320
"""Samples at either rate after which both clocks agree."""
_ROW_PERIODS, _MARGIN_PERIODS = 48, 2
"""Length of the rows that are resampled at once, and how much of each end only keeps the rows' ends apart."""


def _resample(spoken: Spoken) -> Float[np.ndarray, "samples"]:
    """What espeak-ng said at `RATE_HZ`, full scale 1: the spectra of overlapping rows, cut off above 7.4 to 7.9 kHz."""
    if spoken.rate_hz != _ESPEAK_HZ:
        raise RuntimeError(f"espeak-ng speaks at {spoken.rate_hz} Hz, expected {_ESPEAK_HZ}")
    step = _ROW_PERIODS - 2 * _MARGIN_PERIODS
    rows = -(-spoken.samples.size // (step * _PERIOD_IN))
    padded = np.zeros(((rows - 1) * step + _ROW_PERIODS) * _PERIOD_IN, dtype=np.float32)
    padded[_MARGIN_PERIODS * _PERIOD_IN :][: spoken.samples.size] = spoken.samples
    size = _ROW_PERIODS * _PERIOD_OUT
    overlapping = np.lib.stride_tricks.sliding_window_view(padded, _ROW_PERIODS * _PERIOD_IN)[:: step * _PERIOD_IN]
    spectra = forward(overlapping, _ROW_PERIODS * _PERIOD_IN)[:, : size // 2 + 1]
    cut_off = np.interp(np.arange(size // 2 + 1) * (RATE_HZ / size), (7400.0, 7900.0), (1.0, 0.0))
    scale = _PERIOD_OUT / _PERIOD_IN / 32768.0
    slow = inverse(spectra * (scale * cut_off).astype(np.float32), size)
    kept = slow[:, _MARGIN_PERIODS * _PERIOD_OUT : -_MARGIN_PERIODS * _PERIOD_OUT]
    return kept.reshape(-1)[: -(-spoken.samples.size * _PERIOD_OUT // _PERIOD_IN)]


# ---------------------------------------------------------------------------------------------- word times


def _words(caption: Caption, spoken: Spoken, dry: Float[np.ndarray, "samples"]) -> tuple[Word, ...]:
    """Each word from its event to the next event; silence at pauses and at both ends belongs to no word."""
    written = caption.text.split()
    firsts = np.cumsum([0, *(len(word) + 1 for word in written[:-1])])
    onset_s = {place: sample / spoken.rate_hz for place, sample in spoken.onsets}
    starts = [onset_s.get(int(first)) for first in firsts]
    known = [index for index, start in enumerate(starts) if start is not None]
    if not known or known[0] != 0:
        raise RuntimeError("espeak-ng reported no word times")
    loud = _loud_frames(dry)
    words: list[Word] = []
    for index, following in zip(known, [*known[1:], len(written)], strict=True):
        start = starts[index] or 0.0
        end = starts[following] if following < len(written) else None
        end = dry.size / RATE_HZ if end is None else end
        pauses = written[following - 1][-1] in ",."
        start, end = _tighten(loud, start, end, at_start=index == 0, at_end=pauses)
        words += [Word(caption.words[place], start, end) for place in range(index, following)]
    return tuple(words)


def _loud_frames(dry: Float[np.ndarray, "samples"]) -> Bool[np.ndarray, "frames"]:
    """Which frames of `_FRAME_S` hold speech."""
    hop_samples = round(_FRAME_S * RATE_HZ)
    frames = dry[: dry.size // hop_samples * hop_samples].reshape(-1, hop_samples)
    power = np.einsum("fs,fs->f", frames, frames)
    return power > power.max() * 10.0 ** (_QUIET_DB / 10.0)


def _tighten(
    loud: Bool[np.ndarray, "frames"], start: float, end: float, *, at_start: bool, at_end: bool
) -> tuple[float, float]:
    """Move either end of an interval to its first or last loud frame."""
    first = int(start / _FRAME_S)
    inside = np.flatnonzero(loud[first : int(np.ceil(end / _FRAME_S))])
    if inside.size == 0:
        return start, end
    new_start = max(start, (first + int(inside[0])) * _FRAME_S) if at_start else start
    return new_start, min(end, (first + int(inside[-1]) + 1) * _FRAME_S) if at_end else end


def _cut(dry: Float[np.ndarray, "samples"], start_s: float, end_s: float) -> Float[np.ndarray, "cut_samples"]:
    """That stretch of a signal, zeros where it reaches beyond the signal."""
    start, end = round(start_s * RATE_HZ), round(end_s * RATE_HZ)
    inside = dry[max(0, start) : min(dry.size, end)]
    return np.pad(inside, (max(0, -start), max(0, end - max(dry.size, start))))


# ---------------------------------------------------------------------------------------------- recording


def _record(
    dry: Float[np.ndarray, "samples"], generator: np.random.Generator, snr_db: float
) -> Float[np.ndarray, "samples"]:
    """The signal in a small room with background noise, at an individual level; float32, same length."""
    wet = _room(dry, generator)
    power = wet * wet
    loud = power > 1e-6 * power.max()
    speech_power = float(power.sum(where=loud)) / int(np.count_nonzero(loud))
    background = _background(dry.size, generator)
    mixed = wet + background * np.float32(np.sqrt(speech_power) * 10.0 ** (-snr_db / 20.0))
    level = 10.0 ** ((-26.0 + 8.0 * generator.random()) / 20.0)
    return mixed * np.float32(min(level / np.sqrt(speech_power), 0.95 / float(np.abs(mixed).max())))


def _room(dry: Float[np.ndarray, "samples"], generator: np.random.Generator) -> Float[np.ndarray, "samples"]:
    """Add a short diffuse tail after the direct sound, which keeps its time."""
    decay_s = 0.08 + 0.27 * generator.random()  # time to fall by 60 dB
    wet_db = -16.0 + 12.0 * generator.random()  # energy of the tail against the direct sound
    delay_samples = int((0.002 + 0.008 * generator.random()) * RATE_HZ)
    tail = generator.standard_normal(int(decay_s * RATE_HZ), dtype=np.float32)
    tail *= np.exp(-6.9 * np.arange(tail.size, dtype=np.float32) / tail.size)
    tail *= np.float32(10.0 ** (wet_db / 20.0)) / np.sqrt(np.sum(tail**2))
    response = np.concatenate([[np.float32(1.0)], np.zeros(delay_samples, dtype=np.float32), tail])
    return ringing(dry, response)


def _background(size: int, generator: np.random.Generator) -> Float[np.ndarray, "samples"]:
    """Background noise of unit power, louder at low frequencies: white noise through one pole drawn for the item."""
    pole = 0.7 + 0.28 * generator.random()

    def response(frequency_hz: np.ndarray) -> np.ndarray:
        return 1.0 / np.abs(1.0 - pole * np.exp(-2j * np.pi * frequency_hz / RATE_HZ))

    return noise(generator, size, RATE_HZ, response)
