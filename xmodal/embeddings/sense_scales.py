"""Zero mean and unit variance for the features of each sense, kept beside a table of vectors.

See, Hear and Read, section 4.2, makes query features "zero mean and unit variance" and does not say over what: here, as
in `evaluation.sense_retrieval`, the features of each sense, on both sides alike. Without it senses differ more in where
their vectors lie than in what they are of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy
from jaxtyping import Float

from xmodal.embeddings.table_index import TableError
from xmodal.errors import reason
from xmodal.modality import Modality
from xmodal.stats.standard import Standard, fit_standard
from xmodal.storage import atomic_write

FILE = "scales.safetensors"
FEWEST = 10
"""Fewer vectors of a sense say nothing about their mean."""


@dataclass(frozen=True)
class SenseScales:
    """How the vectors of each sense are brought to one scale; none: they stay as they are."""

    of: Mapping[Modality, Standard]

    def transform(self, sense: Modality, vectors: Float[np.ndarray, "items dim"]) -> Float[np.ndarray, "items dim"]:
        """Vectors of a sense on the scale of the table; of one that the table lacks by the mean of the others."""
        if sense in self.of:
            return self.of[sense].transform(vectors)
        if not self.of:
            return vectors
        mean = np.stack([each.mean for each in self.of.values()]).mean(axis=0)
        scale = np.stack([each.scale for each in self.of.values()]).mean(axis=0)
        return Standard(mean, scale).transform(vectors)

    def save(self, folder: Path) -> None:
        """Write them into a table's folder."""
        tensors = {
            f"{sense.value}.{name}": np.ascontiguousarray(part)
            for sense, each in self.of.items()
            for name, part in (("mean", each.mean), ("scale", each.scale))
        }
        atomic_write(folder / FILE, safetensors.numpy.save(tensors))


def fit_scales(vectors: Mapping[Modality, Float[np.ndarray, "_ dim"]]) -> SenseScales:
    """Scales of the senses of which there are vectors enough."""
    return SenseScales({sense: fit_standard(each) for sense, each in vectors.items() if len(each) >= FEWEST})


def load_scales(folder: Path) -> SenseScales:
    """What `SenseScales.save` wrote.

    Raises:
        TableError: missing or damaged.
    """
    path = folder / FILE
    try:
        tensors = safetensors.numpy.load(path.read_bytes())
        senses = dict.fromkeys(name.partition(".")[0] for name in tensors)
        return SenseScales(
            {Modality(name): Standard(tensors[f"{name}.mean"], tensors[f"{name}.scale"]) for name in senses}
        )
    except (OSError, KeyError, ValueError, safetensors.SafetensorError) as error:
        raise TableError(f"{path} is missing or damaged: extract the vectors again ({reason(error)})") from error
