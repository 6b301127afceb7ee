"""Caption maps of long recordings in bounded memory: the spectrogram goes through the network block by block.

Blocks overlap by more than half of the network's receptive field at either end, and of each only the cells whose whole
field lies inside it (or beyond the recording's own ends) are kept: the map is that of the recording in one piece.
"""

from collections.abc import Iterator

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from xmodal.features import log_mel
from xmodal.features.log_mel import LogMel
from xmodal.models.encoders.contract import CaptionEncoder
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress, Silent

BLOCK_FRAMES = 6000
"""New spectrogram frames in a block: a minute. The paper's widest layer of it is 25 MB."""
STAGE = "Listening, frames"


def sound_map(
    model: MatchmapModel,
    spectrogram: Float[np.ndarray, "bands frames"],
    options: LogMel,
    *,
    block_frames: int = BLOCK_FRAMES,
    progress: Progress | None = None,
) -> Float[Tensor, "dim map_frames"]:
    """Caption map of a spectrogram in dB, however long; float32 on the CPU.

    A network that makes one vector of a whole recording is given it in one piece.
    """
    frames, told = spectrogram.shape[1], progress or Silent()
    parts = []
    for first, last, begin, end in _blocks(model.caption, frames, block_frames):
        batch, lengths = log_mel.batch([spectrogram[:, begin:end]], options, most_frames=end - begin)
        skipped = begin // model.caption.geometry.stride
        parts.append(caption_map(model, batch, lengths)[:, first - skipped : last - skipped])
        told.update(STAGE, end, frames)
    return torch.cat(parts, dim=1)


def caption_map(model: MatchmapModel, caption: Tensor, lengths: Tensor) -> Float[Tensor, "dim map_frames"]:
    """Caption map of a batch of one, its valid frames only; float32 on the CPU."""
    device = next(model.parameters()).device
    with torch.inference_mode():
        maps, valid = model.caption_maps(caption.to(device), lengths.to(device))
    return maps[0, :, : int(valid[0])].float().cpu()


def _blocks(encoder: CaptionEncoder, frames: int, block_frames: int) -> Iterator[tuple[int, int, int, int]]:
    """First and last (not included) cell of each block, and the spectrogram frames that it is computed from."""
    geometry, length = encoder.geometry, torch.tensor([frames])
    cells = int(encoder.output_lengths(length)[0])
    one_vector = cells != int(geometry.cells_with_real_centre(length)[0])
    if frames <= block_frames or one_vector:
        yield 0, cells, 0, frames
        return
    step = max(1, block_frames // geometry.stride)
    reach = geometry.receptive_field // 2 // geometry.stride + 2  # cells; one more where the field is not centred
    for first in range(0, cells, step):
        last = min(first + step, cells)
        end = frames if last == cells else min(frames, (last + reach) * geometry.stride)
        yield first, last, max(0, first - reach) * geometry.stride, end
