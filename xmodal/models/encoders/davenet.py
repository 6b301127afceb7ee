"""DAVENet: five convolutions over time for spectrograms of spoken captions (matchmaps 4.2, Fig. 3)."""

from typing import Literal, final

import torch
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, PositiveInt
from torch import Tensor, nn

from xmodal.models.encoders.band_convolution import BandConvolution
from xmodal.models.encoders.contract import CaptionEncoder
from xmodal.models.encoders.geometry import Window, through
from xmodal.models.encoders.padding import only_real, strided
from xmodal.models.encoders.weights import he_normal, linear_uniform

KERNELS_FRAMES = (11, 17, 17, 17)
"""Frames under convolutions 2 to 5; each is followed by a max pool of 3 frames with stride 2."""


class DavenetConfig(BaseModel):
    """Defaults: the released network of 15,965,570 parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["davenet"] = "davenet"
    bands: PositiveInt = 40
    """Bands of the spectrograms."""
    channels: tuple[PositiveInt, PositiveInt, PositiveInt, PositiveInt, PositiveInt] = (128, 256, 512, 512, 1024)
    """Channels of the five convolutions."""
    dim: PositiveInt | None = None
    """None: the fifth convolution's ReLU is the output, as released (features >= 0). A number: a linear 1x1
    convolution to so many signed features follows (ours)."""
    mask_padding: bool = False
    """Ours: set padded frames to 0 after every layer, so that an item's maps do not depend on what it was batched
    with. The paper cuts the output only."""

    @property
    def map_dim(self) -> int:
        """Length of the vector at each frame."""
        return self.dim or self.channels[-1]


@final
class Davenet(CaptionEncoder):
    """Modules are named as in the released checkpoints; `batchnorm1` leads the network, as the paper says."""

    def __init__(self, config: DavenetConfig) -> None:
        super().__init__()
        self.config = config
        self.dim = config.map_dim
        self.geometry = through(
            [window for kernel in KERNELS_FRAMES for window in (Window(kernel, 1, kernel // 2), Window(3, 2, 1))]
        )
        first, second, third, fourth, fifth = config.channels
        self.batchnorm1 = nn.BatchNorm2d(1)
        self.conv1 = BandConvolution(first, config.bands)
        self.conv2 = _over_time(first, second, KERNELS_FRAMES[0])
        self.conv3 = _over_time(second, third, KERNELS_FRAMES[1])
        self.conv4 = _over_time(third, fourth, KERNELS_FRAMES[2])
        self.conv5 = _over_time(fourth, fifth, KERNELS_FRAMES[3])
        self.pool = nn.MaxPool2d((1, 3), (1, 2), (0, 1))
        self.embedder = nn.Identity() if config.dim is None else nn.Conv2d(fifth, config.dim, 1)

    def initialise(self, generator: torch.Generator) -> None:
        """He normal over the fan in, since no batch norm follows (the released code keeps torch's default)."""
        he_normal(self, generator, mode="fan_in")
        if isinstance(self.embedder, nn.Conv2d):
            linear_uniform(self.embedder, generator)

    def forward(
        self, captions: Float[Tensor, "items bands frames"], lengths: Int[Tensor, "items"]
    ) -> Float[Tensor, "items dim map_frames"]:
        """Maps of spectrograms in dB, padded on the right."""
        real = lengths if self.config.mask_padding else None
        features = only_real(self.conv1(self.batchnorm1(captions[:, None])).relu(), real)
        for convolution in (self.conv2, self.conv3, self.conv4, self.conv5):
            features = self.pool(only_real(convolution(features).relu(), real))
            real = strided(real, 2)
            features = only_real(features, real)
        return self.embedder(features).squeeze(2)


def _over_time(inputs: int, outputs: int, frames: int) -> nn.Conv2d:
    """A convolution along time alone that keeps the number of frames."""
    return nn.Conv2d(inputs, outputs, (1, frames), padding=(0, frames // 2))
