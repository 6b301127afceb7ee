"""Silence, a twentieth of a second, one sample, full scale: every network gives a map of numbers, never NaN."""

import numpy as np
import pytest
import torch

from tests.models.tiny import CAPTIONS, SMALL_RESNET
from xmodal.analysis.matchmaps import matchmap_of, picture_of, sound_of
from xmodal.data.sample import Waveform
from xmodal.features.log_mel import LogMel
from xmodal.features.picture import Picture
from xmodal.models import build
from xmodal.models.matchmaps import MatchmapConfig
from xmodal.seeding import stream

RATE_HZ = 16_000
RECORDINGS: dict[str, np.ndarray] = {
    "silent": np.zeros(2 * RATE_HZ, np.float32),
    "short": stream(1, "short").uniform(-0.5, 0.5, RATE_HZ // 20).astype(np.float32),
    "short and silent": np.zeros(RATE_HZ // 20, np.float32),
    "one sample": np.ones(1, np.float32),
    "full scale": np.sign(stream(1, "loud").standard_normal(RATE_HZ)).astype(np.float32),
    "constant": np.full(RATE_HZ, 0.7, np.float32),
}
LISTENING = [name for name in CAPTIONS if name != "word_cnn"]
PICTURE = np.full((64, 64, 3), 128, np.uint8)


@pytest.mark.parametrize("unit_length", [False, True])
@pytest.mark.parametrize("caption", LISTENING)
def test_every_recording_has_a_map(caption: str, unit_length: bool) -> None:
    config = MatchmapConfig(image=SMALL_RESNET, caption=CAPTIONS[caption], unit_length=unit_length)
    model = build(config, torch.Generator().manual_seed(1)).eval().requires_grad_(False)
    options = LogMel()
    seen = picture_of(model, PICTURE, Picture(shorter_side_px=64, crop_px=64))
    for name, samples in RECORDINGS.items():
        heard = sound_of(model, Waveform(samples, RATE_HZ), options)
        assert heard.shape[1] >= 1, name
        found = matchmap_of(model, seen, heard, hop_s=options.hop_samples / options.rate_hz)
        assert np.isfinite(found.scores).all(), name
        assert found.scores.shape[2] == len(found.times_s), name
