"""The image branch of matchmaps Table 2's published baselines: the whole VGG16, one vector for a picture.

A vector is a map of one cell, so that everything made for maps takes it.
"""

from typing import Literal, final

import numpy as np
import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, PositiveInt
from torch import Tensor, nn

from xmodal.models.encoders.contract import ImageEncoder
from xmodal.models.encoders.vgg16 import Five, block_geometry, vgg_layers
from xmodal.models.encoders.weights import he_normal, linear_uniform


class Vgg16VectorConfig(BaseModel):
    """The whole VGG16 up to fc2, then a linear layer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["vgg16_vector"] = "vgg16_vector"
    channels: Five = (64, 128, 256, 512, 512)
    """Channels of each block."""
    depths: Five = (2, 2, 3, 3, 3)
    """Convolutions of each block."""
    batch_norm: bool = False
    """Batch norm after every convolution."""
    cells: PositiveInt = 7
    """Rows and columns that the last pool's map is averaged to before fc1: 7 for 224 px, where nothing changes."""
    hidden: PositiveInt = 4096
    """Units of fc1 and of fc2."""
    dim: PositiveInt = 1024
    """Features of the vector; both branches need as many."""

    @property
    def map_dim(self) -> int:
        """Length of the vector."""
        return self.dim


@final
class Vgg16Vector(ImageEncoder):
    """`features` and `classifier` are numbered as in torchvision.

    Their dropout is left out: it would draw from the global generator.
    """

    def __init__(self, config: Vgg16VectorConfig) -> None:
        super().__init__()
        self.dim = config.dim
        self.geometry = block_geometry(config.depths)
        self.features = vgg_layers(config.channels, config.depths, batch_norm=config.batch_norm)
        self.avgpool = nn.AdaptiveAvgPool2d(config.cells)
        self.classifier = nn.ModuleDict(
            {
                "0": nn.Linear(config.channels[-1] * config.cells**2, config.hidden),
                "3": nn.Linear(config.hidden, config.hidden),
            }
        )
        self.embedder = nn.Linear(config.hidden, config.dim)

    def initialise(self, generator: torch.Generator) -> None:
        """He normal over the fan out and, for fc1 and fc2, over the fan in (torchvision: deviation 0.01)."""
        he_normal(self.features, generator, mode="fan_out")
        for layer in self.classifier.values():
            assert isinstance(layer, nn.Linear)
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
            nn.init.zeros_(layer.bias)
        linear_uniform(self.embedder, generator)

    def forward(self, pictures: Float[Tensor, "items 3 rows cols"]) -> Float[Tensor, "items dim 1 1"]:
        """One vector for each normalised picture."""
        hidden = self.avgpool(self.features(pictures)).flatten(1)
        for layer in self.classifier.values():
            hidden = layer(hidden).relu()
        return self.embedder(hidden)[:, :, None, None]

    def cell_centres(self, cells: int, size_px: int) -> Float[np.ndarray, "cells"]:
        """The middle of the picture: the vector stands for all of it."""
        del size_px
        return np.full(cells, 0.5)
