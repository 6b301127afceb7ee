"""`python -m xmodal embed RUN` and `search RUN`."""

import json as js
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from xmodal import workspace as workspaces
from xmodal.data.sample import Split
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.progress import told

if TYPE_CHECKING:
    from xmodal.embeddings.vector_table import VectorTable
    from xmodal.features.preparation import Source
    from xmodal.recipes.embedder import Embedder
    from xmodal.recipes.explained import UnitAt, Why
    from xmodal.recipes.search_catalog import Collection, Hit, Part

Run = Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RUN")]


def embed(
    run: Run, *, data: str, layer: str = "", epoch: int | None = None, items: int = 1000, json: bool = False
) -> int:
    """Compute the vectors of a whole catalog by a trained run, for search; goes on where it was stopped.

    Args:
        run: Folder or name of a run, or name of a recipe (its newest run).
        data: A catalog, or a world such as `world:seed=7`.
        layer: Layer of the network; default: the last hidden one.
        epoch: Weights of that epoch; default: the newest.
        items: How many items of a world.
        json: Print JSON.
    """
    embedder, _, table = table_of(run, data, layer, epoch, items)
    left_out = [fault for part in table.index.parts for fault in part.left_out]
    if json:
        found: dict[str, Any] = {"run": embedder.run.name, "data": data, "layer": table.index.key.layer}
        found |= {"folder": str(table.folder), "rows": len(table), "dim": table.dim, "left_out": left_out}
        print(js.dumps(found))
        return 0
    print(f"{embedder.run.name}: {len(table):,} vectors of {table.dim} numbers ({table.index.key.layer}), {data}")
    for name, why in left_out[:20]:
        print(f"  left out: {name}, {why}")
    if len(left_out) > 20:
        print(f"  and {len(left_out) - 20:,} more")
    return 0


def search(
    run: Run,
    *,
    data: str,
    text: str = "",
    file: Path | None = None,
    item: str = "",
    sense: Modality | None = None,
    answer: Annotated[Modality | None, tyro.conf.arg(name="in")] = None,
    split: Split | None = None,
    scene: str | None = None,
    n: int = 10,
    why: bool = False,
    layer: str = "",
    epoch: int | None = None,
    items: int = 1000,
    json: bool = False,
) -> int:
    """Search a catalog by example: by a text, a file or one of its items, or by several of them together.

    Args:
        run: Folder or name of a run, or name of a recipe (its newest run).
        data: A catalog, or a world such as `world:seed=7`.
        text: Words to ask with.
        file: A picture, a recording or a video (its sound) to ask with.
        item: Id of an item to ask with.
        sense: What the file is, or which entry of the item asks; default: the first that the run takes.
        answer: Answers of this kind alone; default: of every kind.
        split: Only items of this split answer.
        scene: Only items with this scene answer.
        n: Answers of each kind.
        why: Say of each answer which units fire in it and in the query, and of these units what they fire at.
        layer: Layer of the network; default: the last hidden one.
        epoch: Weights of that epoch; default: the newest.
        items: How many items of a world.
        json: Print JSON.
    """
    from xmodal.recipes.search_catalog import Filters, open_collection

    if n < 1:
        raise InputError("n must be at least 1")
    embedder, source, table = table_of(run, data, layer, epoch, items)
    collection = open_collection(table, embedder.recipe)
    parts = _asked(embedder, collection, text, file, (item, sense))
    if answer is not None and answer not in collection.senses:
        raise InputError(f"{embedder.run.name} has no vectors of {answer.display.lower()} in {data}")
    senses = collection.senses if answer is None else (answer,)
    found = {each: collection.search(parts, each, n, Filters(split, scene)) for each in senses}
    joined, units = _joined(collection, parts, [hit for hits, _ in found.values() for hit in hits]) if why else ({}, ())
    if json:
        answers = {each.value: [_hit(hit) | _why(joined.get(hit)) for hit in hits] for each, (hits, _) in found.items()}
        recall = {each.value: share for each, (_, share) in found.items()}
        told_of = {"run": embedder.run.name, "data": data, "layer": table.index.key.layer}
        told_of |= {"units": {each.unit: _fires_at(each) for each in units}} if why else {}
        print(js.dumps({**told_of, "recall_at_10": recall, "answers": answers}))
        return 0
    for each, (hits, _) in found.items():
        print(f"{each.display} ({collection.rows_of(each):,} vectors)")
        for hit in hits:
            print(f"  {hit.score:>6.3f}  {hit.item:<24} {_words(source, hit)}")
            if hit in joined:
                print(f"          {_joins(joined[hit])}")
    for each in units:
        strongest = "; ".join(f"{sense.value} {hits[0].item}" for sense, hits in each.strongest.items() if hits)
        scene = f" {each.scene} {each.scene_share:.0%};" if each.scene else ""
        print(f"unit {each.unit}:{scene} most at {strongest}")
    return 0


def table_of(name: str, data: str, layer: str, epoch: int | None, items: int) -> "tuple[Embedder, Source, VectorTable]":
    """A run that can be searched with, the data, and its vectors of them, computed unless they are there."""
    from xmodal.recipes.catalog_vectors import extract, key_of, source_named
    from xmodal.recipes.embedders import open_embedder
    from xmodal.recipes.networks import find_run

    here = workspaces.current()
    here.prepare()
    run, source = find_run(name, here), source_named(data, here, items=items)
    key = key_of(run, source, layer=layer, epoch=epoch)
    embedder = open_embedder(run, epoch=epoch)
    return embedder, source, extract(embedder, source, key, here, told())


def _asked(
    embedder: "Embedder",
    collection: "Collection",
    text: str,
    file: Path | None,
    item: tuple[str, Modality | None],
) -> "list[Part]":
    from xmodal.recipes.query_files import medium_in, recognised
    from xmodal.recipes.search_catalog import Part

    (name, sense), parts = item, []
    if text:
        parts.append(Part(collection.embedded(embedder, Modality.TEXT, text)))
    if file is not None:
        with file.open("rb") as opened:
            if sense is None:
                as_sense, medium = recognised(opened, embedder.senses)
            else:
                as_sense, medium = sense, medium_in(opened, sense)
        parts.append(Part(collection.embedded(embedder, as_sense, medium)))
    if name:
        entry = sense or next((each for each in collection.senses if collection.holds(name, each)), embedder.senses[0])
        parts.append(Part(collection.vector_of(name, entry)))
    if not parts:
        raise InputError("nothing is asked for: give --text, --file or --item")
    return parts


def _joined(
    collection: "Collection", parts: "list[Part]", hits: "list[Hit]"
) -> "tuple[dict[Hit, Why], tuple[UnitAt, ...]]":
    """Why each hit was found, and what the units fire at that are named."""
    from xmodal.recipes.explained import units_at, why

    joined = {hit: why(collection, parts, hit.item, hit.modality) for hit in hits}
    named = dict.fromkeys(int(unit) for each in joined.values() for unit in each.shared.units)
    return joined, units_at(collection, sorted(named))


def _joins(found: "Why") -> str:
    shared = found.shared
    units = ", ".join(f"{unit} ({part:.3f})" for unit, part in zip(shared.units, shared.parts, strict=True))
    return (
        f"{shared.firing} units fire in both {shared.both:+.3f}, in neither {shared.neither:+.3f}, in one "
        f"{shared.one:+.3f}; most: {units or 'none'}"
    )


def _why(found: "Why | None") -> dict[str, Any]:
    if found is None:
        return {}
    shared = found.shared
    units = [
        {"unit": int(unit), "part": round(float(part), 6)}
        for unit, part in zip(shared.units, shared.parts, strict=True)
    ]
    sums = {"both": shared.both, "neither": shared.neither, "one": shared.one}
    return {"why": {name: round(part, 6) for name, part in sums.items()} | {"firing": shared.firing, "units": units}}


def _fires_at(found: "UnitAt") -> dict[str, Any]:
    items = {sense.value: [hit.item for hit in hits] for sense, hits in found.strongest.items()}
    return {"scene": found.scene, "scene_share": round(found.scene_share, 3), "items": items}


def _hit(hit: "Hit") -> dict[str, Any]:
    return {"item": hit.item, "score": round(hit.score, 6), "text": hit.text}


def _words(source: "Source", hit: "Hit") -> str:
    """What is said about an answer: its text where it is one, else its scene or first text."""
    from xmodal.data import load

    sample = source[hit.position]
    texts = load.texts(sample)
    words = texts[hit.text] if hit.modality is Modality.TEXT else sample.scene or "".join(texts[:1])
    return words[:90]
