"""The matchmap of one picture and one caption, with its places in the picture and its times (matchmaps section 4.3)."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8

from xmodal.analysis.long_sounds import caption_map, sound_map
from xmodal.analysis.scored import Matchmap
from xmodal.data.sample import Waveform
from xmodal.features.log_mel import LogMel, log_mel_of
from xmodal.features.picture import Picture, normalised, prepared
from xmodal.features.picture import batch as picture_batch
from xmodal.features.words import Vocabulary
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress
from xmodal.similarity.matchmap import Aggregation, aggregate, matchmap


@dataclass(frozen=True)
class SeenPicture:
    """Image map of a whole picture."""

    maps: Float[torch.Tensor, "dim rows cols"]
    rows_px: int
    """Size of the picture as the network saw it."""
    cols_px: int


def picture_of(model: MatchmapModel, picture: UInt8[np.ndarray, "_ _ 3"], options: Picture) -> SeenPicture:
    """Image map of a whole picture: its shorter side as in training, nothing cut (matchmaps section 4.1).

    Of a picture more than 16 times as long as it is wide the middle is taken.
    """
    longest_px = 16 * options.shorter_side_px
    pixels = prepared(picture, options.model_copy(update={"crop_px": None, "longest_side_px": longest_px}))
    with torch.inference_mode():
        maps = model.image_maps(normalised(picture_batch([pixels]), options).to(_device(model)))[0].float().cpu()
    return SeenPicture(maps, pixels.shape[0], pixels.shape[1])


def sound_of(
    model: MatchmapModel, sound: Waveform, options: LogMel, *, progress: Progress | None = None
) -> Float[torch.Tensor, "dim frames"]:
    """Caption map of a whole recording, however long, in bounded memory (see `long_sounds`)."""
    return sound_map(model, log_mel_of(sound, options), options, progress=progress)


def text_of(model: MatchmapModel, text: str, vocabulary: Vocabulary) -> Float[torch.Tensor, "dim frames"]:
    """Caption map of a text: one frame a word."""
    return caption_map(model, *vocabulary.batch([text]))


def matchmap_of(
    model: MatchmapModel, seen: SeenPicture, caption: Float[torch.Tensor, "dim frames"], *, hop_s: float
) -> Matchmap:
    """The matchmap of two maps of that network.

    Args:
        model: gives the places and times of cells and frames.
        seen: from `picture_of`.
        caption: from `sound_of` or `text_of`.
        hop_s: seconds between spectrogram frames; 1 for words.
    """
    _, rows, cols = seen.maps.shape
    return Matchmap(
        scores=matchmap(seen.maps, caption).numpy(),
        row_centres=model.image.cell_centres(rows, seen.rows_px),
        col_centres=model.image.cell_centres(cols, seen.cols_px),
        times_s=model.caption.frame_times_s(caption.shape[1], hop_s),
    )


def pair_scores(found: Matchmap) -> dict[Aggregation, float]:
    """SISA, MISA and SIMA of the pair (matchmaps Eq. 6-8)."""
    scores = torch.from_numpy(np.ascontiguousarray(found.scores))
    return {each: float(aggregate(scores, each)) for each in Aggregation}


def _device(model: MatchmapModel) -> torch.device:
    return next(model.parameters()).device
