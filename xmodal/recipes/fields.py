"""The fields of a recipe as a tree: what each may hold, what it holds, and what it is for. A form is drawn from it.

Everything comes from the recipe's models (`described.recipe_schema`), so that a model that comes later has its fields
here by itself. The content need not fit: what cannot be read as its type says so in `Entry.fits`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xmodal.recipes.described import recipe_schema

Content = Mapping[str, Any]
Path = tuple[str, ...]
EXACT = 2**53 - 1
"""Largest whole number that a browser counts exactly."""
_OF_DATA = ("perturbations",)
"""Fields that may hold one entry for each of the recipe's data."""


class Form(StrEnum):
    """How a value is asked for."""

    SWITCH = "switch"
    WHOLE = "whole number"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "some of several"
    WHOLES = "whole numbers"
    NUMBERS = "numbers"
    TEXTS = "texts"
    KIND = "kind"
    """Which of several models; another one has other fields."""
    PRESENCE = "presence"
    """Whether an optional model is there at all."""


LISTS = {Form.WHOLE: Form.WHOLES, Form.NUMBER: Form.NUMBERS, Form.TEXT: Form.TEXTS}


@dataclass(frozen=True)
class Range:
    """Which numbers are allowed; None: not limited on that side."""

    least: float | None = None
    most: float | None = None
    above: float | None = None
    """Exclusive."""
    below: float | None = None
    """Exclusive."""
    step: float | None = None
    """Multiples of it alone."""

    @property
    def low(self) -> float | None:
        """The lower limit, allowed or not."""
        return self.least if self.above is None else self.above

    @property
    def high(self) -> float | None:
        """The upper limit, allowed or not."""
        return self.most if self.below is None else self.below


@dataclass(frozen=True)
class Entry:
    """One value."""

    path: Path
    form: Form
    value: Any
    help: str = ""
    optional: bool = False
    """Whether it may be None."""
    range: Range = Range()
    """Of the number, or of each number of several."""
    choices: tuple[Any, ...] = ()

    @property
    def dotted(self) -> str:
        """`stages.0.epochs`, as `--set` names it."""
        return ".".join(self.path)

    @property
    def fits(self) -> bool:
        """Whether the value is of its type and within its limits, so that a widget can show it."""
        if self.value is None:
            return self.optional
        if self.form in (Form.CHOICE, Form.KIND):
            return self.value in self.choices
        if self.form is Form.CHOICES:
            return isinstance(self.value, list) and all(each in self.choices for each in self.value)
        if self.form in LISTS.values():
            return isinstance(self.value, list) and not any(isinstance(each, list | dict) for each in self.value)
        if self.form in (Form.WHOLE, Form.NUMBER):
            return _number(self.value, self.form) and self._within(self.value)
        return isinstance(self.value, str if self.form is Form.TEXT else bool)

    def _within(self, number: float) -> bool:
        low, high = self.range.low, self.range.high
        return (low is None or number >= low) and (high is None or number <= high) and abs(number) <= EXACT


@dataclass(frozen=True)
class Group:
    """Fields that belong together: those of a model, or the models of a list."""

    path: Path
    parts: tuple["Entry | Group", ...]
    help: str = ""
    grows: bool = False
    """Whether its parts are the models of a list, which can be more or fewer."""
    fewest: int = 0
    """How many it keeps at least, if it grows."""

    @property
    def entries(self) -> Iterator[Entry]:
        """Every value in it, in order."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.entries
            else:
                yield part


def tree(content: Content) -> Group:
    """The fields of a recipe's content."""
    found = _part((), _root(content), content)
    assert isinstance(found, Group)
    return found


def schema_at(content: Content, path: Path) -> Mapping[str, Any]:
    """The schema of one field, its references followed and without the None that it may be.

    Raises:
        KeyError: there is no such field.
    """
    schema = _root(content)
    here: Any = content
    for key in path:
        schema = _inner(schema, here, key)
        if isinstance(here, list):
            here = here[int(key)] if key.isdecimal() and int(key) < len(here) else None
        else:
            here = here.get(key) if isinstance(here, Mapping) else None
    return resolved(schema)[0]


def _root(content: Content) -> Mapping[str, Any]:
    """The schema of the recipes of its paper."""
    return models_of(recipe_schema())[content["paper"]]


def _inner(schema: Mapping[str, Any], content: Any, key: str) -> Mapping[str, Any]:
    schema = resolved(schema)[0]
    if "discriminator" in schema:
        schema = models_of(schema)[content["kind"]]
    if "properties" in schema:
        return schema["properties"][key]
    return schema["items"] if "items" in schema else schema["additionalProperties"]


def resolved(schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """A schema with its reference followed, and whether it may be None."""
    if "anyOf" in schema:
        some = [each for each in schema["anyOf"] if each.get("type") != "null"]
        rest = {key: value for key, value in schema.items() if key != "anyOf"}
        return resolved({**some[0], **rest})[0], len(some) < len(schema["anyOf"])
    if "$ref" in schema:
        known = recipe_schema()["$defs"][schema["$ref"].rpartition("/")[2]]
        return {**known, **{key: value for key, value in schema.items() if key != "$ref"}}, False
    return schema, False


def models_of(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Kind -> schema of each model of a union."""
    return {kind: resolved({"$ref": name})[0] for kind, name in schema["discriminator"]["mapping"].items()}


def _part(path: Path, schema: Mapping[str, Any], content: Any, *, data: tuple[str, ...] = ()) -> Entry | Group | None:
    """One field; None if it is always the same."""
    schema, optional = resolved(schema)
    if "const" in schema:
        return None
    kind = schema.get("type")
    if "discriminator" in schema:
        found = _union(path, schema, content)
        return _maybe(found, content) if optional else found
    if kind == "array" and _holds_models(schema.get("items", {})):
        return _models(path, schema, content)
    if kind == "object":
        found = _model(path, schema, content) if "properties" in schema else _named(path, schema, content, data)
        return _maybe(found, content) if optional else found
    return _value(path, schema, content, optional=optional)


def _model(path: Path, schema: Mapping[str, Any], content: Any) -> Group:
    held = content if isinstance(content, Mapping) else {}
    data = tuple(held["data"]) if not path and isinstance(held.get("data"), Mapping) else ()
    parts = [
        _part((*path, name), each, held.get(name, each.get("default")), data=data)
        for name, each in schema["properties"].items()
    ]
    return Group(path, tuple(part for part in parts if part is not None), schema.get("description", ""))


def _union(path: Path, schema: Mapping[str, Any], content: Any) -> Group:
    models = models_of(schema)
    kind = content.get("kind") if isinstance(content, Mapping) else None
    told = "; ".join(f"{name}: {each['description']}" for name, each in models.items())
    help_text = " ".join(part for part in (schema.get("description", ""), told) if part)
    entry = Entry((*path, "kind"), Form.KIND, kind, help_text, choices=tuple(models))
    rest = _model(path, models[kind], content).parts if isinstance(kind, str) and kind in models else ()
    return Group(path, (entry, *rest), help_text)


def _models(path: Path, schema: Mapping[str, Any], content: Any) -> Group:
    held = content if isinstance(content, list) else []
    parts = [_part((*path, str(place)), schema["items"], each) for place, each in enumerate(held)]
    found = tuple(part for part in parts if part is not None)
    return Group(path, found, schema.get("description", ""), grows=True, fewest=schema.get("minItems", 0))


def _named(path: Path, schema: Mapping[str, Any], content: Any, data: tuple[str, ...]) -> Group:
    held = content if isinstance(content, Mapping) else {}
    inner = schema["additionalProperties"]
    if path[-1] not in _OF_DATA:
        parts = [_part((*path, name), inner, each) for name, each in held.items()]
    else:
        parts = [
            _maybe(_model((*path, name), resolved(inner)[0], held.get(name)), held.get(name))
            for name in dict.fromkeys((*data, *held))
        ]
    return Group(path, tuple(part for part in parts if part is not None), schema.get("description", ""))


def _maybe(group: Group, content: Any) -> Group:
    """A group that may be absent: a switch, and its fields if it is there."""
    switch = Entry(group.path, Form.PRESENCE, content is not None, group.help)
    return Group(group.path, (switch, *(group.parts if content is not None else ())), group.help)


def _value(path: Path, schema: Mapping[str, Any], value: Any, *, optional: bool) -> Entry:
    form, inner = _form(schema)
    limits = Range(
        inner.get("minimum"), inner.get("maximum"), inner.get("exclusiveMinimum"), inner.get("exclusiveMaximum"),
        inner.get("multipleOf"),
    )  # fmt: skip
    choices = tuple(inner.get("enum", ()))
    return Entry(path, form, value, schema.get("description", ""), optional, limits, choices)


def _form(schema: Mapping[str, Any]) -> tuple[Form, Mapping[str, Any]]:
    """How a value is asked for, and the schema of the value, or of one of several."""
    if schema.get("type") == "array":
        form, inner = _form(resolved(schema["items"] if "items" in schema else schema["prefixItems"][0])[0])
        return Form.CHOICES if form is Form.CHOICE else LISTS[form], inner
    if "enum" in schema:
        return Form.CHOICE, schema
    plain = {"boolean": Form.SWITCH, "integer": Form.WHOLE, "number": Form.NUMBER}
    return plain.get(schema.get("type", ""), Form.TEXT), schema


def _holds_models(schema: Mapping[str, Any]) -> bool:
    inner = resolved(schema)[0] if schema else {}
    return "discriminator" in inner or "properties" in inner


def _number(value: Any, form: Form) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole or (form is Form.NUMBER and isinstance(value, float) and value == value)
