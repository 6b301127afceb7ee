"""What a run makes of a stretch of the world, computed once and kept beside its weights, so that pages need no job.

`results/results.json` says of which weights and which items it is; `results/results.safetensors` holds the numbers.
"""

from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from xmodal.analysis.observed import ids_of
from xmodal.data import load
from xmodal.data.sample import Sample
from xmodal.embeddings.pair_maps import PairMaps, pair_maps
from xmodal.errors import InputError, reason
from xmodal.modality import Modality
from xmodal.models.contract import Encoded
from xmodal.progress import Progress, Silent
from xmodal.recipes.matched import Trained, match, opened
from xmodal.recipes.networks import vocabulary_of
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.sources import pairs_of, source_of
from xmodal.runs.index import read_index
from xmodal.runs.run import Run, RunError
from xmodal.similarity.matchmap import Aggregation
from xmodal.similarity.pairwise import pairwise
from xmodal.storage import atomic_directory, atomic_write, file_sha256
from xmodal.workspace import Workspace

FOLDER, INDEX, TENSORS = "results", "results.json", "results.safetensors"
TOP = 10
"""How many of the best are kept for each item."""
MATCHMAPS = 6
"""Items, the first ones, whose matchmaps are kept whole."""


class ResultsIndex(BaseModel):
    """What `results.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, le=1)
    weights: str
    """SHA-256 of the weights that made them."""
    data: WorldData
    aggregation: Aggregation
    caption: Modality
    ids: tuple[str, ...]
    """Items in order."""
    sha256: str
    """Of the tensors' file."""


@dataclass(frozen=True)
class Results:
    """Vectors, neighbours and ranks of many items, and some matchmaps."""

    index: ResultsIndex
    pictures: Float[Tensor, "items dim"]
    """Mean of each image map; float16, as kept."""
    captions: Float[Tensor, "items dim"]
    """Mean of each caption map over its own frames."""
    best_captions: Int[Tensor, "items top"]
    """Of each picture: positions of the captions that match it best, best first."""
    best_pictures: Int[Tensor, "items top"]
    """Of each caption: positions of the pictures likewise."""
    caption_ranks: Int[Tensor, "items"]
    """Rank of each picture's own caption, from 1; equal scores before it."""
    picture_ranks: Int[Tensor, "items"]
    """Rank of each caption's own picture."""
    matchmaps: tuple[Float[Tensor, "rows cols _"], ...]
    """Of the first items: whole picture, nothing cut."""

    def recall_at(self, k: int) -> dict[str, float]:
        """Share of items whose own partner is among the best `k`, in both directions."""
        caption = self.index.caption.value
        return {
            f"{caption}_to_image": float((self.picture_ranks <= k).float().mean()),
            f"image_to_{caption}": float((self.caption_ranks <= k).float().mean()),
        }


def computed(run: Run, data: WorldData, workspace: Workspace, *, progress: Progress | None = None) -> Results:
    """The results of a run on some items of a world; pairs are prepared in the workspace's cache.

    Raises:
        RunError: the run has no checkpoint, or is not of this version.
    """
    progress = progress or Silent()
    trained = opened(run)
    recipe = trained.recipe
    pairs = pairs_of(recipe, data, workspace, progress, vocabulary_of(run))
    maps = pair_maps(trained.model, pairs, progress=progress)
    scores = pairwise(maps.images, maps.captions, maps.lengths, recipe.aggregation)
    pictures, captions = vectors(maps)
    source = source_of(data, workspace)
    index = ResultsIndex(
        weights=read_index(run.checkpoint()).files["model.safetensors"],
        data=data,
        aggregation=recipe.aggregation,
        caption=recipe.pair.caption,
        ids=ids_of(pairs),
        sha256="",
    )
    most = min(TOP, len(pairs))
    return Results(
        index,
        pictures=pictures.half(),
        captions=captions.half(),
        best_captions=scores.topk(most, dim=1).indices.to(torch.int16),
        best_pictures=scores.topk(most, dim=0).indices.T.contiguous().to(torch.int16),
        caption_ranks=_ranks(scores),
        picture_ranks=_ranks(scores.T),
        matchmaps=tuple(
            whole_matchmap(trained, source[pairs.positions[place]]) for place in range(min(MATCHMAPS, len(pairs)))
        ),
    )


def vectors(maps: PairMaps) -> tuple[Float[Tensor, "items dim"], Float[Tensor, "items dim"]]:
    """Means of image maps, and of caption maps over their own frames (matchmaps Eq. 1-2)."""
    return Encoded(maps.images, None).pooled(), Encoded(maps.captions, maps.lengths).pooled()


def whole_matchmap(trained: Trained, sample: Sample) -> Float[Tensor, "rows cols frames"]:
    """The matchmap of an item, as the player shows it."""
    picture = load.picture(sample, trained.recipe.pair.picture, size_px=512)
    reads = trained.caption is Modality.TEXT
    caption = load.texts(sample)[0] if reads else load.waveform(sample, trained.caption)
    return torch.from_numpy(match(trained, picture, caption).scores)


def _ranks(scores: Float[Tensor, "items items"]) -> Int[Tensor, "items"]:
    """Of each row's own column, from 1; ties count against it."""
    return (scores >= scores.diagonal()[:, None]).sum(dim=1).to(torch.int32)


def keep(results: Results, run: Run) -> Path:
    """Write results beside the run's checkpoints, in one piece; older ones are replaced."""
    folder = run.folder / FOLDER
    names = ("pictures", "captions", "best_captions", "best_pictures", "caption_ranks", "picture_ranks")
    tensors = {name: getattr(results, name).contiguous() for name in names}
    tensors |= {f"matchmap_{place}": each.contiguous() for place, each in enumerate(results.matchmaps)}
    with atomic_directory(folder) as new:
        safetensors.torch.save_file(tensors, new / TENSORS)
        index = results.index.model_copy(update={"sha256": file_sha256(new / TENSORS)})
        atomic_write(new / INDEX, index.model_dump_json(indent=1))
    return folder


def kept(run: Run) -> Results | None:
    """The results beside a run; None if there are none or they are of other weights.

    Raises:
        RunError: they are damaged.
    """
    folder = run.folder / FOLDER
    if not (folder / INDEX).is_file():
        return None
    try:
        index = ResultsIndex.model_validate_json((folder / INDEX).read_bytes())
        if index.weights != read_index(run.checkpoint()).files["model.safetensors"]:
            return None
        if file_sha256(folder / TENSORS) != index.sha256:
            raise RunError(f"{folder / TENSORS} is not the file that was saved (its SHA-256 differs)")
        tensors = safetensors.torch.load_file(folder / TENSORS)
        maps = [tensors.pop(name) for name in sorted(tensors) if name.startswith("matchmap_")]
        return Results(index, matchmaps=tuple(maps), **tensors)
    except (OSError, ValueError, TypeError, safetensors.SafetensorError, InputError) as error:
        raise RunError(f"{folder}: damaged results: {reason(error)}") from error
