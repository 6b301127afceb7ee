"""A pathway for each sense into layers that all senses share (see_hear_read section 3, Fig. 3)."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, final

import torch
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator
from torch import Tensor, nn

from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.models.contract import CrossModalModel, Encoded
from xmodal.models.encoders import PATHWAY_ENCODERS, PathwayConfig
from xmodal.models.encoders.contract import PathwayEncoder
from xmodal.models.encoders.weights import CONVOLUTION_STD, Initial, gaussian_noise, he_normal
from xmodal.models.modality_norm import ModalityNorm

MAPS, JOINT, SCORES = "maps", "joint", "scores"
"""Layers by name; the hidden ones between the last two are `hidden1`, `hidden2` and so on."""

PATHWAY_OF: dict[Modality, str] = {
    **dict.fromkeys(PICTORIAL, "alexnet"),
    **dict.fromkeys(AUDIBLE, "sound_cnn"),
    Modality.TEXT: "sentence_cnn",
}
"""The kind of pathway that reads each sense."""


class SeeHearReadConfig(BaseModel):
    """Which senses, through which pathways, and the layers that they share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["see_hear_read"] = "see_hear_read"
    pathways: dict[Modality, Annotated[PathwayConfig, Field(discriminator="kind")]] = Field(min_length=1)
    """The senses it takes; all their vectors have the same length."""
    hidden: tuple[PositiveInt, ...] = Field(default=(4096, 4096), min_length=1)
    """Units of the shared layers, each with a ReLU; the last is the representation that is compared (4.2)."""
    classes: tuple[str, ...] = ()
    """What the outputs stand for: the teacher's classes; empty: not known by name."""
    outputs: PositiveInt = 1000
    """Scores at the end, one for each class of the teacher."""
    initial: Initial = "gaussian"
    """How weights start: the paper's Gaussian noise, which compact widths do not survive, or He et al.'s (ours)."""
    dropout: float = Field(default=0.0, ge=0.0, lt=1.0)
    """Ours: share of the hidden units that are left out at a step of training. Caffe's AlexNet has 0.5; the paper
    names none."""
    batch_norm: bool = False
    """Ours, for compact widths: batch norm on the joint vector and before the ReLU of each hidden layer."""

    @property
    def joint(self) -> int:
        """Length of the vectors that all pathways give."""
        return next(iter(self.pathways.values())).joint

    @property
    def units(self) -> dict[str, int]:
        """How many units each layer has, in the order of the network."""
        hidden = {f"hidden{number}": width for number, width in enumerate(self.hidden, start=1)}
        return {JOINT: self.joint, **hidden, SCORES: self.outputs}

    def with_classes(self, classes: tuple[str, ...]) -> "SeeHearReadConfig":
        """The same network with an output for each of a teacher's classes (at least one)."""
        return SeeHearReadConfig.model_validate({**dict(self), "classes": classes, "outputs": len(classes)})

    @model_validator(mode="after")
    def _fits_together(self) -> "SeeHearReadConfig":
        for modality, pathway in self.pathways.items():
            if PATHWAY_OF.get(modality) != pathway.kind:
                known = PATHWAY_OF.get(modality, "no pathway")
                raise ValueError(f"{modality.value} is read by {known}, not by {pathway.kind}")
        lengths = {modality.value: pathway.joint for modality, pathway in self.pathways.items()}
        if len(set(lengths.values())) > 1:
            shown = ", ".join(f"{modality} {length}" for modality, length in lengths.items())
            raise ValueError(f"all pathways need vectors of the same length, not {shown}")
        if self.classes and len(self.classes) != self.outputs:
            raise ValueError(f"{len(self.classes)} classes need as many outputs, not {self.outputs}")
        return self


@final
class SeeHearReadModel(CrossModalModel):
    """Every sense through its own pathway, then all through the same layers."""

    def __init__(self, config: SeeHearReadConfig) -> None:
        super().__init__()
        self.config = config
        self.pathways = nn.ModuleDict(
            {modality.value: PATHWAY_ENCODERS[each.kind](each) for modality, each in config.pathways.items()}
        )
        widths = (config.joint, *config.hidden)
        self.hidden = nn.ModuleList(
            nn.Linear(inputs, outputs, bias=not config.batch_norm)
            for inputs, outputs in zip(widths[:-1], config.hidden, strict=True)
        )
        self.norms = nn.ModuleList(
            ModalityNorm(self.modalities, width) for width in (widths if config.batch_norm else ())
        )
        self.scores = nn.Linear(widths[-1], config.outputs)

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """The senses that have a pathway."""
        return tuple(self.config.pathways)

    @property
    def layers(self) -> tuple[str, ...]:
        """The shared layers, in order: `joint`, `hidden1`, ..., `scores`."""
        return tuple(self.config.units)

    def pathway(self, modality: Modality) -> PathwayEncoder:
        """The network that reads one sense; `ValueError` if there is none."""
        self.expect(modality)
        encoder = self.pathways[modality.value]
        assert isinstance(encoder, PathwayEncoder)
        return encoder

    def initialise(self, generator: torch.Generator) -> None:
        """Draw all weights from the generator: the pathways in their order, then the shared layers.

        The scores start at almost 0, with either scheme: every class as likely as the other.
        """
        for modality in self.modalities:
            self.pathway(modality).initialise(generator, self.config.initial)
        if self.config.initial == "gaussian":
            gaussian_noise(self.hidden, generator)
        else:
            he_normal(self.hidden, generator, mode="fan_in")
        for norm in self.norms:
            assert isinstance(norm, ModalityNorm)
            norm.initialise()
        nn.init.normal_(self.scores.weight, std=CONVOLUTION_STD, generator=generator)
        nn.init.zeros_(self.scores.bias)

    def encode(self, modality: Modality, batch: Tensor, lengths: Int[Tensor, "items"] | None = None) -> Encoded:
        """The last hidden layer as maps `items dim 1`; see `CrossModalModel.encode` and `activations`."""
        last = f"hidden{len(self.config.hidden)}"
        return Encoded(self.activations(modality, batch, lengths, layers=(last,))[last][:, :, None], None)

    def activations(
        self,
        modality: Modality,
        batch: Float[Tensor, "items *input"],
        lengths: Int[Tensor, "items"] | None = None,
        *,
        layers: Sequence[str] = (),
        generator: torch.Generator | None = None,
    ) -> dict[str, Float[Tensor, "items units *place"]]:
        """What the units of the layers say to a batch of one sense, layer by layer.

        Args:
            modality: one of `modalities`.
            batch: pictures `items 3 rows cols` (normalised), log spectrograms `items bands frames` (mean subtracted),
                or word vectors `items words dims`, of the size that the config says.
            lengths: frames or words that are real, padding follows; None: all are.
            layers: which to give; none named: those of `layers`. `maps` is the last convolution of the pathway,
                `items channels rows cols` or `items channels frames`; where its cells lie says `pathway(...).geometry`.
                Nothing beyond the last of them is computed.
            generator: draws the units that dropout leaves out, in training mode only.

        Returns:
            `items units` for each layer, behind its ReLU, the scores before the softmax, and `maps` as above.

        Raises:
            ValueError: a modality, layer or size that this network has not; dropout in training without a generator.
        """
        wanted = tuple(layers) or self.layers
        unknown = [layer for layer in wanted if layer not in (MAPS, *self.layers)]
        if unknown:
            raise ValueError(f"unknown layer {unknown[0]!r}; known: {', '.join((MAPS, *self.layers))}")
        seen: dict[str, Tensor] = {}
        for layer, features in self._through(modality, batch, lengths, generator):
            seen[layer] = features
            if all(each in seen for each in wanted):
                break
        return {layer: seen[layer] for layer in wanted}

    def _through(
        self, modality: Modality, batch: Tensor, lengths: Tensor | None, generator: torch.Generator | None
    ) -> Iterator[tuple[str, Tensor]]:
        """Each layer with its name, computed when it is asked for."""
        pathway, shape = self.pathway(modality), self.config.pathways[modality].input_shape
        if tuple(batch.shape[1:]) != shape:
            given, read = (" x ".join(map(str, each)) for each in (batch.shape[1:], shape))
            raise ValueError(f"this network reads {modality.value} of {read}, not {given}")
        maps = pathway.maps(batch, lengths)
        yield MAPS, maps
        features = self._normed(0, pathway.vector(maps), modality)
        yield JOINT, features
        for number, linear in enumerate(self.hidden, start=1):
            features = self._dropped(self._normed(number, linear(features), modality).relu(), generator)
            yield f"hidden{number}", features
        yield SCORES, self.scores(features)

    def _normed(self, layer: int, features: Tensor, modality: Modality) -> Tensor:
        """Batch norm, if the config has it: 0 is the joint vector, then the hidden layers."""
        return self.norms[layer](features, modality) if self.config.batch_norm else features

    def _dropped(self, features: Tensor, generator: torch.Generator | None) -> Tensor:
        """Some units 0 and the others larger for it, in training; torch's own dropout draws from the global state."""
        share = self.config.dropout
        if not self.training or share == 0.0:
            return features
        if generator is None:
            raise ValueError("dropout in training needs a generator")
        drawn = torch.rand(features.shape, generator=generator, device=generator.device)
        return features * (drawn >= share).to(features) / (1 - share)
