"""Galleries, players and other views of samples, as functions of a sample and a key."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from xmodal.data import load
from xmodal.data.sample import Sample
from xmodal.modality import Modality
from xmodal.ui import cache, cards, state
from xmodal.ui.cards import Card, named
from xmodal.ui.catalogs import Where
from xmodal.ui.components.assets import register
from xmodal.ui.views.masks import Region

_gallery = register("gallery")
_sound_player = register("sound_player")
_mask_view = register("mask_view")
_text_card = register("text_card")
_facts_list = register("facts_list")
_copy_button = register("copy_button")

CARD_PX = 176
"""Least width of a card in the big gallery."""
SMALL_CARD_PX = 128


def gallery(
    shown: Sequence[Card],
    *,
    key: str,
    label: str,
    size_px: int = CARD_PX,
    on_open: Callable[[str], None] | None = state.open_chosen,
    on_ask: Callable[[str], None] | None = None,
) -> None:
    """A grid of cards; a click opens the item by `on_open(key)` unless that is None. `label` names it for readers.

    Cards with `asks` have a second button, of that name, that calls `on_ask(key)`.
    """
    data = {"cards": list(shown), "label": label, "size_px": size_px, "opens": on_open is not None}
    _gallery(
        key=key, data=data, on_open_change=lambda: on_open(key) if on_open else None,
        on_ask_change=lambda: on_ask(key) if on_ask else None,
    )  # fmt: skip


def sound(sample: Sample, where: Where, modality: Modality, *, key: str, strip_px: int = 88) -> None:
    """A recording with its spectrogram, and what is known to be heard when."""
    truth = sample.truth
    speech = modality is Modality.SPEECH
    data = named(modality) | {
        "label": modality.display,
        "note": f"spoken by {sample.facts['voice']}" if speech and "voice" in sample.facts else "",
        "source": cards.link(sample, where, modality, "wave"),
        "spectrogram": cards.link(sample, where, modality, "spectrogram"),
        "words": [asdict(word) for word in truth.words] if speech else [],
        "events": [] if speech else [asdict(event) for event in truth.sound_events],
        "strip_px": strip_px,
    }
    _sound_player(key=key, data=data)


def picture(sample: Sample, where: Where, *, key: str, size_px: int = 640) -> None:
    """The image, at most `size_px` wide, with its masks on demand."""
    regions = cache.mask_regions(where, sample.id)
    data = {
        "picture": cards.link(sample, where, Modality.IMAGE, "large"),
        "ids": cards.link(sample, where, Modality.IMAGE, "numbers") if regions else "",
        "ratio": f"{regions.cols} / {regions.rows}" if regions else "auto",
        "classes": [_entry(region) for region in regions.classes] if regions else [],
        "instances": [_entry(region) for region in regions.instances] if regions else [],
        "alt": f"Image: {cards.caption(sample, Modality.IMAGE)}",
        "mode": "off",
        "size_px": size_px,
    }
    _mask_view(key=key, data=data)


def _entry(region: Region) -> dict[str, str | int]:
    percent = 100 * region.share
    share = f"{percent:.0f} %" if percent >= 1 else "< 1 %"
    return {"id": region.id, "name": cards.spoken_name(region.name), "colour": region.colour, "share": share}


def text(sample: Sample, *, key: str, most: int = 10) -> None:
    """The item's words, alternatives below, at most `most` of them."""
    _text_card(key=key, data=named(Modality.TEXT) | {"texts": list(load.texts(sample)[:most])})


def facts(sample: Sample, *, key: str) -> None:
    """Everything else that is known about the item."""
    objects = ", ".join(cards.spoken_name(name) for name in sample.truth.objects)
    rows = [("Id", sample.id, True), ("Split", sample.split.value, False), ("Scene", sample.scene or "", False)]
    rows += [("Group", sample.group or "", True), ("Objects", objects, False)]
    rows += [(name[:1].upper() + name[1:], value, False) for name, value in sample.facts.items()]
    data = [{"name": name, "value": value, "code": code} for name, value, code in rows if value]
    _facts_list(key=key, data={"facts": data})


def copy_link(*, key: str) -> None:
    """A button that copies the address of what is shown."""
    _copy_button(key=key, data={"label": "Copy link", "done": "Link copied", "failed": "Copy the address bar instead"})


def panel(
    groups: Sequence[tuple[dict[str, str], Sequence[Card]]],
    *,
    key: str,
    label: str,
    size_px: int = SMALL_CARD_PX,
    on_open: Callable[[str], None],
) -> None:
    """Cards in parts that follow each other, the query's first; a part has a `title`, and may have a `marker` in the
    colour of its `modality`. A click calls `on_open(key)`."""
    parts = [about | {"count": len(shown)} for about, shown in groups]
    data = {"cards": [card for _, shown in groups for card in shown], "groups": parts, "label": label}
    _gallery(key=key, data=data | {"size_px": size_px, "opens": True}, on_open_change=lambda: on_open(key))
