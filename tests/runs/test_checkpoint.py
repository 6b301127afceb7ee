"""A checkpoint is exactly what was saved, or one line that says why it is not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn

from tests.runs.damage import allowed, cut, pickled
from tests.training.tiny import network, noise
from xmodal.runs.checkpoint import fit, fit_optimiser, load_tensors, optimiser_tensors, save_checkpoint
from xmodal.runs.index import INDEX, CheckpointError, read_index

WEIGHTS = "model.safetensors"
OPTIMISERS: dict[str, Callable[[list[nn.Parameter]], torch.optim.Optimizer]] = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
    "adamw": lambda parameters: torch.optim.AdamW(parameters, lr=0.1),
}


def _saved(folder: Path) -> Path:
    save_checkpoint(folder, {"model": network().state_dict()}, step=7, epoch=2, state={"stage": 1})
    return folder


def _learn(layer: nn.Module, optimiser: torch.optim.Optimizer, steps: int) -> None:
    for _ in range(steps):
        optimiser.zero_grad()
        layer(noise("x", 5, 4)).square().sum().backward()
        optimiser.step()


def _layer() -> nn.Linear:
    layer = nn.Linear(4, 3, device="meta").to_empty(device="cpu")
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.copy_(noise(name, *parameter.shape))
    return layer


def test_a_network_comes_back_bit_for_bit(tmp_path: Path) -> None:
    folder = _saved(tmp_path / "a")
    other = network(seed=8)
    fit(other, load_tensors(folder, "model"), source="a")
    for name, tensor in network().state_dict().items():
        assert torch.equal(other.state_dict()[name], tensor), name
    index = read_index(folder)
    assert (index.step, index.epoch, index.whole, index.state) == (7, 2, True, {"stage": 1})
    assert sorted(path.name for path in folder.iterdir()) == [INDEX, WEIGHTS]


@pytest.mark.parametrize("kind", OPTIMISERS)
def test_an_optimiser_goes_on_as_if_it_had_never_stopped(tmp_path: Path, kind: str) -> None:
    layer = _layer()
    optimiser = OPTIMISERS[kind](list(layer.parameters()))
    _learn(layer, optimiser, 3)
    groups = {"model": layer.state_dict(), "optimiser": optimiser_tensors(optimiser)}
    save_checkpoint(tmp_path / "a", groups, step=3, epoch=0)
    again = nn.Linear(4, 3)
    resumed = OPTIMISERS[kind](list(again.parameters()))
    fit(again, load_tensors(tmp_path / "a", "model"), source="a")
    fit_optimiser(resumed, load_tensors(tmp_path / "a", "optimiser"), source="a")
    for name, tensor in optimiser_tensors(optimiser).items():
        assert torch.equal(optimiser_tensors(resumed)[name], tensor), name
    _learn(layer, optimiser, 3)
    _learn(again, resumed, 3)
    assert torch.equal(layer.weight, again.weight)
    assert torch.equal(layer.bias, again.bias)


def test_an_optimiser_that_has_not_stepped(tmp_path: Path) -> None:
    layer = _layer()
    fresh = OPTIMISERS["sgd"](list(layer.parameters()))
    save_checkpoint(tmp_path / "a", {"optimiser": optimiser_tensors(fresh)}, step=0, epoch=0)
    fit_optimiser(fresh, load_tensors(tmp_path / "a", "optimiser"), source="a")
    assert optimiser_tensors(fresh) == {}


@pytest.mark.parametrize("key", ["5.exp_avg", "x.exp_avg", "0.exp_avg"])
def test_state_of_another_optimiser_is_refused(key: str) -> None:
    optimiser = OPTIMISERS["adamw"](list(_layer().parameters()))
    with pytest.raises(CheckpointError, match=r"^a does not fit .*exp_avg is \(9,\)"):
        fit_optimiser(optimiser, {key: torch.zeros(9)}, source="a")


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_flip, "SHA-256 differs"),
        (cut, "SHA-256 differs"),
        (pickled, "SHA-256 differs"),
        (Path.unlink, "is missing"),
    ],
)
def test_a_changed_file_is_refused(tmp_path: Path, damage: Callable[[Path], object], words: str) -> None:
    folder = _saved(tmp_path / "a")
    damage(folder / WEIGHTS)
    with pytest.raises(CheckpointError, match=words) as caught:
        load_tensors(folder, "model")
    assert WEIGHTS in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("damage", [pickled, cut])
def test_what_is_no_safetensors_is_refused_whatever_the_index_says(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    folder = _saved(tmp_path / "a")
    damage(folder / WEIGHTS)
    allowed(folder)
    with pytest.raises(CheckpointError, match="not readable as safetensors"):
        load_tensors(folder, "model")


def test_no_index_a_broken_one_a_newer_one(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="holds no checkpoint"):
        read_index(tmp_path / "nowhere")
    folder = _saved(tmp_path / "a")
    index = json.loads((folder / INDEX).read_text())
    (folder / INDEX).write_text(json.dumps(index | {"format": 2}))
    with pytest.raises(CheckpointError, match=r"newer version: format: .* not 2"):
        load_tensors(folder, "model")
    (folder / INDEX).write_text("{")
    with pytest.raises(CheckpointError, match="damaged"):
        load_tensors(folder, "model")


def test_a_group_that_was_not_saved(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"has no optimiser.safetensors; it has model.safetensors"):
        load_tensors(_saved(tmp_path / "a"), "optimiser")


def test_values_that_are_no_numbers_are_neither_saved_nor_loaded(tmp_path: Path) -> None:
    folder = _saved(tmp_path / "a")
    bad = {"bias": torch.tensor([1.0, torch.nan])}
    with pytest.raises(CheckpointError, match="bias holds a value that is not a finite number"):
        save_checkpoint(folder, {"model": bad}, step=8, epoch=2)
    assert read_index(folder).step == 7
    safetensors.torch.save_file(bad, folder / WEIGHTS)
    allowed(folder)
    with pytest.raises(CheckpointError, match="bias holds a value that is not a finite number"):
        load_tensors(folder, "model")


def test_five_differences_are_named_and_nothing_is_loaded() -> None:
    model = nn.Sequential(*(nn.Linear(2, 2) for _ in range(4)))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    wrong = {name: torch.zeros(3) for name in list(before)[1:]} | {"extra": torch.zeros(1)}
    with pytest.raises(CheckpointError) as caught:
        fit(model, wrong, source="that file")
    text = str(caught.value)
    assert text.startswith("that file does not fit the model: 0.weight is missing; extra is not part of the model; ")
    assert "0.bias is (3,), the model has (2,)" in text
    assert text.count(";") == 4
    assert " and 4 more: it holds another network" in text
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


def test_an_older_checkpoint_is_replaced_whole(tmp_path: Path) -> None:
    folder = _saved(tmp_path / "a")
    (folder / "more").write_text("of the old one")
    save_checkpoint(folder, {"other": {"x": torch.ones(2)}}, step=9, epoch=3, whole=False)
    assert sorted(path.name for path in folder.iterdir()) == [INDEX, "other.safetensors"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert read_index(folder).whole is False
