"""A recipe that is being edited: lines of changes, what they make of it, and what is wrong with them.

The lines are the truth, as `--set` takes them; a form shows what they make of the recipe and writes them.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from xmodal.errors import reason
from xmodal.recipes.changes import ChangeError, apply, told
from xmodal.recipes.fields import Content, Path
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.wording import in_words


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field, or with the recipe as a whole."""

    path: Path
    """Of the field; empty if it is about several."""
    text: str

    def __str__(self) -> str:
        """With the field's name in words."""
        return f"{in_words(self.path)}: {self.text}" if self.path else self.text


@dataclass(frozen=True)
class Sheet:
    """A recipe with lines of changes."""

    base: Recipe
    content: Content
    """The changed recipe, which need not fit."""
    recipe: Recipe | None
    """The changed recipe; None if it does not fit."""
    refused: tuple[str, ...]
    """Lines that change nothing, because they name no field."""
    faults: tuple[Fault, ...]
    """Why it does not fit, and what is wrong with the refused lines."""

    def edited(self, edit: Callable[[Content], Content]) -> tuple[str, ...]:
        """The lines after an edit of the content: what then differs from the recipe, and the refused ones."""
        return (*told(self.base.model_dump(mode="json"), edit(self.content)), *self.refused)


def sheet(base: Recipe, lines: Sequence[str]) -> Sheet:
    """The recipe with those lines, each of the form `key=value`."""
    content: dict[str, Any] = base.model_dump(mode="json")
    refused, faults = [], []
    for line in lines:
        changed = deepcopy(content)
        try:
            apply(changed, line)
        except ChangeError as error:
            refused.append(line)
            faults.append(Fault((), str(error)))
        else:
            content = changed
    try:
        recipe = type(base).model_validate(content)
    except ValidationError as error:
        return Sheet(base, content, None, tuple(refused), (*faults, *faults_of(error, content)))
    fitting = None if faults else recipe
    return Sheet(base, recipe.model_dump(mode="json"), fitting, tuple(refused), tuple(faults))


def faults_of(error: ValidationError, content: Content) -> tuple[Fault, ...]:
    """What pydantic found, field by field."""
    found = []
    for fault in error.errors(include_url=False):
        if fault["type"] == "too_short" and fault["input"]:
            continue  # its items were given, and something is wrong with them: that is said of them
        given, own = fault["input"], fault["type"] in ("value_error", "missing")
        text = fault["msg"].removeprefix("Value error, ")
        told_too = "" if own or isinstance(given, list | dict) else f", not {given!r:.60}"
        found.append(Fault(_path(fault["loc"], content), text[:1].lower() + text[1:] + told_too))
    return tuple(dict.fromkeys(found)) or (Fault((), reason(error)),)


def _path(where: Sequence[int | str], content: Any) -> Path:
    """Where in the content that is; pydantic names the kind of a union's model too, which is no field."""
    path: list[str] = []
    skipped = False
    for key in where:
        skipped = not skipped and isinstance(content, Mapping) and content.get("kind") == key
        if skipped:
            continue
        path.append(str(key))
        if isinstance(content, Mapping):
            content = content.get(str(key))
        else:
            content = (
                content[key] if isinstance(content, list) and isinstance(key, int) and key < len(content) else None
            )
    return tuple(path)
