"""What was measured of a run on some data, for the papers' tables: computed once, kept, and shown without a job.

Kept in the workspace's cache, one file a measurement; of a run that is given away also beside its weights.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from xmodal.data.sample import Split
from xmodal.errors import InputError
from xmodal.evaluation.published import rows_in
from xmodal.evaluation.retrieval import retrieve
from xmodal.evaluation.tables import Scored
from xmodal.progress import Progress, Silent
from xmodal.recipes import sense_scores
from xmodal.recipes.discover import Question as Discovery
from xmodal.recipes.discover import answer as discover
from xmodal.recipes.localised import localised
from xmodal.recipes.networks import (
    load_matchmaps,
    matchmap_recipe_of,
    recipe_of,
    vocabulary_of,
)
from xmodal.recipes.recipe import Data, Recipe
from xmodal.recipes.results import FOLDER
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sources import data_of, pairs_of, source_of
from xmodal.runs.index import read_index
from xmodal.runs.run import Run
from xmodal.storage import atomic_write, digest
from xmodal.workspace import Workspace

FORMAT = 1
"""Of what is kept, and of what its numbers mean: a new one has everything measured again."""
FILE = "scores.json"
Measure = Literal["retrieval", "localisation", "concepts", "senses", "transfer"]
MEASURE_OF: dict[str, Measure] = {
    "matchmaps.4": "localisation",
    "matchmaps.5": "concepts",
    "see_hear_read.1": "senses",
    "see_hear_read.2": "senses",
    "see_hear_read.3": "transfer",
}
"""What is measured for a table; for the others it is retrieval."""
SPLITS: dict[Measure, int] = {"senses": 5}
"""How many times as many pairs compete among each other, where that is not once (see_hear_read section 4.2)."""
FULL_FRAME = "full-frame"
"""The baseline of matchmaps Table 4, which no network computes."""
_SEED_ONLY = {"seed", "start", "title", "ours", "rows", "device", "keep_epochs", "concept_pairs"}
"""Fields in which runs of one family may differ. Of the starts: two seeds may start from two seeds of a start."""


class Scores(BaseModel):
    """One measurement."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=FORMAT, le=FORMAT)
    measure: Measure
    weights: str
    """SHA-256 of the weights."""
    source: str
    """Digest of the items."""
    data: str
    """The same as the command line named them."""
    n: int
    """Pairs asked for."""
    pairs: int
    """Pairs that there were, in all splits together."""
    splits: int = 1
    """Into how many parts they were cut; the scores are means over these."""
    ours: dict[str, dict[str, float]]
    """Direction (or `localisation`, `concepts`) -> measure -> value."""
    baselines: dict[str, dict[str, dict[str, float]]] = {}
    """Rows that no network computes, on the same items: row -> direction -> measure -> value."""


_MANY = TypeAdapter(tuple[Scores, ...])


class Asked(BaseModel):
    """What to measure on which pairs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: Measure = "retrieval"
    data: str = "world:seed=1000"
    """A catalog (its test items), or a world such as `world:seed=7`."""
    n: int = Field(default=1000, ge=2)
    """How many pairs compete, or are searched."""
    splits: int = Field(default=1, ge=1, le=100)
    """So many times as many pairs are taken, each part competes for itself, and the scores are means."""

    def pairs(self) -> Data:
        """The same for the library."""
        return data_of(self.data, items=self.n * self.splits, split=Split.TEST)


def measured(
    run: Run, asked: Asked, workspace: Workspace, *, epoch: int | None = None, progress: Progress | None = None
) -> Scores:
    """The scores, measured unless they are kept.

    Raises:
        InputError: no such data or checkpoint, or the run cannot be measured so.
    """
    source = source_of(asked.pairs(), workspace).digest
    weights = weights_of(run, epoch)
    for found in kept(run, workspace, weights=weights):
        if (found.measure, found.source, found.n, found.splits) == (asked.measure, source, asked.n, asked.splits):
            return found.model_copy(update={"data": asked.data})
    pairs, ours, baselines = _MEASURES[asked.measure](run, asked, workspace, epoch, progress or Silent())
    found = Scores(
        **asked.model_dump(), weights=weights, source=source, pairs=pairs, ours=ours, baselines=baselines
    )  # fmt: skip
    key = digest(str(FORMAT), source, asked.measure, str(asked.n), str(asked.splits))
    atomic_write(_folder(workspace) / f"{_stem(run, weights)}-{key[:16]}.json", found.model_dump_json())
    return found


def measure_of(run: Run, table: str = "") -> Measure:
    """What is measured of a run for a table, or for none.

    Raises:
        RunError: this version cannot read its recipe.
    """
    return MEASURE_OF.get(table, "senses" if isinstance(recipe_of(run), SeeHearReadRecipe) else "retrieval")


def weights_of(run: Run, epoch: int | None = None) -> str:
    """SHA-256 of the weights after an epoch, or of the newest.

    Raises:
        RunError: there are none.
    """
    return read_index(run.checkpoint(epoch)).files["model.safetensors"]


def kept(run: Run, workspace: Workspace, *, weights: str | None = None) -> tuple[Scores, ...]:
    """Everything that was measured of a run's weights (None: the newest), here or where the run was made."""
    weights = weights or weights_of(run)
    paths = sorted(_folder(workspace).glob(f"{_stem(run, weights)}-*.json"))
    found = {(each.measure, each.source, each.n, each.splits): each for each in (*_beside(run), *_read(paths))}
    return tuple(each for each in found.values() if each.weights == weights)


def keep_beside(run: Run, scores: Iterable[Scores]) -> Path:
    """Write scores beside a run's results, to be given away with it; they count as scores of its newest weights."""
    own = weights_of(run)
    found = tuple(each.model_copy(update={"weights": own}) for each in scores)
    path = run.folder / FOLDER / FILE
    atomic_write(path, _MANY.dump_json(found, indent=1))
    return path


def scored(run: Run, found: Scores, table: str = "") -> tuple[Scored, ...]:
    """The scores as rows of a table; those of the baselines on the same items go along."""
    recipe = recipe_of(run)
    rows = rows_in(table, recipe.rows)
    label = recipe.name
    own = Scored(run.name, rows, found.ours, recipe.seed, share_of(recipe), family_of(recipe), label)
    others = [
        Scored(label, (f"{table}/{row}",), measures, family=label, label=label)
        for row, measures in found.baselines.items()
        for label in (row.replace("-", " "),)
    ]
    return own, *others


def share_of(recipe: Recipe) -> float:
    """Share of its data that the last stage learns from."""
    return recipe.data[recipe.plan[-1].data].share


def family_of(recipe: Recipe) -> str:
    """Names all recipes that differ from this one in their seed, and in how much of the data they use."""
    plain = {name: data.model_copy(update={"share": 1.0}) for name, data in recipe.data.items()}
    content = recipe.model_copy(update={"data": plain}).model_dump_json(exclude=_SEED_ONLY)
    return digest(content, *(branch for start in recipe.start for branch in recipe.parts_of(start)))


def _stem(run: Run, weights: str) -> str:
    """Runs of two recipes never share scores: what they are given may be cut differently."""
    return digest(weights, family_of(recipe_of(run)))[:16]


def _folder(workspace: Workspace) -> Path:
    return workspace.cache / "scores"


def _beside(run: Run) -> tuple[Scores, ...]:
    try:
        return _MANY.validate_json((run.folder / FOLDER / FILE).read_bytes())
    except (FileNotFoundError, ValidationError):  # of a newer version: measured again
        return ()


def _read(paths: Iterable[Path]) -> tuple[Scores, ...]:
    found = []
    for path in paths:
        try:
            found.append(Scores.model_validate_json(path.read_bytes()))
        except (FileNotFoundError, ValidationError):  # removed meanwhile, or of a newer version
            continue
    return tuple(found)


_Measured = tuple[int, dict[str, dict[str, float]], dict[str, dict[str, dict[str, float]]]]
"""Pairs, scores, and those of the baselines."""


def _retrieval(run: Run, asked: Asked, workspace: Workspace, epoch: int | None, progress: Progress) -> _Measured:
    recipe, model = matchmap_recipe_of(run), load_matchmaps(run, epoch=epoch)  # before the data, which take their time
    pairs = pairs_of(recipe, asked.pairs(), workspace, progress, vocabulary_of(run)).first(asked.n)
    found = retrieve(model, pairs, recipe.aggregation, progress=progress)
    return len(pairs), {direction: each.as_dict() for direction, each in found.items()}, {}


def _senses(run: Run, asked: Asked, workspace: Workspace, epoch: int | None, progress: Progress) -> _Measured:
    what = sense_scores.Measured(run, workspace, epoch, progress)
    return sense_scores.retrieved(what, asked.pairs(), asked.n, asked.splits)


def _transfer(run: Run, asked: Asked, workspace: Workspace, epoch: int | None, progress: Progress) -> _Measured:
    what = sense_scores.Measured(run, workspace, epoch, progress)
    data = data_of(asked.data, items=sense_scores.LOOKED_AT, split=Split.TEST)
    return sense_scores.transferred(what, data, asked.n)


def _localisation(run: Run, asked: Asked, workspace: Workspace, epoch: int | None, progress: Progress) -> _Measured:
    found = localised(run, asked.pairs(), asked.n, workspace, epoch=epoch, progress=progress)
    ours, full_frame = ({"localisation": found.as_dict(each)} for each in (found.scores, found.full_frame))
    return found.images, ours, {FULL_FRAME: full_frame}


def _concepts(run: Run, asked: Asked, workspace: Workspace, epoch: int | None, progress: Progress) -> _Measured:
    named = {"run": str(run.folder), "data": asked.data, "pairs": asked.n, "split": Split.TEST, "epoch": epoch}
    found = discover(Discovery.model_validate({"kind": "concepts", **named}), workspace, progress)
    if found.kind != "concepts":
        raise InputError(f"{run.name}: asked for concepts, found {found.kind}")
    counts = {"count": float(found.count), "units": float(len(found.values)), "learned_above": found.learned_above}
    return found.pairs, {"concepts": counts}, {}


_MEASURES = {
    "senses": _senses, "transfer": _transfer, "retrieval": _retrieval, "localisation": _localisation,
    "concepts": _concepts,
}  # fmt: skip
