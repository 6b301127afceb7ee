"""A small catalog of generated pictures and sounds whose truth is known exactly."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from xmodal.data import encode
from xmodal.data.catalog import Catalog, CatalogManifest
from xmodal.data.media import Rendered, Stored, Text
from xmodal.data.report import Report
from xmodal.data.sample import Clip, LabelMapSource, Sample, SoundEvent, Split, Truth, Waveform, Word
from xmodal.data.writing import write_catalog
from xmodal.modality import Modality

ITEMS = 60
RATE_HZ = 16_000
WORD_S = 0.4
SCENES = ("harbour", "kitchen", "forest")
NOUNS = ("dog", "boat", "kettle", "owl", "bell")


def words_of(index: int) -> tuple[Word, ...]:
    texts = ("a", NOUNS[index % 5], "near", "the", NOUNS[(index + 1) % 5], "outside")
    return tuple(Word(text, place * WORD_S, (place + 1) * WORD_S - 0.05) for place, text in enumerate(texts))


def build(folder: Path, media: Path, name: str = "tiny") -> Catalog:
    """Write `ITEMS` items; item 7 has a broken picture, item 8 has words that look like markup."""
    media.mkdir(parents=True, exist_ok=True)
    report = Report(read=ITEMS, notes=["Generated for a test."])
    report.skip("table.csv", 12, "picture photos/lost.png: there is no such file")
    report.skip("table.csv", 13, "=cmd: text is empty")
    manifest = CatalogManifest(
        name=name, title="Tiny catalog", reader="table", roots={"": str(media)}, items=0, digest=""
    )
    return write_catalog(folder / name, manifest, _samples(media), report)


def _samples(media: Path) -> Iterator[Sample]:
    for index in range(ITEMS):
        entries = {Modality.IMAGE: _picture(media, index), Modality.TEXT: _text(index)}
        entries |= {Modality.SPEECH: _speech(media, index), Modality.SOUND: _sound(media, index)}
        if index % 4 == 0:
            entries[Modality.SKETCH] = _picture(media, index, "sketch")
        if index == 0:
            entries[Modality.VIDEO] = _video(media)
        yield Sample(
            id=f"tiny/{index:03d}",
            split=list(Split)[index % 10 % 3],
            media=entries,
            scene=SCENES[index % 3],
            group=f"speaker-{index % 4}",
            truth=Truth(
                label_map=_label_map(index),
                objects=(NOUNS[index % 5],),
                words=words_of(index),
                sound_events=(_event(index),),
            ),
            facts={"licence": "none needed"},
        )


def _text(index: int) -> Text:
    if index == 8:
        return Text(("<img src=x onerror=alert(1)> ![x](http://example.org/x.png) $x$ :red[y]",))
    return Text((" ".join(word.text for word in words_of(index)).capitalize() + ".", "Another way to say it."))


def _event(index: int) -> SoundEvent:
    return SoundEvent(NOUNS[index % 5], 0.5, 1.25, seen=index % 2 == 0)


def ball(index: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the square around the ball, px of 96."""
    return index + 0, 28, index + 40, 68


def _label_map(index: int) -> LabelMapSource:
    left, top, right, bottom = ball(index)
    boxes = (("ball", left, top, right, bottom), ("floor", 0, 80, 96, 96))
    shapes = [
        {"name": name, "category_id": number, "segmentation": [[x0, y0, x1, y0, x1, y1, x0, y1]]}
        for number, (name, x0, y0, x1, y1) in enumerate(boxes, start=1)
    ]
    return LabelMapSource("polygons", Rendered("polygons", json.dumps({"size": [96, 96], "shapes": shapes})))


def _picture(media: Path, index: int, kind: str = "image") -> Stored:
    rows, cols = np.mgrid[0:96, 0:96]
    inside = (rows - 48) ** 2 + (cols - 20 - index) ** 2 < 400
    pixels = np.where(inside[..., None], (230, 120, 40), (40 + 3 * index, 110, 160)).astype(np.uint8)
    if kind == "sketch":
        pixels = np.where(inside[..., None], 30, 250).astype(np.uint8).repeat(3, axis=2)
    content = encode.png(pixels)
    name = f"{kind}-{index}.png"
    (media / name).write_bytes(content[:60] if index == 7 else content)
    return Stored(name)


def _speech(media: Path, index: int) -> Stored:
    """Each word is a tone of its own pitch."""
    tones = []
    for place, word in enumerate(words_of(index)):
        time_s = np.arange(round(WORD_S * RATE_HZ)) / RATE_HZ
        tone = 0.3 * np.sin(2 * np.pi * (300 + 200 * place) * time_s)
        tones.append(np.where(time_s < word.end_s - word.start_s, tone, 0.0))
    return _sounding(media, f"speech-{index}.wav", np.concatenate(tones))


def _sound(media: Path, index: int) -> Stored:
    time_s = np.arange(2 * RATE_HZ) / RATE_HZ
    event = _event(index)
    heard = (time_s >= event.start_s) & (time_s < event.end_s)
    return _sounding(media, f"sound-{index}.wav", np.where(heard, 0.2 * np.sin(2 * np.pi * 700 * time_s), 0.0))


def _sounding(media: Path, name: str, samples: np.ndarray) -> Stored:
    (media / name).write_bytes(encode.wav(Waveform(samples.astype(np.float32), RATE_HZ)))
    return Stored(name)


def _video(media: Path) -> Stored:
    frames = np.zeros((16, 64, 64, 3), np.uint8)
    for number in range(16):
        frames[number, :, 4 * number : 4 * number + 4] = (250, 200, 40)
    sound = Waveform(np.zeros(2 * RATE_HZ, np.float32), RATE_HZ)
    encode.webm(Clip(frames, 8.0, sound), media / "clip.webm")
    return Stored("clip.webm")
