"""Which modalities of a training item a model may see together.

See-Hear-Read trains on image+sound or image+text items, never both (section 2); matchmaps on image+speech; scene
networks on single pictures and texts with labels and no pairs at all. Real sets come so; a full set such as the world
is cut down by a `Pairing`: a training item keeps exactly one of the pairs, chosen by its id, and loses every other
entry with its ground truth. Validation and test items stay full.
"""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from xmodal.data.sample import Sample, Split, Truth
from xmodal.modality import Modality
from xmodal.storage import digest


class Pairing(BaseModel):
    """Sets of modalities; a training item gives its media to exactly one set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pairs: tuple[frozenset[Modality], ...] = ()
    """The allowed sets, usually two modalities each, or one each for unpaired training; empty: nothing is hidden."""
    salt: int = 0
    """Another salt distributes the items over the pairs in another way."""

    def choose(self, sample: Sample) -> frozenset[Modality] | None:
        """The set that a training item belongs to: one of those it can fill, by its id; None: it can fill none."""
        return self.chosen(sample.id, [pair for pair in self.pairs if pair <= sample.media.keys()])

    def chosen(self, identity: str, possible: Sequence[frozenset[Modality]]) -> frozenset[Modality] | None:
        """One of the sets that an item can fill, by its id; None: it can fill none."""
        if not possible:
            return None
        return possible[int(digest(str(self.salt), identity), 16) % len(possible)]

    def usable(self, sample: Sample) -> bool:
        """Whether the item still has something to give."""
        return not self.pairs or sample.split is not Split.TRAIN or self.choose(sample) is not None

    def apply(self, sample: Sample) -> Sample:
        """Hide every entry outside the item's pair, with the ground truth that would give it away."""
        if not self.pairs or sample.split is not Split.TRAIN:
            return sample
        pair = self.choose(sample) or frozenset()
        media = {modality: entry for modality, entry in sample.media.items() if modality in pair}
        truth = Truth(
            label_map=sample.truth.label_map if Modality.IMAGE in pair else None,
            objects=sample.truth.objects if Modality.IMAGE in pair else (),
            words=sample.truth.words if Modality.SPEECH in pair else (),
            sound_events=sample.truth.sound_events if Modality.SOUND in pair else (),
        )
        return replace(sample, media=media, truth=truth)


def pairs(*names: str) -> Pairing:
    """`pairs("image+sound", "image+text")`: a pairing from modality values.

    Raises:
        ValueError: a name is not a modality.
    """
    return Pairing(pairs=tuple(frozenset(Modality(part) for part in name.split("+")) for name in names))


FULL = Pairing()
"""Hides nothing."""
SEE_HEAR_READ = pairs("image+sound", "image+text")
"""See-Hear-Read section 2: sound and text never come together."""
MATCHMAPS = pairs("image+speech")
"""Matchmaps section 3."""
SCENE_NETWORKS = pairs("image", "sketch", "clip_art", "spatial_text", "text")
"""Scene networks section 3: only labels in common, no pairs."""
