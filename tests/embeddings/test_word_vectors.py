"""Words cut out of recordings, embedded alone, averaged."""

import numpy as np
import pytest
import torch

from tests.training.tiny import network
from xmodal.data.sample import Waveform, Word
from xmodal.embeddings.word_vectors import averaged, isolated, word_vectors
from xmodal.features.log_mel import LogMel, log_mel
from xmodal.seeding import stream

OPTIONS = LogMel()
RATE_HZ = OPTIONS.rate_hz


def recording(seed: int, seconds: float = 2.0) -> Waveform:
    samples = stream(seed, "recording").standard_normal(round(seconds * RATE_HZ)).astype(np.float32)
    return Waveform(0.1 * samples, RATE_HZ)


def alone(sound: Waveform, start_s: float, end_s: float) -> torch.Tensor:
    """The paper's sentence, one word at a time."""
    clip = sound.samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
    spectrogram = torch.from_numpy(log_mel(np.ascontiguousarray(clip), OPTIONS))[None]
    maps, lengths = network().eval().caption_maps(spectrogram, torch.tensor([spectrogram.shape[2]]))
    return maps[0, :, : int(lengths[0])].mean(dim=1).detach()


def test_a_vector_is_the_mean_over_occurrences_of_the_mean_over_time() -> None:
    one, two = recording(1), recording(2)
    heard = [
        (one, (Word("A", 0.0, 0.1), Word("dog,", 0.1, 0.5), Word("cat", 0.5, 0.9))),
        (two, (Word("Dog", 0.3, 0.7), Word("dog", 0.8, 1.55))),
    ]
    found = word_vectors(network().eval(), heard, ["cat", "dog", "owl"], OPTIONS)
    assert found.counts == {"cat": 1, "dog": 3, "owl": 0}
    dogs = [alone(one, 0.1, 0.5), alone(two, 0.3, 0.7), alone(two, 0.8, 1.55)]
    torch.testing.assert_close(found.vectors[1], torch.stack(dogs).mean(dim=0), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(found.of(["dog", "cat"])[1], alone(one, 0.5, 0.9), rtol=1e-4, atol=1e-5)
    assert not found.vectors[2].any()


def test_clips_of_several_lengths_do_not_change_each_other() -> None:
    clips = [log_mel(recording(seed, length).samples, OPTIONS) for seed, length in enumerate((0.3, 0.5, 0.3, 0.02))]
    together = averaged(network().eval(), clips)
    for place, clip in enumerate(clips):
        torch.testing.assert_close(together[place], averaged(network().eval(), [clip])[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("start_s", "end_s", "first", "count"),
    [(0.5, 1.0, 5, 5), (-1.0, 0.2, 0, 2), (1.8, 9.0, 18, 2), (5.0, 6.0, 0, 0), (1.0, 0.5, 0, 0), (0.5, 0.5, 0, 0)],
)
def test_a_word_is_cut_at_its_times(start_s: float, end_s: float, first: int, count: int) -> None:
    cut = isolated(np.arange(20.0), Word("x", start_s, end_s), 10)
    assert cut.tolist() == list(range(first, first + count))


def test_words_outside_their_recording_are_not_counted() -> None:
    found = word_vectors(
        network().eval(), [(recording(1), (Word("dog", 7.0, 8.0), Word("dog", 0.5, 0.5)))], ["dog"], OPTIONS
    )
    assert found.counts == {"dog": 0}
