"""Which engine searches a table."""

from collections.abc import Callable
from enum import StrEnum

from xmodal.embeddings.exact import ExactSearcher
from xmodal.embeddings.ivf import EXACT_ROWS, ivf_searcher
from xmodal.embeddings.search import Searcher
from xmodal.embeddings.vector_table import VectorTable
from xmodal.progress import Progress, Silent


class Engine(StrEnum):
    """A way to search."""

    EXACT = "exact"
    IVF = "ivf"
    LANCE = "lance"


def searcher(table: VectorTable, engine: Engine | None = None, *, progress: Progress | None = None) -> Searcher:
    """A searcher over a table; by default exact up to `EXACT_ROWS` rows, and FAISS beyond.

    Raises:
        InputError: LanceDB was asked for and is not installed.
        OSError: an index has no room on the disk.
    """
    if engine is None:
        engine = Engine.EXACT if len(table) <= EXACT_ROWS else Engine.IVF
    return ENGINES[engine](table, progress or Silent())


def _exact(table: VectorTable, _: Progress) -> Searcher:
    return ExactSearcher(table.vectors)


def _ivf(table: VectorTable, progress: Progress) -> Searcher:
    return ivf_searcher(table, progress=progress)


def _lance(table: VectorTable, progress: Progress) -> Searcher:
    """A copy in the table's folder; a collection elsewhere is searched by `lance_search.lance_searcher`."""
    from xmodal.embeddings.lance import copied
    from xmodal.embeddings.lance_search import lance_searcher

    return lance_searcher(copied(table, str(table.folder / "lance"), progress=progress))


ENGINES: dict[Engine, Callable[[VectorTable, Progress], Searcher]] = {
    Engine.EXACT: _exact,
    Engine.IVF: _ivf,
    Engine.LANCE: _lance,
}
