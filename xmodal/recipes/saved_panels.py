"""Panels that people keep, in the workspace: each a small JSON file; what was brought to ask with lies beside it.

panels/<id>.json      a panel; the id is a digest of what it asks
panels/deleted/       deleted panels, until they are brought back
panels/files/<sha256> uploads, recordings and drawings
"""

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

from xmodal.errors import InputError, reason
from xmodal.recipes.embedder import Medium
from xmodal.recipes.panels import LONGEST_NAME, Asked, Panel
from xmodal.recipes.query_files import medium_in
from xmodal.storage import atomic_write, sync_directory
from xmodal.workspace import Workspace

FOLDER, DELETED, FILES = "panels", "deleted", "files"
MOST_BYTES = 25_000_000
"""Of a file that is kept."""
_ID, _SHA256 = re.compile(r"[0-9a-f]{12}"), re.compile(r"[0-9a-f]{64}")
_LOCK = "panels"


class PanelError(InputError):
    """A panel that is not there or cannot be used, in one line."""


@dataclass(frozen=True)
class Damaged:
    """A file of a panel that cannot be read."""

    id: str
    reason: str


def saved(workspace: Workspace, *, deleted: bool = False) -> tuple[Panel | Damaged, ...]:
    """Every panel that is kept, or that was deleted, by name; damaged ones last. One that is damaged says so and
    affects no other."""
    folder = _folder(workspace, deleted=deleted)
    found: list[Panel | Damaged] = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(_read(path))
        except PanelError as error:
            found.append(Damaged(path.stem, str(error)))
    return tuple(sorted(found, key=lambda each: (isinstance(each, Damaged), getattr(each, "name", "").casefold())))


def find(panel: str, workspace: Workspace) -> Panel:
    """A panel by its id.

    Raises:
        PanelError: there is none, or it is damaged.
    """
    path = _path(panel, workspace)
    if not path.is_file():
        raise PanelError(f"there is no panel {panel!r} in {workspace.root}")
    return _read(path)


def save(panel: Panel, workspace: Workspace) -> Panel:
    """Keep a panel; one that asks the same takes the new name.

    Raises:
        OSError: nothing can be written.
    """
    with workspace.lock(_LOCK):
        atomic_write(_path(panel.id, workspace), panel.model_dump_json(indent=2))
    return panel


def rename(panel: str, name: str, workspace: Workspace) -> Panel:
    """Give a panel another name.

    Raises:
        PanelError: there is none, or it is damaged.
        pydantic.ValidationError: the name is empty, too long or not plain.
    """
    with workspace.lock(_LOCK):
        known = find(panel, workspace)
        renamed = Panel.model_validate(known.model_dump() | {"name": name.strip()[: LONGEST_NAME + 1]})
        atomic_write(_path(panel, workspace), renamed.model_dump_json(indent=2))
    return renamed


def delete(panel: str, workspace: Workspace) -> None:
    """Put a panel, damaged or not, where `restore` finds it.

    Raises:
        PanelError: there is none.
    """
    _move(panel, workspace, deleted=True)


def restore(panel: str, workspace: Workspace) -> None:
    """Bring a deleted panel back.

    Raises:
        PanelError: there is none, or the same has been saved again.
    """
    _move(panel, workspace, deleted=False)


def keep_file(content: bytes, workspace: Workspace) -> str:
    """Keep what was brought; the same bytes lie there once. Returns their SHA-256.

    Raises:
        InputError: they are too many.
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"a file of more than {MOST_BYTES // 1_000_000} MB is not kept with a panel: cut it")
    name = hashlib.sha256(content).hexdigest()
    path = workspace.root / FOLDER / FILES / name
    if not path.is_file():
        atomic_write(path, content)
    return name


def kept_file(name: str, workspace: Workspace) -> bytes:
    """The bytes of that SHA-256.

    Raises:
        InputError: they are gone, or others than they were.
    """
    path = workspace.root / FOLDER / FILES / name
    if not _SHA256.fullmatch(name) or not path.is_file():
        raise PanelError(f"the file {name[:12]} of this query is not in {workspace.root}")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != name:
        raise PanelError(f"{path} is damaged: ask with the file again")
    return content


def medium_of(asked: Asked, workspace: Workspace) -> Medium:
    """The text that is asked with, or what the kept file holds.

    Raises:
        InputError: the file is gone, damaged, or nothing of that sense.
    """
    if asked.file is None:
        return asked.text
    return medium_in(io.BytesIO(kept_file(asked.file, workspace)), asked.sense)


def _folder(workspace: Workspace, *, deleted: bool = False) -> Path:
    return workspace.root / FOLDER / DELETED if deleted else workspace.root / FOLDER


def _path(panel: str, workspace: Workspace, *, deleted: bool = False) -> Path:
    if not _ID.fullmatch(panel):
        raise PanelError(f"{panel!r:.40} is no panel")
    return _folder(workspace, deleted=deleted) / f"{panel}.json"


def _read(path: Path) -> Panel:
    try:
        return Panel.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise PanelError(f"{path} is damaged or from a newer version: {reason(error)}") from error


def _move(panel: str, workspace: Workspace, *, deleted: bool) -> None:
    old, new = _path(panel, workspace, deleted=not deleted), _path(panel, workspace, deleted=deleted)
    with workspace.lock(_LOCK):
        if not old.is_file():
            raise PanelError(f"there is no panel {panel!r} in {old.parent}")
        if not deleted and new.exists():
            raise PanelError("the same query has been saved again: delete that panel first")
        new.parent.mkdir(parents=True, exist_ok=True)
        old.replace(new)
        sync_directory(new.parent)
