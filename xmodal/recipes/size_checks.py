"""What is said of the disk, the memory and the time that a training takes."""

from dataclasses import dataclass

from xmodal.progress import clock
from xmodal.recipes.answers import Check
from xmodal.recipes.data_checks import counted
from xmodal.recipes.disk_needed import DiskNeeded
from xmodal.recipes.memory_needed import MemoryNeeded
from xmodal.recipes.time_needed import TimeNeeded
from xmodal.training.precision import Place
from xmodal.workspace import readable

LONG_S = 24 * 3600.0
"""A training that takes longer is warned about."""
FULL = 0.8
"""Share of what is free from which on it is called little."""


@dataclass(frozen=True)
class Free:
    """What is free for a training."""

    disk_bytes: int
    """Of the workspace's disk."""
    memory_bytes: int
    """Of the device that trains: the machine's, or the GPU's."""


def disk_check(needed: DiskNeeded, free: Free) -> Check:
    """Prepared pairs and checkpoints against the disk."""
    parts = [f"{needed.checkpoints} checkpoints of {readable(needed.checkpoint_bytes)}"]
    if needed.pairs_bytes:
        pairs = f"prepared pairs {readable(needed.pairs_bytes)}"
        parts.insert(0, f"{pairs}, {readable(needed.joining_bytes)} more while they are joined")
    return _against(
        "disk", f"needs {readable(needed.whole_bytes)} ({'; '.join(parts)})", needed.whole_bytes, free.disk_bytes
    )


def memory_check(needed: MemoryNeeded, free: Free, place: Place) -> Check:
    """The largest step against the memory of the device."""
    whole = needed.training_bytes if place.device.type == "cuda" else needed.whole_bytes
    works = {
        f"a step of {needed.items} pairs": needed.step_bytes,
        "maps of the validation pairs": needed.measuring_bytes,
        "writing a checkpoint": needed.saving_bytes,
    }
    most = max(works, key=lambda work: works[work])
    parts = [
        f"network with gradients and optimiser {readable(needed.network_bytes)}",
        f"{most} {readable(works[most])}",
        f"batches that wait {readable(needed.batches_bytes)}",
    ]
    if place.device.type != "cuda":
        parts.append(f"the program {readable(needed.program_bytes)}")
        if needed.preparing_bytes > needed.training_bytes:
            parts = [f"preparing pairs {readable(needed.preparing_bytes)}", parts[-1]]
    return _against("memory", f"needs about {readable(whole)} ({'; '.join(parts)})", whole, free.memory_bytes)


def _against(name: str, text: str, needed_bytes: int, free_bytes: int) -> Check:
    level = "fail" if needed_bytes > free_bytes else "warn" if needed_bytes > FULL * free_bytes else "ok"
    return Check(name=name, level=level, text=f"{text}; {readable(free_bytes)} free")


def time_check(needed: TimeNeeded, place: Place, source: str) -> Check:
    """How long it takes, and how that is known."""
    parts = [f"{counted(needed.steps, 'step')} {_about(needed.training_s)}"]
    if needed.unprepared:
        parts.insert(0, f"preparing {counted(needed.unprepared, 'pair')} {_about(needed.preparing_s)}")
    if needed.measuring_s >= 1:
        parts.append(f"measuring after {counted(needed.epochs, 'epoch')} {_about(needed.measuring_s)}")
    text = f"about {_about(needed.whole_s)} on {place.describe()}: {', '.join(parts)} ({source})"
    return Check(name="time", level="warn" if needed.whole_s > LONG_S else "ok", text=text)


def _about(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 20 min`, `5 days`: no more digits than are known."""
    if seconds >= 48 * 3600:
        return f"{seconds / 86400:,.0f} days"
    if seconds >= 3600:
        return clock(round(seconds / 600) * 600)
    return clock(max(1, round(seconds))) if seconds < 120 else f"{seconds / 60:.0f} min"
