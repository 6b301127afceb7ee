"""What the matchmap player is given: one clip, its maps, and what is known to be true about it."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from jaxtyping import UInt8

from xmodal.data import encode
from xmodal.data.sample import Word
from xmodal.figures.heat import heat_table
from xmodal.figures.score_map import ScoreMap
from xmodal.modality import Modality

Kind = Literal["picture", "video", "text"]


@dataclass(frozen=True)
class Things:
    """What is really in the picture, and which words name it."""

    labels: UInt8[np.ndarray, "rows cols"]
    """0 = nothing, else 1 + index into `names`; over the whole picture."""
    names: tuple[str, ...]
    named: tuple[tuple[int, ...], ...]
    """Per word of the clip: the numbers in `labels` that it names, none for most."""


@dataclass(frozen=True)
class PairScores:
    """The three scores of one map (matchmaps Eq. 6-8)."""

    name: str
    """Of the map."""
    sisa: float
    misa: float
    sima: float


@dataclass(frozen=True)
class PlayedClip:
    """One clip for the player. `kind` says what runs: a sound under a picture, a video, or the words of a text."""

    id: str
    kind: Kind
    duration_s: float
    """Text: number of words."""
    maps: tuple[ScoreMap, ...]
    heard: Modality
    """What the maps are matched with; gives the strip its colour and name."""
    picture: bytes | None = None
    picture_type: str = "image/jpeg"
    sound: bytes | None = None
    sound_type: str = "audio/wav"
    video: bytes | None = None
    video_type: str = "video/webm"
    spectrogram: bytes | None = None
    """PNG, time to the right."""
    spectrogram_s: float | None = None
    """Time that it spans; None: `duration_s`."""
    words: tuple[Word, ...] = ()
    """Spoken words; of a text, word k lasts from k to k + 1."""
    things: Things | None = None
    description: str = "Picture"
    """Of the picture, for those who do not see it."""
    scores: tuple[PairScores, ...] = ()
    """Of the maps of whole pairs (the mean map is none)."""
    remarks: tuple[str, ...] = ()
    """What a viewer should know about this pair, a sentence each."""

    def __post_init__(self) -> None:
        """Refuse a clip with a part missing."""
        needs = {"picture": (self.picture, self.sound), "video": (self.video,), "text": (self.picture, self.words)}
        if not self.maps or self.duration_s <= 0.0 or not all(needs[self.kind]):
            raise ValueError(f"clip {self.id!r}: needs a map, a duration and what kind {self.kind!r} plays")
        if self.things is not None and len(self.things.named) != len(self.words):
            raise ValueError(
                f"clip {self.id!r}: {len(self.things.named)} entries say what {len(self.words)} words name"
            )


def text_words(texts: tuple[str, ...]) -> tuple[Word, ...]:
    """The words of a written caption, one unit of time each."""
    return tuple(Word(text, float(place), place + 1.0) for place, text in enumerate(texts))


def payload(clip: PlayedClip) -> dict[str, Any]:
    """`clip` for the component: plain values, and one Arrow row with every file and map.

    `clip_key` and `maps_key` are digests: the player goes on playing as long as the first stays the same, and reads
    the maps again only when the second changes.
    """
    files = _files(clip)
    levels = {f"map_{number}": np.ascontiguousarray(each.levels).tobytes() for number, each in enumerate(clip.maps)}
    facts = [_facts(each) for each in clip.maps]
    words = _words(clip)
    columns = {**files, **levels, "heat": heat_table()}
    return {
        "id": clip.id,
        "kind": clip.kind,
        "clip_key": _digest(files, (clip.id, clip.kind, clip.duration_s, clip.heard, words)),
        "maps_key": _digest(levels, facts),
        "duration_s": clip.duration_s,
        "spectrogram_s": clip.spectrogram_s or clip.duration_s,
        "heard": clip.heard.value,
        "heard_label": clip.heard.display,
        "alt": clip.description,
        "picture_type": clip.picture_type,
        "sound_type": clip.sound_type,
        "video_type": clip.video_type,
        "maps": facts,
        "words": words,
        "truth_names": list(clip.things.names) if clip.things else [],
        "bytes": pa.table({name: pa.array([content], pa.large_binary()) for name, content in columns.items()}),
    }


def _files(clip: PlayedClip) -> dict[str, bytes]:
    truth = encode.png(clip.things.labels) if clip.things else None
    found = {
        "picture": clip.picture,
        "sound": clip.sound,
        "video": clip.video,
        "spectrogram": clip.spectrogram,
        "truth": truth,
    }
    return {name: content for name, content in found.items() if content}


def _facts(each: ScoreMap) -> dict[str, Any]:
    frames, rows, cols = each.levels.shape
    cover = each.cover
    return {
        "name": each.name,
        "frames": frames,
        "rows": rows,
        "cols": cols,
        "low": each.low,
        "high": each.high,
        "first": each.first_s,
        "step": each.step_s,
        "cover": [cover.left, cover.top, cover.width, cover.height],
    }


def _words(clip: PlayedClip) -> list[dict[str, Any]]:
    named = clip.things.named if clip.things else ((),) * len(clip.words)
    unit = "word {0:.0f}" if clip.kind == "text" else "{1:.2f} to {2:.2f} s"
    return [
        asdict(word) | {"instances": list(numbers), "note": unit.format(place, word.start_s, word.end_s)}
        for place, (word, numbers) in enumerate(zip(clip.words, named, strict=True), start=1)
    ]


def _digest(contents: dict[str, bytes], facts: object) -> str:
    found = hashlib.blake2b(repr(facts).encode(), digest_size=12)
    for name, content in contents.items():
        found.update(f"{name}:{len(content)};".encode())
        found.update(content)
    return found.hexdigest()
