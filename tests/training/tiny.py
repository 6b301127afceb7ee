"""Trainings that take moments: made-up pairs, networks of a few channels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Int

from tests.models.tiny import DIM
from xmodal.features.pairs import Batch
from xmodal.models import build
from xmodal.models.encoders.res_davenet import ResDavenetConfig
from xmodal.models.encoders.resnet import ResNetConfig
from xmodal.models.matchmaps import MatchmapConfig, MatchmapModel
from xmodal.objectives import InfoNce, SampledMargin, SemiHard
from xmodal.runs.run import Run, RunManifest, create, open_run
from xmodal.seeding import stream
from xmodal.similarity.matchmap import Aggregation
from xmodal.training.matchmap_stage import MatchmapStage
from xmodal.training.matchmap_task import MatchmapTask
from xmodal.training.plan import Training
from xmodal.training.precision import Place
from xmodal.training.schedule import Cosine
from xmodal.training.stage import Adam, Sgd

FRAMES = 48
CPU = Place(torch.device("cpu"), bfloat16=False)
NETWORK = MatchmapConfig(
    image=ResNetConfig(block="basic", depths=(1, 1, 1, 1), widths=(4, 4, 8, 8), stem="small", dim=DIM),
    caption=ResDavenetConfig(
        widths=(8, 8, 8, 8, 8), depths=(1, 1, 1, 1), front_norm="absent", offset_db=40.0, scale_per_db=1 / 40, dim=DIM,
        mask_padding=True,
    ),
    unit_length=True,
)  # fmt: skip

MISA = MatchmapStage(
    name="first", epochs=2, batch=8, aggregation=Aggregation.MISA, objectives=(InfoNce(temperature=0.1),),
    optimiser=Adam(rate=0.01), schedule=Cosine(),
)  # fmt: skip
SISA = MatchmapStage(
    name="second", epochs=1, batch=8, aggregation=Aggregation.SISA, objectives=(SampledMargin(), SemiHard()),
    optimiser=Sgd(rate=0.05), clip_norm=1.0,
)  # fmt: skip


@dataclass(frozen=True)
class ToyPairs:
    """Pair i shows one of eight colours and sounds on the band of that number; crops shift and lengths differ."""

    count: int = 24
    broken_from: int | None = None
    """Pairs from this one on cannot be read."""

    def __len__(self) -> int:
        return self.count

    @property
    def lengths(self) -> Int[np.ndarray, "pairs"]:
        return np.array([FRAMES - 16 * (place % 2) for place in range(self.count)])

    def batch(self, positions: Sequence[int], generator: np.random.Generator | None) -> Batch:
        if self.broken_from is not None and max(positions) >= self.broken_from:
            raise OSError(f"pair {max(positions)} cannot be read")
        pictures = torch.zeros(len(positions), 3, 16, 16)
        captions = torch.full((len(positions), 40, FRAMES), -80.0)
        lengths = torch.tensor([FRAMES - 16 * (place % 2) for place in positions])
        for row, place in enumerate(positions):
            kind, shift = place % 8, 0 if generator is None else int(generator.integers(4))
            for channel in range(3):
                pictures[row, channel, shift:, shift:] = 1.0 if kind >> channel & 1 else -1.0
            captions[row, 5 * kind : 5 * kind + 5, : int(lengths[row])] = 0.0
        return Batch(pictures, captions, lengths)


def network(seed: int = 3) -> MatchmapModel:
    return build(NETWORK, torch.Generator().manual_seed(seed))


def new_run(folder: Path) -> Run:
    return create(folder, RunManifest(name=folder.name, recipe={}, created="", versions={}))


def training(
    run: Run, *stages: MatchmapStage, pairs: ToyPairs | None = None,
    validate: Callable[[MatchmapModel], Mapping[str, float]] | None = None,
) -> Training:  # fmt: skip
    data = {"train": pairs or ToyPairs()}
    return Training(run, MatchmapTask(network()), stages or (MISA, SISA), data, seed=5, place=CPU, validate=validate)


def go_on(folder: Path) -> Training:
    """The default training of a run that may have begun."""
    return training(open_run(folder) if (folder / "manifest.json").is_file() else new_run(folder))


def keeping(given: Training, *epochs: int) -> Training:
    return replace(given, keep_epochs=frozenset(epochs))


def weights(folder: Path) -> dict[str, bytes]:
    """Every file of the newest checkpoint, whole."""
    newest = open_run(folder).checkpoint()
    return {path.name: path.read_bytes() for path in sorted(newest.iterdir())}


def noise(name: str, *shape: int) -> torch.Tensor:
    return torch.from_numpy(stream(9, name).standard_normal(shape)).float()
