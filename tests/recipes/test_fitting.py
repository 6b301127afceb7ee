"""Which recipes fit which data, the families of recipes, and the names of their runs."""

from pathlib import Path

import pytest

from tests.ui.tiny_catalog import build
from xmodal.data.sample import Split
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.changes import changed
from xmodal.recipes.digit_items import VARIABLE
from xmodal.recipes.families import MEANINGS, Family, families
from xmodal.recipes.fitting import Holdings, holdings_of, misfit, require
from xmodal.recipes.naming import launch_named, taken, why_not
from xmodal.runs.run import RunError
from xmodal.workspace import Workspace

TINY = MATCHMAPS["matchmaps-tiny"]
LABELS = MATCHMAPS["matchmaps-compact-labels-resnet-res-davenet"]
IMAGE, SPEECH, TEXT, SOUND = Modality.IMAGE, Modality.SPEECH, Modality.TEXT, Modality.SOUND
TRAIN, VALIDATION, TEST = Split.TRAIN, Split.VALIDATION, Split.TEST


def holding(*parts: tuple[Split, set[Modality]], labelled: tuple[Split, ...] = ()) -> dict[str, Holdings]:
    sets = {(split, frozenset(group)): 10 for split, group in parts}
    return {"mine": Holdings(sets, frozenset(labelled))}


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (holding((TRAIN, {IMAGE, SPEECH}), (VALIDATION, {IMAGE, SPEECH, TEXT})), ""),
        (holding((TRAIN, {IMAGE, TEXT}), (VALIDATION, {IMAGE, TEXT})), "needs speech; this catalog has image and text"),
        (holding((TRAIN, {TEXT})), "needs image and speech; this catalog has text"),
        (holding(), "needs image and speech; this catalog has no items"),
        (holding((TRAIN, {IMAGE, SPEECH})), "no validation item of this catalog has image and speech"),
        (
            holding((TRAIN, {IMAGE}), (TRAIN, {SPEECH}), (VALIDATION, {IMAGE, SPEECH})),
            "no training item of this catalog has image and speech",
        ),
        ({}, "needs the catalog mine, which is not here"),
    ],
)
def test_a_catalog_needs_the_pairs_of_the_recipe_in_both_parts(held: dict[str, Holdings], why: str) -> None:
    assert misfit(TINY.on("mine"), held) == why
    assert misfit(TINY, held) == ""


def test_the_parts_are_those_that_the_recipe_asks_for() -> None:
    held = holding((TRAIN, {IMAGE, SPEECH}), (TEST, {IMAGE, SPEECH}))
    assert misfit(TINY.on("mine"), held)
    assert misfit(changed(TINY.on("mine"), ["validation.select.split=test"]), held) == ""
    assert misfit(changed(TINY.on("mine"), ["validation.select.split=null"]), held) == ""


def test_labels_are_needed_where_they_are_learned() -> None:
    parts = ((TRAIN, {IMAGE, SOUND}), (VALIDATION, {IMAGE, SOUND}))
    assert "names of things; no training item" in misfit(LABELS.on("mine"), holding(*parts, labelled=(VALIDATION,)))
    assert misfit(LABELS.on("mine"), holding(*parts, labelled=(TRAIN,))) == ""


def test_spoken_digits_need_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    known = MATCHMAPS["spoken-digits-known"]
    assert "needs a folder with mnist/ and fsdd/" in misfit(known, {})
    assert misfit(known.on(str(tmp_path)), {}) == ""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert misfit(known, {}) == ""
    assert misfit(known.on("mine"), holding((TRAIN, {IMAGE, SPEECH})))


def test_what_a_real_catalog_holds(tmp_path: Path) -> None:
    here = Workspace(tmp_path / "workspace")
    here.prepare()
    catalog = build(here.catalogs, tmp_path / "media")
    held = holdings_of(catalog)
    counts = catalog.counts()
    assert set(held.modalities) == set(counts)
    assert sum(held.sets.values()) == len(catalog)
    assert held.pairs(IMAGE, Modality.SKETCH) == counts[Modality.SKETCH]
    assert sum(held.pairs(IMAGE, SPEECH, split) for split in Split) == counts[SPEECH]
    assert held.labelled == set(Split)
    require(TINY.on("tiny"), here)
    require(TINY.on(str(catalog.folder)), here)
    with pytest.raises(InputError, match=r"matchmaps-tiny does not fit tiny: needs clip art; this catalog has image, "):
        require(changed(TINY.on("tiny"), ["pair.picture=clip_art"]), here)
    with pytest.raises(InputError, match="no catalog 'other' in"):
        require(TINY.on("other"), here)


def test_every_recipe_has_a_family() -> None:
    found = families(MATCHMAPS.values())
    assert list(found) == list(Family) == list(MEANINGS)
    assert sorted(recipe.name for some in found.values() for recipe in some) == sorted(MATCHMAPS)
    assert found[Family.OWN][0].name == "matchmaps-tiny"
    assert all(recipe.name.startswith("matchmaps-paper-") for recipe in found[Family.PAPER])
    assert all(recipe.name.startswith("matchmaps-compact-") for recipe in found[Family.COMPACT])
    assert all("natural-sounds" in recipe.name or "labels" in recipe.name for recipe in found[Family.STARTS])
    assert list(families([TINY])) == [Family.OWN]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("first-try_2.b", ""),
        ("matchmaps-tiny-3", ""),
        ("A" * 64, ""),
        ("A" * 65, "at most 64 characters, not 65"),
        ("", "letters"),
        ("-x", "a letter or a digit first"),
        ("../x", "letters, digits"),
        ("a b", "letters, digits"),
        ("x.", "no dot last"),
        ("x\n", "letters"),
        ("matchmaps-tiny", "is the name of a recipe"),
        ("matchmaps-demo-cosine-2", "runs of the recipe matchmaps-demo-cosine are named so"),
    ],
)
def test_names_that_a_run_may_have(name: str, why: str) -> None:
    assert (why in why_not(name, TINY)) if why else why_not(name, TINY) == ""


def test_a_run_with_a_name(tmp_path: Path) -> None:
    here = Workspace(tmp_path / "workspace")
    here.prepare()
    assert not taken("mine", here)
    assert launch_named(TINY, "mine", here).name == "mine"
    assert taken("Mine", here)
    assert taken("matchmaps-demo-cosine", here)  # it ships
    with pytest.raises(RunError, match="there is a run mine already"):
        launch_named(TINY, "mine", here)
    with pytest.raises(RunError, match=r"no run of matchmaps-tiny can be named '\.\./mine': letters"):
        launch_named(TINY, "../mine", here)
