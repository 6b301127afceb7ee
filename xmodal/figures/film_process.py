"""A film drawn by a process of its own: the scene goes in through a pipe, progress and the film come out.

So the pages' process keeps its threads for its visitors, and nothing of a scene touches the disk. The other end is
this module as a script; it ends when nobody listens any more.
"""

import io
import json
import subprocess
import sys
from dataclasses import asdict
from typing import IO, BinaryIO

import numpy as np

from xmodal.data.sample import Waveform, Word
from xmodal.errors import InputError, reason
from xmodal.figures.matchmap_film import film
from xmodal.figures.matchmap_frame import Scene
from xmodal.figures.matchmap_look import Look
from xmodal.figures.score_map import Cover, ScoreMap
from xmodal.progress import Progress, Silent

DONE, FILM, FAULT = b"done", b"film", b"fault"
"""First words of the lines that come out; the film follows its line."""


class FilmError(InputError):
    """A film that could not be made."""


def made_apart(scene: Scene, *, sound: Waveform | None = None, progress: Progress | None = None) -> bytes:
    """MP4 of a scene (see `film`).

    Raises:
        FilmError: it could not be made, or the process was ended.
    """
    command = [sys.executable, "-m", "xmodal.figures.film_process"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with process.stdin as asked:
                asked.write(packed(scene, sound))
            return _received(process.stdout, progress or Silent())
        except BrokenPipeError as error:
            raise FilmError("the process that draws films has ended") from error
        finally:
            process.kill()


def _received(told: IO[bytes], progress: Progress) -> bytes:
    for line in told:
        word, _, rest = line.strip().partition(b" ")
        if word == DONE:
            done, total = (int(number) for number in rest.split())
            progress.update("Drawing", done, total)
        elif word == FILM:
            return told.read(int(rest))
        elif word == FAULT:
            raise FilmError(rest.decode())
    raise FilmError("the process that draws films has ended")


def packed(scene: Scene, sound: Waveform | None) -> bytes:
    """A scene and its sound as bytes: plain arrays and JSON."""
    facts = {
        "maps": [
            {name: getattr(each, name) for name in ("name", "low", "high", "first_s", "step_s")}
            | {"cover": asdict(each.cover)}
            for each in scene.maps
        ],
        "words": [asdict(word) for word in scene.words],
        "look": scene.look.model_dump(),
        "stretch": scene.stretch,
        "rate_hz": sound.rate_hz if sound else None,
        **{name: getattr(scene, name) for name in _PLAIN},
    }
    arrays = {f"levels_{number}": each.levels for number, each in enumerate(scene.maps)}
    arrays |= {"pictures": scene.pictures, "facts": np.array(json.dumps(facts), np.str_)}
    if scene.spectrogram is not None:
        arrays["spectrogram"] = scene.spectrogram
    if sound is not None:
        arrays["samples"] = sound.samples
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


_PLAIN = ("duration", "pictures_hz", "spectrogram_s", "stepwise", "title")


def unpacked(content: bytes) -> tuple[Scene, Waveform | None]:
    """What `packed` was given, but for the exact scores of its maps."""
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        facts = json.loads(str(kept["facts"]))
        maps = tuple(
            ScoreMap(levels=kept[f"levels_{number}"], **(told | {"cover": Cover(**told["cover"])}))
            for number, told in enumerate(facts["maps"])
        )
        scene = Scene(
            pictures=kept["pictures"],
            maps=maps,
            words=tuple(Word(**word) for word in facts["words"]),
            look=Look.model_validate(facts["look"]),
            stretch=tuple(facts["stretch"]) if facts["stretch"] else None,
            spectrogram=kept.get("spectrogram"),
            **{name: facts[name] for name in _PLAIN},
        )
        sound = Waveform(kept["samples"], facts["rate_hz"]) if facts["rate_hz"] is not None else None
    return scene, sound


class _Lines(Progress):
    """Tells whoever listens at the other end."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Write one line."""
        del stage, note
        self._out.write(b"%s %d %d\n" % (DONE, done, total or 0))
        self._out.flush()


def _serve(asked: BinaryIO, out: BinaryIO) -> None:
    """Draw the scene that comes in."""
    try:
        scene, sound = unpacked(asked.read())
        content = film(scene, sound=sound, progress=_Lines(out))
    except BrokenPipeError:  # nobody listens any more
        raise
    except Exception as error:  # whatever a codec raises is told at the other end
        out.write(b"%s %s\n" % (FAULT, " ".join(reason(error).split()).encode()))
        return
    out.write(b"%s %d\n" % (FILM, len(content)))
    out.write(content)
    out.flush()


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
