"""Weights from a generator: each scheme draws in the order of the modules, never from the global state."""

import math
from typing import Literal

import torch
from torch import nn


def reset_batch_norm(norm: nn.BatchNorm2d | nn.BatchNorm1d) -> None:
    """Scale 1, shift 0, no statistics seen."""
    norm.reset_running_stats()
    if norm.affine:
        nn.init.ones_(norm.weight)
        nn.init.zeros_(norm.bias)


def he_normal(root: nn.Module, generator: torch.Generator, *, mode: Literal["fan_in", "fan_out"]) -> None:
    """He et al. 2015: normal convolutions with variance 2 / fan, biases 0, batch norms reset.

    `fan_out` (kernel area x output channels) is what torchvision's and the released residual networks use; networks
    without batch norm need `fan_in` for activations that neither fade nor grow.
    """
    for module in root.modules():
        if isinstance(module, nn.Conv2d | nn.Conv1d):
            nn.init.kaiming_normal_(module.weight, mode=mode, nonlinearity="relu", generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d):
            reset_batch_norm(module)


def linear_uniform(layer: nn.Conv2d | nn.Conv1d | nn.Linear, generator: torch.Generator) -> None:
    """Uniform within 1 / sqrt(fan in), weights and bias: torch's own default, which the released projections keep."""
    bound = 1 / math.sqrt(layer.weight[0].numel())
    nn.init.uniform_(layer.weight, -bound, bound, generator=generator)
    if layer.bias is not None:
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
