"""The spoken caption of an item with the times of its words."""

from xmodal.data import load
from xmodal.data.media import Rendered
from xmodal.data.sample import Sample, Waveform, Word
from xmodal.modality import Modality


def spoken(sample: Sample) -> tuple[Waveform, tuple[Word, ...]]:
    """The recording and its words; no words if their times are unknown.

    The live world learns the times when it renders the speech; everywhere else they stand in the sample's truth.

    Raises:
        MediaError: no speech, or unreadable.
    """
    entry = sample.media.get(Modality.SPEECH)
    if isinstance(entry, Rendered) and entry.renderer == "world" and not sample.truth.words:
        from xmodal.data.world import catalog

        known, recording = catalog.with_words(sample, *catalog.scene_of(entry.arguments()))
        return recording, known.truth.words
    return load.waveform(sample, Modality.SPEECH), sample.truth.words
