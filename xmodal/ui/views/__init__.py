"""What the browser may ask of an entry: name of the view -> how it is made."""

from collections.abc import Callable

from xmodal.data.sample import Sample
from xmodal.modality import AUDIBLE, Modality
from xmodal.ui.views import masks, pictures, sounds, spectrogram, videos
from xmodal.ui.views.rendition import Rendition

VIEWS_VERSION = 1
"""Part of every cache key: raise it when a view changes what it makes."""

View = Callable[[Sample, Modality], Rendition]


def thumb(sample: Sample, modality: Modality) -> Rendition:
    """The small picture of any entry: itself, its spectrogram, or its first frame."""
    if modality in AUDIBLE:
        return spectrogram.spectrogram(sample, modality)
    if modality is Modality.VIDEO:
        return videos.poster(sample, modality)
    return pictures.thumb(sample, modality)


VIEWS: dict[str, View] = {
    "thumb": thumb,
    "large": pictures.large,
    "mask": masks.overlay,
    "numbers": masks.numbers,
    "wave": sounds.wave,
    "spectrogram": spectrogram.spectrogram,
    "video": videos.video,
    "poster": videos.poster,
}
"""Every view; the address of one is `/xm/<catalog>/<item>/<modality>/<view>`."""
