"""A catalog opens at once, whatever its size, and never shows half of a rewrite."""

import json
import multiprocessing
import pickle
import subprocess
import sys
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.data.samples import catalog_of, full
from xmodal.data.catalog import MANIFEST, Catalog, CatalogError, CatalogManifest, Filter
from xmodal.data.pairing import SEE_HEAR_READ
from xmodal.data.rows import SCHEMA, to_row
from xmodal.data.sample import Split
from xmodal.modality import Modality
from xmodal.storage import atomic_write

ITEMS = 40


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return catalog_of(tmp_path / "made", [full(number) for number in range(ITEMS)])


def test_random_access_and_iteration_agree(catalog: Catalog) -> None:
    assert len(catalog) == ITEMS
    assert [sample.id for sample in catalog] == [f"item-{number:04d}" for number in range(ITEMS)]
    assert catalog[-1].id == catalog[ITEMS - 1].id
    assert to_row(catalog[7]) == to_row(full(7))
    assert catalog[7].roots == {"": catalog.folder}
    for place in (ITEMS, -ITEMS - 1):
        with pytest.raises(IndexError):
            catalog[place]


def test_filters_by_every_field(catalog: Catalog) -> None:
    def ids(wanted: Filter) -> list[int]:
        return [int(sample.id[-4:]) for sample in catalog.select(wanted)]

    assert ids(Filter()) == list(range(ITEMS))
    assert ids(Filter(split=Split.TEST)) == list(range(3, ITEMS, 4))
    assert ids(Filter(scene="beach")) == list(range(1, ITEMS, 3))
    assert ids(Filter(group="voice2")) == list(range(2, ITEMS, 5))
    assert ids(Filter(words="DOG another")) == list(range(1, ITEMS, 2))
    assert ids(Filter(words="number12")) == [12]
    assert ids(Filter(words="dog cat")) == []
    assert ids(Filter(modality=Modality.SOUND, split=Split.TEST, scene="kitchen")) == [3, 15, 27, 39]
    assert ids(Filter(without_scenes=("beach",))) == [number for number in range(ITEMS) if number % 3 != 1]


def test_selections_of_selections(catalog: Catalog) -> None:
    beach = catalog.select(Filter(scene="beach"))
    chosen = beach.select(Filter(split=Split.TEST))
    assert [sample.id for sample in chosen] == ["item-0007", "item-0019", "item-0031"]
    assert chosen.find("item-0019") == 1
    assert chosen.find("item-0001") is None
    assert chosen.find("nobody") is None
    assert beach.counts()[Modality.IMAGE] == len(beach)
    assert beach.values("split") == {"train": 7, "validation": 3, "test": 3}
    assert catalog.values("scene") == {"kitchen": 14, "beach": 13}
    assert chosen.table.num_rows == 3
    with pytest.raises(KeyError, match="no item 'nobody'"):
        chosen.sample("nobody")


def test_a_pickled_selection_is_small_and_the_same(catalog: Catalog) -> None:
    chosen = catalog.select(Filter(scene="beach")).paired(SEE_HEAR_READ)
    packed = pickle.dumps(chosen)
    assert len(packed) < 4000
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        there = pool.apply(_ids, (chosen,))
    assert there == [sample.id for sample in chosen]


def _ids(catalog: Catalog) -> list[str]:
    return [sample.id for sample in catalog]


def test_a_selection_stays_itself_when_the_catalog_is_written_again(catalog: Catalog) -> None:
    chosen = catalog.select(Filter(scene="beach"))
    rebuild, arguments = chosen.__reduce__()
    before = [sample.id for sample in chosen]
    catalog_of(catalog.folder, [full(number) for number in range(100, 110)])
    assert [sample.id for sample in chosen] == before
    assert [sample.id for sample in chosen.select(Filter(split=Split.TEST))] == before[2::4]
    assert len(Catalog(catalog.folder)) == 10
    assert len(list(catalog.folder.glob("items-*.arrow"))) == 1
    with pytest.raises(CatalogError, match="written again meanwhile"):
        rebuild(*arguments)


def test_readers_see_the_old_or_the_new_catalog_while_it_is_rewritten(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    catalog_of(folder, [full(0)])
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    writer = context.Process(target=_rewrite, args=(folder, ready))
    writer.start()
    assert ready.wait(60)
    seen: set[int] = set()
    opened = 0
    while writer.is_alive():
        catalog = Catalog(folder)
        numbers = [int(sample.id[-4:]) for sample in catalog]
        assert len(set(numbers)) == len(numbers) == catalog.manifest.items
        assert numbers[0] == len(numbers) - 1, "rows of one generation only"
        seen.add(len(numbers))
        opened += 1
    writer.join()
    assert writer.exitcode == 0
    assert len(seen) > 3
    assert opened > 20


def _rewrite(folder: Path, ready: Event) -> None:
    for generation in range(60):
        size = 1 + generation % 20
        catalog_of(folder, [full(size - 1 + number) for number in range(size)])
        ready.set()
        time.sleep(0.005)


def test_what_is_no_catalog_says_so(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="not a readable catalog"):
        Catalog(tmp_path / "nowhere")
    (catalog.folder / catalog.manifest.table).write_bytes(b"no table")
    with pytest.raises(CatalogError, match="is damaged: import the data again"):
        Catalog(catalog.folder)
    (catalog.folder / catalog.manifest.table).unlink()
    with pytest.raises(CatalogError, match="is damaged"):
        Catalog(catalog.folder)
    newer = json.loads((catalog.folder / MANIFEST).read_text()) | {"format": 2}
    (catalog.folder / MANIFEST).write_text(json.dumps(newer))
    with pytest.raises(CatalogError, match="not a readable catalog"):
        Catalog(catalog.folder)


MILLION = 1_000_000

_MEASURE = """
import json, sys, time
from pathlib import Path
from xmodal.data.catalog import Catalog, Filter
from xmodal.data.pairing import SEE_HEAR_READ
from xmodal.data.sample import Split

def memory_mb(kind):
    return int(Path("/proc/self/status").read_text().split(kind + ":")[1].split()[0]) / 1024

def measured(name, work):
    start, began = memory_mb("VmRSS"), time.process_time()
    anonymous = memory_mb("RssAnon")
    value = work()
    seen[name] = {"rss_mb": memory_mb("VmRSS") - start, "anonymous_mb": memory_mb("RssAnon") - anonymous,
                  "cpu_s": time.process_time() - began}
    return value

seen = {}
Filter(words="x")
catalog = measured("open", lambda: Catalog(Path(sys.argv[1])))
item = measured("one item", lambda: catalog[987_654])
where = measured("find", lambda: catalog.find("row-0123456"))
test = measured("filter", lambda: catalog.select(Filter(split=Split.TEST, words="999")))
pairs = measured("pair", lambda: catalog.paired(SEE_HEAR_READ))
access = measured("1000 items", lambda: [pairs[place].id for place in range(0, 1_000_000, 1000)])
print(json.dumps({"seen": seen, "items": len(catalog), "id": item.id, "where": where, "test": len(test),
                  "pairs": len(pairs), "distinct": len(set(access))}))
"""


def _write_million(folder: Path) -> None:
    """A table of a million rows without making a million samples."""
    folder.mkdir()
    with pa.OSFile(str(folder / "items-x.arrow"), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as writer:
        for first in range(0, MILLION, 50_000):
            numbers = np.arange(first, first + 50_000)
            names = np.char.zfill(numbers.astype(str), 7)
            columns = {
                "id": pa.array(np.char.add("row-", names)),
                "split": pa.array(np.where(numbers % 10 == 9, "test", "train")),
                "image": pa.array(np.char.add(names, ".jpg")),
                "sound": pa.array(np.char.add(names, ".flac")),
                "search": pa.array(np.char.add("a search text of usual length about ", names)),
            }
            empty = {field.name: pa.nulls(50_000, field.type) for field in SCHEMA if field.name not in columns}
            arrays = [(columns | empty)[field.name].cast(field.type) for field in SCHEMA]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=SCHEMA))
    manifest = CatalogManifest(name="m", title="M", reader="x", roots={"": "."}, table="items-x.arrow", items=MILLION)
    atomic_write(folder / MANIFEST, manifest.model_dump_json())


def test_a_million_rows_in_bounded_memory(tmp_path: Path) -> None:
    _write_million(tmp_path / "million")
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(tmp_path / "million")], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["items"], found["id"], found["where"]) == (MILLION, "row-0987654", 123_456)
    assert found["test"] == sum(number % 10 == 9 and "999" in f"{number:07d}" for number in range(MILLION))
    assert found["pairs"] == found["distinct"] * 1000 == MILLION
    seen = found["seen"]
    assert seen["open"]["rss_mb"] < 50, seen
    assert max(step["anonymous_mb"] for step in seen.values()) < 100, seen
    assert seen["open"]["cpu_s"] < 0.2, seen
    assert seen["1000 items"]["cpu_s"] < 2.0, seen
