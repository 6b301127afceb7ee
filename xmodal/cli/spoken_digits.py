"""`python -m xmodal spoken-digits`."""

import json as js
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from xmodal import workspace as workspaces
from xmodal.errors import InputError
from xmodal.progress import told
from xmodal.workspace import Workspace

if TYPE_CHECKING:
    from xmodal.recipes.digit_scores import DigitScores
    from xmodal.runs.run import Run


@dataclass(frozen=True)
class _Row:
    """One run and what it reaches."""

    recipe: str
    run: "Run"
    cpu_s: float | None
    """CPU time of its training and of preparing its data, all threads; None if it was trained before."""
    scores: "DigitScores"


def spoken_digits(
    recipes: Annotated[tuple[str, ...], tyro.conf.Positional, tyro.conf.arg(metavar="RECIPE ...")] = (),
    *,
    data: str | None = None,
    again: bool = False,
    seed: int = 0,
    threads: int = 1,
    json: bool = False,
) -> int:
    """Real human speech: train the recipes of spoken digits where they have no finished run, and print their scores.

    Args:
        recipes: Some of the recipes `spoken-digits-*`; default: all of them.
        data: Folder with `mnist/` and `fsdd/`; default: the one that XMODAL_REALDATA names.
        again: Train anew, also where there is a finished run.
        seed: Seed of the test items (500 of known speakers, 300 of an unseen one).
        threads: Threads of the computation, 0: one per core.
        json: Print JSON.
    """
    import torch

    from xmodal.recipes import spoken_digits as digits

    known = tuple(recipe.name for recipe in digits.ALL)
    if unknown := [name for name in recipes if name not in known]:
        raise InputError(f"{unknown[0]!r} is no recipe of spoken digits; known: {', '.join(known)}")
    if threads:
        torch.set_num_threads(threads)
    here = workspaces.current()
    here.prepare()
    rows = [_row(name, here, data, again=again, seed=seed) for name in recipes or known]
    if json:
        print(js.dumps({"seed": seed, "rows": [_content(row) for row in rows]}))
        return 0
    for row in rows:
        _print(row)
    unseen = [row.scores for row in rows if row.recipe != digits.KNOWN.name]
    if len(unseen) == len(digits.UNSEEN):
        recalls = [_mean(scores.own_pair_at_10) for scores in unseen]
        pointing = sum(scores.pointing for scores in unseen) / len(unseen)
        mean = sum(recalls) / len(recalls)
        print(f"unseen speakers: own-pair R@10 mean {mean:.3f}, worst {min(recalls):.3f}; pointing mean {pointing:.3f}")
    return 0


def _row(name: str, here: Workspace, data: str | None, *, again: bool, seed: int) -> _Row:
    """The newest finished run of a recipe, or one that is trained now, with its scores."""
    from xmodal.recipes import RECIPES
    from xmodal.recipes.digit_scores import digit_scores
    from xmodal.recipes.launch import launch_next
    from xmodal.recipes.networks import find_run
    from xmodal.recipes.spoken_digits import TEST_ITEMS
    from xmodal.recipes.trainings import run_training
    from xmodal.runs.run import RunError, State

    try:
        run = None if again else find_run(name, here)
    except RunError:
        run = None
    cpu_s = None
    if run is None or run.status().state is not State.FINISHED:
        recipe = RECIPES[name] if data is None else RECIPES[name].on(data)
        run = launch_next(recipe, here)
        began = time.process_time()
        for _ in run_training(run, here, told()):
            pass
        cpu_s = time.process_time() - began
    return _Row(name, run, cpu_s, digit_scores(run, here, items=TEST_ITEMS[name], seed=seed, progress=told()))


def _content(row: _Row) -> dict[str, Any]:
    cpu = {"run": row.run.name, "recipe": row.recipe, "training_cpu_s": row.cpu_s}
    return cpu | {"training_seed": row.run.manifest.recipe["seed"]} | row.scores.as_dict()


def _mean(by_direction: Any) -> float:
    return sum(by_direction.values()) / len(by_direction)


def _print(row: _Row) -> None:
    """A few lines for one run."""
    scores = row.scores
    cpu = "" if row.cpu_s is None else f", trained in {row.cpu_s / 60:.1f} CPU minutes"
    print(f"{row.run.name}: {scores.pairs} pairs of {scores.digits} digits{cpu}")
    lines = (
        ("R@1, any item with the same digits", scores.same_digits_at_1, f"chance {scores.same_digits_chance:.3f}"),
        ("R@1, own pair", scores.own_pair_at_1, f"ceiling {scores.own_pair_ceiling_at_1:.3f}"),
        (
            "R@10, own pair",
            scores.own_pair_at_10,
            f"ceiling {scores.own_pair_ceiling_at_10:.3f}, chance {scores.own_pair_chance_at_10:.3f}",
        ),
    )
    for label, found, beside in lines:
        both = ", ".join(f"{direction.replace('_', ' ')} {value:.3f}" for direction, value in found.items())
        print(f"  {label:<36} {_mean(found):.3f} ({both}; {beside})")
    print(
        f"  {'pointing':<36} {scores.pointing:.3f} (shuffled speech {scores.pointing_shuffled_speech:.3f}, untrained "
        f"{scores.pointing_untrained:.3f}, chance {scores.pointing_chance:.3f})"
    )
