"""The loop learns, stops, goes on, and says so when it cannot."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.training.tiny import MISA, SISA, ToyPairs, keeping, network, new_run, training, weights
from xmodal.errors import InputError
from xmodal.models.matchmaps import MatchmapModel
from xmodal.objectives import InfoNce
from xmodal.runs.run import Run, open_run
from xmodal.similarity.matchmap import Aggregation
from xmodal.training.distributed import Ranks
from xmodal.training.events import DivergedError, Event, Saved, StepDone, Stopped, Validated
from xmodal.training.loop import train
from xmodal.training.plan import Training, epoch_steps, total_steps
from xmodal.training.schedule import Constant
from xmodal.training.stage import Adam


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return new_run(tmp_path / "run")


def _steps(events: list[Event]) -> list[StepDone]:
    return [event for event in events if isinstance(event, StepDone)]


def _stopping_after(given: Training, step: int) -> Iterator[Event]:
    for event in train(given):
        if isinstance(event, StepDone) and event.step == step:
            given.run.request_stop()
        yield event


@pytest.mark.parametrize("aggregation", Aggregation)
def test_the_loss_falls_within_a_few_steps(run: Run, aggregation: Aggregation) -> None:
    stage = MISA.model_copy(update={"aggregation": aggregation, "epochs": 8, "schedule": Constant()})
    losses = [event.loss for event in _steps(list(train(training(run, stage, pairs=ToyPairs(8)))))]
    assert len(losses) == 8
    assert losses[-1] < losses[0] - 0.2


def test_events_tell_the_whole_story(run: Run) -> None:
    seen: list[bool] = []

    def validate(model: MatchmapModel) -> dict[str, float]:
        seen.append(model.training or torch.is_grad_enabled())
        return {"recall_at_10": 0.5}

    events = list(train(training(run, validate=validate)))
    kinds = "".join({StepDone: ".", Validated: "v", Saved: "s"}[type(event)] for event in events)
    assert kinds == "...vs...vs...vs"
    assert seen == [False] * 3
    steps = _steps(events)
    assert [event.step for event in steps] == list(range(1, 10))
    assert {event.steps for event in steps} == {9}
    assert [event.stage for event in steps] == ["first"] * 6 + ["second"] * 3
    assert [event.epoch for event in steps] == [0] * 3 + [1] * 3 + [2] * 3
    assert all(0.0 <= event.waiting <= 1.0 and event.items_per_s > 0 for event in steps)
    assert steps[0].terms.keys() == {"info_nce"}
    assert steps[-1].terms.keys() == {"sampled_margin", "semi_hard"}
    assert steps[-1].loss == pytest.approx(sum(steps[-1].terms.values()))
    assert [event.epoch for event in events if isinstance(event, Saved)] == [1, 2, 3]
    assert [path.name for path in run.checkpoints] == ["step-0000009"]


def test_a_finished_run_is_left_alone(run: Run) -> None:
    list(train(training(run)))
    before = weights(run.folder)
    assert list(train(training(run))) == []
    assert weights(run.folder) == before


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an uninterrupted training leaves."""
    run = new_run(tmp_path_factory.mktemp("whole") / "run")
    list(train(training(run)))
    return weights(run.folder)


@pytest.mark.parametrize("step", [1, 3, 8, 9])
def test_stop_and_go_on_is_as_if_nothing_had_been(run: Run, whole: dict[str, bytes], step: int) -> None:
    """Within an epoch (1, 8), at its last step (3), at the very last (9)."""
    events = list(_stopping_after(training(run), step))
    assert isinstance(events[-1], Stopped)
    assert events[-1].step == step
    assert len(run.checkpoints) == 1
    run.clear_stop()
    later = _steps(list(train(training(open_run(run.folder)))))
    assert [event.step for event in later] == list(range(step + 1, 10))
    assert weights(run.folder) == whole


def test_another_seed_is_another_training(tmp_path: Path) -> None:
    one, other = new_run(tmp_path / "one"), new_run(tmp_path / "other")
    list(train(training(one, SISA)))
    list(train(replace(training(other, SISA), seed=6)))
    assert weights(one.folder) != weights(other.folder)


def test_epochs_to_keep_are_kept_and_no_others(run: Run) -> None:
    given = keeping(training(run, MISA.model_copy(update={"epochs": 4})), 1, 2)
    list(_stopping_after(given, 7))
    assert [path.name for path in run.checkpoints] == ["step-0000003", "step-0000006", "step-0000007"]
    assert run.checkpoint(2).name == "step-0000006"  # and not the one in the middle of epoch 3
    run.clear_stop()
    list(train(given))
    assert [path.name for path in run.checkpoints] == ["step-0000003", "step-0000006", "step-0000012"]


@pytest.mark.parametrize("branch", ["image.", "caption."])
def test_a_frozen_branch_does_not_change(run: Run, branch: str) -> None:
    given = training(run, SISA.model_copy(update={"frozen": (branch,)}))
    list(train(given))
    before, after = network().state_dict(), given.model.state_dict()
    same = {name for name in before if torch.equal(before[name], after[name])}
    assert {name for name in before if name.startswith(branch)} <= same  # statistics of batch norms too
    assert any(name not in same for name in before)


def test_what_was_frozen_learns_in_the_next_stage(run: Run) -> None:
    given = training(run, SISA.model_copy(update={"frozen": ("image.",)}), MISA)
    list(train(given))
    assert not torch.equal(given.model.state_dict()["image.conv1.weight"], network().state_dict()["image.conv1.weight"])


def test_no_number_for_a_loss_ends_the_training_and_keeps_the_checkpoint(run: Run) -> None:
    list(train(training(run, MISA)))
    good = weights(run.folder)
    wild = MISA.model_copy(update={"optimiser": Adam(rate=1e30), "schedule": Constant()})
    with pytest.raises(DivergedError, match=r"learning rate.*clip_norm"):
        list(train(training(run, MISA, wild)))
    assert weights(run.folder) == good


def test_weights_broken_by_the_last_step_are_not_saved(run: Run) -> None:
    given = training(run, MISA.model_copy(update={"epochs": 1}))
    with pytest.raises(DivergedError, match=r"image.conv1.weight .* at step 3"):
        for event in train(given):
            if isinstance(event, StepDone) and event.step == 3:
                next(iter(given.model.parameters())).data.fill_(torch.nan)
    assert run.checkpoints == ()


def test_an_unreadable_pair_is_an_error_and_ends_the_thread(run: Run) -> None:
    with pytest.raises(OSError, match="cannot be read"):
        list(train(training(run, pairs=ToyPairs(24, broken_from=20))))
    assert not any(thread.name == "prefetch" for thread in threading.enumerate())


def test_nobody_listening_any_more_ends_the_thread(run: Run) -> None:
    events = train(training(run, pairs=ToyPairs(800)))
    next(events)
    assert any(thread.name == "prefetch" for thread in threading.enumerate())
    del events
    assert not any(thread.name == "prefetch" for thread in threading.enumerate())


@pytest.mark.parametrize(
    ("change", "pairs", "world", "words"),
    [
        ({"frozen": ("picture.",)}, 24, 1, "freezes 'picture.'"),
        ({"frozen": ("image.", "caption.")}, 24, 1, "nothing is left to learn"),
        ({}, 1, 1, "1 pair"),
        ({"batch": 7}, 24, 2, "does not divide among 2"),
    ],
)
def test_a_stage_that_cannot_be_trained(
    run: Run, change: dict[str, object], pairs: int, world: int, words: str
) -> None:
    given = training(run, MISA.model_copy(update=change), pairs=ToyPairs(pairs))
    with pytest.raises(InputError, match=words):
        list(train(replace(given, ranks=Ranks(0, world))))


def test_whole_batches_only_and_at_least_one() -> None:
    assert epoch_steps(MISA, 24) == 3
    assert epoch_steps(MISA, 23) == 2
    assert epoch_steps(MISA, 5) == 1
    assert total_steps((MISA, SISA), {"train": ToyPairs(17)}) == 6
    assert MISA.objectives == (InfoNce(temperature=0.1),)
