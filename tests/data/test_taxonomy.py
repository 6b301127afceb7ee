"""Wu-Palmer on a tree drawn by hand, the rule for unknown names, and the world's own senses."""

import gzip
from pathlib import Path

import pytest

from xmodal.data import taxonomy
from xmodal.data.taxonomy import Taxonomy, forms, wu_palmer
from xmodal.data.world import wordnet
from xmodal.errors import InputError

#   thing 1 - animal 2 - dog 3 - poodle 4
#                      - cat 3
#           - tool 2 (tool, instrument) - crane 3 (the machine); another crane is an animal 3
TREE = Taxonomy(
    senses={
        "dog": ("d",), "poodle": ("p",), "cat": ("c",), "tool": ("t",), "crane": ("cm", "cb"), "animal": ("a",),
        "stop sign": ("t",), "moon": ("m",),
    },
    parents={"a": "r", "t": "r", "d": "a", "c": "a", "p": "d", "cm": "t", "cb": "a"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ("dog", "dog", 1.0),
        ("dog", "cat", 2 * 2 / (3 + 3)),
        ("poodle", "cat", 2 * 2 / (4 + 3)),
        ("poodle", "dog", 2 * 3 / (4 + 3)),
        ("dog", "tool", 2 * 1 / (3 + 2)),
        ("crane", "tool", 2 * 2 / (3 + 2)),
        ("crane", "dog", 2 * 2 / (3 + 3)),
        ("dog", "moon", 0.0),
        ("Dogs", "CAT", 2 * 2 / (3 + 3)),
        ("stop_signs", "tool", 1.0),
        ("wooly, woolly", "dog", 0.0),
        ("blue", "blue", 1.0),
        ("blobs", "a blob", 1.0),
    ],
)
def test_by_hand(a: str, b: str, wanted: float) -> None:
    assert TREE.similarity(a, b) == pytest.approx(wanted)
    assert TREE.similarity(b, a) == pytest.approx(wanted)


def test_the_formula_by_depths() -> None:
    """2 N3 / (N1 + N2 + 2 N3) in Wu and Palmer's counting: edges below the common node, nodes above it."""
    one, other = TREE.chain("p"), TREE.chain("c")
    below_one, below_other, above = 2, 1, 2
    assert wu_palmer(one, other) == pytest.approx(2 * above / (below_one + below_other + 2 * above))


def test_a_circle_is_refused() -> None:
    with pytest.raises(InputError, match="circle"):
        Taxonomy({}, {"a": "b", "b": "a"}).chain("a")


def test_forms() -> None:
    assert forms("Traffic_lights, signals")[:2] == ("traffic lights", "traffic light")
    assert "bush" in forms("bushes")
    assert "puppy" in forms("puppies")
    assert "horse" in forms("horses")
    assert "child" in forms("children")


def test_the_world_agrees_with_its_own_table() -> None:
    known = taxonomy.world()
    for a, b in (("dog", "cat"), ("sofa", "bed"), ("sky", "tree")):
        assert known.similarity(a, b) == pytest.approx(wordnet.wu_palmer(a, b))
    assert known.similarity("puppies", "dog") == 1.0
    assert known.similarity("the", "dog") == 0.0


def test_a_table_of_nouns(tmp_path: Path) -> None:
    table = tmp_path / "nouns.tsv.gz"
    rows = "synset\tlemmas\thypernyms\tlexfile\n1\tthing\t\tx\n2\tDog|hound\t1 9\tx\n3\tcat\t1\tx\n"
    table.write_bytes(gzip.compress(rows.encode()))
    assert taxonomy.read(table).similarity("hounds", "cat") == pytest.approx(2 / 4)
    table.with_suffix("").write_text("nothing\n")
    for path, fault in ((table.with_suffix(""), "columns"), (tmp_path / "none.tsv", "cannot be read")):
        with pytest.raises(InputError, match=fault):
            taxonomy.read(path)


def test_the_real_nouns(realdata: Path) -> None:
    known = taxonomy.read(realdata / "wordnet" / "oewn_nouns.tsv.gz")
    assert known.similarity("dog", "dogs") == 1.0
    assert 0.7 < known.similarity("skyscraper", "building") < 1.0
