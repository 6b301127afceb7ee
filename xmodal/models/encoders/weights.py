"""Weights from a generator: each scheme draws in the order of the modules, never from the global state."""

import math
from typing import Literal

import torch
from torch import nn

Initial = Literal["gaussian", "he_normal"]
"""How the weights of See, Hear and Read start: `gaussian_noise` or `he_normal`."""

CONVOLUTION_STD = 0.01
"""Caffe's AlexNet, conv1 to conv5 and fc8."""
CONNECTED_STD = 0.005
"""Caffe's AlexNet, fc6 and fc7."""


def reset_batch_norm(norm: nn.BatchNorm2d | nn.BatchNorm1d) -> None:
    """Scale 1, shift 0, no statistics seen."""
    norm.reset_running_stats()
    if norm.affine:
        nn.init.ones_(norm.weight)
        nn.init.zeros_(norm.bias)


def he_normal(root: nn.Module, generator: torch.Generator, *, mode: Literal["fan_in", "fan_out"]) -> None:
    """He et al. 2015: normal weights with variance 2 / fan, biases 0, batch norms reset.

    `fan_out` (kernel area x output channels) is what torchvision's and the released residual networks use; networks
    without batch norm need `fan_in` for activations that neither fade nor grow.
    """
    for module in root.modules():
        if isinstance(module, nn.Conv2d | nn.Conv1d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, mode=mode, nonlinearity="relu", generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d):
            reset_batch_norm(module)


def gaussian_noise(root: nn.Module, generator: torch.Generator) -> None:
    """Weights and biases normal around 0 (see_hear_read 3.5: "all parameters with Gaussian white noise").

    The paper tells no deviation: here those of Caffe's AlexNet, 0.01 for convolutions and 0.005 for fully connected
    layers. Caffe's constant biases (0 or 0.1) are not used. The noise is small: it wants inputs of Caffe's size
    (pixels of 0..255 less their mean), and narrow networks, whose sums have few terms, fade to nothing with it.
    """
    for module in root.modules():
        if isinstance(module, nn.Conv2d | nn.Conv1d | nn.Linear):
            std = CONNECTED_STD if isinstance(module, nn.Linear) else CONVOLUTION_STD
            for parameter in module.parameters(recurse=False):
                nn.init.normal_(parameter, std=std, generator=generator)
        elif isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d):
            reset_batch_norm(module)


def linear_uniform(layer: nn.Conv2d | nn.Conv1d | nn.Linear, generator: torch.Generator) -> None:
    """Uniform within 1 / sqrt(fan in), weights and bias: torch's own default, which the released projections keep."""
    bound = 1 / math.sqrt(layer.weight[0].numel())
    nn.init.uniform_(layer.weight, -bound, bound, generator=generator)
    if layer.bias is not None:
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
