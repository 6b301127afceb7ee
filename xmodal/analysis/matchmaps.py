"""The matchmap of one picture and one caption, with its places in the picture and its times (matchmaps section 4.3)."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8

from xmodal.data.sample import Waveform
from xmodal.features import log_mel
from xmodal.features.log_mel import LogMel, log_mel_of
from xmodal.features.picture import Picture, normalised, prepared
from xmodal.features.picture import batch as picture_batch
from xmodal.features.words import Vocabulary
from xmodal.models.matchmaps import MatchmapModel
from xmodal.similarity.matchmap import Aggregation, aggregate, matchmap


@dataclass(frozen=True)
class Matchmap:
    """Similarity of every cell of a picture with every frame of a caption."""

    scores: Float[np.ndarray, "rows cols frames"]
    row_centres: Float[np.ndarray, "rows"]
    """Centre of each row of cells, fraction of the picture's height."""
    col_centres: Float[np.ndarray, "cols"]
    """Centre of each column of cells, fraction of the picture's width."""
    times_s: Float[np.ndarray, "frames"]
    """Centre of each frame, seconds into the caption (of a text: number of the word)."""

    def score(self, aggregation: Aggregation) -> float:
        """SISA, MISA or SIMA of the map (Eq. 6-8)."""
        return float(aggregate(torch.from_numpy(self.scores), aggregation))

    def when(self, row: int, col: int) -> Float[np.ndarray, "frames"]:
        """How well one place matches at each time."""
        return self.scores[row, col]

    def where(self, start_s: float, end_s: float) -> Float[np.ndarray, "rows cols"]:
        """How well each place matches a stretch of time: the mean over frames inside it, or the nearest frame."""
        inside = (self.times_s >= start_s) & (self.times_s <= end_s)
        if not inside.any():
            inside = np.arange(len(self.times_s)) == np.abs(self.times_s - 0.5 * (start_s + end_s)).argmin()
        return self.scores[:, :, inside].mean(axis=2)


def picture_of(
    model: MatchmapModel, picture: UInt8[np.ndarray, "rows cols 3"], options: Picture
) -> Float[torch.Tensor, "dim rows cols"]:
    """Image map of a whole picture: its shorter side as in training, nothing cut (matchmaps section 4.1)."""
    whole = options.model_copy(update={"crop_px": None, "longest_side_px": 4 * options.shorter_side_px})
    pixels = normalised(picture_batch([prepared(picture, whole)]), options)
    with torch.inference_mode():
        return model.image_maps(pixels.to(_device(model)))[0].float().cpu()


def sound_of(model: MatchmapModel, sound: Waveform, options: LogMel) -> Float[torch.Tensor, "dim frames"]:
    """Caption map of a whole recording, however long; each stretch of it is encoded once (bounded memory)."""
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
    model: MatchmapModel,
    image: Float[torch.Tensor, "dim rows cols"],
    caption: Float[torch.Tensor, "dim frames"],
    *,
    size_px: tuple[int, int],
    hop_s: float,
) -> Matchmap:
    """The matchmap of two maps of that network.

    Args:
        model: gives the places and times of cells and frames.
        image: from `picture_of`.
        caption: from `sound_of` or `text_of`.
        size_px: rows and cols of the picture as the network saw it.
        hop_s: seconds between spectrogram frames; 1 for words.
    """
    _, rows, cols = image.shape
    return Matchmap(
        scores=matchmap(image, caption).numpy(),
        row_centres=model.image.cell_centres(rows, size_px[0]),
        col_centres=model.image.cell_centres(cols, size_px[1]),
        times_s=model.caption.frame_times_s(caption.shape[1], hop_s),
    )


def seen_size(rows: int, cols: int, options: Picture) -> tuple[int, int]:
    """Rows and cols of a picture as `picture_of` shows it to the network."""
    from xmodal.features.picture import centre_cut

    whole = options.model_copy(update={"crop_px": None, "longest_side_px": 4 * options.shorter_side_px})
    cut = centre_cut(rows, cols, whole)
    return cut.rows, cut.cols


def _device(model: MatchmapModel) -> torch.device:
    return next(model.parameters()).device
