"""Two processes that share a batch do what one does with the whole of it."""

from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from tests.training.processes import expect_gradients, together
from tests.training.tiny import ToyPairs, go_on, network, noise
from xmodal.objectives import SampledMargin, SemiHard
from xmodal.similarity.matchmap import Aggregation
from xmodal.similarity.pairwise import pairwise
from xmodal.training.distributed import (
    Ranks,
    announced,
    gather,
    gather_captions,
    joined,
    own_device,
    with_common_statistics,
)
from xmodal.training.loop import train

CPU = torch.device("cpu")
CHOSEN = (1, 3, 5, 7, 0, 2, 4, 6)
"""The batch: the first half is of short captions, so that the two processes pad to different lengths."""


class _Branches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.model = network().eval()  # batch norm in evaluation mode: its statistics do not depend on the split

    def forward(self, part: slice) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        batch = ToyPairs().batch(CHOSEN[part], None)
        captions, lengths = self.model.caption_maps(batch.captions[..., : int(batch.lengths.max())], batch.lengths)
        return self.model.image_maps(batch.pictures), captions, lengths


def _gradients(aggregation: Aggregation, ranks: Ranks) -> dict[str, torch.Tensor]:
    branches: nn.Module = _Branches()
    whole = branches
    if ranks.world > 1:
        branches = DistributedDataParallel(branches, find_unused_parameters=True)
    pictures, captions, lengths = branches(ranks.part(len(CHOSEN)))
    pictures = gather(pictures, ranks)
    captions, lengths = gather_captions(captions, lengths, ranks)
    similarities = pairwise(pictures, captions, lengths, aggregation)
    generator = torch.Generator().manual_seed(4)
    terms = [term for each in (SampledMargin(), SemiHard()) for term in each.terms(similarities, generator).values()]
    torch.stack(terms).sum().backward()
    return {name: value.grad for name, value in whole.named_parameters() if value.grad is not None}


def _write_gradients(aggregation: Aggregation, folder: Path) -> None:
    with joined(CPU) as ranks:
        gradients = _gradients(aggregation, ranks)
        safetensors.torch.save_file(gradients, folder / f"{ranks.rank}.safetensors")


@pytest.mark.parametrize("aggregation", [Aggregation.SISA, Aggregation.MISA])
def test_gradients_of_two_processes_are_those_of_one(tmp_path: Path, aggregation: Aggregation) -> None:
    together(_write_gradients, aggregation, tmp_path)
    expect_gradients(_gradients(aggregation, Ranks()), tmp_path)


def _talk(folder: Path) -> None:
    with joined(CPU) as ranks:
        assert ranks == announced()
        asked = [ranks.any(ranks.rank == 1), ranks.any(False)]
        said = ranks.agreed("Käse" if ranks.leads else "not this")
        (folder / str(ranks.rank)).write_text(f"{asked} {said}")


def test_processes_agree(tmp_path: Path) -> None:
    together(_talk, tmp_path)
    assert [(tmp_path / name).read_text() for name in "01"] == ["[True, False] Käse"] * 2


def _train_together(folder: Path) -> None:
    with joined(CPU) as ranks:
        if ranks.leads:
            go_on(folder / "run")
        ranks.agreed("launched")
        training = replace(go_on(folder / "run"), ranks=ranks)
        events = [type(event).__name__ for event in train(training)]
        (folder / f"{ranks.rank}.txt").write_text(" ".join(events))


def test_two_processes_train_and_the_leader_alone_saves(tmp_path: Path) -> None:
    together(_train_together, tmp_path)
    events = [(tmp_path / f"{rank}.txt").read_text() for rank in (0, 1)]
    assert events[0] == events[1] == " ".join((["StepDone"] * 3 + ["Saved"]) * 3)
    assert [path.name for path in (tmp_path / "run" / "checkpoints").iterdir()] == ["step-0000009"]


def test_alone_everything_is_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with joined(CPU) as ranks:
        assert ranks == Ranks()
        assert ranks.leads
        assert ranks.any(True)
        assert not ranks.any(False)
        assert ranks.agreed("word") == "word"
        maps = noise("maps", 2, 3, 4)
        assert gather(maps, ranks) is maps
    assert own_device(torch.device("cuda")) == torch.device("cuda")
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert own_device(torch.device("cuda")) == torch.device("cuda", 1)
    assert own_device(CPU) == CPU


def test_batch_norms_share_statistics_on_gpus_only() -> None:
    model = network()
    names = list(model.state_dict())
    with_common_statistics(model, CPU, Ranks(0, 2))
    with_common_statistics(model, torch.device("cuda"), Ranks())
    assert not any(isinstance(module, nn.SyncBatchNorm) for module in model.modules())
    with_common_statistics(model, torch.device("cuda"), Ranks(0, 2))
    assert sum(isinstance(module, nn.SyncBatchNorm) for module in model.modules()) > 5
    assert not any(type(module) is nn.BatchNorm2d for module in model.modules())
    assert list(model.state_dict()) == names
