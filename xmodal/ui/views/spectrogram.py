"""A recording as a picture for the browser."""

from xmodal.data import load
from xmodal.data.sample import Sample
from xmodal.figures.spectrogram import drawn
from xmodal.modality import Modality
from xmodal.ui.views.rendition import Rendition, png


def spectrogram(sample: Sample, modality: Modality) -> Rendition:
    """PNG of a recording's spectrogram, time to the right, no axes.

    Raises:
        MediaError: absent or unreadable.
    """
    return png(drawn(load.waveform(sample, modality)))
