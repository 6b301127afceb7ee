"""Losses of an alignment stage: against a loop over pairs, and by two processes as by one."""

from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from tests.models.tiny import ALEXNET, JOINT, SENTENCE_CNN, SOUND_CNN
from tests.training.processes import expect_gradients, together
from tests.training.tiny import noise
from xmodal.errors import InputError
from xmodal.features.sense_pairs import SenseBatch, SensePart
from xmodal.modality import Modality
from xmodal.models import build
from xmodal.models.see_hear_read import SeeHearReadConfig, SeeHearReadModel
from xmodal.objectives import Ranking
from xmodal.objectives.distillation import Distillation
from xmodal.training.alignment_stage import AlignmentStage
from xmodal.training.alignment_task import AlignmentTask
from xmodal.training.distributed import Ranks, joined

CLASSES = 5
CONFIG = SeeHearReadConfig(
    pathways={
        Modality.IMAGE: ALEXNET.model_copy(update={"batch_norm": True}),
        Modality.SOUND: SOUND_CNN.model_copy(update={"joint": ALEXNET.joint, "batch_norm": True}),
        Modality.TEXT: SENTENCE_CNN.model_copy(update={"joint": ALEXNET.joint, "batch_norm": True}),
    },
    hidden=(JOINT, 8),
    outputs=CLASSES,
    initial="he_normal",
    batch_norm=True,
)
STAGE = AlignmentStage(
    name="both", epochs=1, batch=4, ranking=(Ranking(margin=0.3, weight=2.0),), transfer=Distillation(weight=0.5)
)
ITEMS = 4


def task() -> AlignmentTask:
    model = build(CONFIG, torch.Generator().manual_seed(2))
    return AlignmentTask(model.eval())  # batch norm in evaluation mode: its statistics do not depend on the split


def batch(part: slice = slice(ITEMS)) -> SenseBatch:
    taught = noise("teacher", ITEMS, CLASSES).softmax(dim=1)
    inputs = {Modality.TEXT: noise("text", ITEMS, 6, 5), Modality.SOUND: noise("sound", ITEMS, 9, 60)}
    return SenseBatch(
        {
            sense: SensePart(noise(f"seen {sense}", ITEMS, 3, 99, 99)[part], other[part], None, taught[part])
            for sense, other in inputs.items()
        }
    )


def naive_ranking(seen: torch.Tensor, other: torch.Tensor, margin: float) -> float:
    """Eq. 2 in both directions, over pairs and impostors."""
    one, two = seen.detach().double().numpy(), other.detach().double().numpy()
    cosine = [[float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) for b in two] for a in one]
    total = 0.0
    for place in range(len(one)):
        for impostor in range(len(one)):
            if impostor != place:
                total += max(0.0, margin - cosine[place][place] + cosine[place][impostor])
                total += max(0.0, margin - cosine[place][place] + cosine[impostor][place])
    return total / (len(one) * (len(one) - 1))


def naive_divergence(scores: torch.Tensor, teacher: torch.Tensor) -> float:
    """Eq. 1, the mean over items."""
    said = scores.detach().double().softmax(dim=1).numpy()
    known = teacher.double().numpy()
    return float(
        np.mean([sum(p * np.log(p / q) for p, q in zip(*row, strict=True)) for row in zip(known, said, strict=True)])
    )


def test_every_term_is_that_of_the_loop() -> None:
    given, learned = batch(), task()
    terms = learned.losses(STAGE, learned(given), given, Ranks(), torch.Generator())
    model = learned.model
    assert isinstance(model, SeeHearReadModel)
    expected = {}
    for sense, part in given.parts.items():
        assert part.other is not None
        assert part.teacher is not None
        seen, other = model.activations(Modality.IMAGE, part.pictures), model.activations(sense, part.other)
        for layer in ("joint", "hidden1", "hidden2"):
            expected[f"{sense.value}_ranking_{layer}"] = 2.0 * naive_ranking(seen[layer], other[layer], 0.3)
        expected[f"image_with_{sense.value}_distillation"] = 0.5 * naive_divergence(seen["scores"], part.teacher)
        expected[f"{sense.value}_distillation"] = 0.5 * naive_divergence(other["scores"], part.teacher)
    assert {name: float(term.detach()) for name, term in terms.items()} == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_sound_and_text_are_never_compared() -> None:
    """Another order of the sounds with their pictures changes no term of the texts."""
    learned, given = task(), batch()
    sound = given.parts[Modality.SOUND]
    assert sound.other is not None
    assert sound.teacher is not None
    turned = SensePart(sound.pictures.flip(0), sound.other.flip(0), None, sound.teacher.flip(0))
    other = SenseBatch({Modality.TEXT: given.parts[Modality.TEXT], Modality.SOUND: turned})
    one, two = (learned.losses(STAGE, learned(each), each, Ranks(), torch.Generator()) for each in (given, other))
    assert {name: float(term.detach()) for name, term in one.items()} == pytest.approx(
        {name: float(term.detach()) for name, term in two.items()}, rel=1e-4
    )


def test_a_layer_that_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match="ranks on layer 'hidden7'; the network has joint, hidden1, hidden2, scores"):
        task().check(STAGE.model_copy(update={"layers": ("hidden7",)}))


def _gradients(ranks: Ranks) -> dict[str, torch.Tensor]:
    learned = task()
    network: nn.Module = DistributedDataParallel(learned, find_unused_parameters=True) if ranks.world > 1 else learned
    own = batch(ranks.part(ITEMS))
    terms = learned.losses(STAGE, network(own), own, ranks, torch.Generator())
    torch.stack(list(terms.values())).sum().backward()
    return {name: value.grad for name, value in learned.named_parameters() if value.grad is not None}


def _write_gradients(folder: Path) -> None:
    with joined(torch.device("cpu")) as ranks:
        safetensors.torch.save_file(_gradients(ranks), folder / f"{ranks.rank}.safetensors")


def test_gradients_of_two_processes_are_those_of_one(tmp_path: Path) -> None:
    together(_write_gradients, tmp_path)
    expect_gradients(_gradients(Ranks()), tmp_path)
