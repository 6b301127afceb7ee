"""A panel: a query and what answers it, as in the gallery of the paper's project page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from xmodal.data.sample import Split
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.recipes.search_catalog import Collection, Filters, Hit, Part
from xmodal.storage import digest

LONGEST_NAME = 80
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Asked(_Model):
    """One of the queries that are asked together: an entry of an item, a text, or a file. Exactly one of them."""

    sense: Modality
    """What it is taken as."""
    item: str = Field(default="", max_length=1000)
    """Id of an item of the catalog."""
    text: str = Field(default="", max_length=2000)
    file: Sha256 | None = None
    """Digest of a file that was brought: an upload, a recording or a drawing."""
    weight: float = Field(default=1.0, ge=-1.0, le=1.0)

    @model_validator(mode="after")
    def _one(self) -> "Asked":
        if bool(self.item) + bool(self.text) + (self.file is not None) != 1:
            raise ValueError("a query is an item, a text or a file")
        return self


class Panel(_Model):
    """What is asked, of what, and who may answer."""

    format: int = Field(default=1, le=1)
    """Version of the layout."""
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    run: str = Field(min_length=1)
    """Name of the run whose space is searched."""
    catalog: str = Field(min_length=1)
    layer: str = Field(min_length=1)
    asked: tuple[Asked, ...] = Field(min_length=1, max_length=2)
    senses: tuple[Modality, ...] = ()
    """Which answer; none: every one that the run has."""
    many: int = Field(default=4, ge=1, le=48)
    """Answers of each."""
    split: Split | None = None
    """Only items of this split answer."""
    scene: str | None = None
    """Only items with this scene answer."""

    @field_validator("name")
    @classmethod
    def _plain(cls, name: str) -> str:
        if not name.isprintable() or not name.strip():
            raise ValueError("a name holds letters and signs, and no control characters")
        return " ".join(name.split())

    @property
    def id(self) -> str:
        """12 hex digits: what is asked decides, not the name."""
        return digest(self.model_dump_json(exclude={"name"}))[:12]


@dataclass(frozen=True)
class Answered:
    """A panel with its answers."""

    panel: Panel
    answers: Mapping[Modality, tuple[Hit, ...]]
    """Best first."""

    @property
    def own(self) -> frozenset[str]:
        """Items that are asked with: their entries in other senses are the true answers."""
        return frozenset(each.item for each in self.panel.asked if each.item)


def answered(panel: Panel, collection: Collection, vector: Callable[[Asked], np.ndarray] | None = None) -> Answered:
    """Ask a panel's query anew.

    Args:
        panel: what is asked.
        collection: the vectors of its run and catalog.
        vector: gives the vector of a text or a file; None: only items are asked with.

    Raises:
        InputError: an item is gone, a text or a file cannot be used, or the queries cancel each other out.
    """
    parts = [Part(_vector(each, collection, vector), each.weight) for each in panel.asked]
    filters = Filters(panel.split, panel.scene)
    senses = [sense for sense in collection.senses if not panel.senses or sense in panel.senses]
    return Answered(panel, {sense: collection.search(parts, sense, panel.many, filters)[0] for sense in senses})


def _vector(asked: Asked, collection: Collection, vector: Callable[[Asked], np.ndarray] | None) -> np.ndarray:
    if asked.item:
        return collection.vector_of(asked.item, asked.sense)
    if vector is None:
        raise InputError("a text or a file needs the network")
    return vector(asked)


def listing(shown: Sequence[Answered]) -> list[dict[str, str | int | float]]:
    """Every answer as a row of a spreadsheet."""
    return [
        {
            "panel": each.panel.name, "query": " + ".join(said(asked) for asked in each.panel.asked),
            "modality": sense.value, "rank": rank, "item": hit.item, "score": round(hit.score, 6), "text": hit.text,
            "own": int(hit.item in each.own),
        }
        for each in shown for sense, hits in each.answers.items() for rank, hit in enumerate(hits, start=1)
    ]  # fmt: skip


def said(asked: Asked) -> str:
    """A query in words."""
    what = asked.item or asked.text or "a file"
    weight = "" if asked.weight == 1.0 else f" x {asked.weight:g}"
    return f"{asked.sense.display}: {what}{weight}"
