"""Videos with a written description each: the two evaluation sets that See-Hear-Read adds. Our own documented layout.

    videos/<name>.mp4
    descriptions.csv        video,description             1,000 described videos: sound <-> text (section 3)
    train.csv, test.csv     video,category,description    42 object and scene categories (section 4.4)

The paper's second set has 2,799 training and 1,050 balanced test videos (25 a category); how far the files found are
from that is noted in the report. `video` is a name in `videos/`; items of `descriptions.csv` are test items only.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from xmodal.data.load import VIDEO_SUFFIXES
from xmodal.data.media import Stored, Text
from xmodal.data.readers import Reader, ReaderError, Source, delimited, video_parts
from xmodal.data.readers.files import EntryError, existing_file
from xmodal.data.readers.text_lines import first_line
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split
from xmodal.modality import Modality

_TABLES: Mapping[str, Split] = {
    "descriptions.csv": Split.TEST,
    "train.csv": Split.TRAIN,
    "validation.csv": Split.VALIDATION,
    "test.csv": Split.TEST,
}
_CATEGORIES = 42
_DESCRIBED = 1000


class DescribedVideos(Reader):
    """Image + sound + video + text."""

    title = "Described videos (See-Hear-Read evaluation)"
    layout = "videos/ with descriptions.csv (video,description), or train.csv and test.csv (video,category,description)"
    options: Mapping[str, str] = {"segment_s": "length of the part around the middle, seconds (default 5)"}

    def recognises(self, root: Path) -> bool:
        """The folder `videos` and a table with the columns video and description."""
        return (root / "videos").is_dir() and any(_is_table(path) for path in _tables(root))

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items in the order of the tables, id `described_videos/<name of the video>`."""
        segment_s = video_parts.seconds(source)
        tables = _tables(source.root)
        if not tables:
            raise ReaderError(f"no table: expected one of {', '.join(_TABLES)} beside videos/")
        seen: dict[str, str] = {}
        categories: dict[Split, Counter[str]] = {split: Counter() for split in Split}
        for table in tables:
            missing = {"video", "description"} - {name.casefold() for name in delimited.header(table)}
            if missing:
                report.note(f"{table.name} is left out: it has no column {sorted(missing)[0]!r}")
                continue
            for number, row in delimited.rows(table, report):
                try:
                    sample = _sample(source, {name.casefold(): cell for name, cell in row.items()}, table, segment_s)
                    if sample.id in seen:
                        raise EntryError(f"{sample.group} is in {seen[sample.id]} already: the first one is kept")
                    seen[sample.id] = table.name
                    categories[sample.split][sample.scene or ""] += 1
                    yield sample
                except EntryError as error:
                    report.skip(table.name, number, str(error))
        for split, counts in categories.items():
            if counts:
                report.note(balance(split, counts))


def balance(split: Split, counts: Counter[str]) -> str:
    """One line on how many categories there are, whether they are balanced, and what the paper has."""
    if set(counts) == {""}:
        return f"{split.value}: {counts['']:,} described videos without category (the paper has {_DESCRIBED:,})"
    if counts[""]:
        return f"{split.value}: {counts['']:,} of {counts.total():,} videos have no category"
    least, most = min(counts, key=lambda name: counts[name]), max(counts, key=lambda name: counts[name])
    spread = (
        f"balanced, {counts[least]:,} each"
        if counts[least] == counts[most]
        else f"from {counts[least]:,} ({least}) to {counts[most]:,} ({most})"
    )
    return f"{split.value}: {len(counts)} categories (the paper has {_CATEGORIES}), {spread}"


def _tables(root: Path) -> list[Path]:
    return [root / name for name in _TABLES if (root / name).is_file()]


def _is_table(path: Path) -> bool:
    return {"video", "description"} <= {part.strip(' "').casefold() for part in first_line(path).split(",")}


def _sample(source: Source, row: Mapping[str, str], table: Path, segment_s: float) -> Sample:
    text = " ".join(row["description"].split())
    if not text:
        raise EntryError(f"{row['video'] or 'row'} has no description")
    video = _video(source, row["video"])
    found = video_parts.header(source, video)
    (part,) = video_parts.parts(found.duration_s, segment_s=segment_s)
    media = video_parts.entries(video, found, part) | {Modality.TEXT: Text((text,))}
    name = PurePosixPath(video.path).stem
    scene = row.get("category") or None
    return Sample(f"described_videos/{name}", _TABLES[table.name], media, scene=scene, group=f"video {name}")


def _video(source: Source, name: str) -> Stored:
    if not name:
        raise EntryError("no video is named")
    if PurePosixPath(name).suffix.lower() in VIDEO_SUFFIXES:
        return existing_file(source, f"videos/{name.removeprefix('videos/')}")
    for suffix in (".mp4", ".webm", ".mkv"):
        try:
            return existing_file(source, f"videos/{name}{suffix}")
        except EntryError as error:
            if "missing file" not in str(error):
                raise
    raise EntryError(f"missing file: videos/{name}.mp4")
