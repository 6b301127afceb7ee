"""The text branch of matchmaps Table 3: two convolutions over the words of a transcription (matchmaps 5.1)."""

from typing import Literal, final

import torch
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, Field, PositiveInt
from torch import Tensor, nn

from xmodal.models.encoders.contract import CaptionEncoder
from xmodal.models.encoders.geometry import Window, through
from xmodal.models.encoders.padding import only_real
from xmodal.models.encoders.weights import he_normal, linear_uniform

PADDING_ID = 0
"""Word id that stands for no word."""


class WordCnnConfig(BaseModel):
    """Defaults: the paper's sizes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["word_cnn"] = "word_cnn"
    vocabulary: int = Field(default=44_344, ge=2)
    """Word ids, with 0 for padding and 1 for unknown words; the paper's captions hold 44,342 different words."""
    word_dim: PositiveInt = 200
    """Length of the vector of a word."""
    channels: PositiveInt = 512
    """Of the first convolution, over 3 words, with a ReLU."""
    dim: PositiveInt = 1024
    """Of the second convolution, over 3 words, linear."""

    @property
    def map_dim(self) -> int:
        """Length of the vector at each word."""
        return self.dim


@final
class WordCnn(CaptionEncoder):
    """One output frame for each word; words that pad a batch count as absent in every layer."""

    def __init__(self, config: WordCnnConfig) -> None:
        super().__init__()
        self.dim = config.dim
        self.geometry = through([Window(3, 1, 1), Window(3, 1, 1)])
        self.embedding = nn.Embedding(config.vocabulary, config.word_dim, padding_idx=PADDING_ID)
        self.conv1 = nn.Conv1d(config.word_dim, config.channels, 3, padding=1)
        self.conv2 = nn.Conv1d(config.channels, config.dim, 3, padding=1)

    def initialise(self, generator: torch.Generator) -> None:
        """Word vectors standard normal, the first convolution He normal, the linear one as torch leaves it.

        The paper names no scheme.
        """
        nn.init.normal_(self.embedding.weight, generator=generator)
        with torch.no_grad():
            self.embedding.weight[PADDING_ID] = 0
        he_normal(self.conv1, generator, mode="fan_in")
        linear_uniform(self.conv2, generator)

    def forward(
        self, captions: Int[Tensor, "items words"], lengths: Int[Tensor, "items"]
    ) -> Float[Tensor, "items dim words"]:
        """Maps of word ids, padded on the right with 0."""
        words = only_real(self.embedding(captions).transpose(1, 2), lengths)
        return self.conv2(only_real(self.conv1(words).relu(), lengths))
