"""Matchmaps of a film: of each moment of its sound with the picture that is seen then (ours; the paper has stills)."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float

from xmodal.analysis.matchmaps import Matchmap, picture_of
from xmodal.data.sample import Clip
from xmodal.features.picture import Picture
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress, Silent
from xmodal.similarity.matchmap import matchmap

LOOKS_HZ = 4.0
"""Frames looked at in a second of film."""
MOST_LOOKS = 480
"""Frames looked at in all: two minutes at `LOOKS_HZ`; a longer film is looked at less often."""
STAGE = "Looking, frames"


def film_maps(
    model: MatchmapModel,
    clip: Clip,
    captions: Sequence[Float[torch.Tensor, "dim _"]],
    options: Picture,
    *,
    hop_s: float,
    progress: Progress | None = None,
) -> tuple[Matchmap, ...]:
    """One matchmap for each caption map, each on its own times; every frame is looked at once.

    A caption of one vector lasts as long as the film. Sound that goes on after the film is matched with its last frame.

    Args:
        model: the network.
        clip: the film; of its frames at most `LOOKS_HZ` a second and `MOST_LOOKS` in all are looked at.
        captions: from `matchmaps.sound_of` of the same network.
        options: how pictures are prepared.
        hop_s: seconds between spectrogram frames.
        progress: told after each frame.
    """
    looked = _looks(clip)
    looks_s = looked / clip.frame_rate_hz
    heard = [_over(model, caption, clip, hop_s) for caption in captions]
    shown = [np.clip(np.searchsorted(looks_s, times_s, side="right") - 1, 0, len(looked) - 1) for _, times_s in heard]
    first = picture_of(model, clip.frames[0], options)
    _, rows, cols = first.maps.shape
    scores = [np.empty((rows, cols, len(times_s)), np.float32) for _, times_s in heard]
    for number, place in enumerate(looked):
        maps = picture_of(model, clip.frames[place], options).maps
        for filled, (caption, _), seen in zip(scores, heard, shown, strict=True):
            now = np.flatnonzero(seen == number)
            if now.size:
                filled[:, :, now] = matchmap(maps, caption[:, torch.from_numpy(now)]).numpy()
        (progress or Silent()).update(STAGE, number + 1, len(looked))
    row_centres, col_centres = (
        model.image.cell_centres(rows, first.rows_px),
        model.image.cell_centres(cols, first.cols_px),
    )
    return tuple(
        Matchmap(each, row_centres, col_centres, times_s) for each, (_, times_s) in zip(scores, heard, strict=True)
    )


def _looks(clip: Clip) -> np.ndarray:
    """Which frames are looked at: evenly spaced, the first among them."""
    count = len(clip.frames)
    step = max(1, round(clip.frame_rate_hz / LOOKS_HZ), -(-count // MOST_LOOKS))
    return np.arange(0, count, step)


def _over(
    model: MatchmapModel, caption: torch.Tensor, clip: Clip, hop_s: float
) -> tuple[torch.Tensor, Float[np.ndarray, "frames"]]:
    """A caption map with its times; one vector is repeated for every frame that is looked at."""
    if caption.shape[1] > 1:
        return caption, model.caption.frame_times_s(caption.shape[1], hop_s)
    times_s = (_looks(clip) + 0.5) / clip.frame_rate_hz
    return caption.expand(-1, len(times_s)), times_s
