"""Real child processes that import torch once: they come from a server that has."""

import multiprocessing
import os
import socket
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import torch

from tests.training.tiny import go_on
from xmodal.training.loop import train


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
