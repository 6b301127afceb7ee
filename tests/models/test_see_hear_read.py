"""The network of See, Hear and Read: its numbers, its layers, how it starts and that it learns."""

import pytest
import torch
from torch import Tensor

from tests.models import tiny
from xmodal.modality import PICTORIAL, Modality
from xmodal.models import SeeHearReadConfig, SeeHearReadModel, build, shape_of
from xmodal.models.encoders.alexnet import AlexnetConfig
from xmodal.models.see_hear_read_sizes import COMPACT, PAPER_SIZE, SEE_HEAR_READ
from xmodal.objectives.distillation import distillation
from xmodal.objectives.ranking import ranking
from xmodal.similarity.cosine import cosines

SENSES = {Modality.IMAGE: tiny.ALEXNET, Modality.SOUND: tiny.SOUND_CNN, Modality.TEXT: tiny.SENTENCE_CNN}
PLAIN = SeeHearReadConfig(pathways=SENSES, hidden=(12, 10), outputs=7, initial="he_normal")
NORMED = SeeHearReadConfig(
    pathways={modality: each.model_copy(update={"batch_norm": True}) for modality, each in SENSES.items()},
    hidden=(12, 10),
    outputs=7,
    initial="he_normal",
    batch_norm=True,
)
NETWORKS = {"plain": PLAIN, "normed": NORMED, "gaussian": PLAIN.model_copy(update={"initial": "gaussian"})}
LAYERS = ("joint", "hidden1", "hidden2", "scores")


def model_of(name: str, seed: int = 0) -> SeeHearReadModel:
    return build(NETWORKS[name], torch.Generator().manual_seed(seed))


def batch_of(modality: Modality, items: int = 5, seed: int = 0) -> Tensor:
    shape = SENSES[modality].input_shape
    return torch.randn(items, *shape, generator=torch.Generator().manual_seed(seed))


def parameters(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_the_papers_network_has_58_6_million_shared_parameters() -> None:
    model = shape_of(SEE_HEAR_READ)
    # 9216 -> 4096 -> 4096 -> 1000, each with its biases
    assert parameters(model.hidden) + parameters(model.scores) == 37_752_832 + 16_781_312 + 4_097_000 == 58_631_144
    assert parameters(model.norms) == 0
    assert parameters(model) == 58_631_144 + sum(parameters(model.pathway(each)) for each in model.modalities)
    assert SEE_HEAR_READ.units == {"joint": 9216, "hidden1": 4096, "hidden2": 4096, "scores": 1000}


def test_the_papers_network_runs_at_its_size() -> None:
    model = shape_of(SEE_HEAR_READ)
    for modality, pathway in SEE_HEAR_READ.pathways.items():
        seen = model.activations(modality, torch.empty(2, *pathway.input_shape, device="meta"))
        assert {layer: each.shape[1] for layer, each in seen.items()} == SEE_HEAR_READ.units


@pytest.mark.parametrize("name", COMPACT)
def test_compact_networks_fit_16_mb(name: str) -> None:
    config = COMPACT[name].with_classes(tuple(f"class {number}" for number in range(42)))
    model = shape_of(config)
    assert sum(each.numel() * each.element_size() for each in model.state_dict().values()) < 16e6
    assert (model.modalities, config.units["scores"]) == (tuple(config.pathways), 42)
    for modality, pathway in config.pathways.items():
        encoded = model.encode(modality, torch.empty(2, *pathway.input_shape, device="meta"))
        assert encoded.maps.shape == (2, 512, 1)


def test_all_senses_has_a_pathway_of_its_own_for_each() -> None:
    model = shape_of(COMPACT["all_senses"])
    assert set(model.modalities) == set(Modality) - {Modality.VIDEO}
    owned = [{id(each) for each in model.pathway(modality).parameters()} for modality in model.modalities]
    assert len(set.union(*owned)) == sum(map(len, owned))


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("modality", SENSES)
def test_layers_have_the_units_they_say(name: str, modality: Modality) -> None:
    model = model_of(name).eval()
    seen = model.activations(modality, batch_of(modality))
    assert model.layers == tuple(seen) == LAYERS
    assert {layer: tuple(each.shape) for layer, each in seen.items()} == {
        layer: (5, units) for layer, units in model.config.units.items()
    }
    assert all(torch.isfinite(each).all() for each in seen.values())
    assert all(float(seen[layer].detach().min()) >= 0 for layer in ("hidden1", "hidden2"))
    encoded = model.encode(modality, batch_of(modality))
    assert encoded.lengths is None
    assert torch.equal(encoded.maps[:, :, 0], seen["hidden2"])
    assert torch.equal(encoded.pooled(), seen["hidden2"])


@pytest.mark.parametrize("modality", SENSES)
def test_only_the_layers_asked_for_are_given(modality: Modality) -> None:
    model = model_of("plain").eval()
    whole = model.activations(modality, batch_of(modality))
    some = model.activations(modality, batch_of(modality), layers=("hidden1", "maps"))
    assert list(some) == ["hidden1", "maps"]
    assert torch.equal(some["hidden1"], whole["hidden1"])
    pathway = model.pathway(modality)
    torch.testing.assert_close(pathway.vector(some["maps"]), whole["joint"])
    assert some["maps"].ndim == (4 if modality in PICTORIAL else 3)
    del model.scores
    assert list(model.activations(modality, batch_of(modality), layers=("hidden2",))) == ["hidden2"]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_weight_gets_a_gradient(name: str) -> None:
    model = model_of(name)
    loss = torch.zeros(())
    for modality in model.modalities:
        scores = model.activations(modality, batch_of(modality))["scores"]
        loss = loss + (scores * torch.arange(1.0, 8.0)).square().sum()
    loss.backward()
    assert not {key for key, each in model.named_parameters() if each.grad is None or not each.grad.any()}


@pytest.mark.parametrize("name", NETWORKS)
def test_weights_come_from_the_generator_alone(name: str) -> None:
    before = torch.get_rng_state()
    state, same, other = (model_of(name, seed).state_dict() for seed in (5, 5, 6))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.isfinite(each).all() for each in state.values())
    assert all(torch.equal(state[key], same[key]) for key in state)
    drawn = [key for key in state if state[key].ndim > 1]
    assert drawn
    assert not any(torch.equal(state[key], other[key]) for key in drawn)


def test_dropout_draws_from_its_generator_and_only_in_training() -> None:
    model = build(PLAIN.model_copy(update={"dropout": 0.5}), torch.Generator().manual_seed(0)).train()
    batch, before = batch_of(Modality.TEXT), torch.get_rng_state()
    once, again, other = (
        model.activations(Modality.TEXT, batch, generator=torch.Generator().manual_seed(seed)) for seed in (3, 3, 4)
    )
    assert torch.equal(once["scores"], again["scores"])
    assert not torch.equal(once["scores"], other["scores"])
    assert torch.equal(torch.get_rng_state(), before)
    with pytest.raises(ValueError, match="needs a generator"):
        model.activations(Modality.TEXT, batch)
    still = model.eval().activations(Modality.TEXT, batch)["hidden1"]
    kept = once["hidden1"] != 0
    torch.testing.assert_close(once["hidden1"][kept], 2 * still[kept])
    torch.testing.assert_close(still, model_of("plain").eval().activations(Modality.TEXT, batch)["hidden1"])


def test_shared_layers_keep_statistics_of_each_sense_apart() -> None:
    model = model_of("normed").train()
    before = {key: each.clone() for key, each in model.norms.state_dict().items()}
    pictures = batch_of(Modality.IMAGE, 8)
    joint = model.activations(Modality.IMAGE, pictures, layers=("joint",))["joint"]
    torch.testing.assert_close(joint.mean(0), torch.zeros(tiny.JOINT), atol=1e-5, rtol=0)
    changed = {key for key, each in model.norms.state_dict().items() if not torch.equal(each, before[key])}
    assert changed == {f"0.statistics.image.{each}" for each in ("running_mean", "running_var", "num_batches_tracked")}


@pytest.mark.parametrize("name", NETWORKS)
def test_it_runs_in_bfloat16(name: str) -> None:
    model = model_of(name).train()
    for modality in SENSES:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = model.activations(modality, batch_of(modality))["scores"]
        scores.float().square().sum().backward()
    assert all(each.grad is not None and torch.isfinite(each.grad).all() for each in model.parameters())


@pytest.mark.parametrize("name", ["plain", "normed"])
def test_both_losses_fall_in_five_steps(name: str) -> None:
    """Model transfer on the scores and ranking on the joint and hidden layers, pictures with each other sense."""
    model = model_of(name).train()
    teacher = torch.softmax(batch_of(Modality.TEXT, 8, seed=9).flatten(1)[:, :7], dim=1)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    history = []
    for _ in range(6):
        seen = {modality: model.activations(modality, batch_of(modality, 8)) for modality in SENSES}
        transfer = torch.stack(
            [distillation(each["scores"], teacher_probabilities=teacher) for each in seen.values()]
        ).sum()
        pictures = seen[Modality.IMAGE]
        aligned = torch.stack(
            [
                ranking(cosines(pictures[layer], seen[other][layer]), margin=0.2)
                for layer in LAYERS[:-1]
                for other in (Modality.SOUND, Modality.TEXT)
            ]
        ).sum()
        optimiser.zero_grad()
        (transfer + aligned).backward()
        optimiser.step()
        history.append((float(transfer.detach()), float(aligned.detach())))
    assert history[-1][0] < history[0][0]
    assert history[-1][1] < history[0][1]


def test_what_it_cannot_take_is_refused_by_name() -> None:
    model = model_of("plain")
    with pytest.raises(ValueError, match="takes image, sound, text, not speech"):
        model.encode(Modality.SPEECH, torch.zeros(1, 9, 60))
    with pytest.raises(ValueError, match="reads sound of 9 x 60, not 9 x 61"):
        model.encode(Modality.SOUND, torch.zeros(1, 9, 61))
    with pytest.raises(ValueError, match="unknown layer 'fc6'; known: maps, joint, hidden1, hidden2, scores"):
        model.activations(Modality.SOUND, torch.zeros(1, 9, 60), layers=("fc6",))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pathways": {}}, "at least 1"),
        ({"pathways": {Modality.SOUND: tiny.ALEXNET}}, "sound is read by sound_cnn, not by alexnet"),
        ({"pathways": {Modality.VIDEO: tiny.ALEXNET}}, "video is read by no pathway"),
        ({"pathways": {**SENSES, Modality.SKETCH: AlexnetConfig()}}, "same length, not image 16, .*sketch 9216"),
        ({"classes": ("dog", "sea")}, "2 classes need as many outputs, not 7"),
    ],
)
def test_configs_that_make_no_network_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SeeHearReadConfig.model_validate({**dict(PLAIN), **change})


def test_classes_of_a_teacher_become_outputs() -> None:
    named = PLAIN.with_classes(("dog", "sea", "clock"))
    assert (named.classes, named.outputs, named.pathways) == (("dog", "sea", "clock"), 3, PLAIN.pathways)
    with pytest.raises(ValueError, match="outputs"):
        PLAIN.with_classes(())


@pytest.mark.parametrize("config", [*PAPER_SIZE.values(), *COMPACT.values(), *NETWORKS.values()])
def test_configs_survive_json(config: SeeHearReadConfig) -> None:
    again = SeeHearReadConfig.model_validate_json(config.model_dump_json())
    assert again == config
    assert list(again.pathways) == list(config.pathways)
