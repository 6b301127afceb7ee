"""The eight senses of an item, and how they are written for people."""

from enum import StrEnum


class Modality(StrEnum):
    """One way in which a scene can be given to a network."""

    IMAGE = "image"
    SKETCH = "sketch"
    CLIP_ART = "clip_art"
    SPATIAL_TEXT = "spatial_text"
    TEXT = "text"
    SOUND = "sound"
    SPEECH = "speech"
    VIDEO = "video"

    @property
    def display(self) -> str:
        """Name for headings and labels, in sentence case."""
        return DISPLAY[self]


DISPLAY: dict[Modality, str] = {
    Modality.IMAGE: "Image",
    Modality.SKETCH: "Sketch",
    Modality.CLIP_ART: "Clip art",
    Modality.SPATIAL_TEXT: "Spatial text",
    Modality.TEXT: "Text",
    Modality.SOUND: "Sound",
    Modality.SPEECH: "Speech",
    Modality.VIDEO: "Video",
}

PICTORIAL: tuple[Modality, ...] = (Modality.IMAGE, Modality.SKETCH, Modality.CLIP_ART, Modality.SPATIAL_TEXT)
"""Modalities that are decoded to one RGB picture."""

AUDIBLE: tuple[Modality, ...] = (Modality.SOUND, Modality.SPEECH)
"""Modalities that are decoded to one waveform."""
