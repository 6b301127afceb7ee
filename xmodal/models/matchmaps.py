"""Two branches into one space of maps: pictures and captions (matchmaps section 4)."""

import math
from typing import Annotated, Literal, final

import torch
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, model_validator
from torch import Tensor, nn

from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.models.contract import CrossModalModel, Encoded
from xmodal.models.encoders import CAPTION_ENCODERS, IMAGE_ENCODERS, CaptionConfig, ImageConfig
from xmodal.models.encoders.contract import CaptionEncoder, ImageEncoder
from xmodal.models.label_head import LabelHead
from xmodal.similarity.cosine import unit_length

Labelled = Literal["seen", "heard"]
"""Which branch a label is about: image or caption."""


class MatchmapConfig(BaseModel):
    """Which two branches, and what is done to their maps."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["matchmaps"] = "matchmaps"
    image: Annotated[ImageConfig, Field(discriminator="kind")]
    """The branch that sees."""
    caption: Annotated[CaptionConfig, Field(discriminator="kind")]
    """The branch that listens or reads."""
    unit_length: bool = False
    """Ours: divide the vector at every place by its length, so that matchmaps hold cosines. The paper takes raw dot
    products."""
    learned_scale: PositiveFloat | None = None
    """Ours: a trained factor on the image maps, and so on every similarity, starting here; None: no such factor."""
    seen_labels: tuple[str, ...] = ()
    """Classes that a layer on the image maps names, for training with labels; empty: no such layer."""
    heard_labels: tuple[str, ...] = ()
    """The same on the caption maps."""

    @model_validator(mode="after")
    def _one_space(self) -> "MatchmapConfig":
        image, caption = self.image.map_dim, self.caption.map_dim
        if image != caption:
            raise ValueError(f"image maps have {image} features and caption maps {caption}: both need the same")
        return self


@final
class MatchmapModel(CrossModalModel):
    """Image branch and caption branch, trained together or loaded apart."""

    def __init__(self, config: MatchmapConfig) -> None:
        super().__init__()
        self.config = config
        self.image: ImageEncoder = IMAGE_ENCODERS[config.image.kind](config.image)
        self.caption: CaptionEncoder = CAPTION_ENCODERS[config.caption.kind](config.caption)
        self.log_scale = None if config.learned_scale is None else nn.Parameter(torch.zeros(()))
        self.seen_head, self.heard_head = (
            LabelHead(config.image.map_dim, len(labels)) if labels else None
            for labels in (config.seen_labels, config.heard_labels)
        )

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """Everything that is seen as a picture, and what the caption branch reads."""
        return (*PICTORIAL, *((Modality.TEXT,) if self.config.caption.kind == "word_cnn" else AUDIBLE))

    def initialise(self, generator: torch.Generator) -> None:
        """Draw all weights from the generator: image branch first."""
        self.image.initialise(generator)
        self.caption.initialise(generator)
        if self.log_scale is not None and self.config.learned_scale is not None:
            nn.init.constant_(self.log_scale, math.log(self.config.learned_scale))
        for head in (self.seen_head, self.heard_head):
            if head is not None:
                head.initialise(generator)

    def encode(self, modality: Modality, batch: Tensor, lengths: Int[Tensor, "items"] | None = None) -> Encoded:
        """Maps of a batch of pictures or captions; see `CrossModalModel.encode`."""
        self.expect(modality)
        if modality in PICTORIAL:
            return Encoded(self.image_maps(batch), None)
        if lengths is None:
            lengths = torch.full((batch.shape[0],), batch.shape[-1], device=batch.device)
        return Encoded(*self.caption_maps(batch, lengths))

    def image_maps(self, pictures: Float[Tensor, "items 3 rows cols"]) -> Float[Tensor, "items dim map_rows map_cols"]:
        """Maps of normalised pictures, of unit length and scaled if the config says so."""
        maps = self._unit(self.image(pictures))
        return maps if self.log_scale is None else maps * self.log_scale.exp()

    def caption_maps(
        self, captions: Tensor, lengths: Int[Tensor, "items"]
    ) -> tuple[Float[Tensor, "items dim map_frames"], Int[Tensor, "items"]]:
        """Maps of padded spectrograms (`items bands frames`, dB) or word ids (`items words`), and their valid frames.

        Args:
            captions: what the caption branch reads, padded on the right.
            lengths: unpadded frames or words of each item.
        """
        return self._unit(self.caption(captions, lengths)), self.caption.output_lengths(lengths)

    def label_scores(
        self, image_maps: Tensor, caption_maps: Tensor, lengths: Int[Tensor, "items"]
    ) -> dict[Labelled, Float[Tensor, "items _"]]:
        """Scores (logits) of `seen_labels` on image maps and of `heard_labels` on caption maps, where there are any."""
        scores: dict[Labelled, Tensor] = {}
        if self.seen_head is not None:
            scores["seen"] = self.seen_head(image_maps)
        if self.heard_head is not None:
            scores["heard"] = self.heard_head(caption_maps, lengths)
        return scores

    def _unit(self, maps: Tensor) -> Tensor:
        """Vectors of length 1 in float32 (half precision would round the lengths), if the config asks for them."""
        return unit_length(maps.float(), dim=1) if self.config.unit_length else maps
