"""The WordNet table is what its generator makes, complete, and orders likeness as people do."""

from pathlib import Path

import pytest

from xmodal.data.world import wordnet
from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.kinds import KINDS
from xmodal.data.world.labels import STUFF

ALIKE = [
    ("dog", "cat", "car"),
    ("car", "bus", "cow"),
    ("violin", "guitar", "truck"),
    ("kitchen", "bedroom", "forest"),
    ("airplane", "helicopter", "owl"),
    ("sofa", "chair", "horse"),
    ("man", "woman", "kettle"),
    ("lake", "sea", "sofa"),
    ("duck", "owl", "dog"),
]


def test_the_committed_table_is_a_fresh_one(realdata: Path) -> None:
    assert wordnet.table(realdata / "wordnet" / "oewn_nouns.tsv.gz") == wordnet.TABLE.read_text(encoding="utf-8")


def test_every_label_is_there_and_its_chain_ends_at_entity() -> None:
    found = {
        name: [entry.label for entry in wordnet.entries() if entry.set == name]
        for name in ("kind", "stuff", "category")
    }
    assert found == {"kind": list(KINDS), "stuff": list(STUFF), "category": list(CATEGORIES)}
    for entry in wordnet.entries():
        assert entry.chain[-1].name == "entity", entry.label
        assert len({synset.id for synset in entry.chain}) == len(entry.chain) >= 4
        assert entry.chain[0].name == entry.lemmas[0]


def test_senses_are_those_that_the_world_means() -> None:
    def under(label: str, name: str) -> bool:
        return any(synset.name == name for synset in wordnet.chain(label))

    meant = {
        "animal": "dog cat cow sheep horse pig rooster duck bird seagull owl frog",
        "person": "baby child man woman",
        "vehicle": "car truck ambulance motorcycle bicycle tractor airplane helicopter boat sailboat",
        "musical instrument": "piano drum guitar violin trumpet",
        "furniture": "bed sofa chair table desk crib lamp bench",
        "artifact": "crane kite television goal window swing slide washer phone hammer platform runway quay",
        "plant": "tree palm bush flower plant grass",
        "room": "kitchen bedroom living_room bathroom nursery library classroom",
        "body of water": "sea lake stream waterfall",
    }
    wrong = [(label, name) for name, labels in meant.items() for label in labels.split() if not under(label, name)]
    assert wrong == []


@pytest.mark.parametrize(("one", "near", "far"), ALIKE)
def test_likeness(one: str, near: str, far: str) -> None:
    assert wordnet.wu_palmer(one, near) > wordnet.wu_palmer(one, far)


def test_likeness_is_symmetric_and_one_for_the_same() -> None:
    labels = list(KINDS)[::7]
    for one in labels:
        assert wordnet.wu_palmer(one, one) == 1.0
        for two in labels:
            assert 0 < wordnet.wu_palmer(one, two) == wordnet.wu_palmer(two, one) <= 1.0


def test_an_unknown_label_and_the_attribution() -> None:
    with pytest.raises(KeyError):
        wordnet.chain("unicorn")
    head = wordnet.TABLE.read_text(encoding="utf-8")[:600]
    assert "CC BY 4.0" in head
    assert "Princeton" in head
