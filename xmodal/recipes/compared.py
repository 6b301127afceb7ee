"""In what the recipes of several runs differ."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xmodal.recipes.recipe import Recipe

ABSENT = "–"
"""In place of a field that a recipe does not have."""
_NAMES = frozenset({"name", "title", "rows", "ours"})
"""What a recipe is called, not what it does."""


@dataclass(frozen=True)
class Difference:
    """One field."""

    path: str
    """As `--set` names it."""
    values: tuple[str, ...]
    """Of each recipe, in order."""


def differing(recipes: Mapping[str, Recipe]) -> tuple[Difference, ...]:
    """Every field that is not the same in all of them, in the order of the recipe's fields."""
    flat = [dict(_flat(recipe.model_dump(mode="json", exclude=set(_NAMES)))) for recipe in recipes.values()]
    paths = dict.fromkeys(path for each in flat for path in each)
    found = (Difference(path, tuple(each.get(path, ABSENT) for each in flat)) for path in paths)
    return tuple(each for each in found if len(set(each.values)) > 1)


def _flat(content: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every single value with its path; lists of plain values are one value."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _flat(value, f"{path}.{key}" if path else str(key))
    elif isinstance(content, list) and any(isinstance(part, dict) for part in content):
        for place, part in enumerate(content):
            yield from _flat(part, f"{path}.{place}")
    else:
        yield path, content if isinstance(content, str) else json.dumps(content)
