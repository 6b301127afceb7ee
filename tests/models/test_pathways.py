"""The pathways of See, Hear and Read: the paper's sizes, where their cells lie, what padding and options change."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.models import tiny
from xmodal.models.encoders import PATHWAY_ENCODERS, PathwayConfig
from xmodal.models.encoders.alexnet import Alexnet, AlexnetConfig
from xmodal.models.encoders.contract import PathwayEncoder
from xmodal.models.encoders.geometry import Geometry
from xmodal.models.encoders.sentence_cnn import SentenceCnnConfig
from xmodal.models.encoders.sound_cnn import SoundCnnConfig
from xmodal.models.see_hear_read_sizes import COMPACT_ALEXNET, COMPACT_SENTENCE, COMPACT_SOUND

PAPER: dict[str, PathwayConfig] = {
    "alexnet": AlexnetConfig(),
    "sound_cnn": SoundCnnConfig(),
    "sentence_cnn": SentenceCnnConfig(),
}


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def tiny_pathway(config: PathwayConfig) -> PathwayEncoder:
    encoder = PATHWAY_ENCODERS[config.kind](config).eval()
    encoder.initialise(torch.Generator().manual_seed(1), "he_normal")
    return encoder


def on_meta(config: PathwayConfig) -> tuple[PathwayEncoder, Tensor]:
    """The network and a batch of two without storage."""
    with torch.device("meta"):
        return PATHWAY_ENCODERS[config.kind](config), torch.empty(2, *config.input_shape)


@pytest.mark.parametrize(
    ("kind", "input_shape", "maps", "parameters"),
    [
        # 96x3x11x11+96, 256x48x5x5+256, 384x256x3x3+384, 384x192x3x3+384, 256x192x3x3+256
        ("alexnet", (3, 227, 227), (256, 13, 13), 34_944 + 307_456 + 885_120 + 663_936 + 442_624),
        # 128x257x11+128, 256x128x5+256, 256x256x3+256, 9216x1024+9216
        ("sound_cnn", (257, 500), (256, 20), 361_984 + 164_096 + 196_864 + 9_446_400),
        # three times 300x300x3+300, 9216x1200+9216
        ("sentence_cnn", (16, 300), (300, 8), 3 * 270_300 + 11_068_416),
    ],
)
def test_the_papers_sizes(kind: str, input_shape: tuple[int, ...], maps: tuple[int, ...], parameters: int) -> None:
    encoder, batch = on_meta(PAPER[kind])
    assert PAPER[kind].input_shape == input_shape
    found = encoder.maps(batch)
    assert tuple(found.shape) == (2, *maps)
    assert tuple(encoder.vector(found).shape) == (2, 9216) == (2, PAPER[kind].joint) == (2, encoder.dim)
    assert sum(parameter.numel() for parameter in encoder.parameters()) == parameters


@pytest.mark.parametrize("size_px", [67, 71, 99, 128, 224, 227, 231])
def test_the_joint_length_is_known_without_building(size_px: int) -> None:
    for config in (AlexnetConfig(size_px=size_px), COMPACT_ALEXNET.model_copy(update={"size_px": size_px})):
        encoder, batch = on_meta(config)
        assert encoder(batch).shape[1] == config.joint == config.channels[-1] * config.cells**2


def test_rounding_up_gives_six_cells_at_224_px_too() -> None:
    assert [AlexnetConfig(size_px=size_px).cells for size_px in (227, 224, 223)] == [6, 6, 6]
    assert AlexnetConfig(size_px=195).cells == 5


def test_compact_pathways_give_vectors_of_the_same_length() -> None:
    assert {each.joint for each in (COMPACT_ALEXNET, COMPACT_SOUND, COMPACT_SENTENCE)} == {1024}


@pytest.mark.parametrize("frames", [500, 501, 250, 4, 1])
def test_no_last_frame_is_lost(frames: int) -> None:
    encoder, batch = on_meta(SoundCnnConfig(frames=frames))
    assert encoder(batch).shape == (2, 9216)
    maps = tiny_pathway(tiny.SOUND_CNN.model_copy(update={"frames": frames})).maps(normal(1, 9, frames))
    assert maps.shape[2] == math.ceil(math.ceil(frames / 5) / 5)


def reach(output: Tensor, source: Tensor, axis: int) -> tuple[int, int]:
    """First and last step of the source's axis that changes the output of any item."""
    (gradient,) = torch.autograd.grad(output.sum(), source)
    touched = torch.nonzero(gradient.transpose(0, axis).flatten(1).ne(0).any(1)).flatten()
    return int(touched[0]), int(touched[-1])


@pytest.mark.parametrize(
    ("config", "axis", "expected"),
    [
        # conv1 11/4, pool 3/2, conv2 5, pool 3/2, three times 3
        (AlexnetConfig(size_px=227, channels=(4, 4, 4, 4, 4), order="norm_first"), 3, Geometry(16, 17.0, 163)),
        (tiny.SOUND_CNN.model_copy(update={"frames": 500}), 2, Geometry(25, 12.0, 105)),
        (tiny.SENTENCE_CNN.model_copy(update={"words": 16}), 1, Geometry(2, 0.5, 10)),
    ],
    ids=lambda each: getattr(each, "kind", None),
)
def test_cells_see_what_the_geometry_says(config: PathwayConfig, axis: int, expected: Geometry) -> None:
    """The maps are over rows and columns, time, words: an input beyond the field of a cell does not change it."""
    encoder = tiny_pathway(config)
    assert encoder.geometry == expected
    batch = normal(24, *config.input_shape).requires_grad_()
    maps = encoder.maps(batch)
    cell = maps.shape[-1] // 2
    weights = normal(*maps.shape[:2], seed=3)
    chosen = maps[..., cell] if maps.ndim == 3 else maps[..., cell, cell]
    first, last = reach(chosen * weights, batch, axis)
    assert ((first + last) / 2, last - first + 1) == (expected.centres(cell + 1)[-1], expected.receptive_field)


def response_norm_by_hand(features: Tensor) -> Tensor:
    """Caffe's layer, channel by channel: x / (1 + 1e-4 / 5 * sum of squares over 5 channels) ** 0.75."""
    out = torch.empty_like(features)
    channels = features.shape[1]
    for channel in range(channels):
        near = features[:, max(0, channel - 2) : min(channels, channel + 3)]
        out[:, channel] = features[:, channel] / (1 + 1e-4 / 5 * near.square().sum(1)) ** 0.75
    return out


@pytest.mark.parametrize("order", ["pool_first", "norm_first"])
def test_order_of_pooling_and_normalisation(order: str) -> None:
    """Inputs are large, so that the response norm tells the two orders apart."""
    config = AlexnetConfig.model_validate({"size_px": 99, "channels": (6, 4, 4, 4, 4), "order": order})
    encoder = tiny_pathway(config)
    assert isinstance(encoder, Alexnet)
    features = pictures = 300 * normal(2, 3, 99, 99)
    for index, convolution in enumerate(encoder.convolutions):
        features = convolution(features).relu()
        if index < 2 and order == "norm_first":
            features = response_norm_by_hand(features)
        if index < 2:
            features = functional.max_pool2d(features, 3, 2, ceil_mode=True)
        if index < 2 and order == "pool_first":
            features = response_norm_by_hand(features)
    torch.testing.assert_close(encoder.maps(pictures), features, rtol=1e-4, atol=1e-4)
    other = config.model_copy(update={"order": "norm_first" if order == "pool_first" else "pool_first"})
    assert not torch.allclose(tiny_pathway(other).maps(pictures), features, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("mask_padding", [True, False])
@pytest.mark.parametrize("kind", ["sound_cnn", "sentence_cnn"])
def test_padding_is_silent_only_where_asked(kind: str, mask_padding: bool) -> None:
    encoder = tiny_pathway(tiny.PATHWAYS[kind].model_copy(update={"mask_padding": mask_padding}))
    lengths = torch.tensor([3, 2])
    batch = normal(2, *tiny.PATHWAYS[kind].input_shape)
    other = batch.clone()
    for item, length in enumerate(lengths):
        (other[item] if kind == "sentence_cnn" else other[item].T)[int(length) :] = 7.0
    same = torch.equal(encoder(batch, lengths), encoder(other, lengths))
    assert same is mask_padding


@pytest.mark.parametrize("kind", ["sound_cnn", "sentence_cnn"])
def test_a_relu_on_the_joint_vector_is_an_option(kind: str) -> None:
    config = tiny.PATHWAYS[kind]
    batch = normal(3, *config.input_shape)
    signed = tiny_pathway(config)(batch).detach()
    assert float(signed.min()) < 0
    assert torch.equal(tiny_pathway(config.model_copy(update={"joint_relu": True}))(batch), signed.relu())


@pytest.mark.parametrize("kind", tiny.PATHWAYS)
def test_batch_norm_takes_the_place_of_biases(kind: str) -> None:
    encoder = tiny_pathway(tiny.PATHWAYS[kind].model_copy(update={"batch_norm": True}))
    convolutions = [each for each in encoder.modules() if isinstance(each, nn.Conv1d | nn.Conv2d)]
    assert all(each.bias is None for each in convolutions)
    norms = [each for each in encoder.modules() if isinstance(each, nn.BatchNorm1d | nn.BatchNorm2d)]
    assert len(norms) == len(convolutions)
    encoder.train()(normal(4, *tiny.PATHWAYS[kind].input_shape))
    assert all(int(each.num_batches_tracked or 0) == 1 for each in norms)


@pytest.mark.parametrize("initial", ["gaussian", "he_normal"])
def test_how_weights_start(initial: str) -> None:
    """Gaussian: deviation 0.01 in convolutions and 0.005 in connected layers, biases too. He: variance 2 / fan in."""
    encoder = PATHWAY_ENCODERS["sentence_cnn"](COMPACT_SENTENCE.model_copy(update={"batch_norm": False}))
    assert initial in ("gaussian", "he_normal")
    encoder.initialise(torch.Generator().manual_seed(2), initial)
    convolution, connected = (
        encoder.get_parameter("stack.convolutions.1.weight"),
        encoder.get_parameter("connected.weight"),
    )
    biases = encoder.get_parameter("connected.bias").detach()
    stds = [float(each.detach().std()) for each in (convolution, connected)]
    if initial == "gaussian":
        assert stds == pytest.approx([0.01, 0.005], rel=0.02)
        assert float(biases.std()) == pytest.approx(0.005, rel=0.1)
    else:
        assert stds == pytest.approx([(2 / (128 * 3)) ** 0.5, (2 / (128 * 4)) ** 0.5], rel=0.02)
        assert not biases.any()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "alexnet", "size_px": 20}, "leave nothing"),
        ({"kind": "alexnet", "channels": (5, 4, 4, 4, 4)}, "convolution 2 cannot be cut in 2 groups"),
        ({"kind": "alexnet", "paddings": (0, -1, 1, 1, 1)}, "0 or more"),
        ({"kind": "sound_cnn", "kernels_frames": (11, 4, 3)}, "odd number of frames"),
    ],
)
def test_configs_that_make_no_pathway_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        type(PAPER[str(wrong["kind"])]).model_validate(wrong)
