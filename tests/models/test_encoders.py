"""Where cells and frames lie, how many are valid, and what padding may change, measured on the networks themselves."""

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.models import tiny
from xmodal.models import MatchmapConfig, MatchmapModel, build
from xmodal.models.encoders.band_convolution import BandConvolution
from xmodal.models.encoders.contract import CaptionEncoder
from xmodal.models.encoders.davenet import DavenetConfig
from xmodal.models.encoders.geometry import Geometry, Window, through
from xmodal.models.encoders.res_davenet import ResDavenet, ResDavenetConfig
from xmodal.models.encoders.resnet import RESNET18, RESNET34, RESNET50, ResNet
from xmodal.models.encoders.spectrogram_vector import SpectrogramLayer
from xmodal.models.matchmap_sizes import (
    BASELINE_2016,
    BASELINE_2017,
    COMPACT,
    RESNET_RES_DAVENET,
    RESNET_WORDS,
    VGG_DAVENET,
)

SPECTRAL = {name: config for name, config in tiny.CAPTIONS.items() if config.kind != "word_cnn"}
MAPPED = {name: config for name, config in SPECTRAL.items() if config.kind != "spectrogram_vector"}
MASKED = ("res_davenet_ours", "davenet_ours", "word_cnn", "spectrogram_vector")


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def tiny_model(image: str = "small_resnet", caption: str = "res_davenet") -> MatchmapModel:
    config = MatchmapConfig(image=tiny.IMAGES[image], caption=tiny.CAPTIONS[caption])
    return build(config, torch.Generator().manual_seed(1)).eval()


def captions_of(encoder: str, items: int, frames: int) -> Tensor:
    if encoder == "word_cnn":
        return torch.randint(2, 20, (items, frames), generator=torch.Generator().manual_seed(2))
    return normal(items, 40, frames, seed=2) * 10 - 40


def parameters(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(
    ("config", "image", "caption"),
    [
        (VGG_DAVENET, 19_434_304, 15_965_570),
        (RESNET_RES_DAVENET, 25_606_208, 46_490_882),
        # 44,344 x 200 word vectors, 3 x 200 x 512 + 512, 3 x 512 x 1024 + 1024
        (RESNET_WORDS, 25_606_208, 8_868_800 + 307_712 + 1_573_888),
        # VGG16's 138,357,544 with its 4096 -> 1000 layer replaced by 4096 -> 1024
        (BASELINE_2016, 138_357_544 - 4_097_000 + 4_195_328, 12_864 + 819_712 + 13_108_224 + 2),
        (BASELINE_2017, 138_455_872, 15_965_570),
    ],
)
def test_papers_networks_have_the_published_numbers_of_parameters(
    config: MatchmapConfig, image: int, caption: int
) -> None:
    with torch.device("meta"):
        model = MatchmapModel(config)
    assert (parameters(model.image), parameters(model.caption)) == (image, caption)


def test_residual_networks_are_torchvisions() -> None:
    """11,176,512 = ResNet18 without its classifier, 21,284,672 = ResNet34, 23,508,032 = ResNet50."""
    with torch.device("meta"):
        trunks = [ResNet(config) for config in (RESNET18, RESNET34, RESNET50)]
    assert [parameters(trunk) - parameters(trunk.embedder) for trunk in trunks] == [11_176_512, 21_284_672, 23_508_032]


def test_constructor_default_widths_are_another_released_network() -> None:
    config = RESNET_RES_DAVENET.model_copy(update={"caption": ResDavenetConfig(widths=(128, 128, 256, 512, 1024))})
    with torch.device("meta"):
        assert parameters(MatchmapModel(config).caption) == 44_670_978


@pytest.mark.parametrize("name", COMPACT)
def test_compact_pairs_are_small_and_fit_96_px(name: str) -> None:
    model = build(COMPACT[name], torch.Generator().manual_seed(0)).eval()
    assert 0.3e6 < parameters(model) < 3e6
    cells = model.image_maps(normal(1, 3, 96, 96)).shape[2:]
    assert cells == ((1, 1) if name.startswith("baseline") else (6, 6))


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (RESNET_RES_DAVENET, (Geometry(32, 0.0, 427), Geometry(16, 0.0, 841))),
        (VGG_DAVENET, (Geometry(16, 7.5, 228), Geometry(16, 0.0, 265))),
    ],
)
def test_papers_networks_see_what_was_measured(config: MatchmapConfig, expected: tuple[Geometry, Geometry]) -> None:
    with torch.device("meta"):
        model = MatchmapModel(config)
    assert (model.image.geometry, model.caption.geometry) == expected


def reach(output: Tensor, source: Tensor) -> tuple[int, int]:
    """First and last step of the source's last axis that changes the output of any item."""
    (gradient,) = torch.autograd.grad(output.sum(), source)
    touched = torch.nonzero(gradient.flatten(0, -2).ne(0).any(0)).flatten()
    return int(touched[0]), int(touched[-1])


@pytest.mark.parametrize("name", MAPPED)
def test_frames_see_what_the_geometry_says(name: str) -> None:
    encoder = tiny_model(caption=name).caption
    spectrograms = captions_of(name, 24, 1800).requires_grad_()
    maps = encoder(spectrograms, torch.full((24,), 1800))
    frame = maps.shape[2] // 2
    weights = normal(*maps.shape[:2], seed=3)
    first, last = reach(maps[:, :, frame] * weights, spectrograms)
    centre = encoder.geometry.centres(frame + 1)[-1]
    assert ((first + last) / 2, last - first + 1) == (centre, encoder.geometry.receptive_field)


@pytest.mark.parametrize(("name", "size"), [("resnet", 448), ("small_resnet", 320), ("vgg16", 320)])
def test_cells_see_what_the_geometry_says(name: str, size: int) -> None:
    encoder = tiny_model(image=name).image
    pictures = normal(2, 3, size, size).requires_grad_()
    maps = encoder(pictures)
    cell = maps.shape[3] // 2
    first, last = reach(maps[:, :, cell, cell], pictures)
    centre = encoder.geometry.centres(cell + 1)[-1]
    assert ((first + last) / 2, last - first + 1) == (centre, encoder.geometry.receptive_field)


@pytest.mark.parametrize("name", MAPPED)
def test_valid_frames_are_those_centred_on_real_frames(name: str) -> None:
    encoder = tiny_model(caption=name).caption
    for length in (1, 2, 15, 16, 17, 31, 32, 33, 64, 65):
        alone = encoder(captions_of(name, 1, length), torch.tensor([length]))
        (valid,) = encoder.output_lengths(torch.tensor([length])).tolist()
        assert alone.shape[2] == valid == int((encoder.geometry.centres(99) < length).sum())


def test_every_word_is_a_frame() -> None:
    encoder = tiny_model(caption="word_cnn").caption
    assert encoder.output_lengths(torch.tensor([1, 5, 20])).tolist() == [1, 5, 20]
    assert encoder(captions_of("word_cnn", 1, 3), torch.tensor([3])).shape == (1, tiny.DIM, 3)


@pytest.mark.parametrize("name", tiny.CAPTIONS)
def test_an_empty_caption_still_has_a_frame(name: str) -> None:
    assert tiny_model(caption=name).caption.output_lengths(torch.tensor([0, 1])).tolist() == [1, 1]


def alone_and_beside_a_longer_one(name: str, length: int, longest: int) -> tuple[CaptionEncoder, Tensor, Tensor]:
    encoder = tiny_model(caption=name).caption
    batch = captions_of(name, 2, longest)
    batch[1, ..., length:] = 0 if name == "word_cnn" else -80
    with torch.no_grad():
        alone = encoder(batch[1:, ..., :length], torch.tensor([length]))
        beside = encoder(batch, torch.tensor([longest, length]))[1:]
    return encoder, alone, beside[:, :, : alone.shape[2]]


@pytest.mark.parametrize("name", MASKED)
@pytest.mark.parametrize(("length", "longest"), [(1, 90), (37, 90), (64, 65), (64, 99), (66, 99)])
def test_masked_captions_do_not_depend_on_their_batch(name: str, length: int, longest: int) -> None:
    _, alone, beside = alone_and_beside_a_longer_one(name, length, longest)
    torch.testing.assert_close(beside, alone, rtol=1e-5, atol=1e-5)


def test_what_a_clip_has_throughout_is_taken_away() -> None:
    """By `front_norm="clip"`: a constant of each band does not change the maps, and neither does padding."""
    encoder = ResDavenet(tiny.RES_DAVENET_CLIP).eval()
    encoder.initialise(torch.Generator().manual_seed(1))
    plain, lengths = captions_of("res_davenet", 2, 90), torch.tensor([90, 37])
    other = plain + normal(1, 40, 1, seed=4) * 10
    with torch.no_grad():
        maps = encoder(plain, lengths)
        torch.testing.assert_close(encoder(other, lengths), maps, rtol=1e-4, atol=1e-4)
        alone = encoder(plain[1:, :, :37], lengths[1:])
        torch.testing.assert_close(maps[1:, :, : alone.shape[2]], alone, rtol=1e-4, atol=1e-4)
        assert not torch.allclose(encoder(plain * 0.5, lengths), maps, rtol=1e-2, atol=1e-2)
        assert torch.isfinite(encoder(plain, torch.tensor([0, 1]))).all()


@pytest.mark.parametrize("name", ["res_davenet", "res_davenet_halved", "davenet"])
def test_released_networks_see_padding_only_near_the_end(name: str) -> None:
    """Frames whose receptive field ends before the clip does are equal; the others need not be."""
    length = 1200
    encoder, alone, beside = alone_and_beside_a_longer_one(name, length, 1500)
    reached = encoder.geometry.centres(alone.shape[2]) + encoder.geometry.receptive_field // 2
    away = torch.from_numpy(reached < length)
    assert 0 < int(away.sum()) < alone.shape[2]
    torch.testing.assert_close(beside[:, :, away], alone[:, :, away], rtol=1e-5, atol=1e-5)
    assert not torch.allclose(beside[:, :, ~away], alone[:, :, ~away], rtol=1e-3, atol=1e-3)


def test_padding_of_a_vector_baseline_does_not_count() -> None:
    model = tiny_model(caption="spectrogram_vector")
    maps, lengths = model.caption_maps(captions_of("spectrogram_vector", 2, 100), torch.tensor([100, 1]))
    assert maps.shape == (2, tiny.DIM, 1)
    assert lengths.tolist() == [1, 1]


def test_frames_and_cells_have_places() -> None:
    model = tiny_model(image="vgg16", caption="davenet")
    np.testing.assert_allclose(model.caption.frame_times_s(3, hop_s=0.01), [0, 0.16, 0.32])
    np.testing.assert_allclose(model.image.cell_centres(14, 224), (np.arange(14) + 0.5) / 14)
    residual = tiny_model(image="resnet").image
    np.testing.assert_allclose(residual.cell_centres(3, 224), [0.5 / 224, 32.5 / 224, 64.5 / 224])
    assert tiny_model(image="vgg16_vector").image.cell_centres(1, 224).tolist() == [0.5]
    assert tiny_model(caption="spectrogram_vector").caption.frame_times_s(1, 0.01).tolist() == [0.0]


@pytest.mark.parametrize("frames", [1, 5])
def test_bands_as_channels_give_the_plain_convolution(frames: int) -> None:
    convolution = BandConvolution(6, 40, frames, bias=False)
    torch.nn.init.normal_(convolution.weight, generator=torch.Generator().manual_seed(1))
    spectrograms = normal(2, 1, 40, 20)
    plain = torch.nn.functional.conv2d(spectrograms, convolution.weight, padding=(0, frames // 2))
    assert plain.shape == (2, 6, 1, 20)
    torch.testing.assert_close(convolution(spectrograms), plain)


def test_geometry_by_hand() -> None:
    """Two windows of 3 with stride 2 and no padding: cell 0 sees 7 steps around step 3, cell 1 four further on."""
    geometry = through([Window(3, 2), Window(3, 2)])
    assert geometry == Geometry(stride=4, first_centre=3.0, receptive_field=7)
    assert geometry.cells_with_real_centre(torch.tensor([0, 3, 4, 7, 8])).tolist() == [1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ResDavenetConfig(widths=(4, 4)),
        lambda: SpectrogramLayer(channels=4, frames=4),
        lambda: DavenetConfig.model_validate({"channels": [4, 4]}),
        lambda: MatchmapConfig(image=tiny.RESNET, caption=DavenetConfig()),
    ],
)
def test_configs_that_make_no_network_are_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match=r"stage|odd|channels|same"):
        wrong()
