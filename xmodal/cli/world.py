"""`python -m xmodal world build|oracle`."""

import json as js
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import tyro

from xmodal import workspace
from xmodal.data.importing import NAME
from xmodal.data.readers import ReaderError
from xmodal.data.world.build import STILL, WorldBuild
from xmodal.data.world.build import build as build_world
from xmodal.data.world.catalog import DEFAULT
from xmodal.data.world.spec import WorldSpec
from xmodal.modality import Modality
from xmodal.progress import told


def build(
    *,
    items: int = 240,
    seed: int = 0,
    first: int = 0,
    out: Path | None = None,
    size_px: int = 512,
    modalities: Annotated[str, tyro.conf.arg(metavar="image,speech")] = ",".join(STILL),
    world: WorldSpec = DEFAULT,
    workers: int = 0,
    json: bool = False,
) -> int:
    """Make items of the procedural world as a catalog with media files; run it again to go on after an interruption.

    Args:
        items: How many.
        seed: Which world (overrides `--world.seed`).
        first: Number of the first item; disjoint ranges on many machines are disjoint shards.
        out: Folder of the catalog; default: `world-SEED` in the workspace.
        size_px: Side of the pictures.
        modalities: Which to make, names with commas between.
        world: Difficulty.
        workers: Processes, 0: one per core.
        json: Print JSON.
    """
    chosen = tuple(_modality(name) for name in modalities.split(",") if name)
    spec = WorldSpec.model_validate(world.model_dump() | {"seed": seed}) if seed else world
    request = WorldBuild(world=spec, items=items, first=first, size_px=size_px, modalities=chosen, workers=workers)
    here = workspace.current()
    folder = out or here.catalogs / f"world-{spec.seed}"
    if out is None:
        here.prepare()
    if not NAME.fullmatch(folder.name):
        raise ReaderError(f"folder name {folder.name!r}: use lower-case letters, digits, '-', '_', '.'")
    catalog = build_world(request, folder, told())
    content = {"catalog": catalog.name, "folder": str(folder), "items": len(catalog), "digest": catalog.digest}
    print(js.dumps(content) if json else f"{len(catalog):,} items in {folder}")
    return 0


def oracle(*, items: int = 1000, seed: int = 0, out: Path | None = None, json: bool = False) -> int:
    """Rank items across modalities from the latent scenes alone: the ceiling for any model.

    Args:
        items: How many test items compete.
        seed: Which world.
        out: Folder that receives `oracle.json`.
        json: Print JSON.
    """
    from xmodal.data.world import oracle as truth
    from xmodal.storage import atomic_write

    progress = told()
    scores = truth.evaluate(WorldSpec(seed=seed), items=items, progress=progress)
    content = {"items": items, "seed": seed, "directions": [score.as_dict() for score in scores]}
    if out is not None:
        atomic_write(out / "oracle.json", js.dumps(content, indent=2))
    if json:
        print(js.dumps(content))
        return 0
    chance = f"chance {items / 2:.0f} and {10 / items:.3f}, n = {items:,}"
    print(f"{'query -> answer':<18} {'median rank':>11} {'R@10':>6}   ({chance})")
    for score in scores:
        direction = f"{score.query.value} -> {score.answer.value}"
        print(f"{direction:<18} {score.median_rank:>11.1f} {score.recall_at_10:>6.3f}")
    return 0


def _modality(name: str) -> Modality:
    try:
        return Modality(name.strip())
    except ValueError:
        raise ReaderError(f"unknown modality {name!r}; known: {', '.join(Modality)}") from None


COMMANDS: dict[str, Callable[..., int]] = {"build": build, "oracle": oracle}
"""Commands of the group."""
