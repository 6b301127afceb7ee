"""Which column of a user's table means what: by the user's word, by its name, by what its cells hold."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from xmodal.data.load import VIDEO_SUFFIXES
from xmodal.data.readers import ReaderError
from xmodal.modality import Modality

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
SOUND_SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".m4a", ".aac", ".aif", ".aiff"})

ROLES = ("id", "split", "scene", "group", "words", "start_s", "end_s", "label_map")
"""What a column may be besides a modality."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "image": ("image", "images", "img", "picture", "photo", "jpg", "jpeg", "png", "frame"),
    "sketch": ("sketch", "drawing"),
    "clip_art": ("clip_art", "clipart", "cartoon"),
    "spatial_text": ("spatial_text",),
    "text": ("text", "caption", "captions", "sentence", "sentences", "description", "asr_text", "transcript", "raw"),
    "sound": ("sound", "audio", "wav", "sounds", "ambient", "vggsound"),
    "speech": ("speech", "spoken", "spoken_caption", "utterance", "speech_prompt", "voice"),
    "video": ("video", "clip", "movie", "mp4"),
    "id": ("id", "item", "item_id", "uttid", "key", "sample_id", "uid", "name"),
    "split": ("split", "set", "subset", "partition"),
    "scene": ("scene", "label", "class", "category", "class_name", "scene_label"),
    "group": ("speaker", "speaker_id", "group", "user", "user_id", "video_id", "worker", "source_id"),
    "words": ("words", "word_times", "text_alignment", "alignment"),
    "label_map": ("label_map", "mask", "segmentation"),
    "start_s": ("start_s", "start", "start_seconds"),
    "end_s": ("end_s", "end", "end_seconds"),
}
"""Column names in lower case that map by themselves, best first; `file_`, `_path`... around them are ignored."""

_SUITING: Mapping[str, tuple[str, ...]] = {
    "image": ("image", "sketch", "clip_art", "spatial_text"),
    "sound": ("sound", "speech"),
    "video": ("video", "image", "sound", "speech"),
}
"""Kind of file -> what a column of such files may be (a video gives frames and a soundtrack too)."""

_WRAPPING = re.compile(r"^(file|path|filename)_|_(file|path|filename|name|location|filepath|url)$")
_NUMBERED = re.compile(r"^(text|caption|captions|sentence|description)_?\d+$")


@dataclass(frozen=True)
class Columns:
    """Column of each role; texts may be several."""

    of: Mapping[str, str]
    """Modality value or role -> column."""
    texts: tuple[str, ...]
    """Columns with the text and its alternatives."""
    facts: tuple[str, ...]
    """Every other column."""

    def described(self) -> str:
        """`image <- photo, text <- caption_1 caption_2, facts <- licence`."""
        parts = [f"{role} <- {column}" for role, column in self.of.items()]
        parts += [f"text <- {' '.join(self.texts)}"] if self.texts else []
        parts += [f"facts <- {' '.join(self.facts)}"] if self.facts else []
        return ", ".join(parts)

    @property
    def maps_media(self) -> bool:
        """Whether any modality has a column."""
        return bool(self.texts) or any(modality.value in self.of for modality in Modality)


def chosen(option: str, names: Sequence[str], table: str) -> Columns:
    """The mapping that the user wrote: `image:photo,speech:wav,text:caption_1+caption_2`.

    Raises:
        ReaderError: a role or a column that does not exist, with those that do.
    """
    of: dict[str, str] = {}
    texts: tuple[str, ...] = ()
    known = (*(modality.value for modality in Modality), *ROLES)
    for pair in filter(None, (part.strip() for part in option.split(","))):
        role, colon, column = (part.strip() for part in pair.partition(":"))
        if not colon or role not in known:
            raise ReaderError(f"columns={pair}: write ROLE:COLUMN with a role out of {', '.join(known)}")
        parts = (column,) if column in names or role != "text" else tuple(column.split("+"))
        missing = [part for part in parts if part not in names]
        if missing:
            found = ", ".join(names)
            raise ReaderError(f"{table} has no column {missing[0]!r}; it has: {found}. {how_to_map(names)}")
        if role == Modality.TEXT.value:
            texts += parts
        else:
            of[role] = column
    return _rest(of, texts, names)


def how_to_map(names: Sequence[str]) -> str:
    """One sentence that says how to name the columns, with one of theirs as example."""
    example = names[0] if names else "COLUMN"
    return f"Say which is which: --option columns=image:{example},speech:COLUMN,text:COLUMN"


def guessed(names: Sequence[str], head: Sequence[Mapping[str, Any]]) -> Columns:
    """The mapping by names, then by what the cells of the first rows hold."""
    of: dict[str, str] = {}
    plain = {name: _plain(name) for name in names}
    texts = tuple(name for name in names if _NUMBERED.match(name.strip().casefold()))
    for role, words in NAMES.items():
        free = [name for name in names if name not in of.values() and name not in texts]
        hits = [name for word in words for name in free if plain[name] == word]
        if hits and role == Modality.TEXT.value:
            texts = texts or tuple(hits[:1])
        elif hits:
            of[role] = hits[0]
    _by_content(of, texts, names, head)
    if not texts:
        free = [name for name in names if name not in of.values()]
        texts = tuple(name for name in free if _wordy(name, head))[:1]
    _speech_or_sound(of, names)
    return _rest(of, texts, names)


def _plain(name: str) -> str:
    word = re.sub(r"[^a-z0-9]+", "_", name.strip().casefold()).strip("_")
    return _WRAPPING.sub("", word) or word


def _by_content(
    of: dict[str, str], texts: Sequence[str], names: Sequence[str], head: Sequence[Mapping[str, Any]]
) -> None:
    """Give columns of file names to the modality of their suffix; take it from columns that hold no file names."""
    free = [name for name in names if name != of.get("label_map")]
    kinds = {name: kind for name in free if (kind := _file_kind(name, head)) is not None}
    for role in [role for role in of if role in set(Modality)]:
        if not any("." in str(row.get(of[role]) or ".") for row in head):
            del of[role]
    for name, kind in kinds.items():
        role = next((role for role, column in of.items() if column == name), None)
        if role not in _SUITING[kind] and name not in texts and kind not in of:
            of.pop(role or "", None)
            of[kind] = name


def _file_kind(name: str, head: Sequence[Mapping[str, Any]]) -> str | None:
    cells = [cell.strip() for row in head if isinstance(cell := row.get(name), str) and cell.strip()]
    suffixes = {PurePosixPath(cell).suffix.lower() for cell in cells}
    for kind, known in (("image", PICTURE_SUFFIXES), ("sound", SOUND_SUFFIXES), ("video", VIDEO_SUFFIXES)):
        if suffixes and suffixes <= known:
            return kind
    return None


def _wordy(name: str, head: Sequence[Mapping[str, Any]]) -> bool:
    cells = [cell for row in head if isinstance(cell := row.get(name), str) and cell.strip()]
    return bool(cells) and sum(len(cell.split()) for cell in cells) >= 3 * len(cells)


def _speech_or_sound(of: dict[str, str], names: Sequence[str]) -> None:
    """A column called audio or wav is speech if the table also tells the speaker, word times or a transcript."""
    telling = {"speaker", "speaker_id", "asr_text", "transcript", "text_alignment", "word_times", "uttid"}
    spoken = any(name.strip().casefold() in telling for name in names)
    if spoken and "sound" in of and "speech" not in of:
        of["speech"] = of.pop("sound")


def _rest(of: Mapping[str, str], texts: tuple[str, ...], names: Sequence[str]) -> Columns:
    used = {*of.values(), *texts}
    return Columns(of, texts, tuple(name for name in names if name not in used))
