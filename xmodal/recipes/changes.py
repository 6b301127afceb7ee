"""`--set key=value`: a recipe with some of its fields changed, checked as a whole again."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from xmodal.errors import InputError
from xmodal.recipes.recipe import Recipe

R = TypeVar("R", bound=Recipe)


class ChangeError(InputError):
    """A change that names no field of the recipe."""


def changed(recipe: R, changes: Sequence[str]) -> R:
    """The recipe with changes such as `seed=3`, `stages.0.epochs=2`, `stages.*.batch=40`, `data.*.share=0.1`.

    A value is JSON where it can be read as JSON, else a string.

    Raises:
        ChangeError: no `=`, or a field that the recipe does not have.
        pydantic.ValidationError: a value that does not fit.
    """
    content = recipe.model_dump(mode="json")
    for change in changes:
        apply(content, change)
    return type(recipe).model_validate(content)


def apply(content: dict[str, Any], change: str) -> None:
    """Write one change into the content of a recipe, which is not checked.

    Raises:
        ChangeError: no `=`, or a field that is not there.
    """
    path, sign, text = change.partition("=")
    if not sign:
        raise ChangeError(f"{change!r} is not of the form key=value")
    _put(content, path.split("."), value_of(text), path)


def _put(content: Any, keys: Sequence[str], value: Any, path: str) -> None:
    key, rest = keys[0], keys[1:]
    if key == "*":
        for place in list(content) if isinstance(content, dict) else range(len(content)):
            _put(content, [str(place), *rest], value, path)
        return
    name: Any = int(key) if isinstance(content, list) and key.isdecimal() else key
    if not _holds(content, name):
        known = content if isinstance(content, dict) else map(str, range(len(content)))
        raise ChangeError(f"{path}: there is no {key!r} here; known: {', '.join(known) or 'nothing'}")
    if rest and isinstance(content[name], dict | list):
        _put(content[name], rest, value, path)
    elif rest:
        raise ChangeError(f"{path}: {key!r} is a value and has no fields")
    else:
        content[name] = value


def _holds(content: Any, name: Any) -> bool:
    if isinstance(content, list):
        return isinstance(name, int) and name < len(content)
    return name in content


def differences(old: Recipe, new: Recipe) -> tuple[str, ...]:
    """The changes that make the one recipe out of the other: `changed(old, differences(old, new)) == new`."""
    return told(old.model_dump(mode="json"), new.model_dump(mode="json"))


def told(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The same for the contents of two recipes, which need not fit."""
    return tuple(_differences(old, new, ()))


def _differences(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for key in old:
            yield from _differences(old[key], new[key], (*path, key))
    elif _alike(old, new):
        for place, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(before, after, (*path, str(place)))
    elif old != new:
        yield f"{'.'.join(path)}={written(new)}"


def _alike(old: Any, new: Any) -> bool:
    """Two lists of as many models: what differs is inside them."""
    lists = isinstance(old, list) and isinstance(new, list) and len(old) == len(new)
    return lists and any(isinstance(part, dict) for part in new)


def value_of(text: str) -> Any:
    """JSON where it can be read as JSON, else the text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def written(value: Any) -> str:
    """One line: as a person writes it where that is read back as the same value, else JSON."""
    plain = isinstance(value, str) and value_of(value) == value and value == " ".join(value.split())
    return value if plain else json.dumps(value, separators=(",", ":"))
