"""Sample predictions: the matchmaps of a few fixed validation pairs, from before the first step on.

`samples/samples.json` names the pairs and says what was heard; `item-0.jpg` and `item-0.flac` are their media (a text
stands in the index); `step-0000120.safetensors` holds their matchmaps after that step. All that is needed to look at
them lies in the run: the data may be gone by then.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors.numpy
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field

from xmodal.analysis.matchmaps import matchmap_of, picture_of, sound_of, text_of
from xmodal.analysis.scored import Matchmap
from xmodal.data import decode, encode, load
from xmodal.data.decode import MediaError
from xmodal.data.sample import Sample, Waveform, Word
from xmodal.errors import reason
from xmodal.features.pairs import PreparedPairs
from xmodal.modality import Modality
from xmodal.models.matchmaps import MatchmapModel
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.truths import samples_behind
from xmodal.runs.run import Run, RunError
from xmodal.similarity.matchmap import Aggregation, aggregate, matchmap
from xmodal.storage import atomic_write, remove_leftovers
from xmodal.workspace import Workspace

FOLDER, INDEX = "samples", "samples.json"
PAIRS = 4
"""How many pairs are looked at."""
PICTURE_PX = 384
"""Longer side of the kept pictures."""
LONGEST_S = 20.0
"""Of the kept recordings; longer ones are cut."""
FIRST_STEPS = frozenset({0, 10, 30, 100, 300, 1_000})
"""Besides epochs: most of what can be seen happens early."""
SPARSER = 1.05
"""An epoch's end is looked at if it is so many times as far as the last look: of twenty all are, of a thousand few."""


class SampleItem(BaseModel):
    """One pair."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """Of the item in its data."""
    text: str = ""
    """What the network reads, if it reads."""
    words: tuple[tuple[str, float, float], ...] = ()
    """Spoken words with their begin and end in seconds, where they are known."""


class SamplesIndex(BaseModel):
    """What `samples.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, le=1)
    caption: Modality
    aggregation: Aggregation
    items: tuple[SampleItem, ...]


@dataclass(frozen=True)
class Sampled:
    """The matchmaps after a step."""

    step: int
    maps: tuple[Matchmap, ...]
    """Of every pair."""
    scores: Float[np.ndarray, "pictures captions"]
    """Of every picture with every caption, in the recipe's similarity; the diagonal are the true pairs."""


@dataclass(frozen=True)
class SampleMedia:
    """What one pair looks and sounds like."""

    picture: UInt8[np.ndarray, "rows cols 3"]
    caption: Waveform | str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Samples:
    """The sample predictions of a run."""

    run: Run

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.run.folder / FOLDER

    def index(self) -> SamplesIndex | None:
        """The pairs; None if there are none.

        Raises:
            RunError: damaged.
        """
        try:
            return SamplesIndex.model_validate_json((self.folder / INDEX).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise RunError(f"{self.folder / INDEX} is damaged: {reason(error)}") from error

    def steps(self) -> tuple[int, ...]:
        """Steps after which they were taken, ascending."""
        return tuple(sorted(int(path.stem.rpartition("-")[2]) for path in self.folder.glob("step-*.safetensors")))

    def changed_ns(self, step: int) -> int | None:
        """When those of that step were written; None if they are gone."""
        try:
            return self._path(step).stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def at(self, step: int) -> Sampled:
        """The matchmaps after a step.

        Raises:
            RunError: missing or damaged.
        """
        path = self._path(step)
        try:
            tensors = safetensors.numpy.load_file(path)
            count = len(tensors["scores"])
            maps = tuple(
                Matchmap(
                    scores=tensors[f"map_{place}"].astype(np.float32),
                    row_centres=tensors[f"rows_{place}"],
                    col_centres=tensors[f"cols_{place}"],
                    times_s=tensors[f"times_{place}"],
                )
                for place in range(count)
            )
            return Sampled(step, maps, tensors["scores"])
        except (OSError, KeyError, safetensors.SafetensorError) as error:
            raise RunError(f"{path}: damaged sample predictions: {reason(error)}") from error

    def media(self, place: int) -> SampleMedia:
        """Picture and caption of a pair.

        Raises:
            RunError: missing or damaged.
        """
        index = self.index()
        if index is None or not 0 <= place < len(index.items):
            raise RunError(f"{self.run.name} has no sample {place}")
        item = index.items[place]
        try:
            picture = decode.picture(io.BytesIO((self.folder / f"item-{place}.jpg").read_bytes()))
            if index.caption is Modality.TEXT:
                return SampleMedia(picture, item.text, ())
            sound = decode.waveform(io.BytesIO((self.folder / f"item-{place}.flac").read_bytes()))
        except (OSError, MediaError) as error:
            raise RunError(f"{self.folder}: damaged sample {place}: {reason(error)}") from error
        return SampleMedia(picture, sound, tuple(Word(*each) for each in item.words))

    def rewind(self, step: int) -> None:
        """Drop what was taken after that step, and what a killed trainer was writing: a resumed run takes it again."""
        remove_leftovers(self.folder)
        for each in self.steps():
            if each > step:
                self._path(each).unlink(missing_ok=True)

    def write(self, found: Sampled) -> None:
        """Keep the matchmaps after a step."""
        tensors: dict[str, np.ndarray] = {"scores": found.scores}
        for place, each in enumerate(found.maps):
            tensors[f"map_{place}"] = each.scores.astype(np.float16)
            tensors[f"rows_{place}"], tensors[f"cols_{place}"] = each.row_centres, each.col_centres
            tensors[f"times_{place}"] = each.times_s
        packed = {name: np.ascontiguousarray(each) for name, each in tensors.items()}
        atomic_write(self._path(found.step), safetensors.numpy.save(packed))

    def _path(self, step: int) -> Path:
        return self.folder / f"step-{step:07d}.safetensors"


class Sampler:
    """Takes the sample predictions of a training."""

    def __init__(self, run: Run, recipe: MatchmapRecipe, held_out: PreparedPairs, workspace: Workspace) -> None:
        self._recipe, self._vocabulary, self._samples = recipe, held_out.vocabulary, Samples(run)
        self._media = _media(held_out.first(PAIRS), recipe, workspace)
        if self._samples.index() is None:
            _keep(self._samples.folder, recipe, self._media)

    def wanted(self, step: int, steps: int, *, epoch_ended: bool) -> bool:
        """Whether to look after that step of so many; 0 is before the first."""
        if step in FIRST_STEPS or step == steps:
            return True
        return epoch_ended and step >= SPARSER * max((each for each in self._samples.steps() if each < step), default=0)

    def take(self, model: MatchmapModel, step: int) -> None:
        """Look, and keep what is seen."""
        hop_s = self._recipe.pair.hop_s
        seen = [picture_of(model, each.picture, self._recipe.picture) for _, each in self._media]
        heard = [self._caption(model, each.caption) for _, each in self._media]
        maps = tuple(matchmap_of(model, one, two, hop_s=hop_s) for one, two in zip(seen, heard, strict=True))
        scores = [
            [float(aggregate(matchmap(one.maps, two), self._recipe.aggregation)) for two in heard] for one in seen
        ]
        self._samples.write(Sampled(step, maps, np.array(scores, np.float32)))

    def _caption(self, model: MatchmapModel, caption: Waveform | str) -> Float[torch.Tensor, "dim _"]:
        if isinstance(caption, str):
            assert self._vocabulary is not None  # a recipe that reads has one
            return text_of(model, caption, self._vocabulary)
        return sound_of(model, caption, self._recipe.pair.spectrogram)


def _media(pairs: PreparedPairs, recipe: MatchmapRecipe, workspace: Workspace) -> list[tuple[str, SampleMedia]]:
    """Id and media of each pair."""
    behind = samples_behind(pairs, recipe.validation, workspace)
    return [(sample.id, _read(sample, recipe)) for sample in behind]


def _read(sample: Sample, recipe: MatchmapRecipe) -> SampleMedia:
    image = Image.fromarray(load.picture(sample, recipe.pair.picture, size_px=PICTURE_PX))
    image.thumbnail((PICTURE_PX, PICTURE_PX))
    picture = np.asarray(image)
    heard = recipe.pair.caption
    if heard is Modality.TEXT:
        return SampleMedia(picture, load.texts(sample)[0], ())
    sound = load.waveform(sample, heard)
    cut = Waveform(sound.samples[: int(LONGEST_S * sound.rate_hz)], sound.rate_hz)
    words = sample.truth.words if heard is Modality.SPEECH else ()
    return SampleMedia(picture, cut, tuple(word for word in words if word.end_s <= cut.duration_s))


def _keep(folder: Path, recipe: MatchmapRecipe, media: Sequence[tuple[str, SampleMedia]]) -> None:
    """Write the pairs down; the index comes last."""
    items = []
    for place, (identity, each) in enumerate(media):
        atomic_write(folder / f"item-{place}.jpg", encode.jpeg(each.picture))
        if not isinstance(each.caption, str):
            atomic_write(folder / f"item-{place}.flac", encode.flac(each.caption))
        text = each.caption if isinstance(each.caption, str) else ""
        words = tuple((word.text, word.start_s, word.end_s) for word in each.words)
        items.append(SampleItem(id=identity, text=text, words=words))
    index = SamplesIndex(caption=recipe.pair.caption, aggregation=recipe.aggregation, items=tuple(items))
    atomic_write(folder / INDEX, index.model_dump_json(indent=1))
