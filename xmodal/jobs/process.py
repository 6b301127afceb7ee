"""Who a process is: its number, when it began, and since which start of the machine, so that no other passes for it."""

from functools import cache
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_SLACK_S = 1.5
"""The start of the machine is told to the second, and may be told differently twice."""


class ProcessIdentity(BaseModel):
    """One process of this machine, running or not any more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    boot: str
    """Which start of which machine."""
    pid: int
    since_boot_s: float
    """When it began, after the start of the machine: setting the clock does not change it."""

    @classmethod
    def of(cls, pid: int) -> "ProcessIdentity":
        """The process that has this number now.

        Raises:
            ProcessLookupError: none has.
        """
        try:
            return cls(boot=boot(), pid=pid, since_boot_s=_since_boot_s(psutil.Process(pid)))
        except psutil.Error as error:
            raise ProcessLookupError(f"there is no process {pid}") from error

    @property
    def alive(self) -> bool:
        """Whether it runs; one that has ended and that nobody has taken note of yet does not."""
        if self.boot != boot():
            return False
        try:
            process = psutil.Process(self.pid)
            begun_s = _since_boot_s(process)
            if abs(begun_s - self.since_boot_s) >= _SLACK_S:
                return False
            # of a killed process the first thread may be gone while others still hold its files and locks
            return process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1
        except psutil.Error:
            return False

    def family(self) -> list[psutil.Process]:
        """It and all that it started, if it runs."""
        if not self.alive:
            return []
        try:
            process = psutil.Process(self.pid)
            return [process, *process.children(recursive=True)]
        except psutil.Error:
            return []


@cache
def boot() -> str:
    """This start of this machine."""
    if _BOOT_ID.is_file():
        return _BOOT_ID.read_text().strip()
    return f"{psutil.boot_time():.0f}"


def _since_boot_s(process: psutil.Process) -> float:
    return process.create_time() - psutil.boot_time()
