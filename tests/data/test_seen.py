"""Every id counts once."""

from array import array

import pytest

from xmodal.data import seen
from xmodal.data.seen import SeenIds


def test_an_id_is_new_once_however_it_is_written() -> None:
    ids = SeenIds()
    assert ids.first("a/1")
    assert ids.first("A/1")
    assert not ids.first("a/1")
    assert ids.first("cafe\u0301")
    assert not ids.first("caf\u00e9")
    assert ids.first("")
    assert ids.first("\udcff")  # a file name that is no text
    assert SeenIds().first("a/1")


def test_as_a_set_through_many_growths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_SMALLEST", 4)
    ids, oracle = SeenIds(), set[str]()
    for number in range(20_000):
        name = f"{number * number % 7919}/x"
        assert ids.first(name) is (name not in oracle)
        oracle.add(name)


def test_crowded_places_wrap_around_the_end() -> None:
    table = array("Q", [0, 0, 0, 0])
    for key, place in ((3, 3), (7, 0), (11, 1), (4, 2)):
        found = seen._place(table, key)
        assert found == place
        table[found] = key
    assert [seen._place(table, key) for key in (3, 7, 11, 4)] == [3, 0, 1, 2]
