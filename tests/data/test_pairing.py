"""A training item never gives media to two pairs; validation and test items stay full."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.samples import catalog_of, full
from xmodal.data.catalog import Catalog
from xmodal.data.media import Stored
from xmodal.data.pairing import FULL, MATCHMAPS, SCENE_NETWORKS, SEE_HEAR_READ, Pairing, pairs
from xmodal.data.sample import LabelMapSource, Sample, SoundEvent, Split, Truth, Word
from xmodal.modality import Modality

IMAGE, SOUND, TEXT, SPEECH = Modality.IMAGE, Modality.SOUND, Modality.TEXT, Modality.SPEECH


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return catalog_of(tmp_path_factory.mktemp("made") / "full", [full(number) for number in range(400)])


def _ids(catalog: Catalog, split: Split) -> dict[Modality, set[str]]:
    """Ids of the items of a split that show each modality."""
    samples = [sample for sample in catalog if sample.split is split]
    return {modality: {sample.id for sample in samples if modality in sample.media} for modality in Modality}


def test_see_hear_read_never_gives_sound_and_text_of_one_item(catalog: Catalog) -> None:
    paired = catalog.paired(SEE_HEAR_READ)
    heard, read, seen = (_ids(paired, Split.TRAIN)[modality] for modality in (SOUND, TEXT, IMAGE))
    assert heard.isdisjoint(read)
    assert heard | read == seen == _ids(catalog, Split.TRAIN)[IMAGE]
    assert 60 < len(heard) < 140, "both pairs get their share"
    assert all(sample.media.keys() in ({IMAGE, SOUND}, {IMAGE, TEXT}) for sample in paired if sample.split == "train")


def test_scene_networks_give_one_modality_an_item(catalog: Catalog) -> None:
    paired = catalog.paired(SCENE_NETWORKS)
    given_ids = list(_ids(paired, Split.TRAIN).values())
    assert sum(map(len, given_ids)) == len(set().union(*given_ids)) == 200
    assert sum(bool(ids) for ids in given_ids) == 5


@pytest.mark.parametrize("pairing", [SEE_HEAR_READ, SCENE_NETWORKS, MATCHMAPS])
def test_validation_and_test_items_stay_full(catalog: Catalog, pairing: Pairing) -> None:
    paired = catalog.paired(pairing)
    for split in (Split.VALIDATION, Split.TEST):
        shown = _ids(paired, split)
        assert shown == _ids(catalog, split)
        assert all(len(ids) == 100 for ids in shown.values())


def test_no_pairing_hides_nothing(catalog: Catalog) -> None:
    assert [sample.media for sample in catalog.paired(FULL)] == [sample.media for sample in catalog]


def test_truth_that_would_give_a_hidden_entry_away_is_hidden_too() -> None:
    truth = Truth(
        label_map=LabelMapSource("indexed", Stored("a.png")),
        objects=("dog",),
        words=(Word("dog", 0.0, 0.5),),
        sound_events=(SoundEvent("dog", 0.0, 1.0),),
    )
    sample = replace(full(0, Split.TRAIN), truth=truth)
    only = {name: pairs(name).apply(sample).truth for name in ("image", "speech", "sound", "text")}
    assert only["image"] == Truth(label_map=truth.label_map, objects=truth.objects)
    assert only["speech"] == Truth(words=truth.words)
    assert only["sound"] == Truth(sound_events=truth.sound_events)
    assert only["text"] == Truth()


def test_the_pair_of_an_item_depends_on_its_id_and_the_salt_alone() -> None:
    first = [SEE_HEAR_READ.choose(full(number)) for number in range(50)]
    assert first == [SEE_HEAR_READ.choose(full(number)) for number in range(50)]
    salted = SEE_HEAR_READ.model_copy(update={"salt": 1})
    other = [salted.choose(full(number)) for number in range(50)]
    assert 10 < sum(one == two for one, two in zip(first, other, strict=True)) < 40


def test_unknown_names_and_round_trip() -> None:
    with pytest.raises(ValueError, match="smell"):
        pairs("image+smell")
    assert Pairing.model_validate_json(SEE_HEAR_READ.model_dump_json()) == SEE_HEAR_READ


def _partly(number: int, kept: frozenset[Modality], split: Split) -> Sample:
    whole = full(number, split)
    return replace(whole, media={modality: entry for modality, entry in whole.media.items() if modality in kept})


@settings(max_examples=25, deadline=None, database=None)
@given(st.lists(st.tuples(st.frozensets(st.sampled_from(list(Modality))), st.sampled_from(list(Split))), min_size=1))
def test_columns_keep_exactly_the_usable_items(
    tmp_path_factory: pytest.TempPathFactory, items: list[tuple[frozenset[Modality], Split]]
) -> None:
    samples = [_partly(number, kept, split) for number, (kept, split) in enumerate(items)]
    catalog = catalog_of(Path(tmp_path_factory.mktemp("some")) / "made", samples)
    for pairing in (SEE_HEAR_READ, SCENE_NETWORKS, MATCHMAPS):
        wanted = [sample.id for sample in samples if pairing.usable(sample)]
        assert [sample.id for sample in catalog.paired(pairing)] == wanted
