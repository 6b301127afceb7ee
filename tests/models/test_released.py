"""Released weights: what fits is loaded, what does not is named, and no file can run anything."""

import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from tests.models import tiny
from xmodal.models import MatchmapConfig, build
from xmodal.models.encoders.res_davenet import ResDavenetConfig
from xmodal.models.released import Fit, ReleasedWeightsError, WrongShape, fit, load_released, read_state

CAPTION = tiny.RES_DAVENET


def caption_branch(config: ResDavenetConfig = CAPTION, seed: int = 0) -> nn.Module:
    return build(MatchmapConfig(image=tiny.RESNET, caption=config), torch.Generator().manual_seed(seed)).caption


def released_state(seed: int = 1) -> dict[str, Tensor]:
    """As the public code saves it: a net wrapped for several GPUs."""
    return OrderedDict(("module." + key, weights) for key, weights in caption_branch(seed=seed).state_dict().items())


def save_zip(state: object, path: Path) -> None:
    torch.save(state, path)


def save_stream(state: object, path: Path) -> None:
    """What torch wrote until 2020, when these networks were released."""
    torch.save(state, path, _use_new_zipfile_serialization=False)


def save_safetensors(state: dict[str, Tensor], path: Path) -> None:
    save_file(state, path)


WRITERS: dict[str, tuple[str, Callable[[Any, Path], None]]] = {
    "zip": ("best_audio_model.pth", save_zip),
    "stream": ("audio_model.e10.pth", save_stream),
    "safetensors": ("audio_model.safetensors", save_safetensors),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_a_released_state_is_loaded_whole(tmp_path: Path, writer: str) -> None:
    name, save = WRITERS[writer]
    state = released_state()
    save(state, tmp_path / name)
    network = caption_branch()
    found = load_released(network, tmp_path / name)
    assert found.complete
    assert set(found.matched) == set(network.state_dict())
    for key, weights in network.state_dict().items():
        torch.testing.assert_close(weights, state["module." + key], rtol=0, atol=0)


@pytest.mark.parametrize("branch", ["resnet", "vgg16"])
def test_image_branches_load_from_the_released_names(tmp_path: Path, branch: str) -> None:
    config = MatchmapConfig(image=tiny.IMAGES[branch], caption=CAPTION)
    old, new = (build(config, torch.Generator().manual_seed(seed)).image for seed in (1, 2))
    torch.save({"module." + key: weights for key, weights in old.state_dict().items()}, tmp_path / "image.pth")
    keys = read_state(tmp_path / "image.pth").keys()
    expected = {"resnet": ("conv1.weight", "layer1.0.conv3.weight", "embedder.bias"), "vgg16": ("image_model.30.bias",)}
    assert keys >= set(expected[branch])
    load_released(new, tmp_path / "image.pth")
    assert all(torch.equal(new.state_dict()[key], weights) for key, weights in old.state_dict().items())


def test_the_unused_norm_may_be_absent_or_left_over(tmp_path: Path) -> None:
    lacking = {key: weights for key, weights in released_state().items() if "batchnorm1" not in key}
    torch.save(lacking, tmp_path / "a.pth")
    found = load_released(caption_branch(), tmp_path / "a.pth")
    assert found.complete
    assert "batchnorm1.weight" in found.tolerated
    torch.save(released_state(), tmp_path / "b.pth")
    bare = caption_branch(CAPTION.model_copy(update={"front_norm": "absent"}))
    assert "batchnorm1.bias" in load_released(bare, tmp_path / "b.pth").tolerated


def test_a_norm_that_is_applied_must_be_there(tmp_path: Path) -> None:
    lacking = {key: weights for key, weights in released_state().items() if "batchnorm1" not in key}
    torch.save(lacking, tmp_path / "a.pth")
    leading = caption_branch(CAPTION.model_copy(update={"front_norm": "applied"}))
    with pytest.raises(ReleasedWeightsError, match=r"4 missing in the file: batchnorm1\.weight"):
        load_released(leading, tmp_path / "a.pth")


def test_files_older_than_the_count_of_batches_load(tmp_path: Path) -> None:
    old = {key: weights for key, weights in released_state().items() if "num_batches" not in key}
    torch.save(old, tmp_path / "a.pth")
    assert load_released(caption_branch(), tmp_path / "a.pth").complete


def test_a_trunk_loads_beside_named_exceptions(tmp_path: Path) -> None:
    """A classifier's file has `fc` and no projection."""
    network = build(MatchmapConfig(image=tiny.RESNET, caption=CAPTION), torch.Generator().manual_seed(0)).image
    state = {key: weights for key, weights in network.state_dict().items() if not key.startswith("embedder")}
    torch.save({**state, "fc.weight": torch.zeros(10, 16)}, tmp_path / "classifier.pth")
    with pytest.raises(ReleasedWeightsError, match=r"2 missing in the file: embedder.* 1 not in the network: fc"):
        load_released(network, tmp_path / "classifier.pth")
    found = load_released(network, tmp_path / "classifier.pth", tolerate=("fc.", "embedder."))
    assert found.tolerated == ("embedder.bias", "embedder.weight", "fc.weight")


def test_wrong_widths_are_told_with_both_shapes_and_nothing_changes(tmp_path: Path) -> None:
    torch.save(released_state(), tmp_path / "a.pth")
    network = caption_branch(ResDavenetConfig(widths=(4, 4, 4, 6, 8)))
    before = {key: weights.clone() for key, weights in network.state_dict().items()}
    with pytest.raises(ReleasedWeightsError) as raised:
        load_released(network, tmp_path / "a.pth")
    message = str(raised.value)
    assert "layer3.0.conv1.weight (needs [6, 4, 1, 9], file has [4, 4, 1, 9])" in message
    assert message.count("needs") == 5
    assert "more" in message
    assert all(torch.equal(weights, before[key]) for key, weights in network.state_dict().items())


def test_fit_lists_every_key_exactly() -> None:
    network = nn.Linear(3, 2)
    state = {"weight": torch.zeros(2, 4), "scale": torch.zeros(1)}
    assert fit(network, state) == Fit(
        matched=(),
        missing=("bias",),
        unexpected=("scale",),
        wrong_shape=(WrongShape("weight", (2, 3), (2, 4)),),
        tolerated=(),
    )
    assert not fit(network, {}, tolerate=("",)).complete


def test_a_quantised_network_is_not_taken_for_a_plain_one(tmp_path: Path) -> None:
    torch.save({**released_state(), "module.quant3._embedding.weight": torch.zeros(4, 4)}, tmp_path / "vq.pth")
    with pytest.raises(ReleasedWeightsError, match=r"1 not in the network: quant3\._embedding\.weight"):
        load_released(caption_branch(), tmp_path / "vq.pth")


class RunsCode:
    """Unpickled without care, it makes a file."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.marker,)


@pytest.mark.parametrize("save", [save_zip, save_stream])
@pytest.mark.parametrize("hidden", [False, True])
def test_a_pickle_with_code_is_refused_and_not_run(
    tmp_path: Path, save: Callable[[Any, Path], None], hidden: bool
) -> None:
    bomb = RunsCode(tmp_path / "marker")
    save({**released_state(), "module.extra": bomb} if hidden else bomb, tmp_path / "a.pth")
    with pytest.raises(
        ReleasedWeightsError, match=r"a\.pth is cut off or holds more than tensors by name; nothing in it was run"
    ):
        read_state(tmp_path / "a.pth")
    assert not (tmp_path / "marker").exists()


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.999])
def test_a_cut_file_is_refused(tmp_path: Path, writer: str, share: float) -> None:
    name, save = WRITERS[writer]
    save(released_state(), tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ReleasedWeightsError, match=name):
        read_state(tmp_path / name)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_refused_by_name(tmp_path: Path, writer: str, wrong: float) -> None:
    name, save = WRITERS[writer]
    state = released_state()
    state["module.bn1.weight"][2] = wrong
    save(state, tmp_path / name)
    with pytest.raises(ReleasedWeightsError, match=r"module\.bn1\.weight holds numbers that are not finite"):
        load_released(caption_branch(), tmp_path / name)


@pytest.mark.parametrize("save", [save_zip, save_stream])
def test_a_tensor_larger_than_its_bytes_is_refused(tmp_path: Path, save: Callable[[Any, Path], None]) -> None:
    save({"weight": torch.zeros(1).expand(10**12)}, tmp_path / "a.pth")
    assert (tmp_path / "a.pth").stat().st_size < 4096
    with pytest.raises(ReleasedWeightsError, match="claims 1,000,000,000,000 numbers"):
        read_state(tmp_path / "a.pth")


def test_a_file_compressed_inside_is_refused(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(2**20)}, tmp_path / "a.pth")
    with (
        zipfile.ZipFile(tmp_path / "a.pth") as source,
        zipfile.ZipFile(tmp_path / "b.pth", "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.namelist():
            target.writestr(member, source.read(member))
    with pytest.raises(ReleasedWeightsError, match="compressed inside"):
        read_state(tmp_path / "b.pth")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"epoch": 3, "state": {"weight": torch.zeros(2)}}, "an object of type int at 'epoch'"),
        ([torch.zeros(2)], "an object of type list, not tensors by name"),
        ({}, "not tensors by name"),
        ({3: torch.zeros(2)}, "at 3, not a tensor by name"),
        ({"weight": torch.zeros(2, 2, device="meta")}, "no plain dense tensor"),
    ],
)
def test_anything_but_tensors_by_name_is_refused(tmp_path: Path, content: object, message: str) -> None:
    torch.save(content, tmp_path / "a.pth")
    with pytest.raises(ReleasedWeightsError, match=message):
        read_state(tmp_path / "a.pth")


def test_a_missing_file_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="none"):
        read_state(tmp_path / "none.pth")
