"""Twelve panels by a rule, and panels that people keep."""

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from tests.recipes.drawn_collection import DIM, drawn_collection
from xmodal.data.sample import Split
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.recipes import saved_panels
from xmodal.recipes.gallery import Place, gallery
from xmodal.recipes.panels import Asked, Panel, answered, listing
from xmodal.recipes.saved_panels import Damaged, PanelError
from xmodal.workspace import Workspace

PLACE = Place("a-run", "a-catalog", "hidden2")
ITEMS = [(f"i{number:02d}", Split.TEST if number % 2 else Split.TRAIN, f"scene {number % 6}") for number in range(60)]
ODD = [f"i{number:02d}" for number in range(1, 60, 2)]
"""Items of the test split, in the order of the catalog: scenes 1, 3, 5, 1, 3, 5, ..."""


def panel(*asked: Asked, **more: object) -> Panel:
    given = {"name": "Dogs", "run": "a-run", "catalog": "a-catalog", "layer": "hidden2", "asked": asked or (ITEM,)}
    return Panel.model_validate(given | more)


ITEM = Asked(sense=Modality.SOUND, item="i03")


def test_five_are_heard_four_read_three_seen_and_none_asks_twice(tmp_path: Path) -> None:
    found = gallery(drawn_collection(tmp_path / "vectors", ITEMS), PLACE)
    asked = [each.panel.asked[0] for each in found.panels]
    assert [each.sense for each in asked] == [Modality.SOUND] * 5 + [Modality.TEXT] * 4 + [Modality.IMAGE] * 3
    assert [each.item for each in asked] == ODD[:12]
    assert (found.split, found.items, found.lacking) == (Split.TEST, 60, ())
    for each in found.panels:
        assert {sense: len(hits) for sense, hits in each.answers.items()} == dict.fromkeys(
            (Modality.IMAGE, Modality.SOUND, Modality.TEXT), 4
        )
        [own] = each.own
        assert all(hits[0].item == own for hits in each.answers.values())
        assert len({hit.item for hit in each.answers[Modality.TEXT]}) == 4
    assert len({each.panel.id for each in found.panels}) == 12


def test_scenes_take_turns(tmp_path: Path) -> None:
    items = [(f"i{number}", Split.TEST, "forest" if number < 9 else "harbour") for number in range(14)]
    found = gallery(drawn_collection(tmp_path / "vectors", items), PLACE)
    ids = [each.panel.asked[0].item for each in found.panels]
    assert ids == ["i0", "i9", "i1", "i10", "i2", "i11", "i3", "i12", "i4", "i13", "i5", "i6"]


def test_an_item_without_the_sense_gives_way(tmp_path: Path) -> None:
    found = gallery(drawn_collection(tmp_path / "vectors", ITEMS, lacking={ODD[0]: Modality.SOUND}), PLACE)
    ids = [each.panel.asked[0].item for each in found.panels]
    assert ids == [*ODD[1:6], ODD[0], *ODD[6:12]]


def test_a_run_and_a_catalog_with_less_give_fewer(tmp_path: Path) -> None:
    few = [(f"i{number}", Split.TRAIN, None) for number in range(6)]
    found = gallery(drawn_collection(tmp_path / "few", few, (Modality.IMAGE, Modality.SPEECH)), PLACE)
    assert [each.panel.asked[0].sense for each in found.panels] == [Modality.SPEECH] * 5 + [Modality.IMAGE]
    assert (found.split, found.lacking) == (Split.TRAIN, ("read",))


def test_a_panel_asks_again_what_it_asked(tmp_path: Path) -> None:
    found = drawn_collection(tmp_path / "vectors", ITEMS)
    both = panel(
        ITEM, Asked(sense=Modality.TEXT, text="a dog", weight=-0.5), senses=("image",), many=6, split="test",
        scene="scene 3",
    )  # fmt: skip
    assert Panel.model_validate_json(both.model_dump_json()) == both
    unlike = found.vector_of("i09", Modality.TEXT)
    shown = answered(both, found, lambda asked: unlike if asked.text == "a dog" else np.zeros(DIM, np.float32))
    assert shown.answers.keys() == {Modality.IMAGE}
    items = [hit.item for hit in shown.answers[Modality.IMAGE]]
    assert items[0] == "i03"
    assert "i09" not in items
    assert set(items) <= {f"i{number:02d}" for number in range(3, 60, 6)}
    rows = listing([shown])
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[0] | {"score": 0} == {
        "panel": "Dogs", "query": "Sound: i03 + Text: a dog x -0.5", "modality": "image", "rank": 1, "item": "i03",
        "score": 0, "text": 0, "own": 1,
    }  # fmt: skip
    with pytest.raises(InputError, match="needs the network"):
        answered(both, found)
    with pytest.raises(InputError, match="there is no such item"):
        answered(panel(Asked(sense=Modality.SOUND, item="gone")), found)


@pytest.mark.parametrize(
    "given",
    [{}, {"item": "a", "text": "b"}, {"file": "../../etc/passwd"}, {"item": "a", "weight": float("nan")}],
)
def test_a_query_is_one_thing(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Asked.model_validate({"sense": "sound"} | given)


def test_panels_are_kept_renamed_deleted_and_brought_back(tmp_path: Path) -> None:
    here = Workspace(tmp_path)
    assert saved_panels.saved(here) == ()
    first = saved_panels.save(panel(), here)
    saved_panels.save(panel(ITEM, many=6, name="  all   dogs "), here)
    assert [each.name for each in saved_panels.saved(here) if isinstance(each, Panel)] == ["all dogs", "Dogs"]
    assert saved_panels.save(panel(name="The same, anew"), here).id == first.id
    assert saved_panels.rename(first.id, "Barking", here).id == first.id
    assert saved_panels.find(first.id, here).name == "Barking"
    for name in ("", "x" * 81, "a\nb"):
        with pytest.raises(ValidationError):
            saved_panels.rename(first.id, name, here)
    saved_panels.delete(first.id, here)
    with pytest.raises(PanelError, match="there is no panel"):
        saved_panels.find(first.id, here)
    assert [each.id for each in saved_panels.saved(here, deleted=True)] == [first.id]
    saved_panels.restore(first.id, here)
    assert saved_panels.find(first.id, here).name == "Barking"
    saved_panels.delete(first.id, here)
    saved_panels.save(panel(), here)
    with pytest.raises(PanelError, match="saved again"):
        saved_panels.restore(first.id, here)


def test_a_damaged_panel_is_named_and_the_others_stay(tmp_path: Path) -> None:
    here = Workspace(tmp_path)
    saved_panels.save(panel(), here)
    bad = tmp_path / "panels" / "0123456789ab.json"
    bad.write_text('{"format": 1, "name"')
    newer = tmp_path / "panels" / "0123456789ac.json"
    newer.write_text(panel().model_dump_json().replace('"format":1', '"format":2'))
    good, *damaged = saved_panels.saved(here)
    assert isinstance(good, Panel)
    assert [(each.id, str(path) in each.reason) for each, path in zip(damaged, (bad, newer), strict=True)
            if isinstance(each, Damaged)] == [("0123456789ab", True), ("0123456789ac", True)]  # fmt: skip
    saved_panels.delete("0123456789ab", here)
    assert not bad.exists()
    for name in ("../catalogs", "x", "0123456789AB"):
        with pytest.raises(PanelError, match="is no panel"):
            saved_panels.find(name, here)


def test_what_was_brought_is_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Workspace(tmp_path)
    name = saved_panels.keep_file(b"a drawing", here)
    assert saved_panels.keep_file(b"a drawing", here) == name
    assert saved_panels.kept_file(name, here) == b"a drawing"
    assert len(list((tmp_path / "panels" / "files").iterdir())) == 1
    (tmp_path / "panels" / "files" / name).write_bytes(b"another")
    with pytest.raises(PanelError, match="is damaged"):
        saved_panels.kept_file(name, here)
    for other in ("0" * 64, "../0123456789ab.json"):
        with pytest.raises(PanelError, match="is not in"):
            saved_panels.kept_file(other, here)
    monkeypatch.setattr(saved_panels, "MOST_BYTES", 3)
    with pytest.raises(InputError, match="cut it"):
        saved_panels.keep_file(b"four", here)
