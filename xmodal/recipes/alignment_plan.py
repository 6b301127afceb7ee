"""The steps of an alignment training before it begins: how many, and what each takes."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from xmodal.features.sense_pairs import SenseBatch
from xmodal.models import shape_of
from xmodal.models.see_hear_read import SeeHearReadConfig
from xmodal.recipes.planned import StagePlan
from xmodal.recipes.probed import Probed
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.step_cost import BatchShape, Kept, MapShape, StepCost, bytes_of, network_bytes
from xmodal.recipes.trial import empty_senses
from xmodal.training.alignment_stage import AlignmentStage
from xmodal.training.alignment_task import AlignmentTask
from xmodal.training.distributed import Ranks
from xmodal.training.plan import epoch_steps


def alignment_plan(
    recipe: SeeHearReadRecipe, config: SeeHearReadConfig, probes: Mapping[str, tuple[Probed, ...]], *, bfloat16: bool
) -> tuple[StagePlan, ...]:
    """The stages of a recipe over what its data turned out to hold; `probes` by the names of the data."""
    plans = []
    for stage in recipe.stages:
        examples = max(probe.pairs for probe in probes[stage.data])
        shape = BatchShape(max(1, min(stage.batch, examples)), recipe.picture.crop_px or 0, 1, bfloat16)
        cost = alignment_cost(recipe, config, stage, shape)
        compares = len(stage.layers) * len(recipe.pairs) if stage.ranking else 0
        plans.append(
            StagePlan(
                stage=stage,
                steps=stage.epochs * epoch_steps(stage, examples),
                shape=shape,
                pair_flop=cost.branches_flop / shape.items,
                forward_flop=cost.forward_flop / shape.items,
                most=cost,
                compared_flop=partial(_compared_flop, 3 * compares, cost.maps.dim),
                searched_flop=partial(_compared_flop, len(recipe.pairs), cost.maps.dim),
            )
        )
    return tuple(plans)


def _compared_flop(times: int, dim: int, items: int) -> float:
    """So many times the cosines of all with all."""
    return times * 2.0 * items * items * dim


def alignment_cost(
    recipe: SeeHearReadRecipe, config: SeeHearReadConfig, stage: AlignmentStage, shape: BatchShape
) -> StepCost:
    """Count a step of a stage, forward, losses and backward, on the device `meta`; as `step_cost` does."""
    model = shape_of(config).train()
    weights_bytes, optimiser_bytes = network_bytes(stage, model)
    if shape.bfloat16:
        model.to(torch.bfloat16)
    task = AlignmentTask(model, recipe.picture_sense)
    batch = empty_senses(recipe, config, shape, torch.device("meta"))
    kept = Kept(model)
    with FlopCounterMode(display=False) as counter:
        with torch.autograd.graph.saved_tensors_hooks(kept.note, lambda tensor: tensor):
            outputs = task(_cast(batch, shape))
            forward_flop = counter.get_total_flops()
            terms = task.losses(stage, outputs, batch, Ranks(), torch.Generator())
        torch.stack(list(terms.values())).sum().backward()
    return StepCost(
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        weights_bytes=weights_bytes,
        gradients_bytes=4 * sum(each.numel() for each in model.parameters() if each.requires_grad),
        optimiser_bytes=optimiser_bytes,
        kept_bytes=kept.bytes,
        scratch_bytes=0,
        batch_bytes=bytes_of(_tensors(batch)),
        maps=MapShape(1, len(recipe.pairs), config.hidden[-1]),
        branches_flop=counter.get_total_flops(),
        forward_flop=forward_flop,
    )


def _tensors(batch: SenseBatch) -> list[Tensor]:
    parts = [(part.pictures, part.other) for part in batch.parts.values()]
    return [each for part in parts for each in part if each is not None]


def _cast(batch: SenseBatch, shape: BatchShape) -> SenseBatch:
    """In the number format of the network; what a teacher says stays as it is."""
    if not shape.bfloat16:
        return batch
    half = torch.bfloat16
    return SenseBatch(
        {
            sense: replace(
                part, pictures=part.pictures.to(half), other=None if part.other is None else part.other.to(half)
            )
            for sense, part in batch.parts.items()
        }
    )
