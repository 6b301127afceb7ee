"""Pairs of pictures with any other sense: what is stored is what the front ends make, what is drawn is repeatable."""

from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from xmodal.data import load
from xmodal.data.world.catalog import WorldItems
from xmodal.data.world.spec import WorldSpec
from xmodal.features.picture import Picture, normalised, prepared
from xmodal.features.picture import batch as picture_batch
from xmodal.features.preparation import prepare
from xmodal.features.prepared import SensePairOptions
from xmodal.features.sense_pairs import ManySenses, SensePairs
from xmodal.features.spectrogram import Spectrogram, spectrogram_of
from xmodal.features.text_vectors import TextVectors, WordVectors
from xmodal.modality import Modality
from xmodal.seeding import stream

WORLD = WorldItems(WorldSpec(seed=5, objects_min=1, objects_max=1), 3)
PICTURE = Picture(shorter_side_px=32, crop_px=24)
SPECTROGRAM = Spectrogram(rate_hz=8000, window_samples=64, fft_samples=64, hop_samples=600, frames=60)
OPTIONS = TextVectors(words=4, dims=2)
VECTORS = WordVectors(("sea", "dog", "kitchen"), torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))


class _Sentences:
    def batch(self, texts):
        return VECTORS.batch(texts, OPTIONS)


def pairs(sense: Modality, folder: Path) -> SensePairs:
    options = SensePairOptions(caption=sense, shorter_side_px=32, spectrogram=SPECTROGRAM)
    made = prepare(WORLD, options, folder, workers_wanted=1)
    return SensePairs(made, PICTURE, (2, 0, 1), _Sentences() if sense is Modality.TEXT else None)


def test_sounds_are_stored_as_the_front_end_makes_them(tmp_path: Path) -> None:
    part = pairs(Modality.SOUND, tmp_path).batch([0, 1], None)
    assert part.other is not None
    fresh = [spectrogram_of(load.waveform(WORLD[place], Modality.SOUND), SPECTROGRAM) for place in (2, 0)]
    assert part.other.shape == (2, 33, 60)
    assert np.abs(part.other.numpy() - np.stack(fresh)).max() <= 4 * 2**-11  # half a last place of float16


def test_other_pictures_are_cut_like_the_first(tmp_path: Path) -> None:
    part = pairs(Modality.SKETCH, tmp_path).batch([1], None)
    assert part.other is not None
    drawn = prepared(load.picture(WORLD[0], Modality.SKETCH, size_px=32), PICTURE)
    assert torch.equal(part.other, normalised(picture_batch([drawn]), PICTURE))
    assert not torch.equal(part.other, part.pictures)


def test_texts_are_read_and_one_of_several_is_drawn(tmp_path: Path) -> None:
    own = pairs(Modality.TEXT, tmp_path)
    first = own.batch([0], None)
    assert first.other is not None
    assert torch.equal(first.other, VECTORS.batch([own.prepared.text(2)[0]], OPTIONS)[0])
    drawn = [own.batch([0], stream(seed, "texts")).other for seed in range(8)]
    texts = [VECTORS.batch([text], OPTIONS)[0] for text in own.prepared.text(2)]
    for each in drawn:
        assert each is not None
        assert any(torch.equal(each, text) for text in texts)
    again, once = (own.batch([0, 1, 2], stream(1, "crops")) for _ in range(2))
    assert torch.equal(again.pictures, once.pictures)
    assert not torch.equal(again.pictures, own.batch([0, 1, 2], None).pictures)


def test_many_senses_give_a_pair_of_each_and_go_round_in_the_shorter(tmp_path: Path) -> None:
    long, short = pairs(Modality.SOUND, tmp_path), pairs(Modality.TEXT, tmp_path).first(2)
    many = ManySenses({Modality.SOUND: long, Modality.TEXT: short})
    assert len(many) == 3
    whole = many.batch([2, 0], None)
    assert torch.equal(whole.parts[Modality.SOUND].pictures, long.batch([2, 0], None).pictures)
    assert torch.equal(whole.parts[Modality.TEXT].pictures, short.batch([0, 0], None).pictures)


@pytest.mark.parametrize("sense", [Modality.IMAGE, Modality.VIDEO])
def test_a_picture_cannot_go_with_itself_or_a_film(sense: Modality) -> None:
    with pytest.raises(ValidationError, match="another sense is needed"):
        SensePairOptions(caption=sense)
