"""The gallery of the retrieval page: twelve panels first, one alone, panels of one's own."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import nothing_ships, opened, sent, shown
from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.ui.tiny_catalog import build
from xmodal.data.sample import Split
from xmodal.modality import Modality
from xmodal.recipes import saved_panels
from xmodal.recipes.catalog_vectors import extract, key_of, source_named
from xmodal.recipes.embedders import open_embedder
from xmodal.recipes.panels import Asked, Panel
from xmodal.recipes.ship import ship
from xmodal.recipes.shipped_vectors import keep
from xmodal.runs.run import Run
from xmodal.ui.navigation import RETRIEVAL
from xmodal.workspace import VARIABLE, Workspace, current

RUN = "see-hear-read-ranking-1"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that carries the vectors of the tiny catalog; the workspace has none of its own."""
    root = tmp_path_factory.mktemp("panels")
    catalog = build(root / "catalogs", root / "media")
    made = fresh_sense_run(Workspace(tmp_path_factory.mktemp("trained")))
    run = ship(made, root / "runs" / RUN, unfinished=True)
    there = Workspace(tmp_path_factory.mktemp("elsewhere"))
    keep(run, extract(open_embedder(run), catalog, key_of(run, catalog), there))
    return run


@pytest.fixture(autouse=True)
def _workspace(shipped: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(shipped.folder.parents[1]))
    nothing_ships(monkeypatch, shipped.folder.parents[1])


def page(query: Mapping[str, str] | None = None) -> AppTest:
    return opened(RETRIEVAL, query or {}, timeout_s=120)


def said(test: AppTest) -> str:
    shown_texts = (*test.markdown, *test.caption, *test.subheader, *test.success, *test.error)
    return " ".join(each.value for each in shown_texts).replace("\\", "")


def own(*asked: Asked, name: str = "Mine", **more: object) -> Panel:
    given = {"name": name, "run": RUN, "catalog": "tiny", "layer": "hidden2", "asked": asked}
    return saved_panels.save(Panel.model_validate(given | more), current())


@pytest.fixture
def nothing_kept() -> None:
    """No panel from another test."""
    for each in saved_panels.saved(current()):
        saved_panels.delete(each.id, current())
    for path in Path(current().root / "panels" / "deleted").glob("*.json"):
        path.unlink()


def test_the_gallery_opens_first_from_vectors_that_came_with_the_run(shipped: Run) -> None:
    test = page()
    panels = sent(test, "groups")
    kinds = [each["cards"][0]["modality"] for each in panels]
    assert kinds == ["text"] * 4 + ["image"] * 3  # sounds of the tiny catalog say nothing to its network
    for each in panels:
        query, *groups = each["groups"]
        assert (query["title"], query["count"]) == ("Query", 1)
        assert [(group["title"], group["count"]) for group in groups] == [("Image", 4), ("Sound", 4), ("Text", 4)]
        asked = each["cards"][0]["id"].partition(":")[2]
        sample = source_named("tiny", current())[int(asked.removeprefix("tiny/"))]
        assert sample.split is Split.TEST
        if each["cards"][0]["modality"] == "image":  # texts of the tiny catalog repeat each other
            assert each["cards"][1]["title"] == "1.00 · own ✓"
    assert "Nothing that is heard" in test.caption[0].help
    assert "items of the test split" in said(test)
    assert not (current().cache / "vectors").exists()
    assert (shipped.folder / "vectors").is_dir()


def test_the_address_tells_which_panel() -> None:
    test = page({"panel": "5"})
    [panel] = sent(test, "groups")
    assert len(panel["cards"]) == 13
    assert "Image 5" in said(test)
    assert [getattr(each, "label", "") for each in test.get("download_button")] == [
        "Page (HTML)",
        "Picture (PNG)",
        "Table (CSV)",
    ]
    test.button(key="all_panels").click()
    assert len(sent(shown(test), "groups")) == 7
    assert "The gallery of this run and catalog has 7 panels." in said(page({"panel": "8"}))
    assert "There is no such panel." in said(page({"panel": "0123456789ab"}))
    assert "There is no such panel." in said(page({"panel": "../../x"}))


@pytest.mark.usefixtures("nothing_kept")
def test_what_is_asked_is_saved_renamed_deleted_and_brought_back() -> None:
    test = page({"ask": "Words", "text": "a dog near the boat", "answers": "Image", "scene": "kitchen"})
    test.text_input(key="new_panel").set_value("Dogs *and* boats")
    next(each for each in test.button if each.label == "Save").click()
    assert "Dogs *and* boats is saved" in said(shown(test))
    [kept] = saved_panels.saved(current())
    assert isinstance(kept, Panel)
    assert kept.asked == (Asked(sense=Modality.TEXT, text="a dog near the boat"),)
    assert (kept.senses, kept.many, kept.scene) == ((Modality.IMAGE,), 6, "kitchen")
    test.button(key="see_panel").click()
    [panel] = sent(shown(test), "groups")
    assert panel["cards"][0]["text"] == "a dog near the boat"
    assert {card["modality"] for card in panel["cards"][1:]} == {"image"}

    test = page()
    assert "Dogs *and* boats" in said(test)
    assert len(sent(test, "groups")) == 8
    test.text_input(key=f"other_{kept.id}").set_value("Boats")
    next(each for each in test.button if each.label == "Rename").click()
    assert "Boats" in said(shown(test))
    assert saved_panels.find(kept.id, current()).name == "Boats"
    test.button(key=f"delete_{kept.id}").click()
    assert len(sent(shown(test), "groups")) == 7
    test.button(key=f"restore_{kept.id}").click()
    assert len(sent(shown(test), "groups")) == 8


@pytest.mark.usefixtures("nothing_kept")
def test_a_saved_file_asks_again_and_a_lost_one_says_so() -> None:
    content = (current().root / "media" / "image-12.png").read_bytes()
    file = saved_panels.keep_file(content, current())
    kept = own(Asked(sense=Modality.IMAGE, file=file))
    [panel] = sent(page({"panel": kept.id}), "groups")
    assert panel["cards"][0]["picture"].startswith("data:image/jpeg;base64,")
    assert panel["cards"][1]["id"] == "image:tiny/012"
    test = page({"ask": "File", "kept": file, "as": "Image"})
    assert "What was saved with a panel" in said(test)
    found = next(each["cards"] for each in sent(test, "cards") if each["label"].startswith("Image"))
    assert found[0]["id"] == "image:tiny/012"
    (current().root / "panels" / "files" / file).unlink()
    assert "Mine cannot be asked any more." in said(page())
    test = page({"ask": "File", "kept": file})
    assert "This file cannot be asked with." in said(test)
    test.button(key="forget_kept").click()
    assert "This file cannot be asked with." not in said(shown(test))


@pytest.mark.usefixtures("nothing_kept")
def test_damaged_panels_and_those_of_other_runs_leave_the_rest_alone() -> None:
    good = own(Asked(sense=Modality.IMAGE, item="tiny/012"))
    own(Asked(sense=Modality.IMAGE, item="tiny/012"), name="Elsewhere", run="another-run")
    (current().root / "panels" / "0123456789ab.json").write_text("{")
    test = page()
    assert len(sent(test, "groups")) == 8
    assert "A panel cannot be read." in said(test)
    assert "0123456789ab.json is damaged" in said(test)
    assert "**Elsewhere** asks another-run over tiny, hidden2" in said(test)
    test.button(key="delete_0123456789ab").click()
    assert "A panel cannot be read." not in said(shown(test))
    assert good.name in said(test)
