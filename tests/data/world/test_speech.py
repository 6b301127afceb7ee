"""The spoken caption says the caption, in many voices, and its word times are right."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import resample_poly

from xmodal.data.world.compose import compose
from xmodal.data.world.grammar import COUNTS
from xmodal.data.world.kinds import COLOUR_RGB, KINDS
from xmodal.data.world.speaker import PATIENCE_S, SPEAKER, Speaker, Utterance
from xmodal.data.world.spec import WorldSpec
from xmodal.data.world.speech import RATE_HZ, VOICES, SpokenCaption, render_speech
from xmodal.data.world.text import Caption, render_text

SPEC = WorldSpec(seed=11)
CLEAN = WorldSpec(seed=11, speech_snr_db=60.0)
ACTIONS = {action for kind in KINDS.values() for action in kind.action}


@pytest.fixture(scope="module")
def spoken() -> list[tuple[Caption, SpokenCaption]]:
    scenes = [compose(SPEC, index) for index in range(200)]
    return [(render_text(scene, SPEC), render_speech(scene, SPEC)) for scene in scenes]


def is_content(caption: Caption, index: int) -> bool:
    """Nouns, colours, numbers and verbs of sound."""
    word = caption.words[index]
    return (
        any(mention.word_index == index for mention in caption.mentions)
        or word in COLOUR_RGB
        or word in COUNTS[2:]
        or word in ACTIONS
    )


def test_words_and_times(spoken: list[tuple[Caption, SpokenCaption]]) -> None:
    for caption, speech in spoken:
        assert tuple(word.text for word in speech.words) == caption.words
        duration_s = speech.waveform.size / RATE_HZ
        assert 0.08 < speech.words[0].start_s < 0.42
        assert 0.08 < duration_s - speech.words[-1].end_s < 0.42
        for one, two in zip(speech.words[:-1], speech.words[1:], strict=True):
            together = (one.start_s, one.end_s) == (two.start_s, two.end_s)
            assert together or one.start_s < one.end_s <= two.start_s + 1e-9, caption.text


def test_content_words_have_their_own_interval(spoken: list[tuple[Caption, SpokenCaption]]) -> None:
    lengths_s = []
    for caption, speech in spoken:
        intervals = [(word.start_s, word.end_s) for word in speech.words]
        for index, interval in enumerate(intervals):
            if is_content(caption, index):
                assert intervals.count(interval) == 1, (caption.text, caption.words[index])
                lengths_s.append(interval[1] - interval[0])
    assert min(lengths_s) > 0.08 and max(lengths_s) < 1.5
    assert 0.25 < float(np.median(lengths_s)) < 0.6


def test_waveforms(spoken: list[tuple[Caption, SpokenCaption]]) -> None:
    for _, speech in spoken:
        assert speech.waveform.dtype == np.float32
        assert np.isfinite(speech.waveform).all()
        assert 0.02 < np.abs(speech.waveform).max() < 0.96
        assert 2.0 < speech.waveform.size / RATE_HZ < 12.0
    assert len({speech.voice for _, speech in spoken}) == len(VOICES)


def power(waveform: np.ndarray, start_s: float, end_s: float) -> float:
    part = waveform[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
    return float(np.mean(part**2)) if part.size else 0.0


def test_energy_is_inside_words_and_not_between() -> None:
    ratios = []
    for index in range(100):
        speech = render_speech(compose(CLEAN, index), CLEAN)
        inside = np.median([power(speech.waveform, word.start_s, word.end_s) for word in speech.words])
        assert power(speech.waveform, 0.0, speech.words[0].start_s - 0.02) < 0.01 * inside
        for one, two in zip(speech.words[:-1], speech.words[1:], strict=True):
            if two.start_s - one.end_s > 0.12:  # past the tail of the room
                ratios.append(power(speech.waveform, one.end_s + 0.06, two.start_s - 0.02) / inside)
    assert len(ratios) > 8
    assert np.median(ratios) < 0.01


def log_mel(waveform: np.ndarray) -> np.ndarray:
    """(bands, frames of 10 ms), each band of a rough mel scale, mean removed."""
    frames = np.lib.stride_tricks.sliding_window_view(waveform, 400)[::160]
    spectrum = (np.abs(np.fft.rfft(frames * np.hanning(400), axis=1)) ** 2).T
    edges_hz = 700.0 * (np.exp(np.linspace(np.log(1 + 100 / 700), np.log(1 + 7000 / 700), 33)) - 1.0)
    edges = np.unique((edges_hz * 400 / RATE_HZ).astype(int))
    bands = np.log(np.add.reduceat(spectrum, edges, axis=0)[:-1] + 1e-3)
    return bands - bands.mean(axis=1, keepdims=True)


def best_place(heard: np.ndarray, alone: np.ndarray) -> tuple[float, float]:
    """How well (correlation) and where (s, centre) a word spoken alone fits best into an utterance."""
    length = alone.shape[1]
    windows = np.lib.stride_tricks.sliding_window_view(heard, length, axis=1).transpose(1, 0, 2).reshape(-1, alone.size)
    windows = windows - windows.mean(axis=1, keepdims=True)
    pattern = alone.ravel() - alone.mean()
    scores = windows @ pattern / np.linalg.norm(windows, axis=1) / np.linalg.norm(pattern)
    return float(scores.max()), (int(np.argmax(scores)) + length / 2) * 0.01


def spoken_alone(word: str, voice: str, rate_wpm: int) -> np.ndarray:
    said = SPEAKER.speak(Utterance(word, voice, rate_wpm, 50, 50, 1))
    alone = resample_poly(said.samples.astype(np.float32) / 32768.0, 320, 441)
    loud = np.flatnonzero(np.abs(alone) > 0.02 * np.abs(alone).max())
    return log_mel(alone[loud[0] : loud[-1]])


def test_a_word_spoken_alone_is_found_in_its_interval() -> None:
    offsets_s, found = [], []
    for index in range(14):
        caption, speech = render_text(compose(CLEAN, index), CLEAN), render_speech(compose(CLEAN, index), CLEAN)
        heard = log_mel(speech.waveform)
        for place in {mention.word_index for mention in caption.mentions}:
            word = speech.words[place]
            if caption.words.count(word.text) > 1:
                continue
            at_s = max(best_place(heard, spoken_alone(word.text, speech.voice, rate)) for rate in (140, 160, 180))[1]
            found.append(word.start_s <= at_s <= word.end_s)
            offsets_s.append(at_s - (word.start_s + word.end_s) / 2)
    assert len(found) > 25
    assert np.mean(found) > 0.7  # chance: the word's share of the utterance, about 0.08
    assert abs(np.median(np.array(offsets_s)[found])) < 0.03


def test_same_item_same_bits_whatever_was_said_before() -> None:
    scene = compose(SPEC, 3)
    first = render_speech(scene, SPEC)
    for voice in VOICES[:4]:
        SPEAKER.speak(Utterance("something else", voice, 300, 90, 90, 77))
    again = render_speech(scene, SPEC)
    SPEAKER.close()
    fresh = render_speech(scene, SPEC)
    assert np.array_equal(first.waveform, again.waveform)
    assert np.array_equal(first.waveform, fresh.waveform)
    assert first.words == fresh.words and first.voice == fresh.voice


def test_every_voice_speaks_and_differs() -> None:
    assert len(VOICES) == len(set(VOICES)) == 16
    said = [SPEAKER.speak(Utterance("two red chairs", voice, 160, 50, 50, 1)) for voice in VOICES]
    for spoken_by in said:
        assert np.abs(spoken_by.samples.astype(float)).max() > 2000
        assert len(spoken_by.onsets) == 3
    assert len({one.samples.tobytes() for one in said}) == len(VOICES)


def test_voices_are_limited() -> None:
    few = WorldSpec(seed=11, voices=2)
    assert {render_speech(compose(few, index), few).voice for index in range(12)} == set(VOICES[:2])


def test_noise_follows_the_wanted_level() -> None:
    levels = []
    for snr_db in (10.0, 20.0, 30.0):
        spec = WorldSpec(seed=11, speech_snr_db=snr_db)
        speech = render_speech(compose(spec, 5), spec)
        inside = np.mean([power(speech.waveform, word.start_s, word.end_s) for word in speech.words])
        levels.append(10 * np.log10(inside / power(speech.waveform, 0.0, speech.words[0].start_s)))
    assert np.allclose(levels, [10.0, 20.0, 30.0], atol=4.0)


def test_a_killed_child_is_replaced() -> None:
    speaker = Speaker()
    utterance = Utterance("a dog", VOICES[0], 160, 50, 50, 1)
    before = speaker.speak(utterance)
    assert speaker.pid is not None
    os.kill(speaker.pid, signal.SIGKILL)
    after = speaker.speak(utterance)
    speaker.close()
    assert np.array_equal(before.samples, after.samples)
    assert speaker.pid is None


def test_a_child_that_does_not_answer_is_ended() -> None:
    speaker = Speaker()
    utterance = Utterance("a dog", VOICES[0], 160, 50, 50, 1)
    before, stuck = speaker.speak(utterance), speaker.pid
    assert stuck is not None
    speaker.patience_s = 0.3
    os.kill(stuck, signal.SIGSTOP)
    start_s = time.monotonic()
    with pytest.raises(RuntimeError, match=r"no answer within 0\.3 s"):
        speaker.speak(utterance)
    assert time.monotonic() - start_s < 2.0
    assert speaker.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(stuck, 0)
    speaker.patience_s = PATIENCE_S
    assert np.array_equal(speaker.speak(utterance).samples, before.samples)
    speaker.close()


def test_unknown_voice() -> None:
    with pytest.raises(ValueError, match="unknown voice"):
        SPEAKER.speak(Utterance("a dog", "no-such-voice", 160, 50, 50, 1))
    assert SPEAKER.speak(Utterance("a dog", VOICES[0], 160, 50, 50, 1)).samples.size > 0


def test_several_threads() -> None:
    utterances = [Utterance(f"{COUNTS[2 + index]} dogs", VOICES[index], 160, 50, 50, 1) for index in range(6)]
    expected = [SPEAKER.speak(one).samples for one in utterances]
    found: dict[int, np.ndarray] = {}

    def ask(index: int) -> None:
        found[index] = SPEAKER.speak(utterances[index]).samples

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(found[index], expected[index]) for index in range(6))


_FORKING = """
import os, sys
from xmodal.data.world.speaker import SPEAKER, Utterance
utterance = Utterance("a dog", "en-us+m3", 160, 50, 50, 1)
first = SPEAKER.speak(utterance).samples.tobytes()
parent = SPEAKER.pid
child = os.fork()
if child == 0:
    same = SPEAKER.speak(utterance).samples.tobytes() == first and SPEAKER.pid != parent
    SPEAKER.close()
    os._exit(0 if same else 1)
status = os.waitpid(child, 0)[1]
assert status == 0, status
assert SPEAKER.speak(utterance).samples.tobytes() == first and SPEAKER.pid == parent
assert "espeakng_loader" not in sys.modules
print(SPEAKER.pid, flush=True)
os._exit(0)
"""


def run_python(code: str) -> str:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_works_after_a_fork_and_ends_with_its_parent() -> None:
    pid = int(run_python(_FORKING))
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2:3]:
            return  # ended, not yet collected by init
        time.sleep(0.05)
    pytest.fail("the speaking process outlives its parent")
