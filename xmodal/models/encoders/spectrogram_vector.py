"""The caption branch of matchmaps Table 2's published baselines: a network over time whose frames are averaged.

A vector is a map of one frame, so that everything made for maps takes it. JDV names the two papers (Harwath et al.
2016, Harwath and Glass 2017) and no layers. The later network is DAVENet's stack, as JDV 4.2 says; for the earlier
one the sizes below are those we believe published, three convolutions over 5, 25 and 25 frames, and its pools are
3 frames wide here so that time stays centred.
"""

from typing import Literal, final

import numpy as np
import torch
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, field_validator
from torch import Tensor, nn

from xmodal.models.contract import Encoded
from xmodal.models.encoders.band_convolution import BandConvolution
from xmodal.models.encoders.contract import CaptionEncoder
from xmodal.models.encoders.geometry import Window, through
from xmodal.models.encoders.padding import only_real
from xmodal.models.encoders.weights import he_normal


class SpectrogramLayer(BaseModel):
    """A convolution along time with a ReLU."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channels: PositiveInt
    """Channels of the convolution."""
    frames: PositiveInt
    """Frames under the kernel: odd, so that it is centred."""
    pool: bool = True
    """A max pool of 3 frames with stride 2 follows."""

    @field_validator("frames")
    @classmethod
    def _odd(cls, frames: int) -> int:
        if frames % 2 == 0:
            raise ValueError("a centred kernel needs an odd number of frames")
        return frames


SPECTROGRAM_2016 = (
    SpectrogramLayer(channels=64, frames=5),
    SpectrogramLayer(channels=512, frames=25),
    SpectrogramLayer(channels=1024, frames=25, pool=False),
)
SPECTROGRAM_2017 = (
    SpectrogramLayer(channels=128, frames=1, pool=False),
    SpectrogramLayer(channels=256, frames=11),
    SpectrogramLayer(channels=512, frames=17),
    SpectrogramLayer(channels=512, frames=17),
    SpectrogramLayer(channels=1024, frames=17),
)


class SpectrogramVectorConfig(BaseModel):
    """Defaults: the baseline of 2016."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["spectrogram_vector"] = "spectrogram_vector"
    bands: PositiveInt = 40
    """Bands of the spectrograms."""
    layers: tuple[SpectrogramLayer, ...] = Field(default=SPECTROGRAM_2016, min_length=1)
    """The first spans all bands; the last one's channels are the vector's length."""

    @property
    def map_dim(self) -> int:
        """Length of the vector."""
        return self.layers[-1].channels


@final
class SpectrogramVector(CaptionEncoder):
    """Padded frames count as absent in every layer and in the mean; batch norm leads, as JDV's networks have it."""

    def __init__(self, config: SpectrogramVectorConfig) -> None:
        super().__init__()
        self.config = config
        self.dim = config.map_dim
        self.geometry = through(_windows(config))
        self.batchnorm1 = nn.BatchNorm2d(1)
        first, *others = config.layers
        inputs = [layer.channels for layer in config.layers[:-1]]
        self.convolutions = nn.ModuleList(
            [
                BandConvolution(first.channels, config.bands, first.frames),
                *(
                    nn.Conv2d(width, layer.channels, (1, layer.frames), padding=(0, layer.frames // 2))
                    for width, layer in zip(inputs, others, strict=True)
                ),
            ]
        )
        self.pool = nn.MaxPool2d((1, 3), (1, 2), (0, 1))

    def initialise(self, generator: torch.Generator) -> None:
        """He normal over the fan in."""
        he_normal(self, generator, mode="fan_in")

    def forward(
        self, captions: Float[Tensor, "items bands frames"], lengths: Int[Tensor, "items"]
    ) -> Float[Tensor, "items dim 1"]:
        """One vector for each spectrogram in dB, padded on the right."""
        features, real = only_real(self.batchnorm1(captions[:, None]), lengths), lengths
        for convolution, layer in zip(self.convolutions, self.config.layers, strict=True):
            features = only_real(convolution(features).relu(), real)
            if layer.pool:
                real = (real + 1) // 2
                features = only_real(self.pool(features), real)
        return Encoded(features.squeeze(2), real.clamp(min=1)).pooled()[:, :, None]

    def output_lengths(self, lengths: Int[Tensor, "items"]) -> Int[Tensor, "items"]:
        """One frame for every caption."""
        return torch.ones_like(lengths)

    def frame_times_s(self, count: int, hop_s: float) -> Float[np.ndarray, "frames"]:
        """The start: the vector stands for the whole recording, from there on."""
        del hop_s
        return np.zeros(count)


def _windows(config: SpectrogramVectorConfig) -> list[Window]:
    """Along time, up to the mean."""
    windows = []
    for layer in config.layers:
        windows += [Window(layer.frames, 1, layer.frames // 2)] + [Window(3, 2, 1)] * layer.pool
    return windows
