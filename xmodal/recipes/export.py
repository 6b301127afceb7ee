"""What a trained run sees in an item, to keep: a film with sound, a still, or the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xmodal.data import load
from xmodal.data.loudness import evened
from xmodal.data.sample import Sample, Waveform, Word
from xmodal.data.spoken import spoken
from xmodal.errors import InputError
from xmodal.features.words import words_of
from xmodal.figures.matchmap_arrays import npz
from xmodal.figures.matchmap_film import write_film, write_still
from xmodal.figures.matchmap_frame import Scene
from xmodal.figures.matchmap_look import Look
from xmodal.figures.score_map import drawable
from xmodal.figures.spectrogram import drawn
from xmodal.modality import Modality
from xmodal.progress import Progress
from xmodal.recipes.matched import MEAN, SHUFFLED, TRUE, UNTRAINED, Caption, Trained, matched
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.sources import catalog_of, data_of, source_of
from xmodal.storage import atomic_write
from xmodal.workspace import Workspace

MAPS: dict[str, tuple[str, ...]] = {
    "matchmap": (TRUE,),
    "mean": (MEAN,),
    "shuffled": (SHUFFLED,),
    "untrained": (UNTRAINED,),
    "all": (TRUE, MEAN, SHUFFLED, UNTRAINED),
}
"""What may be asked for -> the maps shown, side by side."""

SUFFIXES = (".mp4", ".png", ".npz")
"""Kinds of files."""


@dataclass(frozen=True)
class Shown:
    """A scene with what is heard in it."""

    scene: Scene
    sound: Waveform | None
    """None: a text is read, not heard."""


def find_item(data: str, item: str, workspace: Workspace) -> tuple[Sample, Sample]:
    """An item by id or by its number (from 0; of a world only so), and the one after it.

    Raises:
        InputError: there are no such data, or no such item.
    """
    number = int(item) if item.isdecimal() else None
    asked = data_of(data, items=2 if number is None else number + 2)
    if isinstance(asked, WorldData):
        world = source_of(asked, workspace)
        if number is None:
            raise InputError(f"items of a world have numbers, not names such as {item!r}")
        return world[number], world[number + 1]
    catalog = catalog_of(asked.catalog, workspace)
    place = catalog.find(item)
    if place is None and number is not None and number < len(catalog):
        place = number
    if place is None:
        raise InputError(f"{data} has no item {item!r} among its {len(catalog):,}: give an id, or a number from 0")
    return catalog[place], catalog[(place + 1) % len(catalog)]


def shown(
    trained: Trained, sample: Sample, other: Sample, *, maps: str = "matchmap", look: Look | None = None
) -> Shown:
    """An item as the player shows it: the network's maps, the sound with its words, its loudness evened out.

    Args:
        trained: the network.
        sample: the item.
        other: gives the shuffled pair its caption.
        maps: one of `MAPS`.
        look: how scores become light.

    Raises:
        MediaError: a medium is missing or unreadable.
        InputError: the network cannot use it.
    """
    picture = load.picture(sample, trained.recipe.pair.picture, size_px=512)
    caption, words = _caption(trained, sample)
    partner = _caption(trained, other)[0] if SHUFFLED in MAPS[maps] else None
    found = matched(trained, picture, caption, other=partner)
    drawn_maps = tuple(drawable(name, found[name]) for name in MAPS[maps])
    common = {"look": look or Look(), "words": tuple(words), "title": f"{trained.run.name} · {sample.id}"}
    if isinstance(caption, str):
        return Shown(Scene(picture[None], drawn_maps, float(len(words)), stepwise=True, **common), None)
    sound = Waveform(evened(caption.samples), caption.rate_hz)
    return Shown(Scene(picture[None], drawn_maps, sound.duration_s, spectrogram=drawn(caption), **common), sound)


def write(content: Shown, path: Path, *, at: float = 0.0, progress: Progress | None = None) -> None:
    """Write a scene as its file's suffix says: `.mp4` the film, `.png` the moment `at`, `.npz` the first map's numbers.

    Raises:
        InputError: another suffix.
    """
    scene = content.scene
    match path.suffix.lower():
        case ".mp4":
            write_film(scene, path, sound=content.sound, progress=progress)
        case ".png":
            write_still(scene, path, seconds=at)
        case ".npz":
            atomic_write(path, npz(scene.maps[0], scene.words, title=scene.title))
        case other:
            raise InputError(f"no file of kind {other!r} is written; known: {', '.join(SUFFIXES)}")


def _caption(trained: Trained, sample: Sample) -> tuple[Caption, Sequence[Word]]:
    """What the network is given of an item, and its words where they are known."""
    match trained.caption:
        case Modality.TEXT:
            text = (load.texts(sample) or ("",))[0]
            return text, [Word(word, float(place), place + 1.0) for place, word in enumerate(words_of(text))]
        case Modality.SPEECH:
            return spoken(sample)
        case heard:
            return load.waveform(sample, heard), ()
