"""`python -m xmodal gallery RUN`."""

import json as js
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from xmodal import workspace as workspaces
from xmodal.cli.search import table_of
from xmodal.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    from xmodal.recipes.embedder import Embedder
    from xmodal.recipes.panels import Answered, Asked
    from xmodal.recipes.search_catalog import Collection


def gallery(
    run: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RUN")],
    *,
    data: str = "demo-world",
    panel: Annotated[tuple[str, ...], tyro.conf.arg(metavar="PANEL ...")] = (),
    out: Path | None = None,
    layer: str = "",
    json: bool = False,
) -> int:
    """Show or write the gallery: twelve queries that a rule chooses, and what answers them in every sense.

    Args:
        run: Folder or name of a run, or name of a recipe (its newest run).
        data: A catalog, or a world such as `world:seed=7`.
        panel: These alone: a number of the twelve, or the id of a panel that was saved.
        out: A file: a page with pictures and sounds inside (.html), a picture (.png), or a table (.csv).
        layer: Layer of the network; default: the last hidden one.
        json: Print JSON.
    """
    from xmodal.recipes.gallery import Place, notes_of
    from xmodal.recipes.gallery import gallery as twelve
    from xmodal.recipes.panel_export import SUFFIXES, Exported
    from xmodal.recipes.panels import listing
    from xmodal.recipes.saved_panels import kept_file
    from xmodal.recipes.search_catalog import open_collection

    if out is not None and out.suffix.lower() not in SUFFIXES:
        raise InputError(f"{out.name}: no file of that kind is written; known: {', '.join(SUFFIXES)}")
    here = workspaces.current()
    embedder, source, table = table_of(run, data, layer, None, 1000)
    collection = open_collection(table, embedder.recipe)
    whole = twelve(collection, Place(embedder.run.name, data, table.index.key.layer))
    shown = [_chosen(each, whole.panels, embedder, collection) for each in panel] or whole.panels
    if out is not None:
        title = f"{embedder.run.name}: {data}"
        find = dict(zip(table.rows["id"].to_pylist(), table.rows["position"].to_pylist(), strict=True)).get
        exported = Exported(title, notes_of(whole), source, find, lambda name: kept_file(name, here))
        exported.write(shown, out)
    rows = listing(shown)
    if json:
        print(js.dumps({"run": embedder.run.name, "data": data, "out": str(out or ""), "answers": rows}))
    elif out is not None:
        print(f"{out}: {workspaces.readable(out.stat().st_size)}")
    else:
        _print(shown)
    return 0


def _chosen(name: str, twelve: "Sequence[Answered]", embedder: "Embedder", collection: "Collection") -> "Answered":
    from xmodal.recipes.panels import answered
    from xmodal.recipes.saved_panels import find, medium_of

    if name.isdecimal() and len(name) < 4:
        if not 1 <= int(name) <= len(twelve):
            raise InputError(f"there is no panel {name}: the gallery has {len(twelve)}")
        return twelve[int(name) - 1]
    here = workspaces.current()
    kept = find(name, here)
    place = twelve[0].panel if twelve else kept
    if (kept.run, kept.catalog, kept.layer) != (place.run, place.catalog, place.layer):
        raise InputError(f"{kept.name} asks {kept.run} ({kept.layer}) about {kept.catalog}: name these")

    def vector(asked: "Asked") -> "np.ndarray":
        return collection.embedded(embedder, asked.sense, medium_of(asked, here))

    return answered(kept, collection, vector)


def _print(shown: "Sequence[Answered]") -> None:
    from xmodal.recipes.panels import said

    for each in shown:
        print(f"{each.panel.name}: {' + '.join(said(asked) for asked in each.panel.asked)}")
        for sense, hits in each.answers.items():
            found = "  ".join(f"{hit.item} {hit.score:.2f}{' own' if hit.item in each.own else ''}" for hit in hits)
            print(f"  {sense.display:<13} {found}")
