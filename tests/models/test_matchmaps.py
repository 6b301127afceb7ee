"""What holds for every model: each modality encodes, each weight learns, and nothing random is hidden."""

import pytest
import torch
from torch import Tensor

from tests.models import tiny
from xmodal.modality import Modality
from xmodal.models import MODELS, MatchmapConfig, MatchmapModel, build
from xmodal.models.contract import Encoded, valid_frames
from xmodal.models.matchmap_sizes import COMPACT, PAPER_SIZE

PAIRS: dict[str, MatchmapConfig] = {
    "released": MatchmapConfig(image=tiny.RESNET, caption=tiny.RES_DAVENET),
    "halved": MatchmapConfig(image=tiny.RESNET, caption=tiny.RES_DAVENET_HALVED),
    "vgg_davenet": MatchmapConfig(image=tiny.VGG16, caption=tiny.DAVENET),
    "words": MatchmapConfig(image=tiny.SMALL_RESNET, caption=tiny.WORD_CNN),
    "baseline": MatchmapConfig(image=tiny.VGG16_VECTOR, caption=tiny.SPECTROGRAM_VECTOR),
    "ours": MatchmapConfig(
        image=tiny.SMALL_RESNET, caption=tiny.RES_DAVENET_OURS, unit_length=True, learned_scale=10.0
    ),
    "ours_davenet": MatchmapConfig(image=tiny.VGG16_NORM, caption=tiny.DAVENET_OURS, unit_length=True),
}
LENGTHS = torch.tensor([70, 40])


def model_of(name: str, seed: int = 0) -> MatchmapModel:
    return build(PAIRS[name], torch.Generator().manual_seed(seed))


def batch_of(modality: Modality, seed: int = 0) -> tuple[Tensor, Tensor | None]:
    generator = torch.Generator().manual_seed(seed)
    if modality is Modality.TEXT:
        return torch.randint(2, 20, (2, 70), generator=generator), LENGTHS
    if modality in (Modality.SOUND, Modality.SPEECH):
        return torch.rand(2, 40, 70, generator=generator) * -80, LENGTHS
    return torch.randn(2, 3, 64, 64, generator=generator), None


@pytest.mark.parametrize("name", PAIRS)
def test_each_modality_encodes(name: str) -> None:
    model = model_of(name).eval()
    for modality in model.modalities:
        batch, lengths = batch_of(modality)
        encoded = model.encode(modality, batch, lengths)
        assert encoded.maps.shape[:2] == (2, tiny.DIM)
        assert torch.isfinite(encoded.maps).all()
        assert (encoded.lengths is None) == (lengths is None)
        assert encoded.pooled().shape == (2, tiny.DIM)


@pytest.mark.parametrize("name", PAIRS)
def test_every_weight_gets_a_gradient_except_the_unused_norm(name: str) -> None:
    model = model_of(name)
    loss = torch.zeros(())
    for modality in (Modality.IMAGE, model.modalities[-1]):
        vectors = model.encode(modality, *batch_of(modality)).pooled()
        loss = loss + (vectors * torch.arange(1.0, tiny.DIM + 1)).square().sum()
    loss.backward()
    still = {key for key, weight in model.named_parameters() if weight.grad is None or not weight.grad.any()}
    unused = {"caption.batchnorm1.weight", "caption.batchnorm1.bias"} if name == "released" else set()
    # a shift of all levels and a bias before a batch norm change nothing in training mode
    without_effect = {key for key in still if name == "ours_davenet" and key.endswith("bias")}
    assert still - without_effect == unused


@pytest.mark.parametrize("name", PAIRS)
def test_evaluation_repeats_itself(name: str) -> None:
    model = model_of(name).eval()
    for modality in (Modality.IMAGE, model.modalities[-1]):
        once, again = (model.encode(modality, *batch_of(modality)).maps for _ in range(2))
        assert torch.equal(once, again)


@pytest.mark.parametrize("name", PAIRS)
def test_weights_come_from_the_generator_alone(name: str) -> None:
    before = torch.get_rng_state()
    state, same, other = (model_of(name, seed).state_dict() for seed in (5, 5, 6))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.isfinite(weights).all() for weights in state.values())
    assert all(torch.equal(state[key], same[key]) for key in state)
    drawn = [key for key in state if state[key].ndim > 1]
    assert drawn
    assert not any(torch.equal(state[key], other[key]) for key in drawn)


@pytest.mark.parametrize("name", PAIRS)
def test_training_draws_nothing_from_the_global_generator(name: str) -> None:
    model = model_of(name).train()
    before = torch.get_rng_state()
    for modality in (Modality.IMAGE, model.modalities[-1]):
        model.encode(modality, *batch_of(modality))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("mode", ["fan_out", "fan_in"])
def test_weights_have_he_variance(mode: str) -> None:
    """ResDAVENet: 2 / (kernel area x output channels); DAVENet: 2 / (kernel area x input channels)."""
    config = COMPACT["resnet_res_davenet" if mode == "fan_out" else "vgg_davenet"]
    encoder = build(config, torch.Generator().manual_seed(0)).caption
    weights = encoder.get_parameter("layer3.0.conv2.weight" if mode == "fan_out" else "conv4.weight")
    fan = weights.shape[0 if mode == "fan_out" else 1] * weights[0, 0].numel()
    assert float(weights.detach().var() * fan) == pytest.approx(2, rel=0.03)


def test_unit_length_and_scale() -> None:
    model = model_of("ours").eval()
    image = model.image_maps(batch_of(Modality.IMAGE)[0])
    caption, lengths = model.caption_maps(batch_of(Modality.SPEECH)[0], LENGTHS)
    torch.testing.assert_close(image.norm(dim=1), torch.full_like(image[:, 0], 10))
    valid = valid_frames(lengths, caption.shape[2])
    torch.testing.assert_close(caption.norm(dim=1)[valid], torch.ones(int(valid.sum())))


def test_a_caption_without_lengths_is_all_real() -> None:
    model = model_of("released").eval()
    encoded = model.encode(Modality.SPEECH, batch_of(Modality.SPEECH)[0])
    assert encoded.lengths is not None
    assert encoded.lengths.tolist() == [encoded.maps.shape[2]] * 2


def test_pooling_leaves_padded_frames_out() -> None:
    """By hand: the mean of 1 and 3, and of 5 alone."""
    maps = torch.tensor([[[1.0, 3.0]], [[5.0, 100.0]]])
    assert Encoded(maps, torch.tensor([2, 1])).pooled().tolist() == [[2.0], [5.0]]
    assert Encoded(maps, None).pooled().tolist() == [[2.0], [52.5]]


def test_a_modality_it_does_not_take_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"takes image, .*speech, not text"):
        model_of("released").encode(Modality.TEXT, torch.zeros(1, 3, dtype=torch.long))
    assert Modality.TEXT in model_of("words").modalities


def test_an_unknown_model_is_refused_by_name() -> None:
    config = PAIRS["released"].model_copy(update={"kind": "matchmap"})
    with pytest.raises(ValueError, match="unknown model 'matchmap'; known: matchmaps"):
        build(config, torch.Generator())
    assert set(MODELS) == {"matchmaps", "see_hear_read"}


@pytest.mark.parametrize("config", [*PAPER_SIZE.values(), *COMPACT.values(), *PAIRS.values()])
def test_configs_survive_json(config: MatchmapConfig) -> None:
    assert MatchmapConfig.model_validate_json(config.model_dump_json()) == config
