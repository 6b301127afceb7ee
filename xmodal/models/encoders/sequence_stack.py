"""Convolutions along time or words with max pools between them: what the pathways of sound and of text are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from xmodal.models.encoders.geometry import Window, through
from xmodal.models.encoders.padding import only_real, strided


@dataclass(frozen=True)
class SequenceLayer:
    """A centred convolution that keeps the number of steps, a ReLU, and a max pool."""

    channels: int
    kernel: int
    """Steps under it: odd."""
    pool: int = 1
    """Steps in the pool, and its stride; 1: none. It rounds up, as in Caffe: the last steps are not lost."""


def steps_behind(layers: Sequence[SequenceLayer], steps: int) -> int:
    """How many of so many steps are left behind the last pool."""
    for layer in layers:
        steps = -(-steps // layer.pool)
    return steps


@final
class SequenceStack(nn.Module):
    """The layers up to the last convolution; the pool behind that stands apart (`last_pool`)."""

    def __init__(self, inputs: int, layers: Sequence[SequenceLayer], *, batch_norm: bool) -> None:
        super().__init__()
        self.layers = tuple(layers)
        windows = [
            window
            for layer in layers
            for window in (Window(layer.kernel, 1, layer.kernel // 2), Window(layer.pool, layer.pool))
        ]
        self.geometry = through(windows[:-1])
        widths = (inputs, *(layer.channels for layer in layers))
        self.convolutions = nn.ModuleList(
            nn.Conv1d(width, layer.channels, layer.kernel, padding=layer.kernel // 2, bias=not batch_norm)
            for width, layer in zip(widths[:-1], layers, strict=True)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(layer.channels) if batch_norm else nn.Identity() for layer in layers)

    def forward(
        self, features: Float[Tensor, "items inputs steps"], real: Int[Tensor, "items"] | None
    ) -> Float[Tensor, "items channels map_steps"]:
        """The last convolution behind its ReLU. Steps from `real` on are 0 in every layer; None: all are real."""
        features = only_real(features, real)
        for index, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            if index > 0:
                pool = self.layers[index - 1].pool
                features, real = _pooled(features, pool), strided(real, pool)
            features = only_real(norm(convolution(features)).relu(), real)
        return features

    def last_pool(self, maps: Float[Tensor, "items channels map_steps"]) -> Float[Tensor, "items channels steps"]:
        """What is left behind the last pool."""
        return _pooled(maps, self.layers[-1].pool)


def _pooled(features: Tensor, pool: int) -> Tensor:
    return features if pool == 1 else functional.max_pool1d(features, pool, ceil_mode=True)
