"""What encoders keep to: any two for pictures and captions make a matchmap network, any pathways an aligned one."""

from abc import ABC, abstractmethod

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from xmodal.models.encoders.geometry import Geometry
from xmodal.models.encoders.weights import Initial, gaussian_noise, he_normal


class ImageEncoder(nn.Module, ABC):
    """Pictures `items 3 rows cols` -> maps `items dim rows cols`."""

    dim: int
    """Length of the vector at each cell."""
    geometry: Geometry
    """Along rows and along columns alike, in pixels."""

    @abstractmethod
    def initialise(self, generator: torch.Generator) -> None:
        """Draw all weights from the generator, in a fixed order."""

    @abstractmethod
    def forward(self, pictures: Float[Tensor, "items 3 rows cols"]) -> Float[Tensor, "items dim map_rows map_cols"]:
        """Maps of normalised pictures."""

    def cell_centres(self, cells: int, size_px: int) -> Float[np.ndarray, "cells"]:
        """Centre of each row (or column) of cells as a fraction of a picture `size_px` high (or wide).

        The true centre of what a cell sees: residual networks are not symmetric, their first cell looks at the
        picture's corner (0.5 px), the VGG's at the middle of its 16 px square.
        """
        return (self.geometry.centres(cells) + 0.5) / size_px


class CaptionEncoder(nn.Module, ABC):
    """Spectrograms `items bands frames` or word ids `items words` -> maps `items dim frames`."""

    dim: int
    """Length of the vector at each frame."""
    geometry: Geometry
    """Along time, in spectrogram frames or words."""

    @abstractmethod
    def initialise(self, generator: torch.Generator) -> None:
        """Draw all weights from the generator, in a fixed order."""

    @abstractmethod
    def forward(self, captions: Tensor, lengths: Int[Tensor, "items"]) -> Float[Tensor, "items dim map_frames"]:
        """Maps of captions, padded on the right, of which `lengths` frames or words are real."""

    def output_lengths(self, lengths: Int[Tensor, "items"]) -> Int[Tensor, "items"]:
        """Valid output frames: those whose centre lies on a real input frame; at least 1.

        All our caption networks pad evenly, so frame t is centred on input frame t * stride and the count is
        ceil(length / stride): a caption without padding keeps all its output frames. The released code rounds down,
        which drops a last frame that is centred on speech and leaves a clip shorter than a stride with none.
        """
        return self.geometry.cells_with_real_centre(lengths)

    def frame_times_s(self, count: int, hop_s: float) -> Float[np.ndarray, "frames"]:
        """Centre of each output frame in seconds from the start of the recording.

        Args:
            count: output frames.
            hop_s: seconds between input frames, the first of which is centred on time 0 (a centred spectrogram).
        """
        return self.geometry.centres(count) * hop_s


class PathwayEncoder(nn.Module, ABC):
    """Inputs of one fixed size -> one vector each, of the length that all pathways of a network share."""

    dim: int
    """Length of the vector."""
    geometry: Geometry
    """Of `maps`: along rows and columns alike in pixels, or along time in frames or words."""

    @abstractmethod
    def maps(
        self, batch: Float[Tensor, "items *input"], lengths: Int[Tensor, "items"] | None = None
    ) -> Float[Tensor, "items channels *place"]:
        """What the last convolution gives, behind its ReLU (>= 0): `items channels rows cols`, or `... frames`.

        Args:
            batch: pictures `items 3 rows cols`, spectrograms `items bands frames`, or word vectors `items words dims`.
            lengths: frames or words that are real; None if all are. Only a network with `mask_padding` looks at them.
        """

    @abstractmethod
    def vector(self, maps: Float[Tensor, "items channels *place"]) -> Float[Tensor, "items joint"]:
        """What goes into the shared layers, from `maps`."""

    def forward(
        self, batch: Float[Tensor, "items *input"], lengths: Int[Tensor, "items"] | None = None
    ) -> Float[Tensor, "items joint"]:
        """The vectors of a batch; arguments as for `maps`."""
        return self.vector(self.maps(batch, lengths))

    def initialise(self, generator: torch.Generator, initial: Initial = "gaussian") -> None:
        """Draw all weights from the generator, in the order of the modules."""
        if initial == "gaussian":
            gaussian_noise(self, generator)
        else:
            he_normal(self, generator, mode="fan_in")
