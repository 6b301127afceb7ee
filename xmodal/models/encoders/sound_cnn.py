"""Three convolutions over time and a fully connected layer: for sound and speech (see_hear_read 3.4, 3.5)."""

from typing import Literal, final

from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, PositiveInt, field_validator
from torch import Tensor, nn

from xmodal.models.encoders.contract import PathwayEncoder
from xmodal.models.encoders.sequence_stack import SequenceLayer, SequenceStack, steps_behind


class SoundCnnConfig(BaseModel):
    """Defaults: the paper's size, 500 frames of 257 bands.

    Its 4 x 256 features at the end need a pool behind each of the three convolutions, the last one too, and
    convolutions that keep the number of frames (the paper names no padding). Pools round up, as in Caffe.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["sound_cnn"] = "sound_cnn"
    bands: PositiveInt = 257
    """Bands of the spectrograms: channels of the first convolution."""
    frames: PositiveInt = 500
    """Frames of the spectrograms, padded or cut to so many."""
    channels: tuple[PositiveInt, PositiveInt, PositiveInt] = (128, 256, 256)
    """Channels of the three convolutions."""
    kernels_frames: tuple[PositiveInt, PositiveInt, PositiveInt] = (11, 5, 3)
    """Frames under them: odd, so that they are centred."""
    pool: PositiveInt = 5
    """Frames in each max pool, and its stride."""
    joint: PositiveInt = 9216
    """Length of the vector at the end: that of every pathway."""
    joint_relu: bool = False
    """A ReLU behind the fully connected layer, so that the vector is never negative, like a picture's; the paper names
    none."""
    mask_padding: bool = False
    """Ours: padded frames are 0 in every layer, so that biases do not sound in them. The paper's network cannot tell
    padding from sound."""
    batch_norm: bool = False
    """Ours, for compact widths: batch norm behind every convolution."""

    @field_validator("kernels_frames")
    @classmethod
    def _odd(cls, kernels: tuple[int, ...]) -> tuple[int, ...]:
        if any(kernel % 2 == 0 for kernel in kernels):
            raise ValueError("a centred kernel needs an odd number of frames")
        return kernels

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Of one spectrogram: bands, frames."""
        return (self.bands, self.frames)

    @property
    def layers(self) -> tuple[SequenceLayer, ...]:
        """The three convolutions, a pool behind each."""
        pairs = zip(self.channels, self.kernels_frames, strict=True)
        return tuple(SequenceLayer(channels, kernel, self.pool) for channels, kernel in pairs)


@final
class SoundCnn(PathwayEncoder):
    """Each convolution spans all channels below it and moves along time."""

    def __init__(self, config: SoundCnnConfig) -> None:
        super().__init__()
        self.config = config
        self.dim = config.joint
        self.stack = SequenceStack(config.bands, config.layers, batch_norm=config.batch_norm)
        self.geometry = self.stack.geometry
        self.connected = nn.Linear(config.channels[-1] * steps_behind(config.layers, config.frames), config.joint)

    def maps(
        self, batch: Float[Tensor, "items bands frames"], lengths: Int[Tensor, "items"] | None = None
    ) -> Float[Tensor, "items channels map_frames"]:
        """The third convolution of log spectrograms, mean subtracted; see `PathwayEncoder.maps`."""
        return self.stack(batch, lengths if self.config.mask_padding else None)

    def vector(self, maps: Float[Tensor, "items channels map_frames"]) -> Float[Tensor, "items joint"]:
        """The last pool and the fully connected layer."""
        joint = self.connected(self.stack.last_pool(maps).flatten(1))
        return joint.relu() if self.config.joint_relu else joint
