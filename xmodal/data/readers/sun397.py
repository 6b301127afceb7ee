"""SUN397: photos of 397 scene categories with ten published partitions of 50 training and 50 test photos each.

`ClassName.txt` (lines `/a/abbey`), `Partitions/Training_01.txt` and `Testing_01.txt` (lines `/a/abbey/sun_....jpg`),
photos in `a/abbey/`, either here or below `SUN397/`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from xmodal.data.media import Stored
from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, below, existing_file
from xmodal.data.readers.text_lines import first_line, lines
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split
from xmodal.modality import Modality

_TABLES = ("", "Partitions", "SUN397/Partitions", "SUN397")
_PHOTOS = ("", "SUN397", "images")
_LISTS: Mapping[str, Split] = {"Training": Split.TRAIN, "Testing": Split.TEST}


class Sun397(Reader):
    """Image with a scene label."""

    title = "SUN397 scenes"
    layout = "ClassName.txt, Training_01.txt and Testing_01.txt (here or in Partitions/), photos in <letter>/<scene>/"
    options: Mapping[str, str] = {"partition": "number of the published partition, 1 to 10 (default 1)"}

    def recognises(self, root: Path) -> bool:
        """`ClassName.txt` whose lines look like `/a/abbey`, with a partition."""
        table = _found(root, "ClassName.txt")
        return table is not None and first_line(table).startswith("/") and _found(root, "Training_01.txt") is not None

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items by list, id `sun397/a/abbey/sun_aaalbzqrimafwbiv`, scene `abbey` or `apartment_building/outdoor`."""
        text = source.options.get("partition", "1")
        if not text.isdecimal() or not 1 <= int(text) <= 10:
            raise ReaderError(f"option partition={text!r}: write a number from 1 to 10")
        names = _found(source.root, "ClassName.txt")
        scenes = {line.strip() for _, line in lines(names)} if names is not None else set()
        seen: dict[str, str] = {}
        for name, split in _LISTS.items():
            path = _found(source.root, f"{name}_{int(text):02d}.txt")
            if path is None:
                raise ReaderError(f"no {name}_{int(text):02d}.txt: expected it here or in Partitions/")
            for number, line in lines(path):
                try:
                    photo = line.strip()
                    if seen.setdefault(photo, path.name) != path.name:
                        raise EntryError(f"{photo} is in {seen[photo]} already: it stays there")
                    yield _sample(source, photo, scenes, split)
                except EntryError as error:
                    report.skip(path.name, number, str(error))


def _found(root: Path, name: str) -> Path | None:
    return next((root / folder / name for folder in _TABLES if (root / folder / name).is_file()), None)


def _sample(source: Source, photo: str, scenes: set[str], split: Split) -> Sample:
    folder = photo.rpartition("/")[0]
    if scenes and folder not in scenes:
        raise EntryError(f"{folder or photo!r} is not in ClassName.txt")
    relative = photo.lstrip("/")
    image = _photo(source, relative)
    scene = folder.split("/", 2)[-1]
    return Sample(f"sun397/{relative.rpartition('.')[0]}", split, {Modality.IMAGE: image}, scene=scene)


def _photo(source: Source, relative: str) -> Stored:
    """In the first of the usual folders that has it."""
    reasons: list[EntryError] = []
    for base in _PHOTOS:
        try:
            return existing_file(source, below(base, relative))
        except EntryError as error:
            reasons.append(error)
    raise reasons[0]
