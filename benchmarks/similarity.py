"""Scores of all pairs of a batch: against a plain matrix product, the usual loops and autograd, and their memory.

    python benchmarks/similarity.py [--batch 80] [--frames 64 128] [--cells 7] [--rounds 5] [--threads 1]
                                    [--retrieval 200]

Ways are run in turn, round by round; the table shows medians of CPU seconds (wall seconds with several threads) and
ratios of medians within the run. "Loop" is the way of the first public matchmap code, written anew: per pair the map
as rows x cols x frames and two maxima, one after the other. Memory is the growth of a fresh process's high-water mark
over its inputs, results excluded (Linux). bf16 rows appear where the CPU multiplies bf16 (AMX or AVX-512), else a line
says no.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

if "--threads" not in sys.argv:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from torch import Tensor

from xmodal.similarity.matchmap import Aggregation
from xmodal.similarity.pairwise import pairwise

DIM = 1024
MIB = 1 << 20
BEST = (Aggregation.MISA, Aggregation.SIMA)


@dataclass(frozen=True)
class Batch:
    """Random features of pictures and captions."""

    images: Tensor
    captions: Tensor
    lengths: Tensor


def drawn(size: int, cells: int, frames: int, dtype: torch.dtype = torch.float32) -> Batch:
    """Unit-scale features, all frames valid."""
    generator = torch.Generator().manual_seed(0)
    return Batch(
        torch.randn(size, DIM, cells, cells, generator=generator).div_(DIM**0.5).to(dtype),
        torch.randn(size, DIM, frames, generator=generator).to(dtype),
        torch.full((size,), frames),
    )


def loop(batch: Batch, aggregation: Aggregation) -> Tensor:
    """One pair at a time, the map as rows x cols x frames."""
    scores = torch.empty(len(batch.images), len(batch.captions))
    for row, image in enumerate(batch.images):
        cells = image.flatten(1).T
        for column, caption in enumerate(batch.captions):
            cube = torch.mm(cells, caption).view(*image.shape[1:], -1)
            if aggregation is Aggregation.SISA:
                score = cube.mean()
            elif aggregation is Aggregation.MISA:
                score = cube.max(0).values.max(0).values.mean()
            else:
                score = cube.max(2).values.mean()
            scores[row, column] = score
    return scores


def whole_map(batch: Batch, aggregation: Aggregation) -> Tensor:
    """The 4-D map by einsum, then `amax`: what autograd differentiates."""
    cube = torch.einsum("idp,jdt->ijpt", batch.images.flatten(2), batch.captions)
    return cube.amax(2).mean(2) if aggregation is Aggregation.MISA else cube.amax(3).mean(2)


def ours(batch: Batch, aggregation: Aggregation) -> Tensor:
    """The product's way."""
    return pairwise(batch.images, batch.captions, batch.lengths, aggregation)


def product(batch: Batch) -> Callable[[], object]:
    """The same dot products as one matrix product, into a ready buffer."""
    cells = batch.images.flatten(2).transpose(1, 2).reshape(-1, DIM)
    frames = batch.captions.transpose(0, 1).reshape(DIM, -1)
    result = cells.new_empty(len(cells), frames.shape[1])
    return lambda: torch.mm(cells, frames, out=result)


def trained(batch: Batch, way: Callable[[Batch, Aggregation], Tensor], aggregation: Aggregation) -> tuple[Tensor, ...]:
    """Forward and backward."""
    images, captions = (part.detach().requires_grad_(True) for part in (batch.images, batch.captions))
    scores = way(Batch(images, captions, batch.lengths), aggregation)
    return torch.autograd.grad(scores, (images, captions), grad_outputs=torch.ones_like(scores))


def timed(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each way; ways take turns."""
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            start = clock()
            way()
            if turn > 0:  # the first round warms up
                taken[name].append(clock() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def show(name: str, value: float, demand: str) -> None:
    """One ratio beside what is demanded."""
    print(f"    {name:<58} {value:8.2f}   {demand}")


def multiplies_bf16() -> bool:
    """Whether this CPU has bf16 products: elsewhere they are emulated, many times slower than float32."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


def forward(size: int, cells: int, frames: int, rounds: int) -> None:
    """All pairs, float32 and bf16."""
    batch = drawn(size, cells, frames)
    ways: dict[str, Callable[[], object]] = {"product": product(batch)}
    for aggregation in BEST:
        ways[aggregation] = lambda aggregation=aggregation: ours(batch, aggregation)
        ways[f"loop {aggregation}"] = lambda aggregation=aggregation: loop(batch, aggregation)
    if multiplies_bf16():
        half = drawn(size, cells, frames, torch.bfloat16)
        ways["product bf16"] = product(half)
        for aggregation in BEST:
            ways[f"{aggregation} bf16"] = lambda aggregation=aggregation: ours(half, aggregation)
    with torch.no_grad():
        seconds = timed(ways, rounds)
    operations = 2 * size * size * cells * cells * frames * DIM
    rate = operations / seconds["product"] / 1e9
    print(f"  forward: matrix product {seconds['product'] * 1e3:.0f} ms, {rate:.0f} GFLOP/s")
    for aggregation in BEST:
        show(f"{aggregation} / product rate", seconds["product"] / seconds[aggregation], ">= 0.92")
        show(f"{aggregation} against the loop, times faster", seconds[f"loop {aggregation}"] / seconds[aggregation], "")
        if "product bf16" in seconds:
            mine = seconds[f"{aggregation} bf16"]
            show(f"{aggregation} bf16 / bf16 product rate", seconds["product bf16"] / mine, ">= 0.80")
            show(
                f"{aggregation} bf16 against the float32 loop",
                seconds[f"loop {aggregation}"] / mine,
                ">= 9 (T 64), 7 (T 128)",
            )


def training(size: int, cells: int, frames: int, rounds: int) -> None:
    """Forward and backward against autograd through the whole map."""
    batch = drawn(size, cells, frames)
    ways: dict[str, Callable[[], object]] = {}
    for aggregation in BEST:
        ways[aggregation] = lambda aggregation=aggregation: trained(batch, ours, aggregation)
        ways[f"autograd {aggregation}"] = lambda aggregation=aggregation: trained(batch, whole_map, aggregation)
    seconds = timed(ways, rounds)
    print("  forward + backward")
    for aggregation in BEST:
        theirs = seconds[f"autograd {aggregation}"]
        show(f"{aggregation} / autograd ({theirs * 1e3:.0f} ms)", seconds[aggregation] / theirs, "<= 0.55")
        fine = drawn(16, cells, frames, torch.float64)  # in float32 places within rounding of each other may swap
        pairs = zip(trained(fine, ours, aggregation), trained(fine, whole_map, aggregation), strict=True)
        apart = max(float((mine - exact).norm() / exact.norm()) for mine, exact in pairs)
        print(f"    {f'{aggregation} gradients apart, relative, float64, B 16':<58} {apart:8.1e}   <= 1e-5")


def pooled(size: int, cells: int, frames: int, rounds: int) -> None:
    """SISA."""
    batch = drawn(size, cells, frames)
    with torch.no_grad():
        seconds = timed(
            {"pooled": lambda: ours(batch, Aggregation.SISA), "loop": lambda: loop(batch, Aggregation.SISA)}, rounds
        )
    show("sisa pooled against the loop, times faster", seconds["loop"] / seconds["pooled"], ">= 60")


def retrieval(size: int, cells: int, frames: int) -> None:
    """A square of pictures and captions, scored once."""
    batch = drawn(size, cells, frames)
    with torch.no_grad():
        seconds = timed(
            {"ours": lambda: ours(batch, Aggregation.MISA), "loop": lambda: loop(batch, Aggregation.MISA)}, rounds=1
        )
    print(f"\nretrieval {size} x {size}, {cells}x{cells}, T {frames}: {seconds['ours']:.2f} s")
    show("misa against the loop, times faster", seconds["loop"] / seconds["ours"], "")


def high_water_mib() -> float:
    """The most memory this process held since the mark was reset."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measure_memory(size: int, cells: int, frames: int, aggregation: Aggregation, backward: bool) -> None:
    """In a fresh process: print the MiB by which the high-water mark grew beyond the inputs and the results."""
    small = drawn(2, 2, 4)
    trained(small, ours, aggregation)
    batch = drawn(size, cells, frames)
    torch.mm(torch.ones(2048, DIM), torch.ones(DIM, 64))
    Path("/proc/self/clear_refs").write_text("5")  # the mark is inherited from the parent process: start anew
    before = high_water_mib()
    with torch.set_grad_enabled(backward):
        results = trained(batch, ours, aggregation) if backward else (ours(batch, aggregation),)
    grown = high_water_mib() - before
    kept = sum(part.nbytes for part in results)
    print(f"{grown - kept / MIB:.1f}")


def memory(size: int, cells: int, frames: int) -> None:
    """Extra memory of each way, each in its own process."""
    for aggregation in BEST:
        for backward in (False, True):
            command = [
                sys.executable,
                __file__,
                "--memory-of",
                aggregation,
                "--batch",
                str(size),
                "--cells",
                str(cells),
            ]
            command += ["--frames", str(frames), *(["--backward"] if backward else [])]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            what = "forward + backward" if backward else "forward"
            show(
                f"{aggregation} {what}, extra MiB at B {size}, {cells}x{cells}, T {frames}", float(done.stdout), "<= 64"
            )


def speed(chosen: argparse.Namespace) -> None:
    """Everything that is timed."""
    if not multiplies_bf16():
        print("bf16: this CPU has neither AMX nor AVX-512 bf16 products; bf16 ratios are not measured")
    for frames in chosen.frames:
        print(f"\nB {chosen.batch}, D {DIM}, {chosen.cells}x{chosen.cells}, T {frames}")
        forward(chosen.batch, chosen.cells, frames, chosen.rounds)
        training(chosen.batch, chosen.cells, frames, chosen.rounds)
        pooled(chosen.batch, chosen.cells, frames, chosen.rounds)
    if chosen.retrieval:
        retrieval(chosen.retrieval, chosen.cells, chosen.frames[0])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=80)
    parser.add_argument("--cells", type=int, default=7, help="rows and columns of the image map")
    parser.add_argument("--frames", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--retrieval", type=int, default=200, help="pictures and captions of the retrieval; 0 = none")
    parser.add_argument("--memory-only", action="store_true", help="no timings")
    parser.add_argument("--memory-of", type=Aggregation, help=argparse.SUPPRESS)
    parser.add_argument("--backward", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    if chosen.memory_of is not None:
        measure_memory(chosen.batch, chosen.cells, chosen.frames[0], chosen.memory_of, chosen.backward)
        return
    print(f"torch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}, {chosen.threads} thread(s)")
    if not chosen.memory_only:
        speed(chosen)
    print("\nmemory")
    for size in (chosen.batch, 3 * chosen.batch):
        memory(size, chosen.cells, chosen.frames[-1])
    memory(chosen.batch // 2, 2 * chosen.cells, chosen.frames[-1])


if __name__ == "__main__":
    main()
