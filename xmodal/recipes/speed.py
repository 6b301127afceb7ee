"""How fast this machine trains a network: from an earlier run, from a step of the network, or from a convolution."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from torch import nn

from xmodal.errors import InputError
from xmodal.recipes.networks import run_names
from xmodal.recipes.planned import StagePlan
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.trial import Trial
from xmodal.runs.run import Run
from xmodal.training.distributed import Ranks
from xmodal.training.precision import Place, layout
from xmodal.workspace import Workspace

BUDGET_S = 2.0
"""A measurement that would take longer is left out."""
_FEW = 4
"""Pairs of the first step that is measured."""
_REACHED = 0.6
"""How fast whole networks are, as a share of that convolution: the compact ones reach 0.5 to 0.67 on a CPU."""
_RUNS = 30
"""How many runs are looked through, the newest first."""
_FEWEST_LINES = 5
"""Logged steps of a stage from which its speed is taken."""
_DECIDES_A_RUN = ("model", "picture", "pair", "pairs", "perturbations", "text")
_DECIDES_A_STAGE = ("batch", "pool", "aggregation", "objectives", "labels", "ranking", "layers", "transfer", "frozen")


@dataclass(frozen=True)
class Speed:
    """How fast, and how that is known."""

    flop_per_s: float
    source: str
    """For people: `from a measured step`."""
    pairs_per_s: Mapping[str, float] = field(default_factory=dict)
    """Of stages that an earlier run had too, by name."""


def speed(recipe: Recipe, trial: Trial, stages: Sequence[StagePlan], place: Place, here: Workspace) -> Speed:
    """The best that is to be had within `BUDGET_S`."""
    if (known := earlier(recipe, stages, place, here)) is not None:
        return known
    rough = of_a_convolution(place)
    if 2 * stages[-1].flop(_FEW) > BUDGET_S * rough.flop_per_s:
        return rough
    return of_a_step(trial, stages[-1], place)


def earlier(recipe: Recipe, stages: Sequence[StagePlan], place: Place, here: Workspace) -> Speed | None:
    """As a run of the workspace trained the same stages on such a device; None: there is no such run."""
    wanted = recipe.model_dump(mode="json")
    folders = [here.runs / name for name in run_names(here)]
    runs = [Run(folder) for folder in folders if (folder / "metrics.jsonl").is_file()]
    for run in sorted(runs, key=lambda run: (run.folder / "metrics.jsonl").stat().st_mtime, reverse=True)[:_RUNS]:
        try:
            alike = run.status().device == place.describe() and _alike(run.manifest.recipe, wanted)
        except InputError:  # a damaged run says nothing
            continue
        found = _paces(run, wanted) if alike else {}
        known = [plan for plan in stages if plan.stage.name in found]
        if known:
            pace = [plan.flop(plan.shape.items) / plan.shape.items * found[plan.stage.name] for plan in known]
            return Speed(float(np.median(pace)), f"as fast as run {run.name}", found)
    return None


def _alike(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    def network(recipe: Mapping[str, Any]) -> dict[str, Any]:
        model = {name: value for name, value in recipe["model"].items() if not name.endswith("_labels")}
        return {name: recipe.get(name) for name in _DECIDES_A_RUN} | {"model": model}

    return network(old) == network(new)


def _paces(run: Run, wanted: Mapping[str, Any]) -> dict[str, float]:
    """Pairs a second of the stages that both have, by name."""
    old, new = (
        {
            stage["name"]: ([stage.get(name) for name in _DECIDES_A_STAGE], recipe["data"][stage["data"]])
            for stage in recipe["stages"]
        }
        for recipe in (run.manifest.recipe, wanted)
    )
    logged: dict[str, list[float]] = {}
    for line in run.metrics():
        if "items_per_s" in line and line.get("step", 0) > 1:
            logged.setdefault(str(line.get("stage")), []).append(float(line["items_per_s"]))
    return {
        name: float(np.median(paces))
        for name, paces in logged.items()
        if len(paces) >= _FEWEST_LINES and name in new and old.get(name) == new[name]
    }


def of_a_step(trial: Trial, plan: StagePlan, place: Place) -> Speed:
    """Steps of the network itself on a batch as large as the time allows."""
    network = trial.task()
    model = place.put(network.model).train()
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not name.startswith(plan.stage.frozen))
    optimiser = plan.stage.optimiser.build([each for each in model.parameters() if each.requires_grad])

    def step(items: int) -> float:
        shape = replace(plan.shape, items=items)
        batch = trial.batch(shape, place.device).to(place.device, layout(model))

        def once() -> None:
            with place.autocast():
                outputs = network(batch)
            terms = network.losses(plan.stage, outputs, batch, Ranks(), torch.Generator().manual_seed(0))
            optimiser.zero_grad(set_to_none=True)
            torch.stack(list(terms.values())).sum().backward()
            optimiser.step()

        return _seconds(once, place)

    few = min(_FEW, plan.shape.items)
    step(few)  # the first finds out how to compute
    took_s = step(few)
    items = max(few, min(plan.shape.items, int(few * BUDGET_S / 3 / took_s)))
    took_s = min(step(items) for _ in range(2)) if items > few else took_s
    return Speed(plan.flop(items) / took_s, f"from a measured step of {items} pairs")


def of_a_convolution(place: Place) -> Speed:
    """A convolution as networks have them, forward and backward: rough, but it costs next to nothing."""
    layer = place.put(nn.Conv2d(64, 64, 3, padding=1))
    pixels = torch.zeros(8, 64, 28, 28, device=place.device).to(memory_format=torch.channels_last).requires_grad_()

    def once() -> None:
        with place.autocast():
            maps = layer(pixels)
        maps.float().sum().backward()

    once()
    took_s = float(np.median([_seconds(once, place) for _ in range(5)]))
    flop_per_s = _REACHED * 3 * 2 * 64 * 64 * 9 * 8 * 28 * 28 / took_s
    return Speed(flop_per_s, f"from counted operations at {flop_per_s / 1e9:,.0f} GFLOP/s, as a convolution runs here")


def _seconds(work: Callable[[], None], place: Place) -> float:
    started = time.monotonic()
    work()
    if place.device.type == "cuda":
        torch.cuda.synchronize(place.device)
    return time.monotonic() - started
