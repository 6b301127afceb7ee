"""A video file -> the part that becomes an item: a few seconds of it, their sound, and the frame in their middle.

See-Hear-Read, section 3: about five seconds of sound around a frame.
"""

from dataclasses import dataclass

from xmodal.data.decode import MediaError
from xmodal.data.media import Media, Stored
from xmodal.data.readers import ReaderError, Source
from xmodal.data.readers.files import EntryError, base_folder
from xmodal.modality import Modality

SEGMENT_S = 5.0
"""Length of a part where no option says otherwise (See-Hear-Read: "approximately five seconds")."""


@dataclass(frozen=True)
class VideoHeader:
    """What a container says about itself."""

    duration_s: float | None
    """None: it does not say."""
    has_picture: bool
    has_sound: bool


@dataclass(frozen=True)
class Part:
    """Some seconds of a video; None: from its beginning, to its end."""

    start_s: float | None
    end_s: float | None
    middle_s: float


def header(source: Source, video: Stored) -> VideoHeader:
    """Read the container's header, no frame.

    Raises:
        EntryError: not a video, or damaged at its beginning.
    """
    import av  # FFmpeg is loaded when the first video is read, not with the table of readers
    import av.error

    from xmodal.data import containers

    try:
        with (base_folder(source, video.root) / video.path).open("rb") as file:
            name = containers.sniff(file.read(16))
            file.seek(0)
            with av.open(file, mode="r", format=name, metadata_errors="replace") as container:
                duration = container.duration
                seconds = None if duration is None or duration <= 0 else duration / av.time_base
                return VideoHeader(seconds, bool(container.streams.video), bool(container.streams.audio))
    except (MediaError, av.error.FFmpegError, ValueError, OSError) as error:
        raise EntryError(f"not a readable video: {getattr(error, 'strerror', None) or error}") from error


def seconds(source: Source, option: str = "segment_s") -> float:
    """The option's length of a part in seconds.

    Raises:
        ReaderError: not a number from 0.5 to 600.
    """
    text = source.options.get(option, f"{SEGMENT_S:g}")
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.5 <= value <= 600.0:
        raise ReaderError(f"option {option}={text!r}: write a number of seconds from 0.5 to 600")
    return value


def parts(duration_s: float | None, *, segment_s: float, count: int = 1) -> list[Part]:
    """`count` parts of `segment_s`, spread evenly; fewer where they would overlap, the whole where it is not longer."""
    if duration_s is None:
        return [Part(0.0, segment_s, segment_s / 2)]
    if duration_s <= segment_s + 0.5:
        return [Part(None, None, round(duration_s / 2, 3))]
    count = max(1, min(count, int(duration_s // segment_s)))
    middles = ((place + 0.5) * duration_s / count for place in range(count))
    starts = (min(max(middle - segment_s / 2, 0.0), duration_s - segment_s) for middle in middles)
    return [_part(round(start, 2), segment_s) for start in starts]


def _part(start_s: float, segment_s: float) -> Part:
    return Part(start_s, round(start_s + segment_s, 2), round(start_s + segment_s / 2, 3))


def entries(video: Stored, found: VideoHeader, part: Part) -> dict[Modality, Media]:
    """Image, sound and video of a part, as far as the file has them.

    Raises:
        EntryError: it has neither picture nor sound.
    """
    whole = Stored(video.path, video.root, start_s=part.start_s, end_s=part.end_s)
    media: dict[Modality, Media] = {}
    if found.has_picture:
        media[Modality.IMAGE] = Stored(video.path, video.root, start_s=part.middle_s)
    if found.has_sound:
        media[Modality.SOUND] = whole
    if found.has_picture:
        media[Modality.VIDEO] = whole
    if not media:
        raise EntryError("there is neither picture nor sound in it")
    return media
