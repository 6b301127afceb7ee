"""Spoken digits: MNIST's handwritten digits on a canvas with FSDD's human recordings of the same digits.

An item shows k distinct digits on a 2 x 2 canvas and speaks them in another order than they are read, by one speaker,
with label map and word times. Nothing is written to disk: the references hold every index (`DigitScene`).

Split (the rule of this product; FSDD's own is takes 0 to 4 for test): test items use recordings with takes 0 to 4 and
MNIST test images 3200 to 3999, validation items takes 5 and 6 and images 2800 to 3199, training items the rest of the
first 4000. Held-out speakers are heard in test items alone, and test items have no other speakers then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8
from pydantic import ValidationError

from xmodal.data import decode
from xmodal.data.decode import MediaError
from xmodal.data.load import file_path, opened
from xmodal.data.media import Rendered, Stored, Text, parse, reference
from xmodal.data.readers import Reader, ReaderError, Source, digit_scene, digit_sources, idx_files
from xmodal.data.readers.digit_scene import CANVAS_PX, RATE_HZ, WORDS, DigitScene
from xmodal.data.readers.digit_sources import Pictures, Recordings
from xmodal.data.readers.files import below
from xmodal.data.report import Report
from xmodal.data.sample import LabelMap, LabelMapSource, Sample, Split, Truth, Waveform, Word
from xmodal.modality import Modality
from xmodal.seeding import stream

_PAUSE_S = (0.06, 0.25)
"""Shortest and longest pause between digits; also before the first."""
_TAIL_S = 0.1


@dataclass(frozen=True)
class Settings:
    """What is asked for."""

    count: int
    """Digits that an item shows and speaks."""
    items: Mapping[Split, int]
    seed: int
    heldout: frozenset[str]
    """Speakers that are heard in test items alone."""

    @staticmethod
    def of(options: Mapping[str, str]) -> "Settings":
        """Raises ReaderError for a value that makes no sense."""
        total = _number(options, "items", 1000, range(3, 10_000_001))
        test = _number(options, "test_items", max(1, total // 10), range(total))
        validation = _number(options, "validation_items", max(1, total // 10), range(total - test))
        items = {Split.TRAIN: total - test - validation, Split.VALIDATION: validation, Split.TEST: test}
        names = options.get("heldout_speakers", "").split(",")
        return Settings(
            count=_number(options, "k", 3, range(1, 5)),
            items=items,
            seed=_number(options, "seed", 0, range(2**32)),
            heldout=frozenset(name.strip() for name in names if name.strip()),
        )


def _number(options: Mapping[str, str], option: str, default: int, allowed: range) -> int:
    text = options.get(option, str(default))
    if not text.isdecimal() or int(text) not in allowed:
        raise ReaderError(f"option {option}={text!r}: write a number from {allowed.start} to {allowed.stop - 1}")
    return int(text)


class SpokenDigits(Reader):
    """Image + speech + text, computed from two small sets."""

    title = "Spoken digits (MNIST on a canvas, FSDD voices)"
    layout = "mnist/raw/t10k-{images-idx3,labels-idx1}-ubyte[.gz] and fsdd/recordings/<digit>_<speaker>_<take>.wav"
    options: Mapping[str, str] = {
        "k": "digits an item shows and speaks, 1 to 4 (default 3)",
        "items": "number of items in all (default 1000)",
        "test_items": "how many of them are test items (default a tenth)",
        "validation_items": "how many of them are validation items (default a tenth)",
        "seed": "another seed composes other items (default 0)",
        "heldout_speakers": "speakers heard in test items alone, such as theo,george (default none)",
        "mnist": "folder of the idx files (default mnist/raw)",
        "fsdd": "folder of the recordings (default fsdd/recordings)",
    }

    def recognises(self, root: Path) -> bool:
        """Both halves in their usual folders."""
        return digit_sources.halves_in(root)

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Training items first, then validation, then test; id `spoken_digits/k3-seed0/train/00012`."""
        settings = Settings.of(source.options)
        for composer in composers(source, settings, report):
            yield from (composer.item(number) for number in range(settings.items[composer.split]))


def composers(source: Source, settings: Settings, report: Report) -> Iterator["Composer"]:
    """Who makes the items of each split; a split with too few recordings or pictures is left out, with a note.

    Raises:
        ReaderError: one half is missing or damaged, or a held-out speaker is unknown.
    """
    folder = digit_sources.recording_folder(source)
    recordings = digit_sources.recordings(source, folder, report)
    unknown = sorted(settings.heldout - {speaker for _, speaker in recordings.by_digit})
    if unknown:
        known = ", ".join(sorted({speaker for _, speaker in recordings.by_digit})) or "none"
        raise ReaderError(f"option heldout_speakers: no speaker {unknown[0]!r}; there are: {known}")
    images, pictures = digit_sources.pictures(source)
    place = reference(Stored(folder[1] or ".", folder[0]))
    for split in Split:
        speakers = recordings.speakers(split, count=settings.count, heldout=settings.heldout)
        if not speakers or len(pictures[split]) < settings.count:
            report.note(f"no {split.value} items: too few recordings or pictures for it")
            continue
        yield Composer(settings, split, recordings, speakers, pictures[split], (reference(images), place))


@dataclass(frozen=True)
class Composer:
    """Makes the items of one split, any of them at once: what an item is follows from its number."""

    settings: Settings
    split: Split
    recordings: Recordings
    speakers: list[str]
    pictures: Pictures
    places: tuple[str, str]
    """References to the file of pictures and the folder of recordings."""

    def item(self, number: int) -> Sample:
        """The item of that number; the same for the same seed however many there are."""
        count, seed = self.settings.count, self.settings.seed
        rng = stream((seed, count, list(Split).index(self.split), number), "spoken_digits/items")
        speaker = self.speakers[int(rng.integers(len(self.speakers)))]
        spoken = self.recordings.by_digit[self.split, speaker]
        known = sorted(spoken.keys() & self.pictures.keys())
        digits = [known[place] for place in rng.permutation(len(known))[:count]]
        cells = sorted(int(cell) for cell in rng.permutation(4)[:count])
        orders = list(permutations(digits))  # the first is that of reading, which is not spoken
        order = orders[int(rng.integers(1, len(orders)))] if count > 1 else orders[0]
        names = [spoken[digit][int(rng.integers(len(spoken[digit])))] for digit in order]
        starts, length = self._times(names, rng)
        scene = DigitScene(
            images=self.places[0],
            recordings=self.places[1],
            digits=tuple(digits),
            pictures=tuple(int(rng.choice(self.pictures[digit])) for digit in digits),
            cells=tuple(cells),
            spoken=tuple(names),
            starts=tuple(starts),
            length=length,
            seed=int(rng.integers(2**32)),
        )
        return self._sample(f"spoken_digits/k{count}-seed{seed}/{self.split.value}/{number:05d}", scene, order, speaker)

    def _times(self, names: list[str], rng: np.random.Generator) -> tuple[list[int], int]:
        """First sample of each recording, and the length of the whole."""
        starts: list[int] = []
        at = 0
        for name in names:
            at += int(rng.integers(round(_PAUSE_S[0] * RATE_HZ), round(_PAUSE_S[1] * RATE_HZ)))
            starts.append(at)
            at += self.recordings.samples[name]
        return starts, at + round(_TAIL_S * RATE_HZ)

    def _sample(self, identity: str, scene: DigitScene, order: tuple[int, ...], speaker: str) -> Sample:
        entry = Rendered("spoken_digits", scene.model_dump_json())
        words = tuple(
            Word(WORDS[digit], start / RATE_HZ, (start + self.recordings.samples[name]) / RATE_HZ)
            for digit, start, name in zip(order, scene.starts, scene.spoken, strict=True)
        )
        return Sample(
            id=identity,
            split=self.split,
            media={
                Modality.IMAGE: entry,
                Modality.SPEECH: entry,
                Modality.TEXT: Text((" ".join(word.text for word in words),)),
            },
            group=f"speaker {speaker}",
            truth=Truth(LabelMapSource("spoken_digits", entry), tuple(WORDS[digit] for digit in scene.digits), words),
            facts={"recordings": ", ".join(scene.spoken), "MNIST images": ", ".join(map(str, scene.pictures))},
        )


def render(
    sample: Sample, modality: Modality, arguments: Mapping[str, Any], size_px: int | None
) -> np.ndarray | Waveform:
    """The canvas (RGB, `size_px` on a side) or the speech of an item.

    Raises:
        MediaError: a file of the two sets is missing or changed.
    """
    scene = scene_of(arguments)
    if modality is Modality.IMAGE:
        return digit_scene.canvas(scene, _glyphs(sample, scene), size_px or CANVAS_PX)
    if modality is not Modality.SPEECH:
        raise MediaError(f"spoken digits have no {modality.display.lower()}")
    folder = _place(scene.recordings)
    recordings = []
    for name in scene.spoken:
        with opened(Stored(below(folder.path, name).removeprefix("./"), folder.root), sample) as file:
            recordings.append(decode.resampled(decode.waveform(file), RATE_HZ).samples)
    return digit_scene.speech(scene, recordings)


def label_map(sample: Sample, media: Stored | Rendered, size_px: int | None) -> LabelMap:
    """Which pixel belongs to which digit; class = digit + 1.

    Raises:
        MediaError: as `render`.
    """
    if not isinstance(media, Rendered):
        raise MediaError("spoken digits are computed, not stored")
    scene = scene_of(media.arguments())
    return digit_scene.masks(scene, _glyphs(sample, scene), size_px or CANVAS_PX)


def scene_of(arguments: Mapping[str, Any]) -> DigitScene:
    """The parts of an item.

    Raises:
        MediaError: they do not belong together.
    """
    try:
        scene = DigitScene.model_validate(arguments)
    except ValidationError as error:
        raise MediaError(f"spoken digits: {error.errors()[0]['msg']}") from error
    shapes = {len(scene.digits), len(scene.pictures), len(scene.cells), len(scene.spoken), len(scene.starts)}
    known = all(digit in range(10) for digit in scene.digits) and all(cell in range(4) for cell in scene.cells)
    if len(shapes) != 1 or not known or min(scene.starts) < 0 or max(scene.starts) > scene.length:
        raise MediaError("spoken digits: the parts of the item do not belong together")
    return scene


def _place(text: str) -> Stored:
    place = parse(text)
    if not isinstance(place, Stored):
        raise MediaError("spoken digits refer to files")
    return place


def _glyphs(sample: Sample, scene: DigitScene) -> UInt8[np.ndarray, "count rows cols"]:
    try:
        images = idx_files.read(file_path(_place(scene.images), sample))
    except idx_files.IdxError as error:
        raise MediaError(str(error)) from error
    if images.ndim != 3 or not all(0 <= index < images.shape[0] for index in scene.pictures):
        raise MediaError(f"{scene.images} has not the {max(scene.pictures) + 1} pictures that the item needs")
    return images[list(scene.pictures)]
