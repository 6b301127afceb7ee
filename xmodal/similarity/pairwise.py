"""Scores of all pictures with all captions, at bounded memory and with a gradient of their own (matchmaps Eq. 6-8).

Both MISA and SIMA are means of best matches: `score[a, b] = mean over the places q of b of max over the places k of a
of <key[a, :, k], query[b, :, q]>`. For MISA pictures hold the keys and captions the queries, for SIMA the other way
round. One tile of dot products at a time is computed into a buffer and reduced while it is in the cache; the whole
4-D map never exists. The authors call all-pairs MISA and SIMA "computationally impractical" (section 4.4).
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional

from xmodal.similarity.matchmap import Aggregation

FORWARD_BYTES = 10 << 20, 8 << 20
"""Most bytes of one block of packed keys and of packed queries (a block holds one item at least)."""
BACKWARD_BYTES = 6 << 20, 4 << 20
"""The same in the backward pass, which holds three such blocks of keys and two of queries."""
BLOCK_ITEMS = 512
"""Most items of one block: many where an item is a single vector."""
BLOCK_MATCHES = 1 << 18
"""Most arg-maxima of two blocks, about; as 8-byte indices, several times over."""
TILE_ROWS = 1024
"""Key places of one tile, about."""
TILE_ENTRIES = 1 << 21
"""Dot products of one tile, about: 8 MiB in float32."""
STORED_BYTES = 12 << 20
"""Most bytes of arg-maxima kept for the backward pass; beyond, it computes them again block by block."""


def pairwise(
    images: Float[Tensor, "images dim rows cols"],
    captions: Float[Tensor, "captions dim frames"],
    lengths: Int[Tensor, "captions"],
    aggregation: Aggregation,
) -> Float[Tensor, "images captions"]:
    """Score of each picture (rows) with each caption (columns), differentiable in both (matchmaps Eq. 6-8).

    `lengths` are the valid frames of each caption, 1..frames, else `ValueError`; padded frames are excluded (they must
    be finite). Half-precision features are multiplied in their own type; means, scores and gradients accumulate in
    float32, and the scores are returned in float32. Autocast does not change any of this. Extra memory, result and
    gradients excluded, stays below 64 MiB for any number of pairs, unless single items are megabytes. Where several
    places share the maximum, the first (row by row, or earliest) takes the whole gradient; places within rounding of
    each other may swap against another way of multiplying. No second derivatives.
    """
    if not bool(((lengths >= 1) & (lengths <= captions.shape[2])).all()):
        raise ValueError(f"caption lengths must be 1..{captions.shape[2]} frames")
    common = torch.promote_types(images.dtype, captions.dtype)
    cells, frames = images.flatten(2).to(common), captions.to(common)
    with torch.autocast(images.device.type, enabled=False):
        if aggregation is Aggregation.SISA:
            return _pooled_scores(cells, frames, lengths)
        whole = torch.full((len(cells),), cells.shape[2], device=lengths.device)
        if aggregation is Aggregation.MISA:
            return _best_matches(cells, frames, whole, lengths)
        return _best_matches(frames, cells, lengths, whole).T


def _pooled_scores(
    cells: Float[Tensor, "images dim cells"],
    frames: Float[Tensor, "captions dim frames"],
    lengths: Int[Tensor, "captions"],
) -> Float[Tensor, "images captions"]:
    """SISA as the dot product of global averages (Eq. 3), which Eq. 5 shows to be the same number."""
    heard = torch.arange(frames.shape[2], device=frames.device) < lengths.to(frames.device)[:, None]
    pooled_captions = torch.bmm(frames, heard.to(frames.dtype)[:, :, None])[:, :, 0]
    wide = _accumulator(frames.dtype)
    mean_captions = pooled_captions.to(wide) / lengths.to(frames.device, wide)[:, None]
    return cells.mean(2, dtype=wide) @ mean_captions.T


def _best_matches(
    keys: Float[Tensor, "items dim places"],
    queries: Float[Tensor, "others dim spots"],
    key_lengths: Int[Tensor, "items"],
    query_lengths: Int[Tensor, "others"],
) -> Float[Tensor, "items others"]:
    wanted = torch.is_grad_enabled() and (keys.requires_grad or queries.requires_grad)
    return _BestMatches.apply(keys, queries, key_lengths.tolist(), query_lengths.tolist(), wanted)


def _accumulator(dtype: torch.dtype) -> torch.dtype:
    return torch.float64 if dtype == torch.float64 else torch.float32


@dataclass(frozen=True)
class _Side:
    """Keys or queries of the batch (items x dim x places), cut into blocks of whole items."""

    features: Tensor
    lengths: list[int]

    def blocks(self, most_bytes: int, most_places: int = BLOCK_MATCHES) -> list[slice]:
        items, dim, places = self.features.shape
        affordable = most_bytes // (max(4, self.features.element_size()) * dim)
        return _pieces(items, min(BLOCK_ITEMS, min(affordable, most_places) // places))

    def rows(self, block: slice, *, in_order: bool = False) -> tuple[Tensor, int]:
        """The block's places as rows, (items * longest) x dim, and the longest; padding repeats the first place.

        In memory the rows are columns where that is the cheaper copy (runs of places stay together), unless
        `in_order`.
        """
        longest = max(self.lengths[block])
        places = self.features[block, :, :longest]
        items, dim = places.shape[:2]
        by_row = in_order or self.features.stride(1) == 1
        order = (0, 2, 1) if by_row else (1, 0, 2)
        if min(self.lengths[block]) == longest:
            packed = places.permute(order)
        else:
            valid = self._valid(block, longest)[:, None].permute(order)
            packed = places.new_empty([places.shape[axis] for axis in order])
            torch.where(valid, places.permute(order), places[:, :, :1].permute(order), out=packed)
        return (packed.reshape(-1, dim) if by_row else packed.reshape(dim, items * longest).T), longest

    def shares(self, block: slice, longest: int) -> Tensor:
        """What each place weighs in the mean over its item, items x longest: 1 / length, 0 where padded."""
        valid = self._valid(block, longest).to(_accumulator(self.features.dtype))
        return valid / valid.sum(1, keepdim=True)

    def clamped(self, block: slice, first: Tensor) -> Tensor:
        """Arg-maxima, items x ..., as integers within each item: a padded place stands for the first."""
        lengths = torch.tensor(self.lengths[block], device=first.device)[:, None, None]
        first = first.long()
        return torch.where(first < lengths, first, 0)

    def add_rows(self, gradient: Tensor, block: slice, rows: Tensor, longest: int) -> None:
        """Add rows, as of `rows`, to a gradient laid out as the features."""
        items = rows.view(-1, longest, rows.shape[1])
        gradient[block, :, :longest] += items.transpose(1, 2).to(gradient.dtype)

    def _valid(self, block: slice, longest: int) -> Tensor:
        lengths = torch.tensor(self.lengths[block], device=self.features.device)
        return torch.arange(longest, device=lengths.device) < lengths[:, None]


class _BestMatches(torch.autograd.Function):
    """`score[a, b]`: mean over the queries of b of the best key of a. The gradient goes along the arg-maxima."""

    @staticmethod
    def forward(
        ctx: Any, keys: Tensor, queries: Tensor, key_lengths: list[int], query_lengths: list[int], wanted: bool
    ) -> Tensor:
        key_side, query_side = _Side(keys, key_lengths), _Side(queries, query_lengths)
        stored = _store(keys, queries) if wanted else None
        scores = keys.new_empty(len(keys), len(queries), dtype=_accumulator(keys.dtype))
        for block in key_side.blocks(FORWARD_BYTES[0]):
            key_rows, places = key_side.rows(block)
            most_places = BLOCK_MATCHES // (block.stop - block.start)
            for other in query_side.blocks(FORWARD_BYTES[1], most_places):
                query_rows, spots = query_side.rows(other)
                best, first = _maxima(key_rows, query_rows, places, with_index=stored is not None)
                best = best.view(len(best), -1, spots).to(scores.dtype)
                scores[block, other] = (best * query_side.shares(other, spots)).sum(2)
                if stored is not None and first is not None:
                    stored[block, other, :spots] = first.view(best.shape)
                del query_rows  # else two blocks are held while the next one is packed
            del key_rows
        ctx.save_for_backward(keys, queries)
        ctx.sides, ctx.stored = (key_lengths, query_lengths), stored
        return scores

    @staticmethod
    @once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride] - torch's decorator hides the name ctx
        ctx: Any, *gradients: Tensor
    ) -> tuple[Tensor | None, ...]:
        keys, queries = ctx.saved_tensors
        key_side, query_side = (_Side(*side) for side in zip((keys, queries), ctx.sides, strict=True))
        key_gradient, query_gradient = torch.zeros_like(keys), torch.zeros_like(queries)
        for block in key_side.blocks(BACKWARD_BYTES[0]):
            key_rows, places = key_side.rows(block, in_order=True)
            key_table = key_rows.to(_accumulator(keys.dtype))
            gathered = torch.zeros_like(key_table)
            most_places = BLOCK_MATCHES // (block.stop - block.start)
            for other in query_side.blocks(BACKWARD_BYTES[1], most_places):
                query_rows, spots = query_side.rows(other, in_order=True)
                if ctx.stored is None:
                    first = _index(key_rows, query_rows, places).view(-1, len(query_rows) // spots, spots)
                else:
                    first = ctx.stored[block, other, :spots]
                first = key_side.clamped(block, first)
                weights = gradients[0][block, other, None] * query_side.shares(other, spots)
                matches = _Matches(first.flatten(1), weights.flatten(1), places)
                query_side.add_rows(query_gradient, other, matches.to_queries(key_table), spots)
                gathered += matches.to_keys(query_rows.to(key_table.dtype))
                del query_rows  # else two blocks are held while the next one is packed
            key_side.add_rows(key_gradient, block, gathered, places)
            del key_rows, key_table, gathered
        return key_gradient, query_gradient, None, None, None


@dataclass(frozen=True)
class _Matches:
    """The non-zero entries of the gradient with respect to one block of dot products."""

    first: Tensor
    """Key place that each query chose, items x query rows."""
    weights: Tensor
    """Gradient with respect to its dot product, items x query rows."""
    places: int
    """Key places of an item."""

    def key_rows(self) -> Tensor:
        items = torch.arange(len(self.first), device=self.first.device)
        return self.first + items[:, None] * self.places

    def to_queries(self, key_table: Tensor) -> Tensor:
        """Each query row receives the keys that it chose, one of each item."""
        bags = self.key_rows().T.contiguous()
        return functional.embedding_bag(bags, key_table, mode="sum", per_sample_weights=self.weights.T.contiguous())

    def to_keys(self, query_table: Tensor) -> Tensor:
        """Each key row receives the queries that chose it."""
        chosen, order = self.key_rows().flatten().sort(stable=True)
        counts = torch.bincount(chosen, minlength=len(self.first) * self.places)
        return functional.embedding_bag(
            order % len(query_table),
            query_table,
            functional.pad(counts.cumsum(0), (1, 0)),
            mode="sum",
            include_last_offset=True,
            per_sample_weights=self.weights.flatten()[order],
        )


def _store(keys: Tensor, queries: Tensor) -> Tensor | None:
    """Room for the arg-maxima, items x others x spots, where they fit."""
    shape = len(keys), len(queries), queries.shape[2]
    kind = _index_type(keys.shape[2])
    fits = math.prod(shape) * kind.itemsize <= STORED_BYTES
    return torch.empty(shape, dtype=kind, device=keys.device) if fits else None


def _pieces(count: int, most: int) -> list[slice]:
    """Cut `count` things into pieces of `most` at most (one at least), as equal as can be."""
    step = math.ceil(count / math.ceil(count / max(1, most)))
    return [slice(first, min(first + step, count)) for first in range(0, count, step)]


def _index_type(places: int) -> torch.dtype:
    """The smallest integer type that counts to `places`."""
    return next(kind for kind in (torch.uint8, torch.int16, torch.int32) if places <= torch.iinfo(kind).max)


def _index(key_rows: Tensor, query_rows: Tensor, places: int) -> Tensor:
    first = _maxima(key_rows, query_rows, places, with_index=True)[1]
    assert first is not None
    return first


def _maxima(key_rows: Tensor, query_rows: Tensor, places: int, *, with_index: bool) -> tuple[Tensor, Tensor | None]:
    """Best match of each query row in each item of keys, items x query rows, and the first place that attains it.

    The place is found by comparing the tile with its maxima: several times faster than `max` with indices, and the
    first of equal ones on every device.
    """
    items, queries = len(key_rows) // places, len(query_rows)
    tops = _pieces(items, TILE_ROWS // places)
    lefts = _pieces(queries, TILE_ENTRIES // (tops[0].stop * places))
    buffer = key_rows.new_empty(tops[0].stop * places * lefts[0].stop)
    maxima = key_rows.new_empty(items, queries)
    kind = _index_type(places)
    first = torch.empty(items, queries, dtype=kind, device=key_rows.device) if with_index else None
    descending = torch.arange(places, 0, -1, device=key_rows.device).to(kind)[:, None]
    for left in lefts:
        some = query_rows[left].T
        for top in tops:
            rows = key_rows[top.start * places : top.stop * places]
            tile = buffer[: len(rows) * some.shape[1]].view(len(rows), -1)
            cube = torch.mm(rows, some, out=tile).view(-1, places, some.shape[1])
            best = cube.amax(1)
            maxima[top, left] = best
            if first is not None:
                rank = ((cube == best[:, None]) * descending).amax(1)
                first[top, left] = places - rank
    return maxima, first
