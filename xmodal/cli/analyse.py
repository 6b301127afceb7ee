"""`python -m xmodal analyse clusters|concepts`."""

import json as js
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from xmodal import workspace as workspaces
from xmodal.data.sample import Split
from xmodal.progress import told

if TYPE_CHECKING:
    from xmodal.analysis.discoveries import ClusterReport, ConceptReport

Run = Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RUN")]


@dataclass(frozen=True)
class Pairs:
    """What both commands look at."""

    data: str = "world:seed=1000"
    """A catalog, or a world such as `world:seed=7`."""
    n: int = 200
    """How many pairs to look at."""
    split: Split | None = None
    """Of a catalog only these items; default: all."""
    epoch: int | None = None
    """Weights of that epoch; default: the newest."""


Asked = Annotated[Pairs, tyro.conf.OmitArgPrefixes]
PICTURES = {"spots": {"__all__": {"picture"}}}
"""Left out of the JSON."""


def concepts(
    run: Run,
    asked: Asked = Pairs(),
    *,
    wordnet: Path | None = None,
    json: bool = False,
) -> int:
    """Read the dictionary of a run: what each dimension stands for, and how many have learned a concept.

    Args:
        run: Folder or name of a run, or name of a recipe (its newest run).
        asked: Pairs and weights.
        wordnet: Table of nouns that says which words are alike; default: the world's own senses.
        json: Print JSON.
    """
    from xmodal.analysis.discoveries import ConceptReport

    found = _answer("concepts", run, asked, wordnet=wordnet)
    assert isinstance(found, ConceptReport)
    if json:
        print(js.dumps(found.model_dump(mode="json", exclude={"top": {"__all__": PICTURES}})))
        return 0
    learned = f"{found.count} of {len(found.values)} dimensions above {found.learned_above:g}"
    print(f"{found.run}: {learned} ({found.pairs} pairs, {found.data})")
    for entry in found.top[:20]:
        print(f"  {entry.value:.2f}  {'/'.join(entry.words):<28} {entry.object:<20} unit {entry.unit}")
    return 0


def clusters(
    run: Run,
    asked: Asked = Pairs(),
    *,
    threshold: str = "percentile:95",
    count: int = 60,
    json: bool = False,
) -> int:
    """Find audio-visual clusters of a run: what is seen and said together, with the purity of word and object.

    Args:
        run: Folder or name of a run, or name of a recipe (its newest run).
        asked: Pairs and weights.
        threshold: Where matchmaps are cut: `percentile:95` of all scores, or `score:400`.
        count: How many clusters.
        json: Print JSON.
    """
    from xmodal.analysis.clusters import Clustering
    from xmodal.analysis.discoveries import ClusterReport

    kind, _, value = threshold.partition(":")
    cut = {"threshold": {"kind": kind, "value": value}}
    clustering = Clustering.model_validate({"segmentation": cut, "clusters": count})
    found = _answer("clusters", run, asked, clustering=clustering)
    assert isinstance(found, ClusterReport)
    if json:
        print(js.dumps(found.model_dump(mode="json", exclude={"listed": {"__all__": PICTURES}})))
        return 0
    print(
        f"{found.run}: {found.clusters} clusters of {found.components} components ({found.pairs} pairs, {found.data})"
    )
    print(f"  {'word':<20} {'object':<20} {'word':>6} {'object':>6} {'mean':>6} {'size':>5}")
    for entry in found.listed[:20]:
        purities = f"{entry.word_purity:>6.2f} {entry.object_purity:>6.2f} {entry.purity:>6.2f}"
        print(f"  {entry.word:<20} {entry.object:<20} {purities} {entry.size:>5}")
    return 0


def _answer(kind: str, run: str, asked: Pairs, **options: Any) -> "ConceptReport | ClusterReport":
    from xmodal.recipes.discover import Question, answer

    here = workspaces.current()
    here.prepare()
    common = {
        "kind": kind,
        "run": run,
        "data": asked.data,
        "pairs": asked.n,
        "split": asked.split,
        "epoch": asked.epoch,
    }
    return answer(Question.model_validate(common | options), here, told())


COMMANDS: dict[str, Callable[..., int]] = {"concepts": concepts, "clusters": clusters}
"""Commands of the group."""
