"""What is true about prepared pairs, read again from where they came from."""

from collections.abc import Iterator

from xmodal.analysis.observed import Truths, ids_of, truths_of
from xmodal.data.sample import Sample
from xmodal.features.pairs import PreparedPairs
from xmodal.progress import Progress
from xmodal.recipes.recipe import Data
from xmodal.recipes.sources import source_of
from xmodal.workspace import Workspace


def truths_for(pairs: PreparedPairs, data: Data, workspace: Workspace, progress: Progress | None = None) -> Truths:
    """Label maps and words of pairs that were prepared from some data (before a training that logs its concepts)."""
    return truths_of(pairs, samples_behind(pairs, data, workspace), progress=progress)


def samples_behind(pairs: PreparedPairs, data: Data, workspace: Workspace) -> Iterator[Sample]:
    """The samples behind prepared pairs, in their order."""
    source = source_of(data, workspace)
    wanted = set(ids_of(pairs))
    for place in range(len(source)):
        if not wanted:
            return
        sample = source[place]
        if sample.id in wanted:
            wanted.remove(sample.id)
            yield sample
