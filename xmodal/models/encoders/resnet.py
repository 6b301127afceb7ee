"""Residual networks over pictures, without the pooling and classifier (matchmaps 4.1)."""

from typing import Literal, final

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, PositiveInt
from torch import Tensor, nn
from torchvision.models.resnet import BasicBlock, Bottleneck

from xmodal.models.encoders.contract import ImageEncoder
from xmodal.models.encoders.geometry import Geometry, Window, through
from xmodal.models.encoders.weights import he_normal, linear_uniform

BLOCKS: dict[str, type[BasicBlock] | type[Bottleneck]] = {"basic": BasicBlock, "bottleneck": Bottleneck}

Four = tuple[PositiveInt, PositiveInt, PositiveInt, PositiveInt]


class ResNetConfig(BaseModel):
    """torchvision's residual network through `layer4`, then a linear 1x1 convolution. Defaults: ResNet50."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["resnet"] = "resnet"
    block: Literal["basic", "bottleneck"] = "bottleneck"
    """Two 3x3 convolutions (ResNet18, 34), or 1x1, 3x3, 1x1 with four times the width at its end (50)."""
    depths: Four = (3, 4, 6, 3)
    """Blocks in each of the four layers."""
    widths: Four = (64, 128, 256, 512)
    """Channels of each layer; the stem has the first."""
    strides: Four = (1, 2, 2, 2)
    """Stride of each layer's first block."""
    stem: Literal["large", "small"] = "large"
    """`large`: 7x7 stride 2 and a 3x3 max pool of stride 2. `small`, for pictures of 64-128 px: 3x3, no pool."""
    first_stride: Literal[1, 2] = 2
    """Stride of the stem's convolution."""
    dim: PositiveInt = 1024
    """Features at each cell of the map; both branches need as many."""

    @property
    def map_dim(self) -> int:
        """Length of the vector at each cell."""
        return self.dim


RESNET18 = ResNetConfig(block="basic", depths=(2, 2, 2, 2))
RESNET34 = ResNetConfig(block="basic", depths=(3, 4, 6, 3))
RESNET50 = ResNetConfig()


@final
class ResNet(ImageEncoder):
    """Modules are named as in torchvision and in the released checkpoints, whose projection is `embedder`."""

    def __init__(self, config: ResNetConfig) -> None:
        super().__init__()
        self.dim = config.dim
        self.geometry = geometry(config)
        kernel = 7 if config.stem == "large" else 3
        width = config.widths[0]
        self.conv1 = nn.Conv2d(3, width, kernel, config.first_stride, kernel // 2, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1) if config.stem == "large" else nn.Identity()
        ends = [width, *(each * BLOCKS[config.block].expansion for each in config.widths)]
        self.layer1 = _layer(config, 0, ends[0])
        self.layer2 = _layer(config, 1, ends[1])
        self.layer3 = _layer(config, 2, ends[2])
        self.layer4 = _layer(config, 3, ends[3])
        self.embedder = nn.Conv2d(ends[4], config.dim, 1)

    def initialise(self, generator: torch.Generator) -> None:
        """He normal over the fan out, as torchvision's; the projection as the released code leaves it."""
        he_normal(self, generator, mode="fan_out")
        linear_uniform(self.embedder, generator)

    def forward(self, pictures: Float[Tensor, "items 3 rows cols"]) -> Float[Tensor, "items dim map_rows map_cols"]:
        """Maps of normalised pictures; signed, no non-linearity at the end."""
        features = self.maxpool(self.relu(self.bn1(self.conv1(pictures))))
        return self.embedder(self.layer4(self.layer3(self.layer2(self.layer1(features)))))


def geometry(config: ResNetConfig) -> Geometry:
    """Stride 32 for the large stem, along the path of the 3x3 convolutions."""
    large = config.stem == "large"
    windows = [Window(7, config.first_stride, 3), Window(3, 2, 1)] if large else [Window(3, config.first_stride, 1)]
    per_block = 2 if config.block == "basic" else 1
    for depth, stride in zip(config.depths, config.strides, strict=True):
        windows += [Window(3, stride, 1)] + [Window(3, 1, 1)] * (depth * per_block - 1)
    return through(windows)


def _layer(config: ResNetConfig, index: int, inputs: int) -> nn.Sequential:
    """One of the four layers: its first block changes the width and the stride."""
    block = BLOCKS[config.block]
    width, stride = config.widths[index], config.strides[index]
    outputs = width * block.expansion
    shortcut = None
    if stride != 1 or inputs != outputs:
        shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
    rest = [block(outputs, width) for _ in range(config.depths[index] - 1)]
    return nn.Sequential(block(inputs, width, stride, shortcut), *rest)
