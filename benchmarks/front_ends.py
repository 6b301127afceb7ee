"""What the front ends of sound cost against their peers: one process, one thread, interleaved rounds, medians.

    PYTHONPATH=. python benchmarks/front_ends.py [--rounds 15] [--clips 16] [--seconds 10.24]

The targets of log-mel: at least 2.2 times `torchaudio.compliance.kaldi.fbank` and 1.8 times librosa's `melspectrogram`
with `power_to_db`. A ratio is the median over rounds of (peer / ours) of the same round, so that a busy machine slows
both; a peer's inputs are prepared before the clock starts, ours and librosa's include mean removal and pre-emphasis.

Where kaldi.fbank at its nearest options differs from ours: mean and pre-emphasis by frame and not by clip (and its
first sample is less 0.97 of itself), frames not centred and none beyond the clip (1022 and not 1025), HTK's mel scale
and no unit area, natural logarithm with no reference and no floor 80 dB below it. Its FFT has 400 points as ours.

The spectrogram of See, Hear and Read (500 frames of 5 s, whatever `--seconds`) is measured beside librosa's `stft`,
which has the complex numbers alone, the same with `amplitude_to_db` and mean removal, which is all that ours does, and
`scipy.signal.spectrogram`, which has the magnitudes alone and no frames beyond the clip (497). The targets: at least
1.4 times the bare transform and 2.2 times the whole of librosa's, and no slower than the bare magnitudes of scipy by
more than a third.
"""

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import librosa
import numpy as np
import scipy.signal
import torch
import torchaudio
from jaxtyping import Float
from scipy.signal import windows

from xmodal.data.sample import Waveform
from xmodal.features.log_mel import LogMel, log_mel
from xmodal.features.spectrogram import spectrogram_of

RATE_HZ = 16_000


def by_librosa(samples: Float[np.ndarray, "samples"]) -> Float[np.ndarray, "bands frames"]:
    """The same spectrogram, float32 throughout."""
    centred = samples - samples.mean()
    power = librosa.feature.melspectrogram(
        y=np.append(centred[:1], centred[1:] - np.float32(0.97) * centred[:-1]),
        sr=RATE_HZ,
        n_fft=400,
        hop_length=160,
        window=windows.hamming,
        n_mels=40,
        fmin=20.0,
        fmax=8000.0,
    )
    return librosa.power_to_db(power, ref=np.max)


def by_kaldi(samples: torch.Tensor) -> torch.Tensor:
    """The nearest that torchaudio's Kaldi front end comes."""
    return torchaudio.compliance.kaldi.fbank(
        samples,
        num_mel_bins=40,
        sample_frequency=float(RATE_HZ),
        window_type="hamming",
        low_freq=20.0,
        high_freq=8000.0,
        preemphasis_coefficient=0.97,
        remove_dc_offset=True,
        round_to_power_of_two=False,
        dither=0.0,
    )


def stft_by_librosa(samples: Float[np.ndarray, "samples"]) -> np.ndarray:
    """The transform alone."""
    return librosa.stft(samples, n_fft=512, hop_length=160, pad_mode="constant")


def spectrogram_by_librosa(samples: Float[np.ndarray, "samples"]) -> Float[np.ndarray, "bands frames"]:
    """The same spectrogram, float32 throughout, of the first 500 frames."""
    decibels = librosa.amplitude_to_db(np.abs(stft_by_librosa(samples)[:, :500]), ref=np.max, amin=1e-10)
    return (decibels - decibels.mean()) / np.float32(20.0)


def magnitude_by_scipy(samples: Float[np.ndarray, "samples"]) -> np.ndarray:
    """Magnitude alone, no frames beyond the clip."""
    whole: Any = False  # scipy takes this for no detrending, its annotation does not
    return scipy.signal.spectrogram(samples, RATE_HZ, "hann", 512, 352, detrend=whole, mode="magnitude")[2]


def rounds(work: dict[str, Callable[[], object]], count: int) -> dict[str, Float[np.ndarray, "rounds"]]:
    """Seconds of each job in each round, all jobs in turn; the first round warms up and is dropped."""
    found: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(count + 1):
        for name, job in work.items():
            start = time.perf_counter()
            job()
            found[name].append(time.perf_counter() - start)
    return {name: np.array(seconds[1:]) for name, seconds in found.items()}


def show(seconds: dict[str, Float[np.ndarray, "rounds"]], audio_s: float) -> None:
    """The table of one front end; its own row is the first."""
    ours = next(iter(seconds.values()))
    print(f"{'':<24}{'us per s of sound':>20}{'x real time':>14}{'ours is faster by':>20}")
    for name, taken in seconds.items():
        cost = f"{np.median(taken) / audio_s * 1e6:.0f} ({taken.min() / audio_s * 1e6:.0f})"
        ratio = f"{np.median(taken / ours):.2f} ({taken.min() / ours.min():.2f})"
        print(f"{name:<24}{cost:>20}{audio_s / np.median(taken):>14.0f}{ratio:>20}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--clips", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10.24)
    options = parser.parse_args()
    torch.set_num_threads(1)
    generator = np.random.default_rng(0)
    samples = round(options.seconds * RATE_HZ)
    clips = [(0.1 * generator.standard_normal(samples)).astype(np.float32) for _ in range(options.clips)]
    tensors = [torch.from_numpy(clip)[None] for clip in clips]
    print(f"{options.clips} clips, one thread, median (best) of {options.rounds} rounds")
    seconds = rounds(
        {
            "log-mel, ours": lambda: [log_mel(clip, LogMel()) for clip in clips],
            "librosa": lambda: [by_librosa(clip) for clip in clips],
            "kaldi.fbank": lambda: [by_kaldi(tensor) for tensor in tensors],
        },
        options.rounds,
    )
    show(seconds, options.clips * options.seconds)
    print(f"largest difference from librosa: {np.abs(log_mel(clips[0]) - by_librosa(clips[0])).max():.1e} dB")
    short = [np.resize(clip, 5 * RATE_HZ) for clip in clips]
    seconds = rounds(
        {
            "spectrogram, ours": lambda: [spectrogram_of(Waveform(clip, RATE_HZ)) for clip in short],
            "librosa, whole": lambda: [spectrogram_by_librosa(clip) for clip in short],
            "librosa.stft": lambda: [stft_by_librosa(clip) for clip in short],
            "scipy.spectrogram": lambda: [magnitude_by_scipy(clip) for clip in short],
        },
        options.rounds,
    )
    show(seconds, options.clips * 5.0)
    off = np.abs(spectrogram_of(Waveform(short[0], RATE_HZ)) - spectrogram_by_librosa(short[0])).max()
    print(f"largest difference from librosa: {20.0 * off:.1e} dB")


if __name__ == "__main__":
    main()
