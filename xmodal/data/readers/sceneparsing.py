"""SceneParsing (ADEChallengeData2016): ADE20K photos with 150 classes, value 0 unlabelled."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, existing_file
from xmodal.data.readers.spatial_text import wished, with_spatial_text
from xmodal.data.readers.splits import named_split
from xmodal.data.readers.text_lines import lines
from xmodal.data.report import Report
from xmodal.data.sample import LabelMapSource, Sample, Split, Truth
from xmodal.modality import Modality

_BASES = ("", "sampleData", "ADEChallengeData2016")
_NAME = re.compile(r"ADE_(train|val|test|frame)_\d+")


class SceneParsing(Reader):
    """Photo + label map."""

    title = "SceneParsing (ADE20K, 150 classes)"
    layout = "images/ and annotations/ with ADE_*.jpg and .png (also in training/, validation/), objectInfo150.txt"
    options: Mapping[str, str] = {"spatial_text": "true: add the names of the classes at their places (default false)"}

    def recognises(self, root: Path) -> bool:
        """Photos and masks of the same ADE names in `images` and `annotations`."""
        return _base(root) is not None

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """One item per photo, id `sceneparsing/ADE_val_00000001`, split by its name, scene by sceneCategories.txt."""
        base = _base(source.root)
        if base is None:
            raise ReaderError("no images/ and annotations/ with ADE_*.jpg and ADE_*.png in it")
        if not any(
            (source.root / folder / f"objectInfo150.{end}").is_file() for folder in _BASES for end in ("csv", "txt")
        ):
            report.note("no objectInfo150.txt: classes have numbers instead of names")
        samples = _samples(source, base, report)
        yield from with_spatial_text(samples) if wished(source) else samples


def _base(root: Path) -> str | None:
    for base in _BASES:
        for path in _photos(root / base):
            if _mask(root / base, path).is_file():
                return base
    return None


def _photos(base: Path) -> Iterator[Path]:
    for folder in ("training", "validation", "testing", ""):
        for path in sorted((base / "images" / folder).glob("ADE_*.jpg")):
            if _NAME.fullmatch(path.stem):
                yield path


def _mask(base: Path, photo: Path) -> Path:
    return base / "annotations" / photo.relative_to(base / "images").with_suffix(".png")


def _samples(source: Source, base: str, report: Report) -> Iterator[Sample]:
    scenes = _scenes(source.root / base / "sceneCategories.txt")
    for path in _photos(source.root / base):
        relative = path.relative_to(source.root).as_posix()
        truth = Truth()
        try:
            image = existing_file(source, relative)
        except EntryError as error:
            report.skip(relative, "", str(error))
            continue
        try:
            mask = _mask(source.root / base, path).relative_to(source.root).as_posix()
            truth = Truth(label_map=LabelMapSource("sceneparsing", existing_file(source, mask)))
        except EntryError as error:
            report.skip(relative, "", f"{error} (the photo is kept without a label map)")
        match = _NAME.fullmatch(path.stem)
        split = (named_split(match[1]) if match else None) or Split.TEST
        identity = f"sceneparsing/{path.stem}"
        yield Sample(identity, split, {Modality.IMAGE: image}, scene=scenes.get(path.stem), truth=truth)


def _scenes(path: Path) -> dict[str, str]:
    """`ADE_train_00000001 airport_terminal` lines."""
    pairs = (line.split() for _, line in lines(path)) if path.is_file() else ()
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
