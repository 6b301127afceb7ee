"""The spoken captions of items with the times of their words."""

import contextlib
from collections.abc import Iterator, Sequence

from xmodal.data import load
from xmodal.data.decode import MediaError
from xmodal.data.media import Rendered
from xmodal.data.sample import Sample, Waveform, Word
from xmodal.modality import Modality
from xmodal.progress import Progress, Silent


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


def recordings(
    samples: Sequence[Sample], progress: Progress | None = None
) -> Iterator[tuple[Waveform, tuple[Word, ...]]]:
    """`spoken` of all the samples, one after the other; those whose speech cannot be read are left out."""
    progress = progress or Silent()
    for done, sample in enumerate(samples, start=1):
        with contextlib.suppress(MediaError):
            yield spoken(sample)
        progress.update("Listening for words", done, len(samples))
