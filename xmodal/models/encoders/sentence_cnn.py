"""Three convolutions over words and a fully connected layer: for text (see_hear_read 3.4, 3.5)."""

from typing import Literal, final

from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, PositiveInt
from torch import Tensor, nn

from xmodal.models.encoders.contract import PathwayEncoder
from xmodal.models.encoders.sequence_stack import SequenceLayer, SequenceStack, steps_behind


class SentenceCnnConfig(BaseModel):
    """Defaults: the paper's size, 16 words of 300 numbers.

    The convolutions keep the number of words (the paper names no padding); the pools of 2 words stand behind the
    second and the third, and round up, as in Caffe.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["sentence_cnn"] = "sentence_cnn"
    words: PositiveInt = 16
    """Words of a sentence: shorter ones are padded with zeros, longer ones cut."""
    word_dim: PositiveInt = 300
    """Numbers of a word vector: channels of the first convolution."""
    channels: tuple[PositiveInt, PositiveInt, PositiveInt] = (300, 300, 300)
    """Channels of the three convolutions, each over 3 words."""
    joint: PositiveInt = 9216
    """Length of the vector at the end: that of every pathway."""
    joint_relu: bool = False
    """A ReLU behind the fully connected layer, so that the vector is never negative, like a picture's; the paper names
    none."""
    mask_padding: bool = False
    """Ours: padded words are 0 in every layer, so that biases do not read in them. The paper's network cannot tell
    padding from a word without a vector."""
    batch_norm: bool = False
    """Ours, for compact widths: batch norm behind every convolution."""

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Of one sentence: words, numbers of each."""
        return (self.words, self.word_dim)

    @property
    def layers(self) -> tuple[SequenceLayer, ...]:
        """The three convolutions, with a pool behind the second and the third."""
        first, second, third = self.channels
        return (SequenceLayer(first, 3), SequenceLayer(second, 3, 2), SequenceLayer(third, 3, 2))


@final
class SentenceCnn(PathwayEncoder):
    """Each convolution spans all numbers of a word and moves along the words."""

    def __init__(self, config: SentenceCnnConfig) -> None:
        super().__init__()
        self.config = config
        self.dim = config.joint
        self.stack = SequenceStack(config.word_dim, config.layers, batch_norm=config.batch_norm)
        self.geometry = self.stack.geometry
        self.connected = nn.Linear(config.channels[-1] * steps_behind(config.layers, config.words), config.joint)

    def maps(
        self, batch: Float[Tensor, "items words dims"], lengths: Int[Tensor, "items"] | None = None
    ) -> Float[Tensor, "items channels map_words"]:
        """The third convolution of word vectors; see `PathwayEncoder.maps`."""
        return self.stack(batch.transpose(1, 2), lengths if self.config.mask_padding else None)

    def vector(self, maps: Float[Tensor, "items channels map_words"]) -> Float[Tensor, "items joint"]:
        """The last pool and the fully connected layer."""
        joint = self.connected(self.stack.last_pool(maps).flatten(1))
        return joint.relu() if self.config.joint_relu else joint
