"""Made-up samples and catalogs for tests of tables: nothing is decoded."""

from collections.abc import Iterator
from pathlib import Path

from xmodal.data.catalog import Catalog, CatalogManifest
from xmodal.data.media import Media, Rendered, Stored, Text
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split, Truth
from xmodal.data.writing import write_catalog
from xmodal.modality import Modality


def full(number: int, split: Split | None = None) -> Sample:
    """An item with every modality."""
    media: dict[Modality, Media] = {
        modality: Stored(f"{number:04d}.{modality.value}") for modality in Modality if modality is not Modality.TEXT
    }
    media[Modality.TEXT] = Text((f"item number{number}", "another caption"))
    media[Modality.VIDEO] = Rendered("world", f'{{"index":{number}}}')
    chosen = split or (Split.TRAIN, Split.TRAIN, Split.VALIDATION, Split.TEST)[number % 4]
    scene = ("kitchen", "beach", None)[number % 3]
    truth = Truth(objects=("dog",) if number % 2 else ("cat", "cup"))
    return Sample(f"item-{number:04d}", chosen, media, scene=scene, group=f"voice{number % 5}", truth=truth)


def catalog_of(folder: Path, samples: Iterator[Sample] | list[Sample]) -> Catalog:
    """A catalog of these samples."""
    manifest = CatalogManifest(name=folder.name, title="Made up", reader="folder_table", roots={"": "."})
    return write_catalog(folder, manifest, iter(samples), Report())
