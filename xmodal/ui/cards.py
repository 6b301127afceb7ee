"""Sample -> what a card of the gallery shows. Plain values that become JSON; no Streamlit."""

from typing import Any

from xmodal.data import load
from xmodal.data.sample import Sample
from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.ui.catalogs import Where
from xmodal.ui.media_address import address
from xmodal.ui.palette import MARKERS

PREFERRED = (
    Modality.IMAGE,
    Modality.VIDEO,
    Modality.CLIP_ART,
    Modality.SKETCH,
    Modality.SPEECH,
    Modality.SOUND,
    Modality.TEXT,
    Modality.SPATIAL_TEXT,
)
"""What a card shows of an item that lacks what is asked for: the first of these that it has."""
CAPTION_LENGTH = 160
"""Characters sent of a caption; two lines of a card hold about 70."""

Card = dict[str, Any]


def shown(sample: Sample, wanted: Modality | None) -> Modality | None:
    """The entry that stands for the item."""
    order = (wanted, *PREFERRED) if wanted else PREFERRED
    return next((modality for modality in order if modality in sample.media), None)


def card(sample: Sample, where: Where, *, wanted: Modality | None = None, masks: bool = False) -> Card:
    """One item as a card."""
    modality = shown(sample, wanted)
    if modality is None:
        return _card(sample, Modality.TEXT, "text", text="This item has no media.")
    result = _card(sample, modality, _kind(modality))
    if modality is Modality.TEXT:
        result["text"] = load.texts(sample)[0]
    else:
        result["picture"] = link(sample, where, modality, "thumb")
    if modality is Modality.VIDEO:
        result["video"] = link(sample, where, modality, "video")
    if masks and modality is Modality.IMAGE and sample.truth.label_map is not None:
        result["overlay"] = link(sample, where, modality, "mask")
    if modality is not Modality.VIDEO:
        result["sounds"] = [_sound(sample, where, heard) for heard in AUDIBLE if _plays(sample, modality, heard)]
    result["has"] = [named(entry) for entry in Modality if entry in sample.media]
    return result


def single(sample: Sample, where: Where, modality: Modality) -> Card:
    """One entry of an item as a card: its own name above, nothing else."""
    return card(sample, where, wanted=modality) | {"title": modality.display, "caption": "", "has": [], "sounds": []}


def cover(sample: Sample, where: Where) -> Card:
    """A card that stands for its catalog: no list of what it has."""
    return card(sample, where) | {"has": []}


def pictured(identity: str, picture: str, *, title: str, caption: str) -> Card:
    """A picture of our own making as a card; `picture` is its address."""
    return _blank(identity, Modality.IMAGE, "picture") | {"picture": picture, "title": title, "caption": caption}


def written(text: str) -> Card:
    """A text of a visitor's as a card."""
    return _blank("", Modality.TEXT, "text") | {"text": text}


def link(sample: Sample, where: Where, modality: Modality, view: str) -> str:
    """Address of a view of an entry."""
    return address(where.catalog, where.digest, sample.id, modality, view)


def named(modality: Modality) -> dict[str, str]:
    """A modality with its name and marker, for scripts."""
    return {"modality": modality.value, "modality_name": modality.display, "marker": MARKERS[modality]}


def spoken_name(label: str | None) -> str:
    """`living_room` -> `living room`."""
    return (label or "").replace("_", " ").strip()


def caption(sample: Sample, modality: Modality) -> str:
    """The line under a card: its words, else what is in it, else its id."""
    words = "" if modality is Modality.TEXT else " ".join(load.texts(sample)[:1])
    words = words or " ".join(word.text for word in sample.truth.words)
    words = words or ", ".join(dict.fromkeys(event.label for event in sample.truth.sound_events))
    words = words or ", ".join(dict.fromkeys(sample.truth.objects))
    return (words or sample.id)[:CAPTION_LENGTH]


def _kind(modality: Modality) -> str:
    if modality in PICTORIAL:
        return "picture"
    return {Modality.TEXT: "text", Modality.VIDEO: "video"}.get(modality, "strip")


def _card(sample: Sample, modality: Modality, kind: str, text: str = "") -> Card:
    title = spoken_name(sample.scene)
    words = {"title": title[:1].upper() + title[1:], "caption": caption(sample, modality), "text": text}
    return _blank(sample.id, modality, kind) | words


def _blank(identity: str, modality: Modality, kind: str) -> Card:
    return {
        "id": identity,
        "kind": kind,
        **named(modality),
        "title": "",
        "caption": "",
        "text": "",
        "picture": "",
        "video": "",
        "overlay": "",
        "sounds": [],
        "has": [],
        "asks": "",
        "previews": False,
    }


def _plays(sample: Sample, modality: Modality, heard: Modality) -> bool:
    return heard in sample.media and (modality not in AUDIBLE or modality is heard)


def _sound(sample: Sample, where: Where, modality: Modality) -> dict[str, str]:
    return named(modality) | {"source": link(sample, where, modality, "wave")}
