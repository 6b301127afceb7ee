"""Spoken digits as a source of pairs: composed on demand from a folder of handwritten and of spoken digits."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

from xmodal.data.readers import ReaderError
from xmodal.data.readers import Source as Halves
from xmodal.data.readers.spoken_digits import Composer, Settings, composers
from xmodal.data.report import Report
from xmodal.data.sample import Sample
from xmodal.recipes.recipe import SpokenDigitsData
from xmodal.storage import digest

VARIABLE = "XMODAL_REALDATA"
"""Environment variable with the folder that is used where none is named."""


@dataclass(frozen=True)
class DigitItems:
    """The items of one split."""

    folder: Path
    composer: Composer
    count: int
    digest: str

    def __len__(self) -> int:
        """Number of items."""
        return self.count

    def __getitem__(self, position: int, /) -> Sample:
        """One item."""
        return replace(self.composer.item(position), roots={"": self.folder})


def folder_of(data: SpokenDigitsData) -> Path | None:
    """The folder that the data name, or the environment; None if there is none."""
    named = data.folder or os.environ.get(VARIABLE, "")
    return Path(named) if named and Path(named).is_dir() else None


def digit_items(data: SpokenDigitsData) -> DigitItems:
    """The items that the data name.

    Raises:
        ReaderError: no folder is named, one half is missing in it, or a speaker is unknown.
    """
    folder = folder_of(data)
    if folder is None:
        named = data.folder or os.environ.get(VARIABLE, "")
        raise ReaderError(
            f"spoken digits need a folder with mnist/ and fsdd/ ({named!r} is none): name it with --data PATH "
            f"or in {VARIABLE}"
        )
    settings = Settings(data.digits, {data.split: data.items}, data.seed, frozenset(data.unseen_speakers))
    report = Report()
    found = composers(Halves(folder.resolve(), {}, {"": folder.resolve()}), settings, report)
    composer = next((each for each in found if each.split is data.split), None)
    if composer is None:
        raise ReaderError(f"{folder} has too few recordings or digits for {data.split.value} items of {data.digits}")
    return DigitItems(folder.resolve(), composer, data.items, _digest(data, composer))


def _digest(data: SpokenDigitsData, composer: Composer) -> str:
    """Changes with the settings, and with the names, lengths and labels of what is in the folder."""
    pictures = {digit: places.tolist() for digit, places in composer.pictures.items()}
    content = json.dumps([dict(composer.recordings.samples), pictures, composer.speakers])
    return digest("spoken digits 1", data.model_dump_json(exclude={"folder", "share"}), content)
