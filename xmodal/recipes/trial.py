"""A step that is tried before a training: a network with random weights and a batch that holds nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch

from xmodal.features.sense_pairs import SenseBatch, SensePart
from xmodal.modality import Modality
from xmodal.models import build
from xmodal.models.matchmaps import MatchmapConfig
from xmodal.models.see_hear_read import SeeHearReadConfig
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.step_cost import BatchShape, empty_batch
from xmodal.training.alignment_task import AlignmentTask
from xmodal.training.matchmap_task import MatchmapTask
from xmodal.training.task import Movable, Task


@dataclass(frozen=True)
class Trial:
    """What a step needs."""

    task: Callable[[], Task]
    """With random weights, on the CPU."""
    batch: Callable[[BatchShape, torch.device], Movable]
    """Of that shape, on a device."""


def matchmap_trial(config: MatchmapConfig) -> Trial:
    """Of a matchmap network."""
    return Trial(lambda: MatchmapTask(build(config, torch.Generator().manual_seed(0))), partial(empty_batch, config))


def alignment_trial(recipe: SeeHearReadRecipe, config: SeeHearReadConfig) -> Trial:
    """Of a network with a pathway for each sense."""
    return Trial(
        lambda: AlignmentTask(build(config, torch.Generator().manual_seed(0)), recipe.picture_sense),
        partial(empty_senses, recipe, config),
    )


def empty_senses(
    recipe: SeeHearReadRecipe, config: SeeHearReadConfig, shape: BatchShape, device: torch.device
) -> SenseBatch:
    """Pairs of every sense of the recipe: grey pictures, even sounds, texts of no words, a teacher who cannot say."""

    def zeros(sense: Modality) -> torch.Tensor:
        return torch.zeros(shape.items, *config.pathways[sense].input_shape, device=device)

    said = torch.full((shape.items, config.outputs), 1.0 / config.outputs, device=device)
    taught = said if recipe.teacher is not None else None
    return SenseBatch(
        {
            sense: SensePart(
                zeros(recipe.picture_sense), zeros(sense) if sense in config.pathways else None, None, taught
            )
            for sense in (pair.caption for pair in recipe.pairs)
        }
    )
