"""`python -m xmodal export RUN --item ID --out FILE`."""

import json as js
from pathlib import Path
from typing import Annotated, Literal

import tyro

from xmodal import workspace as workspaces
from xmodal.errors import InputError
from xmodal.progress import told


def export(
    run: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RUN")],
    *,
    item: str,
    out: Path,
    data: str = "demo-world",
    map: Literal["matchmap", "mean", "shuffled", "untrained", "all"] = "matchmap",
    mode: Literal["spotlight", "heat"] = "spotlight",
    percentile: float = 80.0,
    score: float | None = None,
    opacity: float = 0.8,
    at: float = 0.0,
    json: bool = False,
) -> int:
    """Write what a run sees in an item: a film with sound (.mp4), a still (.png), or the scores (.npz).

    Args:
        run: Folder or name of a run, or name of a recipe (its newest run).
        item: Its id, or its number in the data (from 0).
        out: The file; its suffix says what is written.
        data: A catalog, or a world such as `world:seed=7`.
        map: Which map; `all` shows it beside the controls.
        mode: Spotlight dims what does not match, heat colours what matches.
        percentile: Scores below this percentile of the map stay dark.
        score: Scores below this one stay dark; instead of the percentile.
        opacity: Strength of the light, 0 to 1.
        at: Moment of a still, in seconds (of a text: in words).
        json: Print JSON.
    """
    from xmodal.figures.matchmap_look import Look
    from xmodal.recipes.export import SUFFIXES, find_item, shown, write
    from xmodal.recipes.matched import opened
    from xmodal.recipes.networks import find_run

    if out.suffix.lower() not in SUFFIXES:
        raise InputError(f"{out.name}: no file of that kind is written; known: {', '.join(SUFFIXES)}")
    cut = {"percentile": percentile} if score is None else {"unit": "score", "score": score}
    look = Look.model_validate({"mode": mode, "opacity": opacity, **cut})
    here = workspaces.current()
    here.prepare()
    trained = opened(find_run(run, here))
    content = shown(trained, *find_item(data, item, here), maps=map, look=look)
    write(content, out, at=at, progress=told())
    size_bytes = out.stat().st_size
    if json:
        facts = {"run": trained.run.name, "item": item, "map": map, "duration": content.scene.duration}
        print(js.dumps({"out": str(out), "bytes": size_bytes, **facts, "look": look.model_dump()}))
        return 0
    print(f"{out}: {workspaces.readable(size_bytes)}")
    return 0
