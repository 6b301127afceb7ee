"""A recording in blocks gives the map of the recording in one piece, and no block is long."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import nn

from tests.models.tiny import DAVENET_OURS, RES_DAVENET_OURS, SMALL_RESNET, SPECTROGRAM_VECTOR
from xmodal.analysis.long_sounds import BLOCK_FRAMES, sound_map
from xmodal.features.log_mel import DEFAULT
from xmodal.models import build
from xmodal.models.encoders import CaptionConfig
from xmodal.models.matchmaps import MatchmapConfig, MatchmapModel
from xmodal.progress import Progress
from xmodal.seeding import stream


def network(caption: CaptionConfig) -> MatchmapModel:
    config = MatchmapConfig(image=SMALL_RESNET.model_copy(update={"dim": caption.map_dim}), caption=caption)
    return build(config, torch.Generator().manual_seed(3)).eval()


def levels(frames: int) -> np.ndarray:
    return stream(4, "levels").uniform(-80.0, 0.0, (40, frames)).astype(np.float32)


class Told(Progress):
    def __init__(self) -> None:
        self.done: list[tuple[int, int | None]] = []

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        del stage, note
        self.done.append((done, total))


@pytest.fixture
def longest() -> Iterator[list[int]]:
    """Frames of everything that any first convolution over the bands was given."""
    seen: list[int] = []

    def note(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        if type(module).__name__ == "BandConvolution":
            seen.append(inputs[0].shape[-1])

    handle = nn.modules.module.register_module_forward_pre_hook(note)
    yield seen
    handle.remove()


@pytest.mark.parametrize("caption", [DAVENET_OURS, RES_DAVENET_OURS], ids=lambda config: config.kind)
@pytest.mark.parametrize("frames", [900, 1600, 2411, 3201])
def test_blocks_give_the_map_of_the_whole(caption: CaptionConfig, frames: int) -> None:
    model, spectrogram = network(caption), levels(frames)
    whole = sound_map(model, spectrogram, DEFAULT, block_frames=10 * frames)
    in_blocks = sound_map(model, spectrogram, DEFAULT, block_frames=800)
    assert in_blocks.shape == whole.shape
    assert torch.allclose(in_blocks, whole, rtol=1e-4, atol=1e-5 * float(whole.abs().max()))


def test_a_network_of_one_vector_hears_the_whole() -> None:
    model = network(SPECTROGRAM_VECTOR)
    assert sound_map(model, levels(2000), DEFAULT, block_frames=500).shape[1] == 1


def test_ten_minutes_are_heard_minute_by_minute(longest: list[int]) -> None:
    model, told = network(RES_DAVENET_OURS), Told()
    found = sound_map(model, levels(60_001), DEFAULT, progress=told)
    reach = 2 * (model.caption.geometry.receptive_field // 2 + 2 * model.caption.geometry.stride)
    assert max(longest) <= BLOCK_FRAMES + reach
    assert found.shape[1] == int(model.caption.output_lengths(torch.tensor([60_001]))[0])
    assert told.done == sorted(told.done)
    assert told.done[-1] == (60_001, 60_001)
    assert len(told.done) == 11
