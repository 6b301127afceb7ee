"""Edits of a recipe's content, field by field, as a form makes them; nothing is checked here.

Each takes a content and gives a new one. What an edit needs and the recipe does not say (fields of another kind of
model, a model that was absent) takes the models' own defaults.
"""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from xmodal.recipes.changes import value_of, written
from xmodal.recipes.fields import LISTS, Content, Entry, Form, Path, models_of, resolved, schema_at

Edit = Callable[[Content], Content]
"""One content in, another out."""
_ABSENT = object()


def edited(content: Content, entry: Entry, value: Any) -> dict[str, Any]:
    """The content with another value of a field; `value` is what the entry's form asks for, as JSON."""
    if entry.form is Form.KIND:
        return _put(content, entry.path[:-1], _of_kind(content, entry.path[:-1], value))
    if entry.form is Form.PRESENCE:
        model = {key: each for key, each in schema_at(content, entry.path).items() if key != "default"}
        return _put(content, entry.path, blank(model) if value else _absent(content, entry))
    return _put(content, entry.path, value)


def with_another(content: Content, path: Path, after: int) -> dict[str, Any]:
    """One model more in a list, behind the one at `after` (-1: at the front): its copy, or one of a kind that is not
    there yet."""
    new = deepcopy(dict(content))
    models = _at(new, path)
    if not isinstance(models, list):
        new = _put(new, path, [])
        models = _at(new, path)
    inner = resolved(schema_at(content, path)["items"])[0]
    if "discriminator" in inner:
        used = [each.get("kind") for each in models if isinstance(each, dict)]
        free = [kind for kind in models_of(inner) if kind not in used]
        another = blank(models_of(inner)[free[0] if free else next(iter(models_of(inner)))])
    else:
        another = deepcopy(models[after]) if models else blank(inner)
    models.insert(after + 1, another)
    return new


def without(content: Content, path: Path, place: int) -> dict[str, Any]:
    """One model fewer in a list."""
    new = deepcopy(dict(content))
    del _at(new, path)[place]
    return new


def blank(schema: Mapping[str, Any]) -> Any:
    """What a model, or any other value, is before somebody says more: its defaults, the least number, no text."""
    if "default" in schema:
        return deepcopy(schema["default"])
    schema = resolved(schema)[0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "discriminator" in schema:
        return blank(next(iter(models_of(schema).values())))
    if "properties" in schema:
        return {name: blank(each) for name, each in schema["properties"].items()}
    plain: dict[str, Any] = {"object": {}, "array": [], "boolean": False, "string": ""}
    above = schema.get("exclusiveMinimum")
    return plain.get(schema.get("type", ""), schema.get("minimum", 0 if above is None else above + 1))


def text_of(entry: Entry) -> str:
    """A field's value as text, for a text box; `read` makes the value of it again."""
    if entry.value is None and entry.optional:
        return ""
    if entry.form is Form.TEXT and isinstance(entry.value, str):
        return entry.value
    if entry.form in LISTS.values() and entry.fits and isinstance(entry.value, list):
        plain = ", ".join(each if isinstance(each, str) else json.dumps(each) for each in entry.value)
        return plain if read(entry, plain) == entry.value else json.dumps(entry.value)
    return written(entry.value)


def read(entry: Entry, text: str) -> Any:
    """The value that a text names; the text itself where it names none (which then does not fit the recipe)."""
    text = text.strip() if entry.form is not Form.TEXT else text
    if not text and entry.optional:
        return None
    if entry.form is Form.TEXT:
        return text
    value = value_of(text)
    if entry.form not in LISTS.values() or isinstance(value, list):
        return value
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if entry.form is Form.TEXTS:
        return parts
    numbers = [value_of(part) for part in parts]
    return text if any(isinstance(each, str) for each in numbers) else numbers


def _of_kind(content: Content, path: Path, kind: str) -> dict[str, Any]:
    """A model of another kind; what both kinds have in the same form stays."""
    old, models = _at(deepcopy(dict(content)), path), models_of(schema_at(content, path))
    old = old if isinstance(old, Mapping) else {}
    new = blank(models[kind])
    before = models.get(str(old.get("kind")), {}).get("properties", {})
    for name, each in models[kind]["properties"].items():
        if name != "kind" and name in old and _shape(each) == _shape(before.get(name, {})):
            new[name] = deepcopy(old[name])
    return new


def _shape(schema: Mapping[str, Any]) -> dict[str, Any]:
    """What values a schema allows."""
    return {key: value for key, value in schema.items() if key not in ("default", "description", "title")}


def _absent(content: Content, entry: Entry) -> Any:
    """What stands for an absent model: nothing in a table of models, None in a field."""
    return None if "properties" in schema_at(content, entry.path[:-1]) else _ABSENT


def _put(content: Content, path: Path, value: Any) -> dict[str, Any]:
    new = deepcopy(dict(content))
    holder, key = _at(new, path[:-1], path[-1]), path[-1]
    if value is _ABSENT:
        holder.pop(key, None)
    elif isinstance(holder, list):
        holder[int(key)] = value
    else:
        holder[key] = value
    return new


def _at(content: Any, path: Path, then: str = "") -> Any:
    """What lies at a path, in which `then` follows; where it cannot follow, an empty model is put."""
    for depth, key in enumerate(path, start=1):
        place: Any = int(key) if isinstance(content, list) else key
        inner = content.get(key) if isinstance(content, dict) else content[place]
        following = path[depth] if depth < len(path) else then
        if not isinstance(inner, dict) and not (isinstance(inner, list) and (following.isdecimal() or not following)):
            inner = content[place] = {}
        content = inner
    return content
