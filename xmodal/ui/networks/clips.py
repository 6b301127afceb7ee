"""What the player shows of an item, of a film, or of what a visitor brought: files for the browser and maps."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import UInt8

from xmodal.analysis.filmed import LOOKS_HZ, MOST_LOOKS
from xmodal.analysis.matchmaps import Matchmap, pair_scores
from xmodal.data import containers, encode, load
from xmodal.data.decode import MediaError, resampled
from xmodal.data.loudness import SILENCE, evened
from xmodal.data.media import Stored
from xmodal.data.sample import Sample, Waveform, Word
from xmodal.features.words import words_of
from xmodal.figures.score_map import ScoreMap, drawable
from xmodal.figures.spectrogram import drawn
from xmodal.modality import AUDIBLE, Modality
from xmodal.progress import Progress
from xmodal.recipes.matched import MEAN, TRUE, Caption, Maps, Trained, film_match, filmed, match, matched, recording
from xmodal.similarity.matchmap import Aggregation
from xmodal.ui.given import Given
from xmodal.ui.played_clip import PairScores, PlayedClip, text_words
from xmodal.ui.views import videos
from xmodal.ui.views.pictures import LARGE_PX, fitted
from xmodal.ui.views.sounds import MAX_RATE_HZ
from xmodal.ui.word_things import things_of

LONG_S = 60.0
"""Recordings longer than this are sent to the browser at `LONG_RATE_HZ` and packed without loss."""
LONG_RATE_HZ = 16_000
SHORT_S = 0.3
"""Shorter than most words."""


@dataclass(frozen=True)
class _Shown:
    """What of a clip comes from networks."""

    maps: tuple[ScoreMap, ...]
    scores: tuple[PairScores, ...]


def clip_of(trained: Trained, sample: Sample, other: Sample | None, beside: Sequence[Trained] = ()) -> PlayedClip:
    """What the player shows of an item: the network's matchmap and the controls beside it.

    Args:
        trained: the network.
        sample: an item with a picture and what the network listens to.
        other: another item, whose caption makes the shuffled pair.
        beside: other networks for the same modality, whose matchmaps stand beside the first.

    Raises:
        MediaError: a medium is missing or unreadable.
    """
    heard = trained.caption
    picture = load.picture(sample, trained.recipe.pair.picture, size_px=512)
    caption = _caption(sample, heard)
    others = {each.run.name: match(each, picture, caption) for each in beside}
    maps = matched(trained, picture, caption, other=_other(other, heard))
    words = sample.truth.words if heard is Modality.SPEECH else ()
    clip = _clip(sample.id, picture, caption, heard, _shown(trained.run.name, maps, others))
    words = words or clip.words
    things = things_of(load.label_map(sample, size_px=512), words) if words else None
    described = " ".join(load.texts(sample)[:1]) or "Picture"
    return replace(clip, words=words, things=things, description=described)


def film_of(trained: Trained, sample: Sample, other: Sample | None, beside: Sequence[Trained] = ()) -> PlayedClip:
    """The same of an item's video and its soundtrack.

    Raises:
        MediaError: it is missing or unreadable.
        InputError: it has no sound.
    """
    sides = [each.recipe.picture.shorter_side_px for each in (trained, *beside)]
    clip = load.clip(sample, size_px=2 * max(sides), rate_hz=_looks_hz(sample))
    others = {each.run.name: film_match(each, clip) for each in beside}
    maps = filmed(trained, clip, other=_other_sound(other, trained.caption))
    assert clip.sound is not None  # `filmed` refuses a silent film
    shown = _shown(trained.run.name, maps, others)
    return PlayedClip(
        id=sample.id,
        kind="video",
        duration_s=max(len(clip.frames) / clip.frame_rate_hz, clip.sound.duration_s),
        heard=trained.caption,
        video=videos.video(sample, Modality.VIDEO).content,
        spectrogram=encode.png(drawn(clip.sound)),
        spectrogram_s=clip.sound.duration_s,
        description=" ".join(load.texts(sample)[:1]) or "Video",
        maps=shown.maps,
        scores=shown.scores,
    )


def own_clip(
    trained: Trained,
    picture: UInt8[np.ndarray, "rows cols 3"],
    caption: Caption,
    other: Sample | None,
    *,
    identity: str,
    progress: Progress | None = None,
) -> PlayedClip:
    """What the player shows of a picture and a recording (or a text) that a visitor brought.

    Raises:
        InputError: the caption cannot be used.
    """
    maps = matched(trained, picture, caption, other=_other(other, trained.caption), progress=progress)
    clip = _clip(identity, picture, caption, trained.caption, _shown(trained.run.name, maps, {}))
    return replace(clip, remarks=tuple(_remarks(trained, caption)), description="The picture")


def clip_with(
    identity: str, picture: UInt8[np.ndarray, "rows cols 3"], caption: Caption, heard: Modality, maps: Maps
) -> PlayedClip:
    """What the player shows of a picture and a caption whose maps are known already."""
    return _clip(identity, picture, caption, heard, _shown("", maps, {}))


def caption_of(given: Given, heard: Modality) -> Caption:
    """A recording of at most ten minutes, a text, or what an item has of the sense that is heard or read.

    Raises:
        MediaError: it is no recording; the line says that it was the sound.
    """
    if isinstance(given.content, str):
        return given.content
    try:
        if isinstance(given.content, Sample):
            return _caption(given.content, heard)
        return recording(io.BytesIO(given.content))
    except MediaError as error:
        raise MediaError(f"The recording cannot be used: {error}.") from error


def _clip(
    identity: str,
    picture: UInt8[np.ndarray, "rows cols 3"],
    caption: Caption,
    heard: Modality,
    shown: _Shown,
) -> PlayedClip:
    jpeg = encode.jpeg(np.asarray(fitted(picture, LARGE_PX)))
    if isinstance(caption, str):
        words: tuple[Word, ...] = text_words(tuple(words_of(caption)))
        return PlayedClip(
            identity,
            "text",
            float(len(words)),
            heard=heard,
            picture=jpeg,
            words=words,
            maps=shown.maps,
            scores=shown.scores,
        )
    content, kind = _sound(caption)
    return PlayedClip(
        identity, "picture", caption.duration_s, heard=heard, picture=jpeg, sound=content, sound_type=kind,
        spectrogram=encode.png(drawn(caption)), maps=shown.maps, scores=shown.scores,
    )  # fmt: skip


def _sound(sound: Waveform) -> tuple[bytes, str]:
    """The recording for the browser, and its type; long ones smaller."""
    long = sound.duration_s > LONG_S
    most_hz = LONG_RATE_HZ if long else MAX_RATE_HZ
    played = resampled(sound, most_hz) if sound.rate_hz > most_hz else sound
    played = Waveform(evened(played.samples), played.rate_hz)
    return (encode.flac(played), "audio/flac") if long else (encode.wav(played), "audio/wav")


def _shown(run: str, maps: Maps, others: Mapping[str, Matchmap]) -> _Shown:
    """Maps and their scores: the network's own, those of other networks, the controls."""
    own = {run if others else TRUE: maps[TRUE]}
    ordered = own | dict(others) | {name: found for name, found in maps.items() if name != TRUE}
    scores = [(name, pair_scores(found)) for name, found in ordered.items() if name != MEAN]
    return _Shown(
        maps=tuple(drawable(name, found) for name, found in ordered.items()),
        scores=tuple(
            PairScores(name, each[Aggregation.SISA], each[Aggregation.MISA], each[Aggregation.SIMA])
            for name, each in scores
        ),
    )


def _caption(sample: Sample, heard: Modality) -> Caption:
    if heard is not Modality.TEXT:
        return load.waveform(sample, heard)
    texts = load.texts(sample)
    if not texts:
        raise MediaError(f"{sample.id} has no text")
    return texts[0]


def _other(other: Sample | None, heard: Modality) -> Caption | None:
    """The caption of another item, None if it cannot be read: the pair itself can be shown without."""
    try:
        return None if other is None else _caption(other, heard)
    except MediaError:
        return None


def _other_sound(other: Sample | None, heard: Modality) -> Waveform | None:
    """Any sound of another item."""
    if other is None:
        return None
    found = next((each for each in (heard, *AUDIBLE) if each in other.media), None)
    try:
        return load.waveform(other, found) if found else load.clip(other, size_px=32, rate_hz=1.0).sound
    except MediaError:
        return None


def _looks_hz(sample: Sample) -> float:
    """How often to look at a video file so that its whole length is seen in `MOST_LOOKS` frames."""
    entry = sample.media.get(Modality.VIDEO)
    if not isinstance(entry, Stored):
        return LOOKS_HZ
    end_s = entry.end_s
    if end_s is None:
        with load.opened(entry, sample) as file:
            end_s = containers.duration_s(file)
    length_s = (end_s or 0.0) - (entry.start_s or 0.0)
    return min(LOOKS_HZ, MOST_LOOKS / length_s) if length_s > 0.0 else LOOKS_HZ


def _remarks(trained: Trained, caption: Caption) -> list[str]:
    """What a viewer should know about what was brought."""
    if isinstance(caption, str):
        known = set(trained.vocabulary.words)
        unknown = [word for word in dict.fromkeys(words_of(caption)) if word not in known]
        return [f"The network never read: {', '.join(unknown)}. Such words count as one unknown word."] * bool(unknown)
    level = float(np.sqrt(np.mean(np.square(caption.samples, dtype=np.float64))))
    if level < SILENCE:
        return ["This recording is silent: what lights up has nothing to do with sound."]
    if caption.duration_s < SHORT_S:
        return [f"Only {caption.duration_s:.2f} s of sound, shorter than most words: expect little."]
    return []
