"""The first convolution of every spectrogram network: over all bands at once, along time."""

from typing import final

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional


@final
class BandConvolution(nn.Conv2d):
    """A `bands x frames` kernel on a picture of one channel, computed with the bands as channels.

    Weights keep the released shape `channels 1 bands frames`. The sums are the same; the backward pass
    takes a third of the time on a CPU.
    """

    def __init__(self, channels: int, bands: int, frames: int = 1, *, bias: bool = True) -> None:
        super().__init__(1, channels, (bands, frames), padding=(0, frames // 2), bias=bias)

    def forward(self, input: Float[Tensor, "items 1 bands frames"]) -> Float[Tensor, "items channels 1 frames"]:
        """Channels over time; frames beyond the ends count as 0."""
        return functional.conv2d(input.transpose(1, 2), self.weight.transpose(1, 2), self.bias, padding=self.padding)
