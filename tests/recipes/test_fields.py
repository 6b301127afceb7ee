"""The tree of a recipe's fields against the models themselves, and edits against `--set`."""

from collections.abc import Iterator
from typing import Any, get_args

import annotated_types as limits
import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from xmodal.recipes import MATCHMAPS, RECIPES, SEE_HEAR_READ, edits
from xmodal.recipes.changes import changed, told
from xmodal.recipes.fields import Entry, Form, Range, tree
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sheet import sheet
from xmodal.supervision.teacher import LabelTeacher

TINY = MATCHMAPS["matchmaps-tiny"]
EDITED = ("matchmaps-demo-cosine", "spoken-digits-known", "matchmaps-paper-words-sisa-shn-imagenet")
"""Recipes with a world, with digits, with a catalog; with speech and with words; with one stage and with several."""


def entries(name: str) -> tuple[Entry, ...]:
    return tuple(tree(RECIPES[name].model_dump(mode="json")).entries)


def entry_of(name: str, dotted: str) -> Entry:
    return next(entry for entry in entries(name) if entry.dotted == dotted)


def field_at(value: Any, path: tuple[str, ...]) -> FieldInfo | None:
    """The model's own field, found on the recipe and not in its schema; None for an entry of a table."""
    for key in path[:-1]:
        value = (
            value[int(key)] if isinstance(value, tuple) else value[key] if isinstance(value, dict) else vars(value)[key]
        )
    return type(value).model_fields[path[-1]] if isinstance(value, BaseModel) else None


def metadata(field: FieldInfo) -> Iterator[Any]:
    """Every limit of a field, of what it may be beside None, and of what it holds several of."""
    yield from field.metadata
    todo = list(get_args(field.annotation))
    while todo:
        each = todo.pop()
        yield each
        todo += [*get_args(each), *getattr(each, "__metadata__", ())]


def range_of(field: FieldInfo) -> Range:
    kinds = {
        limits.Ge: ("least", "ge"),
        limits.Le: ("most", "le"),
        limits.Gt: ("above", "gt"),
        limits.Lt: ("below", "lt"),
        limits.MultipleOf: ("step", "multiple_of"),
    }
    found = {
        kinds[type(each)][0]: getattr(each, kinds[type(each)][1]) for each in metadata(field) if type(each) in kinds
    }
    return Range(**found)


@pytest.mark.parametrize("name", RECIPES)
def test_every_field_is_explained_and_survives_its_text(name: str) -> None:
    found = entries(name)
    assert len({entry.dotted for entry in found}) == len(found) > 60
    for entry in found:
        assert entry.help, entry.dotted
        assert entry.fits, entry.dotted
        assert edits.read(entry, edits.text_of(entry)) == entry.value, entry.dotted


@pytest.mark.parametrize("name", EDITED)
def test_ranges_are_those_of_the_models(name: str) -> None:
    numbers = [entry for entry in entries(name) if entry.form in (Form.WHOLE, Form.NUMBER, Form.WHOLES, Form.NUMBERS)]
    assert len(numbers) > 30
    for entry in numbers:
        field = field_at(MATCHMAPS[name], entry.path)
        assert field is not None
        assert entry.range == range_of(field), entry.dotted


def test_every_scalar_of_a_recipe_is_a_field() -> None:
    """What is left out is a `kind` that can be no other."""
    known = {entry.dotted for name in EDITED for entry in entries(name)}

    def leaves(value: Any, path: str = "") -> Iterator[str]:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        models = isinstance(value, dict) or any(isinstance(each, dict) for _, each in inner)
        inner = value.items() if isinstance(value, dict) else enumerate(value) if models else ()
        if not models and value != []:
            yield path
        for key, each in inner:
            yield from leaves(each, f"{path}.{key}" if path else str(key))

    found = {leaf for name in EDITED for leaf in leaves(MATCHMAPS[name].model_dump(mode="json"))}
    assert found - known == {"model.kind", "paper"}


def another(entry: Entry) -> Any:
    """Some other value of a field, which need not go with the others."""
    if entry.form in (Form.SWITCH, Form.PRESENCE):
        return not entry.value
    if entry.form in (Form.CHOICE, Form.KIND):
        return next(choice for choice in entry.choices if choice != entry.value)
    if entry.form in (Form.WHOLE, Form.NUMBER):
        step = entry.range.step or 1
        high = entry.range.high
        return (entry.value or 0) + (-step / 2 if high is not None and (entry.value or 0) + step > high else step)
    if entry.form is Form.TEXT:
        return f"{entry.value or ''} 2"
    return [*entry.value, *(entry.value[:1] or (["a, b"] if entry.form is Form.TEXTS else [1]))]


@pytest.mark.parametrize("name", EDITED)
def test_an_edit_of_any_field_is_what_its_lines_make_of_the_recipe(name: str) -> None:
    recipe, fitting = MATCHMAPS[name], 0
    empty = sheet(recipe, ())
    assert (empty.recipe, empty.faults) == (recipe, ())
    for entry in entries(name):
        value = another(entry)
        wanted = edits.edited(empty.content, entry, value)
        lines = empty.edited(lambda content, entry=entry, value=value: edits.edited(content, entry, value))
        assert lines, entry.dotted
        assert all("\n" not in line for line in lines)
        after = sheet(recipe, lines)
        assert after.refused == ()
        assert told(after.content, wanted) == (), entry.dotted
        if after.recipe is None:
            assert after.faults, entry.dotted
        else:
            fitting += 1
            assert changed(recipe, lines) == after.recipe
    assert fitting > 60


def test_another_kind_keeps_what_both_have() -> None:
    entry = entry_of("matchmaps-tiny", "stages.0.optimiser.kind")
    assert entry.choices == ("adam", "sgd")
    content = edits.edited(TINY.model_dump(mode="json"), entry, "sgd")
    assert content["stages"][0]["optimiser"] == {"kind": "sgd", "rate": 0.002, "momentum": 0.9, "weight_decay": 0.0}
    assert TINY.model_dump(mode="json") == sheet(TINY, ()).content
    vgg = edits.edited(content, entry_of("matchmaps-tiny", "model.image.kind"), "vgg16")["model"]["image"]
    assert (vgg["kind"], vgg["dim"], vgg["depths"]) == ("vgg16", 128, [2, 2, 3, 3, 3])


def test_stages_and_losses_come_and_go() -> None:
    empty = sheet(TINY, ())
    two = sheet(TINY, empty.edited(lambda content: edits.with_another(content, ("stages",), 0)))
    assert isinstance(two.recipe, MatchmapRecipe)
    assert [stage.name for stage in two.recipe.stages] == ["easy scenes", "easy scenes"]
    assert sheet(TINY, two.edited(lambda content: edits.without(content, ("stages",), 1))).recipe == TINY
    path = ("stages", "0", "objectives")
    losses = sheet(TINY, empty.edited(lambda content: edits.with_another(content, path, 0))).recipe
    assert isinstance(losses, MatchmapRecipe)
    assert [objective.kind for objective in losses.stages[0].objectives] == ["info_nce", "sampled_margin"]
    none = sheet(TINY, empty.edited(lambda content: edits.without(content, path, 0)))
    assert [str(fault) for fault in none.faults] == [
        "Stage 1: stage 'easy scenes' has nothing to lower: give it objectives or labels"
    ]
    begun = sheet(TINY, empty.edited(lambda content: edits.with_another(content, ("start",), -1)))
    assert begun.content["start"] == [{"run": "", "branches": []}]


def test_one_of_several_kinds_may_be_absent() -> None:
    ranking = SEE_HEAR_READ["see-hear-read-ranking"]
    entry = entry_of(ranking.name, "teacher")
    assert (entry.form, entry.value) == (Form.PRESENCE, False)
    on = sheet(ranking, sheet(ranking, ()).edited(lambda content: edits.edited(content, entry, True)))
    assert isinstance(on.recipe, SeeHearReadRecipe)
    assert on.recipe.teacher == LabelTeacher()
    kind = next(each for each in tree(on.content).entries if each.dotted == "teacher.kind")
    run = sheet(ranking, on.edited(lambda content: edits.edited(content, kind, "run")))
    assert run.content["teacher"] == {"kind": "run", "run": ""}
    assert sheet(ranking, on.edited(lambda content: edits.edited(content, entry, False))).recipe == ranking


def test_what_may_be_absent_is_switched_on_and_off() -> None:
    for dotted, held in (("perturbations.train", {"train"}), ("stages.0.labels", set())):
        entry = entry_of("matchmaps-tiny", dotted)
        assert (entry.form, entry.value) == (Form.PRESENCE, False)
        on = sheet(TINY, sheet(TINY, ()).edited(lambda content, entry=entry: edits.edited(content, entry, True)))
        assert isinstance(on.recipe, MatchmapRecipe)
        assert set(on.recipe.perturbations) == held
        assert (on.recipe.stages[0].labels is not None) == (not held)
        assert sheet(TINY, on.edited(lambda content, entry=entry: edits.edited(content, entry, False))).recipe == TINY


@pytest.mark.parametrize(
    ("dotted", "text", "value"),
    [
        ("stages.0.optimiser.betas", "0.8, 0.99", [0.8, 0.99]),
        ("stages.0.optimiser.betas", "[0.8,0.99]", [0.8, 0.99]),
        ("stages.0.optimiser.betas", "fast, slow", "fast, slow"),
        ("stages.0.frozen", "image., caption.", ["image.", "caption."]),
        ("stages.0.frozen", "", []),
        ("stages.0.frozen", '["a, b"]', ["a, b"]),
        ("stages.0.clip_norm", " ", None),
        ("title", " 12", " 12"),
        ("model.image.depths", "2", [2]),
    ],
)
def test_what_is_typed(dotted: str, text: str, value: object) -> None:
    read = edits.read(entry_of("matchmaps-tiny", dotted), text)
    assert read == [2] if value == [2] else read == value


NONSENSE = ("null", "-1e400", "[[1]]", '{"kind":[]}')


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_anywhere_can_be_shown_and_put_right(value: str) -> None:
    paths = {entry.path[:length] for entry in entries("matchmaps-tiny") for length in range(1, len(entry.path))}
    kinds = {entry.path for entry in entries("matchmaps-tiny") if entry.form is Form.KIND}
    shown = 0
    for path in sorted(paths | kinds | {("seed",), ("stages", "0", "frozen"), ("stages", "0", "clip_norm")}):
        if path[:-1] == ("perturbations",):
            continue  # not there yet
        found = sheet(TINY, [f"{'.'.join(path)}={value}"])
        assert found.refused == ()
        assert (found.recipe is None) == bool(found.faults)
        for entry in tree(found.content).entries:
            edits.text_of(entry)
            if entry.form is Form.KIND and not entry.fits:
                shown += 1
                right = edits.edited(found.content, entry, entry.choices[0])
                assert all(each.fits for each in tree(right).entries if each.path[:-1] == entry.path[:-1])
        assert edits.with_another(found.content, ("start",), -1)["start"]
    assert shown > 3


@pytest.mark.parametrize(
    ("line", "told_as"),
    [
        (
            "stages.0.optimiser.betas=fast",
            "Stage 1, optimiser, betas of the running means: input should be a valid tup",
        ),
        ("stages.0.optimiser.rate=-1", "Stage 1, optimiser, learning rate: input should be greater than 0, not -1"),
        ("data.train.world.objects_min=5", "Data train, world: objects_min 5 is more than objects_max 2"),
        ("data.train.world.clutter=7", "Data train, world, clutter: input should be less than or equal to 1, not 7"),
        ("data.train.items=1", "Data train, items: input should be greater than or equal to 2, not 1"),
        ("picture.crop_px=null", "training needs pictures of one size: set picture.crop_px"),
        ("picture.mean=[1,2]", "Picture, mean 3: field required"),
        ("pair.caption=text", "captions are text, the caption branch is res_davenet"),
        ("speed=3", "speed: there is no 'speed' here"),
        ("seed", "'seed' is not of the form key=value"),
    ],
)
def test_a_fault_names_the_field_in_words(line: str, told_as: str) -> None:
    found = sheet(TINY, ["stages.0.epochs=5", line])
    assert found.recipe is None
    assert [str(fault)[: len(told_as)] for fault in found.faults] == [told_as]
    assert found.content["stages"][0]["epochs"] == 5
    kept = found.edited(lambda content: edits.edited(content, entry_of("matchmaps-tiny", "seed"), 9))
    assert {"stages.0.epochs=5", "seed=9"} < set(kept)
    assert len(kept) == 3
