"""The recipe's models as one JSON schema: types, ranges, choices, defaults, and the docstrings under the fields."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from functools import lru_cache, reduce
from operator import or_
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import ModelSchema

from xmodal.recipes.papers import KINDS


@lru_cache(maxsize=1)
def recipe_schema() -> Mapping[str, Any]:
    """The schemas of the recipes of all papers, told apart by `paper`; models are in `$defs`.

    Read it, never change it.
    """
    recipes: Any = Annotated[reduce(or_, KINDS.values()), Field(discriminator="paper")]
    return TypeAdapter(recipes).json_schema(schema_generator=_WithDocstrings)


class _WithDocstrings(GenerateJsonSchema):
    """Pydantic's own way (`use_attribute_docstrings`) reads the sources at every start; this one when it is asked."""

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        """The schema of one model, each property with its docstring."""
        found = super().model_schema(schema)
        texts = docstrings(schema["cls"])
        for name, entry in found["properties"].items():
            entry |= {"description": texts[name]} if name in texts else {}
        return found


def docstrings(model: type[BaseModel]) -> dict[str, str]:
    """The docstring under each field of a model and of the models that it extends, as one line."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, BaseModel) and each is not BaseModel:
            found |= _own_docstrings(each)
    return found


def _own_docstrings(model: type[BaseModel]) -> dict[str, str]:
    [tree] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, text in zip(tree.body, tree.body[1:], strict=False):
        told = text.value if isinstance(text, ast.Expr) else None
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(told, ast.Constant):
            found[field.target.id] = " ".join(str(told.value).split())
    return found
