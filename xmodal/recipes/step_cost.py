"""What one step of a training takes: bytes and operations, counted on a network without storage."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from xmodal.features.pairs import Batch
from xmodal.models import shape_of
from xmodal.models.matchmaps import MatchmapConfig
from xmodal.runs.checkpoint import optimiser_tensors
from xmodal.similarity.matchmap import Aggregation
from xmodal.similarity.pairwise import STORED_BYTES
from xmodal.training.matchmap_stage import MatchmapStage
from xmodal.training.matchmap_task import MatchmapTask
from xmodal.training.stage import Stage

_MATRICES = 12
"""Matrices of pictures x captions that objectives hold at once, about."""
_SCRATCH_BYTES = 64 << 20
"""Most that `pairwise` needs beside its result (as it says of itself)."""


@dataclass(frozen=True)
class BatchShape:
    """How large a batch is."""

    items: int
    crop_px: int
    """Rows and columns of its pictures."""
    length: int
    """Frames or words of its captions, with padding."""
    bfloat16: bool = False
    """Whether the network computes in that format."""


@dataclass(frozen=True)
class MapShape:
    """How large the maps of one pair are."""

    cells: int
    """Of the picture."""
    frames: int
    """Of the caption."""
    dim: int
    """Length of the vector at each."""

    @property
    def bytes(self) -> int:
        """Of both, float32."""
        return 4 * self.dim * (self.cells + self.frames)

    def pairwise_flop(self, aggregation: Aggregation, items: int) -> int:
        """Operations that score so many pictures with as many captions, forward."""
        places = 1 if aggregation is Aggregation.SISA else self.cells * self.frames
        return 2 * items * items * places * self.dim


@dataclass(frozen=True)
class StepCost:
    """One step: forward, losses, backward, update."""

    parameters: int
    weights_bytes: int
    """Parameters and buffers, as a checkpoint holds them."""
    gradients_bytes: int
    optimiser_bytes: int
    """Its state, as a checkpoint holds it."""
    kept_bytes: int
    """What is kept for the backward pass: activations, maps, matrices of the objectives."""
    scratch_bytes: int
    """What the similarity computes in."""
    batch_bytes: int
    """Pictures and captions, float32."""
    maps: MapShape
    branches_flop: int
    """Operations of the branches (or pathways), forward and backward."""
    forward_flop: int
    """Of these the forward ones."""


def step_cost(config: MatchmapConfig, stage: MatchmapStage, shape: BatchShape) -> StepCost:
    """Count a step of a stage.

    The branches run forward and backward on the device `meta`; what autograd keeps is counted once for each storage.
    The similarity, whose shapes follow from the captions' lengths, and the objectives are counted by formula. With
    `bfloat16` the whole network is cast, which is what autocast makes of it but for a few small tensors.
    """
    model = shape_of(config).train()
    weights_bytes, optimiser_bytes = network_bytes(stage, model)
    if shape.bfloat16:
        model.to(torch.bfloat16)
    batch = empty_batch(config, shape, torch.device("meta"))
    kept = Kept(model)
    with FlopCounterMode(display=False) as counter:
        with torch.autograd.graph.saved_tensors_hooks(kept.note, lambda tensor: tensor):
            pictures, captions, _, scores = MatchmapTask(model)(_cast(batch, shape))
        forward_flop = counter.get_total_flops()
        outputs = [each for each in (pictures, captions, *scores.values()) if each.requires_grad]
        torch.stack([each.float().sum() for each in outputs]).sum().backward()
    maps = MapShape(pictures[0, 0].numel(), captions.shape[2], pictures.shape[1])
    kept_bytes, scratch_bytes = _similarity_bytes(stage, shape.items, maps)
    return StepCost(
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        weights_bytes=weights_bytes,
        gradients_bytes=4 * sum(each.numel() for each in model.parameters() if each.requires_grad),
        optimiser_bytes=optimiser_bytes,
        kept_bytes=kept.bytes + kept_bytes,
        scratch_bytes=scratch_bytes,
        batch_bytes=bytes_of((batch.pictures, batch.captions)),
        maps=maps,
        branches_flop=counter.get_total_flops(),
        forward_flop=forward_flop,
    )


def empty_batch(config: MatchmapConfig, shape: BatchShape, device: torch.device) -> Batch:
    """A batch of that shape: grey pictures, even captions or unknown words, no labels present."""
    pictures = torch.zeros(shape.items, 3, shape.crop_px, shape.crop_px, device=device)
    lengths = torch.full((shape.items,), shape.length, device=device)
    caption = config.caption
    if caption.kind == "word_cnn":
        captions = torch.ones(shape.items, shape.length, dtype=torch.int64, device=device)
    else:
        captions = torch.zeros(shape.items, caption.bands, shape.length, device=device)
    classes = {"seen": config.seen_labels, "heard": config.heard_labels}
    labels = {name: torch.zeros(shape.items, len(each), device=device) for name, each in classes.items() if each}
    return Batch(pictures, captions, lengths, labels)


class Kept:
    """Storages that autograd keeps, those of the network itself left out."""

    def __init__(self, model: nn.Module) -> None:
        self._own = {tensor.untyped_storage()._cdata for tensor in model.state_dict(keep_vars=True).values()}
        self._storages: dict[int, torch.UntypedStorage] = {}

    def note(self, tensor: Tensor) -> Tensor:
        """One tensor that is kept."""
        storage = tensor.untyped_storage()
        if storage._cdata not in self._own:
            self._storages[storage._cdata] = storage  # held, so that no later one gets its address
        return tensor

    @property
    def bytes(self) -> int:
        """All of them, each once."""
        return sum(storage.nbytes() for storage in self._storages.values())


def similarity_flop(stage: MatchmapStage, items: int, maps: MapShape) -> int:
    """Operations of the similarities of a batch, forward and backward."""
    if not stage.objectives:
        return 0
    forward = maps.pairwise_flop(stage.aggregation, items)
    if stage.aggregation is Aggregation.SISA:
        return 3 * forward
    again = _stored_bytes(items, maps) > STORED_BYTES  # arg-maxima that do not fit are computed a second time
    return (1 + again) * forward


def _similarity_bytes(stage: MatchmapStage, items: int, maps: MapShape) -> tuple[int, int]:
    """What the similarities of a batch and the objectives on them keep, and what they compute in."""
    if not stage.objectives:
        return 0, 0
    kept_bytes = items * maps.bytes + _MATRICES * 4 * items * items
    if stage.aggregation is Aggregation.SISA:
        return kept_bytes, 0
    scratch_bytes = min(_SCRATCH_BYTES, 4 * items * items * maps.cells * maps.frames)
    return kept_bytes + min(STORED_BYTES, _stored_bytes(items, maps)), scratch_bytes


def _stored_bytes(items: int, maps: MapShape) -> int:
    return items * items * max(maps.cells, maps.frames)


def _cast(batch: Batch, shape: BatchShape) -> Batch:
    if not shape.bfloat16:
        return batch
    captions = batch.captions.to(torch.bfloat16) if batch.captions.is_floating_point() else batch.captions
    return Batch(batch.pictures.to(torch.bfloat16), captions, batch.lengths, batch.labels)


def network_bytes(stage: Stage, model: nn.Module) -> tuple[int, int]:
    """Of the weights with their buffers, and of the optimiser's state after a first update; what is frozen rests."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not name.startswith(stage.frozen))
    return bytes_of(model.state_dict().values()), _optimiser_bytes(stage, model)


def _optimiser_bytes(stage: Stage, model: nn.Module) -> int:
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = stage.optimiser.build(learned)
    for parameter in learned:
        parameter.grad = torch.empty_like(parameter)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return bytes_of(optimiser_tensors(optimiser).values())


def bytes_of(tensors: Iterable[Tensor]) -> int:
    """Of all of them together."""
    return sum(tensor.nbytes for tensor in tensors)
