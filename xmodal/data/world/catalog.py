"""Items of the world as samples: live (computed on demand) or built into a catalog on disk.

Splits are by item number, so that they never depend on how many items are made: of each ten, number 8 is validation
and number 9 is test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xmodal.data.decode import MediaError
from xmodal.data.media import Media, Rendered, Stored, Text
from xmodal.data.sample import Clip, LabelMap, LabelMapSource, Sample, SoundEvent, Split, Truth, Waveform
from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.compose import compose
from xmodal.data.world.scene import Scene
from xmodal.data.world.spec import WORLD_VERSION, WorldSpec
from xmodal.modality import Modality
from xmodal.storage import digest

PICTURE_PX = 512
"""Longer side of computed pictures if nobody wishes another."""

FRAME_RATE_HZ = 8.0
"""Of computed videos."""

DEFAULT = WorldSpec()
"""The world of the demo."""


def item_id(spec: WorldSpec, index: int) -> str:
    """`w1-0-000042`: version, seed, number; a world of other difficulty adds four letters of its digest."""
    plain = WorldSpec(seed=spec.seed)
    mark = "" if spec == plain else "-" + digest(spec.model_dump_json(exclude={"seed"}))[:6]
    return f"w{WORLD_VERSION}{mark}-{spec.seed}-{index:06d}"


def split_of(index: int) -> Split:
    """8 of 10 items train, one validates, one tests."""
    return {8: Split.VALIDATION, 9: Split.TEST}.get(index % 10, Split.TRAIN)


def live_sample(spec: WorldSpec, index: int) -> Sample:
    """Item `index` with every medium computed on demand (text is there at once; word times come with the speech)."""
    from xmodal.data.world.text import render_description, render_text

    scene = compose(spec, index)
    arguments = f'{{"version":{WORLD_VERSION},"index":{index},"world":{spec.model_dump_json()}}}'
    media: dict[Modality, Media] = {
        modality: Rendered("world", arguments) for modality in Modality if modality is not Modality.TEXT
    }
    media[Modality.TEXT] = Text((render_text(scene, spec).text, render_description(scene, spec).text))
    return Sample(
        id=item_id(spec, index),
        split=split_of(index),
        media=media,
        scene=scene.category,
        truth=Truth(
            label_map=LabelMapSource("world", Rendered("world", arguments)),
            objects=tuple(thing.kind for thing in scene.things),
            sound_events=sound_events(scene),
        ),
        facts=facts(scene),
    )


@dataclass(frozen=True)
class WorldItems:
    """A stretch of a world as a sequence of samples, every medium computed on demand."""

    spec: WorldSpec
    count: int
    first: int = 0
    """Number of its first item."""

    @property
    def digest(self) -> str:
        """Which items these are."""
        return digest(f"{WORLD_VERSION} {self.spec.model_dump_json()} {self.first} {self.count}")

    def __len__(self) -> int:
        """Number of items."""
        return self.count

    def __getitem__(self, position: int) -> Sample:
        """The sample at `position`, 0 to len - 1."""
        if not 0 <= position < self.count:
            raise IndexError(f"item {position} of {self.count}")
        return live_sample(self.spec, self.first + position)


def sound_events(scene: Scene) -> tuple[SoundEvent, ...]:
    """What is heard when, by onset."""
    events = [
        SoundEvent(source.kind, start_s, end_s, seen=number < sum(bool(thing.sounding) for thing in scene.things))
        for number, source in enumerate(scene.sounding())
        for start_s, end_s in source.sounding
    ]
    return tuple(sorted(events, key=lambda event: event.start_s))


def facts(scene: Scene) -> dict[str, str]:
    """What a page shows about the latent scene."""
    category = CATEGORIES[scene.category]
    shown = {"daylight": scene.daylight, "place": "indoors" if category.indoors else "outdoors"}
    if not category.indoors:
        shown["weather"] = scene.weather
    if scene.unseen:
        shown["heard but not seen"] = ", ".join(source.kind for source in scene.unseen)
    return shown


def scene_of(arguments: Mapping[str, Any]) -> tuple[WorldSpec, Scene]:
    """Spec and scene that a reference's arguments name.

    Raises:
        MediaError: the item was made by another version of the world.
    """
    if arguments["version"] != WORLD_VERSION:
        raise MediaError(f"made by world {arguments['version']}, this is world {WORLD_VERSION}: build it again")
    spec = WorldSpec.model_validate(arguments["world"])
    return spec, compose(spec, int(arguments["index"]))


def render(
    _sample: Sample, modality: Modality, arguments: Mapping[str, Any], size_px: int | None
) -> np.ndarray | Waveform | Clip:
    """Content of a world entry (the function behind references `render:world`)."""
    spec, scene = scene_of(arguments)
    return content(spec, scene, modality, size_px or PICTURE_PX)


def content(spec: WorldSpec, scene: Scene, modality: Modality, size_px: int) -> np.ndarray | Waveform | Clip:
    """One modality of a scene. Renderers are imported here so that a page that shows pictures loads no others."""
    if modality is Modality.IMAGE:
        from xmodal.data.world.image import render_image

        return render_image(scene, spec, size_px=size_px)
    if modality in (Modality.SKETCH, Modality.CLIP_ART, Modality.SPATIAL_TEXT):
        return _drawn(scene, modality, size_px)
    if modality is Modality.SOUND:
        from xmodal.data.world import sound

        return Waveform(sound.render_sound(scene, spec)[0], sound.RATE_HZ)
    if modality is Modality.SPEECH:
        from xmodal.data.world import speech

        return Waveform(speech.render_speech(scene, spec).waveform, speech.RATE_HZ)
    if modality is Modality.VIDEO:
        return _clip(spec, scene, min(size_px, 256))
    raise ValueError(f"{modality.display} is not computed: it is in the table")


def _drawn(scene: Scene, modality: Modality, size_px: int) -> np.ndarray:
    from xmodal.data.world.clip_art import render_clip_art
    from xmodal.data.world.sketch import render_sketch
    from xmodal.data.world.spatial_text import render_spatial_text

    table = {
        Modality.SKETCH: render_sketch,
        Modality.CLIP_ART: render_clip_art,
        Modality.SPATIAL_TEXT: render_spatial_text,
    }
    return table[modality](scene, size_px=size_px)


def _clip(spec: WorldSpec, scene: Scene, size_px: int) -> Clip:
    from xmodal.data.world import sound, video

    frames = video.render_video(scene, spec, size_px=size_px, frame_rate_hz=FRAME_RATE_HZ)
    samples = sound.render_sound(scene, spec)[0]
    length = round(len(frames) / FRAME_RATE_HZ * sound.RATE_HZ)
    return Clip(frames, FRAME_RATE_HZ, Waveform(samples[:length], sound.RATE_HZ))


def label_map(_sample: Sample, source: Stored | Rendered, size_px: int | None) -> LabelMap:
    """Label map of a live item (`label_maps.SCHEMES["world"]`).

    Raises:
        ValueError: the source is a file (built catalogs use the scheme `indexed`).
    """
    from xmodal.data.world.image import render_label_map

    if not isinstance(source, Rendered):
        raise ValueError("label maps of the live world are computed, not stored")
    _, scene = scene_of(source.arguments())
    return render_label_map(scene, size_px=size_px or PICTURE_PX)


def with_words(sample: Sample, spec: WorldSpec, scene: Scene) -> tuple[Sample, Waveform]:
    """The sample with its spoken words, their times and the voice; and the spoken caption."""
    from xmodal.data.world import speech

    spoken = speech.render_speech(scene, spec)
    truth = replace(sample.truth, words=spoken.words)
    known = replace(sample, truth=truth, group=spoken.voice, facts={**sample.facts, "voice": spoken.voice})
    return known, Waveform(spoken.waveform, speech.RATE_HZ)
