"""Sample predictions of a run as the page shows them: pictures under heat, and one pair for the player."""

import base64
from dataclasses import dataclass, replace

from xmodal import workspace
from xmodal.analysis.prompted import enlarged, scaled
from xmodal.recipes.matched import TRUE
from xmodal.recipes.networks import find_run
from xmodal.recipes.samples import Samples
from xmodal.ui.networks.clips import clip_with
from xmodal.ui.played_clip import PlayedClip
from xmodal.ui.views.heat_pictures import at_size, framed, heated


@dataclass(frozen=True)
class SampleKey:
    """The samples of a run after a step, as they were written then."""

    run: str
    step: int
    changed_ns: int


@dataclass(frozen=True)
class SampleLook:
    """One pair at one step."""

    item: str
    address: str
    """The picture under the best score of each cell at any time, as a `data:` address."""
    score: float
    rank: int
    """Place of its own caption among the captions of all samples, from 1."""


def keys(run: str) -> tuple[SampleKey, ...]:
    """The steps after which samples were taken, ascending.

    Raises:
        RunError: there is no such run.
    """
    samples = _samples(run)
    found = []
    for step in samples.steps():
        changed_ns = samples.changed_ns(step)
        if changed_ns is not None:
            found.append(SampleKey(run, step, changed_ns))
    return tuple(found)


def looks(key: SampleKey) -> tuple[SampleLook, ...]:
    """Every pair at that step.

    Raises:
        RunError: damaged.
    """
    samples = _samples(key.run)
    index, found = samples.index(), samples.at(key.step)
    if index is None:
        return ()
    made = []
    for place, (item, each) in enumerate(zip(index.items, found.maps, strict=True)):
        picture = at_size(samples.media(place).picture)
        heat = enlarged(scaled(each.scores.max(axis=2)), each.row_centres, each.col_centres, picture.shape[:2])
        content = framed(heated(picture, heat, None)).content
        address = f"data:image/webp;base64,{base64.b64encode(content).decode()}"
        scores = found.scores[place]
        made.append(SampleLook(item.id, address, float(scores[place]), int((scores >= scores[place]).sum())))
    return tuple(made)


def clip(key: SampleKey, place: int) -> PlayedClip:
    """One pair at that step for the player.

    Raises:
        RunError: damaged.
    """
    samples = _samples(key.run)
    index, media = samples.index(), samples.media(place)
    assert index is not None  # its media were just read
    maps = {TRUE: samples.at(key.step).maps[place]}
    made = clip_with(f"{key.run}/{index.items[place].id}", media.picture, media.caption, index.caption, maps)
    return replace(made, words=media.words or made.words)


def _samples(run: str) -> Samples:
    return Samples(find_run(run, workspace.current()))
