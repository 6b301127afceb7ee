"""Networks of the papers, by name, and the one way to build them."""

import math
from collections.abc import Callable
from typing import Any, overload

import torch

from xmodal.models.contract import CrossModalModel
from xmodal.models.matchmaps import MatchmapConfig, MatchmapModel
from xmodal.models.see_hear_read import SeeHearReadConfig, SeeHearReadModel

ModelConfig = MatchmapConfig | SeeHearReadConfig
"""A network by its `kind`."""

MODELS: dict[str, Callable[[Any], CrossModalModel]] = {
    "matchmaps": MatchmapModel,
    "see_hear_read": SeeHearReadModel,
}


@overload
def build(config: MatchmapConfig, generator: torch.Generator) -> MatchmapModel: ...
@overload
def build(config: SeeHearReadConfig, generator: torch.Generator) -> SeeHearReadModel: ...
def build(config: ModelConfig, generator: torch.Generator) -> CrossModalModel:
    """A network on the CPU whose weights come from the generator alone.

    The modules are made without storage first: torch's constructors would draw from the global generator.

    Raises:
        ValueError: no model is called `config.kind`.
    """
    model = shape_of(config)
    model.to_empty(device="cpu")
    for tensor in (*model.parameters(), *model.buffers()):
        if tensor.is_floating_point():
            tensor.detach().fill_(math.nan)  # what an encoder forgets to initialise shows, whatever the memory held
    model.initialise(generator)
    return model


@overload
def shape_of(config: MatchmapConfig) -> MatchmapModel: ...
@overload
def shape_of(config: SeeHearReadConfig) -> SeeHearReadModel: ...
def shape_of(config: ModelConfig) -> CrossModalModel:
    """A network without storage, on the device `meta`: to count with.

    Raises:
        ValueError: no model is called `config.kind`.
    """
    if config.kind not in MODELS:
        raise ValueError(f"unknown model {config.kind!r}; known: {', '.join(MODELS)}")
    with torch.device("meta"):
        return MODELS[config.kind](config)
