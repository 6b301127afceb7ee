"""What an item of the world costs: CPU ms per modality on one thread, and items a second on two cores.

    python benchmarks/world.py [--items 60] [--size-px 128]

The target: at most 80 CPU ms an item with all still modalities, text, speech and sound at 128 px. Children's CPU time
(the voice) is counted. Absolute times depend on the machine; shares of the total do not.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import psutil

from xmodal.data.world import catalog
from xmodal.data.world.build import STILL, WorldBuild, build
from xmodal.data.world.compose import compose
from xmodal.data.world.image import render_label_map
from xmodal.data.world.speaker import SPEAKER
from xmodal.data.world.spec import WorldSpec
from xmodal.modality import Modality

SPEC = WorldSpec(seed=7)


def cpu_s() -> float:
    """CPU seconds of this process and of the running voice."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    voice = psutil.Process(SPEAKER.pid).cpu_times() if SPEAKER.pid is not None else None
    return own.ru_utime + own.ru_stime + (voice.user + voice.system if voice is not None else 0.0)


def render(index: int, modality: Modality, size_px: int) -> None:
    """One modality of one item, as a loader would ask for it."""
    scene = compose(SPEC, index)
    if modality is Modality.TEXT:
        catalog.live_sample(SPEC, index)
    else:
        catalog.content(SPEC, scene, modality, size_px)


def milliseconds(items: range, modality: Modality, size_px: int) -> float:
    """CPU ms an item, caches warm."""
    start = cpu_s()
    for index in items:
        render(index, modality, size_px)
    return 1000 * (cpu_s() - start) / len(items)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--size-px", type=int, default=128)
    parser.add_argument("--build", action="store_true", help="also measure items a second of a build on all cores")
    options = parser.parse_args()
    warm, timed = range(300), range(300, 300 + options.items)
    total = 0.0
    print(f"{options.items} items at {options.size_px} px, CPU ms an item, one thread, caches warm")
    for modality in STILL:
        for index in warm if modality in (Modality.IMAGE, Modality.SKETCH, Modality.CLIP_ART) else warm[:10]:
            render(index, modality, options.size_px)
        cost = milliseconds(timed, modality, options.size_px)
        total += cost
        print(f"  {modality.value:<14}{cost:8.1f}")
    start = cpu_s()
    for index in timed:
        render_label_map(compose(SPEC, index), size_px=options.size_px)
    print(f"  {'label map':<14}{1000 * (cpu_s() - start) / len(timed):8.1f}  (not in the sum)")
    print(f"  {'sum':<14}{total:8.1f}  (target: at most 80)")
    print(f"  {'video 256 px':<14}{milliseconds(timed[:10], Modality.VIDEO, 256):8.1f}  (not in the sum)")
    if options.build:
        with tempfile.TemporaryDirectory() as folder:
            begin = time.monotonic()
            build(WorldBuild(world=SPEC, items=options.items, size_px=options.size_px), Path(folder) / "world")
            print(
                f"built with files on {os.cpu_count()} cores: {options.items / (time.monotonic() - begin):.1f} items/s"
            )


if __name__ == "__main__":
    main()
