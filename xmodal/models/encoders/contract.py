"""What image and caption encoders keep to, so that any two of them make a matchmap network."""

from abc import ABC, abstractmethod

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from xmodal.models.encoders.geometry import Geometry


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
