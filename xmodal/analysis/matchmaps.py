"""The matchmap of one picture and one caption, with its places in the picture and its times (matchmaps section 4.3)."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8

from xmodal.analysis.scored import Matchmap
from xmodal.data.sample import Waveform
from xmodal.features import log_mel
from xmodal.features.log_mel import LogMel, log_mel_of
from xmodal.features.picture import Picture, normalised, prepared
from xmodal.features.picture import batch as picture_batch
from xmodal.features.words import Vocabulary
from xmodal.models.matchmaps import MatchmapModel
from xmodal.similarity.matchmap import matchmap


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


def sound_of(model: MatchmapModel, sound: Waveform, options: LogMel) -> Float[torch.Tensor, "dim frames"]:
    """Caption map of a whole recording, however long."""
    spectrogram = log_mel_of(sound, options)
    return caption_of(model, *log_mel.batch([spectrogram], options, most_frames=spectrogram.shape[1]))


def text_of(model: MatchmapModel, text: str, vocabulary: Vocabulary) -> Float[torch.Tensor, "dim frames"]:
    """Caption map of a text: one frame a word."""
    return caption_of(model, *vocabulary.batch([text]))


def caption_of(model: MatchmapModel, caption: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Caption map of a batch of one, its valid frames only."""
    device = _device(model)
    with torch.inference_mode():
        maps, valid = model.caption_maps(caption.to(device), lengths.to(device))
    return maps[0, :, : int(valid[0])].float().cpu()


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


def _device(model: MatchmapModel) -> torch.device:
    return next(model.parameters()).device
