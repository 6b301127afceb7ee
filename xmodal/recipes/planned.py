"""The steps of a matchmap training before it begins: how many, and what each takes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import NormalDist

import numpy as np
from jaxtyping import Int

from xmodal.models.matchmaps import MatchmapConfig
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.probed import Probed
from xmodal.recipes.step_cost import BatchShape, MapShape, StepCost, similarity_flop, step_cost
from xmodal.seeding import stream
from xmodal.training.loop import epoch_steps
from xmodal.training.matchmap_stage import MatchmapStage
from xmodal.training.order import batches
from xmodal.training.stage import Stage

_MOST_PAIRS = 20_000
"""Pairs whose batches are laid out to see how much is padded."""


@dataclass(frozen=True)
class StagePlan:
    """One stage."""

    stage: Stage
    steps: int
    shape: BatchShape
    """Of a step; captions are padded as they are on average."""
    pair_flop: float
    """Operations of both branches for one pair, forward and backward."""
    forward_flop: float
    """Of these the forward ones."""
    most: StepCost
    """The step with the longest captions of all stages that learn alike."""
    compared_flop: Callable[[int], float]
    """Operations that compare so many pairs with each other, forward and backward."""
    searched_flop: Callable[[int], float]
    """The same forward only, as after an epoch."""

    def flop(self, items: int) -> float:
        """Operations of a step of so many pairs."""
        return items * self.pair_flop + self.compared_flop(items)


@dataclass(frozen=True)
class _Outline:
    stage: MatchmapStage
    batch: int
    steps: int
    usual: int
    """Padded frames or words, on average."""
    longest: int
    """The same at most."""

    @property
    def learns(self) -> tuple[str, ...]:
        """Stages that have this in common keep the same for the backward pass."""
        return (*self.stage.frozen, self.stage.optimiser.kind)


def plan_of(recipe: MatchmapRecipe, probes: Mapping[str, Probed], *, bfloat16: bool) -> tuple[StagePlan, ...]:
    """The stages of a recipe over what its data turned out to hold."""
    config, most_frames, crop_px = with_names(recipe, probes), recipe.pair.most_frames, recipe.picture.crop_px
    assert crop_px is not None
    outlines = [_outline(stage, probes[stage.data], most_frames) for stage in recipe.stages]
    plans = {}
    for learns in dict.fromkeys(outline.learns for outline in outlines):
        alike = [outline for outline in outlines if outline.learns == learns]
        most = max(alike, key=lambda outline: outline.batch * outline.longest)
        shape = BatchShape(max(outline.batch for outline in alike), crop_px, most.longest, bfloat16)
        plans |= {id(outline): plan for outline, plan in zip(alike, _plans(config, alike, shape), strict=True)}
    return tuple(plans[id(outline)] for outline in outlines)


def _outline(stage: MatchmapStage, probe: Probed, most_frames: int) -> _Outline:
    batch = max(1, min(stage.batch, probe.pairs))
    usual, longest = padded_lengths(spread(probe.lengths, probe.pairs, most_frames), batch, stage.pool)
    return _Outline(stage, batch, stage.epochs * epoch_steps(stage, probe.pairs), usual, longest)


def _plans(config: MatchmapConfig, outlines: Sequence[_Outline], shape: BatchShape) -> Iterator[StagePlan]:
    """Operations grow evenly with the length of the captions: counted at two of them, they are known at all."""
    stage = max(outlines, key=lambda outline: outline.batch).stage
    half = max(1, shape.length // 2)
    long, short = (step_cost(config, stage, replace(shape, length=length)) for length in (shape.length, half))

    def at(length: int, of_long: int, of_short: int) -> float:
        slope = (of_long - of_short) / max(1, shape.length - half)
        return (of_long + slope * (length - shape.length)) / shape.items

    for outline in outlines:
        frames = max(1, round(long.maps.frames * outline.usual / shape.length))
        maps = replace(long.maps, frames=frames)
        yield StagePlan(
            stage=outline.stage,
            steps=outline.steps,
            shape=replace(shape, items=outline.batch, length=outline.usual),
            pair_flop=at(outline.usual, long.branches_flop, short.branches_flop),
            forward_flop=at(outline.usual, long.forward_flop, short.forward_flop),
            most=long,
            compared_flop=partial(similarity_flop, outline.stage, maps=maps),
            searched_flop=partial(_searched_flop, outline.stage, maps=maps),
        )


def _searched_flop(stage: MatchmapStage, items: int, *, maps: MapShape) -> float:
    """Operations that score all pictures with all captions, where that is measured."""
    return maps.pairwise_flop(stage.aggregation, items) if stage.objectives else 0


def with_names(recipe: MatchmapRecipe, probes: Mapping[str, Probed]) -> MatchmapConfig:
    """The network with layers for the labels that were found, where the recipe learns labels and names none."""
    model = recipe.model
    if not recipe.learns_labels or model.seen_labels or model.heard_labels:
        return model
    seen = {name for probe in probes.values() for name in probe.seen}
    heard = {name for probe in probes.values() for name in probe.heard}
    return model.model_copy(update={"seen_labels": tuple(sorted(seen)), "heard_labels": tuple(sorted(heard))})


def spread(lengths: Int[np.ndarray, "known"], pairs: int, most: int) -> Int[np.ndarray, "wanted"]:
    """Lengths of so many captions (20,000 at most), of which these are known: a normal distribution's, in order.

    Those that are known are taken as they are where they are all, or very many.
    """
    wanted = max(1, min(pairs, _MOST_PAIRS))
    if len(lengths) >= wanted:
        return np.minimum(lengths[:wanted], most)
    mean, deviation = float(lengths.mean()), float(lengths.std(ddof=1)) if len(lengths) > 1 else 0.0
    if not deviation:
        return np.full(wanted, min(most, round(mean)), np.int64)
    normal = NormalDist(mean, deviation)
    drawn = np.array([normal.inv_cdf((place + 0.5) / wanted) for place in range(wanted)])
    return np.clip(drawn.round(), min(1, most), most).astype(np.int64)


def padded_lengths(lengths: Int[np.ndarray, "pairs"], batch: int, pool: int) -> tuple[int, int]:
    """How long the captions of a batch are with padding: on average, and at most."""
    order = batches(lengths, min(batch, len(lengths)), pool, stream(0, "padding"))
    longest = lengths[order].max(axis=1)
    return max(1, round(float(longest.mean()))), max(1, int(longest.max()))
