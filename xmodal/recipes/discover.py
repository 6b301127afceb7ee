"""What a trained run discovered in some data: asked by the command line and by a page, computed once, kept on disk."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from filelock import FileLock, Timeout
from jaxtyping import UInt8
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from xmodal.analysis.clusters import Clustering, clusters
from xmodal.analysis.concepts import ConceptRules, concepts
from xmodal.analysis.discoveries import ClusterReport, ConceptReport, cluster_report, concept_report
from xmodal.analysis.observed import observe
from xmodal.data import taxonomy
from xmodal.data.sample import Split
from xmodal.errors import reason
from xmodal.features.picture import prepared
from xmodal.progress import Progress, Recorded, Several, Silent
from xmodal.recipes.networks import find_run, load_matchmaps, matchmap_recipe_of, vocabulary_of
from xmodal.recipes.recipe import Data
from xmodal.recipes.sources import data_of, pairs_of, source_of
from xmodal.recipes.truths import truths_for
from xmodal.runs.index import read_index
from xmodal.storage import atomic_write, digest
from xmodal.workspace import Workspace

FORMAT = 1
"""Of what is kept, and of what its numbers mean: a new one has everything computed again."""
Kind = Literal["concepts", "clusters"]
Answer = ConceptReport | ClusterReport
_REPORT: TypeAdapter[ConceptReport | ClusterReport] = TypeAdapter(Answer)


class Question(BaseModel):
    """What is asked about a run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    run: str
    """Name or folder."""
    data: str
    """A catalog, or a world such as `world:seed=7`."""
    pairs: int = Field(default=200, ge=2)
    split: Split | None = None
    """Of a catalog: only these items; None: all."""
    epoch: int | None = None
    """Weights of that epoch; None: the newest."""
    clustering: Clustering = Clustering()
    rules: ConceptRules = ConceptRules()
    wordnet: Path | None = None
    """A table of nouns for Eq. 16 of matchmaps; None: the world's own senses."""


@dataclass(frozen=True)
class Work:
    """How far the computing of an answer is, from what is on disk."""

    running: bool
    stage: str = ""
    done: int = 0
    total: int | None = None
    fault: str = ""
    """Why the last attempt ended without an answer."""
    elapsed_s: float = 0.0
    """Time in which the newest of `done` were done."""
    before: int = 0
    """How many were done before that time."""


def kept_at(question: Question, workspace: Workspace) -> Path:
    """Where the answer is kept: the name depends on the weights, the data and all options.

    Raises:
        InputError: there is no such run or catalog.
    """
    run = find_run(question.run, workspace)
    weights = read_index(run.checkpoint(question.epoch)).files["model.safetensors"]
    source = source_of(_data(question), workspace).digest
    options = question.model_dump_json(exclude={"run", "data", "epoch"})
    key = digest(str(FORMAT), weights, source, matchmap_recipe_of(run).pair.model_dump_json(), options)
    return workspace.cache / "discoveries" / f"{question.kind}-{key[:16]}.json"


def known(question: Question, workspace: Workspace) -> Answer | None:
    """The answer if it is kept and readable."""
    return read(kept_at(question, workspace))


def read(path: Path) -> Answer | None:
    """An answer that is kept; None if it is not there or unreadable."""
    try:
        return _REPORT.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def answer(question: Question, workspace: Workspace, progress: Progress | None = None) -> Answer:
    """The answer, computed unless it is kept; who asks while another process computes it waits.

    Raises:
        InputError: there is no such run or catalog, or nothing of the data can be used.
    """
    path = kept_at(question, workspace)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(_lock(path)):
        if (found := known(question, workspace)) is not None:
            return found
        try:
            found = _computed(question, workspace, Several(progress or Silent(), Recorded(_record(path))))
        except BaseException as error:
            atomic_write(_record(path), json.dumps({"fault": reason(error)}))
            raise
        atomic_write(path, found.model_dump_json())
        _record(path).unlink(missing_ok=True)
    return found


def work_on(question: Question, workspace: Workspace) -> Work:
    """Whether some process computes the answer, and how far it is."""
    path = kept_at(question, workspace)
    try:
        content = json.loads(_record(path).read_bytes())
    except (OSError, ValueError):
        return Work(running=_locked(path))
    if "fault" in content:
        return Work(running=False, fault=str(content["fault"]))
    running = _locked(path)
    fault = "" if running else "it was stopped before its end"
    pace = {"elapsed_s": content.get("elapsed_s", 0.0), "before": content.get("before", 0)}
    return Work(running, str(content["stage"]), int(content["done"]), content["total"], fault, **pace)


def command_of(question: Question) -> tuple[str, ...]:
    """The command, after `python -m xmodal`, that computes the answer to a question with the usual options."""
    words = ["analyse", question.kind, question.run, "--data", question.data, "--n", str(question.pairs)]
    return (*words, *([] if question.epoch is None else ["--epoch", str(question.epoch)]))


def _record(path: Path) -> Path:
    return path.with_suffix(".progress.json")


def _lock(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _locked(path: Path) -> bool:
    if not path.parent.is_dir():
        return False
    try:
        with FileLock(_lock(path), timeout=0):
            return False
    except Timeout:
        return True


def _data(question: Question) -> Data:
    return data_of(question.data, items=question.pairs, split=question.split)


def _computed(question: Question, workspace: Workspace, progress: Progress) -> Answer:
    run = find_run(question.run, workspace)
    recipe, data = matchmap_recipe_of(run), _data(question)
    model = load_matchmaps(run, epoch=question.epoch)  # before the data, which take their time
    senses = taxonomy.world() if question.wordnet is None else taxonomy.read(question.wordnet)
    pairs = pairs_of(recipe, data, workspace, progress, vocabulary_of(run)).first(question.pairs)
    truths = truths_for(pairs, data, workspace, progress)
    observed = observe(model, pairs, truths, progress=progress)

    def picture(number: int) -> UInt8[np.ndarray, "_ _ 3"]:
        return prepared(pairs.prepared.picture(pairs.positions[number]), pairs.picture)

    named = {"run": run.name, "data": question.data}
    if question.kind == "concepts":
        found = concepts(observed, senses, question.rules, progress=progress)
        return concept_report(found, observed, picture, **named)
    return cluster_report(clusters(observed, question.clustering, progress=progress), observed, picture, **named)
