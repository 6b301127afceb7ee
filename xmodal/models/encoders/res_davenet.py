"""ResDAVENet: a residual network over time for spectrograms of spoken captions (matchmaps 4.2)."""

from typing import Literal, final

import torch
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, PositiveInt, model_validator
from torch import Tensor, nn

from xmodal.models.encoders.band_convolution import BandConvolution
from xmodal.models.encoders.contract import CaptionEncoder
from xmodal.models.encoders.geometry import Geometry, Window, through
from xmodal.models.encoders.padding import only_real, strided
from xmodal.models.encoders.weights import he_normal, linear_uniform

KERNEL_FRAMES = 9
"""Frames under each convolution of a block."""


class ResDavenetConfig(BaseModel):
    """Defaults: the released network of 46,490,882 parameters (its training script's widths)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["res_davenet"] = "res_davenet"
    bands: PositiveInt = 40
    """Bands of the spectrograms."""
    widths: tuple[PositiveInt, ...] = (128, 256, 256, 512, 1024)
    """Channels of the first convolution, then of each stage."""
    depths: tuple[PositiveInt, ...] = (2, 2, 2, 2)
    """Residual blocks of each stage."""
    strides: tuple[PositiveInt, ...] = (2, 2, 2, 2)
    """Stride of each stage's first block."""
    stem_pool: bool = False
    """One more halving of time, by a max pool of 3 frames after the first convolution: the paper says ResDAVENet has
    half of DAVENet's resolution, the released networks both end at a 16th of the frames."""
    front_norm: Literal["absent", "unused", "applied", "clip"] = "unused"
    """Batch norm of the whole spectrogram: the paper says one leads the network; released weights hold its two
    numbers but the released code never calls it (`unused`). `clip` is ours: each band less its own mean over the
    clip, which takes away what is a voice's or a microphone's alone."""
    offset_db: float = 0.0
    """Added to the levels, before `scale_per_db`. Released weights take dB as they are."""
    scale_per_db: float = 1.0
    """Factor on the levels after `offset_db`: 40 and 1/40 bring [-80, 0] dB to [-1, 1]."""
    dim: PositiveInt | None = None
    """None: the last stage's ReLU is the output, as released (features >= 0). A number: a linear 1x1 convolution to so
    many signed features follows (ours)."""
    mask_padding: bool = False
    """Ours: set padded frames to 0 after every block, so that an item's maps do not depend on what it was batched
    with. The paper cuts the output only."""

    @model_validator(mode="after")
    def _one_of_each_per_stage(self) -> "ResDavenetConfig":
        if not len(self.widths) - 1 == len(self.depths) == len(self.strides) >= 1:
            raise ValueError("widths needs one entry more than depths and strides, which need one for each stage")
        return self

    @property
    def map_dim(self) -> int:
        """Length of the vector at each frame."""
        return self.dim or self.widths[-1]


@final
class ResDavenet(CaptionEncoder):
    """Modules are named as in the released checkpoints."""

    def __init__(self, config: ResDavenetConfig) -> None:
        super().__init__()
        self.config = config
        self.dim = config.map_dim
        self.geometry = geometry(config)
        first = config.widths[0]
        if config.front_norm in ("unused", "applied"):
            self.batchnorm1 = nn.BatchNorm2d(1)
        self.conv1 = BandConvolution(first, config.bands, bias=False)
        self.bn1 = nn.BatchNorm2d(first)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d((1, 3), (1, 2), (0, 1)) if config.stem_pool else nn.Identity()
        for index in range(len(config.depths)):
            self.add_module(f"layer{index + 1}", _stage(config, index))
        self.embedder = nn.Identity() if config.dim is None else nn.Conv2d(config.widths[-1], config.dim, 1)

    def initialise(self, generator: torch.Generator) -> None:
        """He normal with kernel area x output channels, as released."""
        he_normal(self, generator, mode="fan_out")
        if isinstance(self.embedder, nn.Conv2d):
            linear_uniform(self.embedder, generator)

    def forward(
        self, captions: Float[Tensor, "items bands frames"], lengths: Int[Tensor, "items"]
    ) -> Float[Tensor, "items dim map_frames"]:
        """Maps of spectrograms in dB, padded on the right."""
        features = ((captions + self.config.offset_db) * self.config.scale_per_db)[:, None]
        if self.config.front_norm == "applied":
            features = self.batchnorm1(features)
        elif self.config.front_norm == "clip":
            features = _less_clip_mean(features, lengths)
        real = lengths if self.config.mask_padding else None
        features = only_real(self.relu(self.bn1(self.conv1(features))), real)
        if self.config.stem_pool:
            real = strided(real, 2)
            features = only_real(self.maxpool(features), real)
        for index, stride in enumerate(self.config.strides):
            real = strided(real, stride)
            for block in self.get_submodule(f"layer{index + 1}").children():
                features = block(features, real)
        return self.embedder(features).squeeze(2)


def _less_clip_mean(features: Tensor, lengths: Int[Tensor, "items"]) -> Tensor:
    """Each band less its mean over the item's own frames; frames after those at 0."""
    own = only_real(features, lengths)
    mean = own.sum(dim=3, keepdim=True) / lengths.clamp(min=1).to(own.dtype)[:, None, None, None]
    return only_real(features - mean, lengths)


class ResidualBlock(nn.Module):
    """Two convolutions over time beside a shortcut: 1x1 where width or stride change, else the input itself."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        reach = KERNEL_FRAMES // 2
        self.conv1 = nn.Conv2d(inputs, outputs, (1, KERNEL_FRAMES), (1, stride), (0, reach), bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, (1, KERNEL_FRAMES), 1, (0, reach), bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Identity()
        if stride != 1 or inputs != outputs:
            shortcut = nn.Conv2d(inputs, outputs, 1, (1, stride), bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(outputs))

    def forward(self, features: Tensor, real: Tensor | None) -> Tensor:
        """`items inputs 1 frames` -> `items outputs 1 frames/stride`; frames from `real` on are kept at 0 if given."""
        inner = only_real(self.bn1(self.conv1(features)).relu(), real)
        return only_real((self.bn2(self.conv2(inner)) + self.downsample(features)).relu(), real)


def geometry(config: ResDavenetConfig) -> Geometry:
    """Stride 16 as released, 32 with the pool of the stem."""
    windows = [Window(3, 2, 1)] if config.stem_pool else []
    reach = KERNEL_FRAMES // 2
    for depth, stride in zip(config.depths, config.strides, strict=True):
        windows += [Window(KERNEL_FRAMES, stride, reach)]
        windows += [Window(KERNEL_FRAMES, 1, reach)] * (2 * depth - 1)
    return through(windows)


def _stage(config: ResDavenetConfig, index: int) -> nn.Sequential:
    """Residual blocks of one width; the first of them changes width and stride."""
    inputs, outputs = config.widths[index], config.widths[index + 1]
    rest = [ResidualBlock(outputs, outputs, 1) for _ in range(config.depths[index] - 1)]
    return nn.Sequential(ResidualBlock(inputs, outputs, config.strides[index]), *rest)
