"""Real child processes that need not import torch: they come from a server that has."""

import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import safetensors.torch
import torch

from tests.training.tiny import go_on
from xmodal.cli import main
from xmodal.data.catalog import Catalog
from xmodal.features import preparation
from xmodal.features.prepared import PairOptions
from xmodal.recipes import launch
from xmodal.training.loop import train
from xmodal.workspace import VARIABLE

PREPARED = PairOptions(shorter_side_px=32, most_frames=200)
PART_ITEMS = 4

assert launch  # loaded by the server, once for all


def server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.training.processes"])
    return context


def train_to_the_end(folder: Path) -> None:
    """Train the default training from wherever it is."""
    torch.set_num_threads(1)
    training = go_on(folder)
    with training.run.lock():
        for _ in train(training):
            pass


def together(work: Callable[..., None], *arguments: object, world: int = 2) -> None:
    """Run `work(*arguments)` in processes that `training.distributed.joined` joins; all must end well."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = server()
    processes: list[BaseProcess] = [
        context.Process(target=_as_rank, args=(rank, world, port, work, arguments)) for rank in range(world)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * world


def _as_rank(rank: int, world: int, port: int, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    names = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": world, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    os.environ |= {name: str(value) for name, value in names.items()}
    torch.set_num_threads(1)
    work(*arguments)


def command(workspace: Path, words: list[str]) -> None:
    """`python -m xmodal` with those words; ends with its exit code."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests that run in the background would ignore it
    os.environ[VARIABLE] = str(workspace)
    torch.set_num_threads(1)
    main(words)


def prepare_in_small_parts(catalog: Path, root: Path) -> None:
    """Prepare a catalog's pairs, a few items at a time."""
    preparation.PART_ITEMS = PART_ITEMS
    preparation.prepare(Catalog(catalog), PREPARED, root, workers_wanted=1)


def expect_gradients(alone: dict[str, torch.Tensor], folder: Path) -> None:
    """What two processes left in `0.safetensors` and `1.safetensors` are the gradients of one, each on its own."""
    expected = torch.cat([alone[name].flatten() for name in sorted(alone)]).double()
    for rank in (0, 1):
        found = safetensors.torch.load_file(folder / f"{rank}.safetensors")
        assert found.keys() == alone.keys()
        shared = torch.cat([found[name].flatten() for name in sorted(found)]).double()
        assert float(torch.cosine_similarity(shared, expected, dim=0)) >= 0.99999
        assert float(shared.norm() / expected.norm()) == pytest.approx(1.0, abs=1e-4)
