"""Search by vectors: exact search against reading the matrix once, and the FAISS engine against FAISS itself.

    python benchmarks/retrieval.py [--rows 100000] [--dim 512] [--large-rows 1000000] [--large-dim 256] [--rounds 31]

One thread, CPU time, ways in turn, round by round; ratios of medians within the run, and of the best rounds, which
other work on the machine disturbs least. The floor of exact search is the fastest of three ways to read the
memory-mapped matrix once: its largest entry, its sum, and its product with a query by BLAS; each is printed. FAISS is
asked for the same 10 rows of the same index with the same number of lists. `--large-rows 0` leaves FAISS out (its
table takes 4 bytes a number on the disk of the temporary folder and in the page cache, and 1 byte a number in memory).
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import numpy as np

from xmodal.data.sample import Split
from xmodal.embeddings.exact import ExactSearcher
from xmodal.embeddings.ivf import ivf_searcher
from xmodal.embeddings.ivf import options as ivf_options
from xmodal.embeddings.search import Found
from xmodal.embeddings.table_index import Precision, TableKey
from xmodal.embeddings.table_writer import TableWriter
from xmodal.embeddings.unit_rows import unit_rows
from xmodal.embeddings.vector_table import Row, VectorTable
from xmodal.modality import Modality
from xmodal.seeding import stream

K = 10
KEY = TableKey(weights="drawn", layer="drawn", catalog="drawn", modalities=(Modality.IMAGE,))
PART_ROWS = 16_384
FREEDOM = 16
"""Degrees of freedom of the drawn vectors."""


def drawn(rows: int, dim: int, part: int) -> np.ndarray:
    """Vectors with few degrees of freedom in many numbers, as a network's are: a bent sheet, and some noise."""
    first = stream(0, "first layer").standard_normal((FREEDOM, 64), np.float32) / FREEDOM**0.5
    second = stream(0, "second layer").standard_normal((64, dim), np.float32) / 8
    random = stream((1, part), "vectors")
    inner = np.tanh(random.standard_normal((rows, FREEDOM), np.float32) @ first)
    return inner @ second + 0.1 * random.standard_normal((rows, dim), np.float32)


def table(folder: Path, rows: int, dim: int, precision: Precision = "float32") -> VectorTable:
    """A table of drawn vectors."""
    with TableWriter(folder, KEY, dim=dim, precision=precision) as writer:
        for first in range(0, rows, PART_ROWS):
            count = min(PART_ROWS, rows - first)
            named = [Row(str(place), place, Modality.IMAGE, Split.TRAIN) for place in range(first, first + count)]
            writer.append(drawn(count, dim, first), named, items_done=first + count)
        writer.finish()
    return VectorTable(folder)


def timed(ways: dict[str, Callable[[int], object]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each way in each round; the first round warms up."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            start = time.process_time()
            way(turn)
            if turn > 0:
                taken[name].append(time.process_time() - start)
    return taken


def show(name: str, mine: list[float], theirs: list[float], demand: str = "") -> None:
    """One ratio beside what is demanded."""
    middle, best = statistics.median(mine) / statistics.median(theirs), min(mine) / min(theirs)
    print(f"  {name:<58} {middle:7.3f}  best rounds {best:7.3f}   {demand}")


def share(found: Found, truth: Found) -> float:
    """Of the true neighbours that were found."""
    pairs = zip(truth.positions, found.positions, strict=True)
    return float(np.mean([np.isin(true, mine).mean() for true, mine in pairs]))


def exact(folder: Path, rows: int, dim: int, rounds: int) -> None:
    """Exact search and the ways to read its matrix once."""
    whole = table(folder / "single", rows, dim)
    half = table(folder / "half", rows, dim, "float16")
    matrix, queries = whole.vectors, unit_rows(drawn(256, dim, rows))
    scores = np.empty(rows, np.float32)
    engine, halved = ExactSearcher(matrix), ExactSearcher(half.vectors)
    readers: dict[str, Callable[[int], object]] = {
        "its largest entry": lambda _: matrix.max(),
        "its sum": lambda _: matrix.sum(),
        "its product with a query (BLAS)": lambda turn: np.dot(matrix, queries[turn % 256], out=scores),
    }
    ways: dict[str, Callable[[int], object]] = {
        "one query": lambda turn: engine.search(queries[turn % 256][None], K),
        "one query, float16": lambda turn: halved.search(queries[turn % 256][None], K),
    }
    seconds = timed(readers | ways, rounds)
    floor = min(readers, key=lambda name: statistics.median(seconds[name]))
    print(f"exact, {rows:,} x {dim}; the fastest way to read the matrix once is {floor}")
    show("one query / reading once", seconds["one query"], seconds[floor], "<= 1.15")
    for name in readers:
        show(f"  beside {name}", seconds["one query"], seconds[name])
    show("one query, float16 / reading float32 once", seconds["one query, float16"], seconds[floor])
    products = timed(
        {"ours": lambda _: engine.search(queries, K), "product": lambda _: _product(matrix, queries)},
        max(3, rounds // 8),
    )
    show("256 queries together / their matrix product alone", products["ours"], products["product"])
    found = share(halved.search(queries, K), engine.search(queries, K))
    print(f"  {'recall@10 of float16':<58} {found:7.4f}")


def _product(matrix: np.ndarray, queries: np.ndarray) -> None:
    for first in range(0, len(matrix), PART_ROWS):
        np.matmul(queries, matrix[first : first + PART_ROWS].T)


def approximate(folder: Path, rows: int, dim: int, rounds: int) -> None:
    """The FAISS engine and FAISS."""
    whole = table(folder / "large", rows, dim)
    engine = ivf_searcher(whole)
    index, options = engine.index, ivf_options(engine.measured.probes)
    queries = unit_rows(drawn(200, dim, rows))

    def ours(turn: int) -> None:
        engine.search(queries[turn % 200][None], K)

    def theirs(turn: int) -> None:  # another query than ours: its lists would be in the cache
        index.search(queries[(turn + 100) % 200][None], K, params=options)

    seconds = timed({"ours": ours, "faiss": theirs}, rounds * 10)
    truth = ExactSearcher(whole.vectors).search(queries, K)
    print(f"FAISS IVF-SQ8, {rows:,} x {dim}, {engine.measured.probes} of {index.nlist} lists")
    show("one query / FAISS used directly", seconds["ours"], seconds["faiss"], "<= 1.10")
    print(f"  {'recall@10 that the engine reports (own vectors)':<58} {engine.measured.recall_at_10:7.4f}")
    print(f"  {'recall@10 of 200 queries that it never saw':<58} {share(engine.search(queries, K), truth):7.4f}")
    direct = Found(index.search(queries, K, params=options)[1], truth.scores)
    print(f"  {'recall@10 of FAISS used directly, the same lists':<58} {share(direct, truth):7.4f}")


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--dim", type=int, default=512)
    parser.add_argument("--large-rows", type=int, default=1_000_000)
    parser.add_argument("--large-dim", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=31)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        exact(Path(folder), chosen.rows, chosen.dim, chosen.rounds)
        if chosen.large_rows:
            approximate(Path(folder), chosen.large_rows, chosen.large_dim, chosen.rounds)


if __name__ == "__main__":
    main()
