"""What a run finds among many items, as it was kept beside its weights."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Integer

from xmodal import workspace
from xmodal.modality import Modality
from xmodal.recipes.networks import find_run
from xmodal.recipes.results import FOLDER, INDEX, kept
from xmodal.ui.catalogs import Where
from xmodal.ui.live_world import Stretch, open_source, where_of


@dataclass(frozen=True)
class Retrieved:
    """Neighbours and ranks of many items."""

    where: Where
    """The live world that they are of."""
    ids: tuple[str, ...]
    caption: Modality
    best_captions: Integer[np.ndarray, "items top"]
    """Of each picture: positions of the captions that match it best, best first."""
    best_pictures: Integer[np.ndarray, "items top"]
    """Of each caption: positions of the pictures likewise."""
    caption_ranks: Integer[np.ndarray, "items"]
    """Rank of each picture's own caption, from 1."""
    picture_ranks: Integer[np.ndarray, "items"]
    """Rank of each caption's own picture."""

    def position(self, asked: str) -> int | None:
        """The item with that id or number (from 0); None: there is none."""
        if asked in self.ids:
            return self.ids.index(asked)
        number = int(asked) if asked.isdecimal() and len(asked) < 10 else len(self.ids)
        return number if number < len(self.ids) else None


def index_of(run: str) -> Path | None:
    """The file that says that a run has kept results; None: it has none."""
    path = find_run(run, workspace.current()).folder / FOLDER / INDEX
    return path if path.is_file() else None


def retrieved(run: str) -> Retrieved | None:
    """What a run has kept; None if that is nothing, of other weights, or of another version of the world.

    Raises:
        RunError: it is damaged.
    """
    found = kept(find_run(run, workspace.current()))
    if found is None:
        return None
    data = found.index.data
    where = where_of(Stretch(world=data.world, items=data.items, first=data.first))
    try:
        open_source(where.catalog).sample(found.index.ids[0])
    except LookupError:
        return None
    return Retrieved(
        where,
        found.index.ids,
        found.index.caption,
        found.best_captions.numpy(),
        found.best_pictures.numpy(),
        found.caption_ranks.numpy(),
        found.picture_ranks.numpy(),
    )
