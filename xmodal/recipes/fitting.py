"""Which recipes a catalog is fit for: by what its items hold, without looking at the media."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from xmodal.data.catalog import Catalog
from xmodal.data.sample import Split
from xmodal.errors import InputError
from xmodal.features.prepared import StoredPair
from xmodal.modality import Modality
from xmodal.recipes.digit_items import VARIABLE, folder_of
from xmodal.recipes.recipe import CatalogData, Recipe, SpokenDigitsData
from xmodal.recipes.sources import catalog_of
from xmodal.workspace import Workspace

_SPLITS: Mapping[Split | None, str] = {
    None: "item",
    Split.TRAIN: "training item",
    Split.VALIDATION: "validation item",
    Split.TEST: "test item",
}


@dataclass(frozen=True)
class Holdings:
    """What the items of a catalog hold."""

    sets: Mapping[tuple[Split, frozenset[Modality]], int]
    """How many items of a part hold exactly these modalities."""
    labelled: frozenset[Split]
    """Parts in which some item says what is seen or heard in it."""

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """Everything that some item holds."""
        held = {each for _, group in self.sets for each in group}
        return tuple(each for each in Modality if each in held)

    def pairs(self, picture: Modality, caption: Modality, split: Split | None = None) -> int:
        """How many items of a part (None: of all) hold both."""
        return sum(
            count
            for (part, group), count in self.sets.items()
            if part == (split or part) and {picture, caption} <= group
        )


def holdings_of(catalog: Catalog) -> Holdings:
    """What the items of a whole catalog hold; the table is read once for each version of it."""
    return _holdings(catalog.folder.resolve(), catalog.digest)


@lru_cache(maxsize=64)
def _holdings(folder: Path, digest: str) -> Holdings:
    del digest  # a part of the key
    catalog = Catalog(folder)
    held = np.stack([catalog.column(each.value).is_valid().to_numpy() for each in Modality])
    codes = (held.astype(np.int64) << np.arange(len(Modality))[:, None]).sum(axis=0)
    lengths = [pc.call_function("list_value_length", [catalog.column(name)]) for name in ("objects", "sound_events")]
    named = np.logical_or.reduce([np.nan_to_num(each.to_numpy().astype(float)) > 0 for each in lengths])
    sets: dict[tuple[Split, frozenset[Modality]], int] = {}
    splits = catalog.column("split").to_numpy()
    for split in Split:
        found, counts = np.unique(codes[splits == split.value], return_counts=True)
        for code, count in zip(found.tolist(), counts.tolist(), strict=True):
            group = frozenset(each for place, each in enumerate(Modality) if code >> place & 1)
            sets[split, group] = count
    return Holdings(sets, frozenset(split for split in Split if (named & (splits == split.value)).any()))


def misfit(recipe: Recipe, held: Mapping[str, Holdings]) -> str:
    """Why a recipe cannot be trained on its data; empty if it can.

    Of spoken digits only the folder is looked for; of a world there is nothing to ask.

    Args:
        recipe: as it is trained; for a catalog in place of its data `Recipe.on`.
        held: what the catalogs hold that there are, by name.
    """
    for name, data in {**recipe.data, "": recipe.validation}.items():
        if isinstance(data, SpokenDigitsData) and folder_of(data) is None:
            return f"needs a folder with mnist/ and fsdd/, named with --data PATH or in {VARIABLE}"
        if isinstance(data, CatalogData):
            if data.catalog not in held:
                return f"needs the catalog {data.catalog}, which is not here"
            learns = recipe.learns_labels and name in recipe.data
            for pair in recipe.pair_options():
                if why := _lacks(pair, held[data.catalog], data.select.split, labels=learns):
                    return why
    return ""


def _lacks(pair: StoredPair, held: Holdings, split: Split | None, *, labels: bool) -> str:
    missing = [each for each in (pair.picture, pair.caption) if each not in held.modalities]
    if missing:
        return f"needs {_listed(missing)}; this catalog has {_listed(held.modalities) or 'no items'}"
    if not held.pairs(pair.picture, pair.caption, split):
        return (
            f"no {_SPLITS[split]} of this catalog has {pair.picture.display.lower()} and {pair.caption.display.lower()}"
        )
    if labels and not (held.labelled if split is None else split in held.labelled):
        return f"learns the names of things; no {_SPLITS[split]} of this catalog has any"
    return ""


def _listed(modalities: "list[Modality] | tuple[Modality, ...]") -> str:
    """`image, sound and speech`."""
    names = [each.display.lower() for each in modalities]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def require(recipe: Recipe, workspace: Workspace) -> None:
    """See that a recipe can be trained on its data, before anything is computed.

    Raises:
        InputError: it cannot; the line says why.
        CatalogError: there is no such catalog, or it is damaged.
    """
    named = {data.catalog for data in (*recipe.data.values(), recipe.validation) if isinstance(data, CatalogData)}
    held = {name: holdings_of(catalog_of(name, workspace)) for name in sorted(named)}
    if why := misfit(recipe, held):
        raise InputError(f"{recipe.name} does not fit {', '.join(held) or 'its data'}: {why}")
