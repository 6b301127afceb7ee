"""A real Slurm whose only node is this machine: its daemons run as children of the test and listen on loopback only."""

import contextlib
import os
import pwd
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.jobs.slurm import find
from tests.jobs.waiting import until

CPUS, MEMORY_MB = 2, 6_000
KILL_WAIT_S = 20
"""Between Slurm's SIGTERM and its SIGKILL; 30 is the default."""

CONFIGURATION = """
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPort={controller_port}
SlurmdPort={node_port}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=1,bf_interval=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
KillWait={kill_wait_s}
DefMemPerCPU=500
GresTypes=gpu
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory_mb} Gres=gpu:2
PartitionName=main Nodes={host} Default=YES PriorityTier=5 PreemptMode=OFF
PartitionName=spare Nodes={host} PriorityTier=1
"""
"""Two partitions of the same node: a job of `main` takes it from those of `spare`."""


@contextlib.contextmanager
def one_node() -> Iterator[Path]:
    """Path of its `slurm.conf`, for `SLURM_CONF`, as long as it runs."""
    with (
        tempfile.TemporaryDirectory(prefix="slurm-", ignore_cleanup_errors=True) as name,
        contextlib.ExitStack() as end,
    ):
        folder = Path(name)
        path = _write(folder)
        environment = os.environ | {"SLURM_CONF": str(path)}
        for command in _daemons(folder, path):
            end.enter_context(_running(command, folder, environment))
            if command[0].endswith("munged"):
                until((folder / "munge.socket").exists)
        until(lambda: _idle(environment))
        yield path


def _write(folder: Path) -> Path:
    (folder / "state").mkdir()
    (folder / "spool").mkdir()
    key = folder / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(os.urandom(1024))
    path = folder / "slurm.conf"
    controller_port, node_port = _free_ports()
    path.write_text(
        CONFIGURATION.format(
            host=socket.gethostname().partition(".")[0],
            user=pwd.getpwuid(os.geteuid()).pw_name,
            folder=folder,
            controller_port=controller_port,
            node_port=node_port,
            kill_wait_s=KILL_WAIT_S,
            cpus=CPUS,
            memory_mb=MEMORY_MB,
        )
    )
    # two files pass for GPUs: Slurm counts and gives them out, nobody computes on them
    (folder / "gres.conf").write_text("Name=gpu File=/dev/null\nName=gpu File=/dev/zero\n")
    (folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n")
    return path


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def _daemons(folder: Path, configuration: Path) -> list[list[str]]:
    files = {"key-file": "munge.key", "socket": "munge.socket", "pid-file": "munge.pid", "seed-file": "munge.seed",
             "log-file": "munge.log"}  # fmt: skip
    options = [f"--{option}={folder / file}" for option, file in files.items()]
    return [
        [str(find("munged")), "--foreground", "--force", *options],
        [str(find("slurmctld")), "-D", "-f", str(configuration)],
        [str(find("slurmd")), "-D", "-f", str(configuration)],
    ]


@contextlib.contextmanager
def _running(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[None]:
    with (folder / f"{Path(command[0]).name}.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _idle(environment: dict[str, str]) -> bool:
    command = [str(find("sinfo")), "--noheader", "--format=%T"]
    asked = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return asked.stdout.split()[:1] == ["idle"]
