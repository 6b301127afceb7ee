"""Entries computed on demand, by name: (sample, modality, arguments of the reference, wished size in px) -> content."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from xmodal.data.readers import spatial_text, spoken_digits
from xmodal.data.sample import Clip, Sample, Waveform
from xmodal.data.world import catalog as world
from xmodal.modality import Modality

Content = np.ndarray | Waveform | Clip

Renderer = Callable[[Sample, Modality, Mapping[str, Any], int | None], Content]

RENDERERS: dict[str, Renderer] = {
    "world": world.render,
    "spoken_digits": spoken_digits.render,
    "spatial_text": spatial_text.render,
}
"""Every renderer, by the name that references use."""
