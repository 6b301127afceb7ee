"""File names in manifests -> references, checked before anything is opened."""

from functools import lru_cache
from pathlib import Path, PurePosixPath

from xmodal.data.media import Stored
from xmodal.data.readers import ReaderError, Source
from xmodal.storage import UnsafePathError, inside


class EntryError(ValueError):
    """An entry that cannot be used, with one line of reason: goes into the bad-row report."""


def base_folder(source: Source, root: str) -> Path:
    """The folder of a named root; the empty name is the data set's own.

    Raises:
        ReaderError: no such root was given.
    """
    if not root:
        return source.root
    if root not in source.roots:
        raise ReaderError(f"no folder named {root!r}: give it with --root {root}=FOLDER")
    return source.roots[root]


def existing_file(source: Source, relative: str, root: str = "") -> Stored:
    """The reference to a file that is there.

    Raises:
        EntryError: the name is absolute, a web address, leaves its folder, or there is no such file.
    """
    name = relative.strip()
    if "://" in name[:12]:
        raise EntryError(f"{name!r} is a web address: download the file and write its path")
    if name.startswith("/") or name[1:3] in (":/", ":\\"):
        raise EntryError(f"path {name!r} is absolute: write it relative to the data's folder")
    base = base_folder(source, root)
    parent, _, last = name.rpartition("/")
    try:
        path = Path(_checked_folder(base, parent)) / inside_name(last)
        if path.is_symlink():
            inside(base, name)
        found = path.is_file()
    except UnsafePathError as error:
        raise EntryError(str(error)) from error
    except OSError as error:
        raise EntryError(f"path {name[:80]!r} cannot be a file: {error.strerror}") from error
    if not found:
        raise EntryError(f"missing file: {name[:200]}")
    return Stored(str(PurePosixPath(name)), root)


@lru_cache(maxsize=4096)
def _checked_folder(base: Path, folder: str) -> str:
    """The folder's path after `inside`; kept, because millions of files lie in a few folders."""
    return str(inside(base, folder) if folder else base)


def inside_name(name: str) -> str:
    """A file's own name, without folders.

    Raises:
        UnsafePathError: empty, `..`, or with a backslash or NUL.
    """
    if not name or name == ".." or "\\" in name or "\0" in name:
        raise UnsafePathError(f"{name!r} is not the name of a file")
    return name


def first_folder(source: Source, option: str, candidates: tuple[str, ...]) -> tuple[str, str] | None:
    """Where a kind of media lies: (name of the root, folder below it or empty).

    A root named like the option wins, then the option's value (a folder relative to the data's root), then the first
    candidate that exists; None if nothing does.

    Raises:
        ReaderError: the option names a folder that is not there or leaves the root.
    """
    if option in source.roots:
        return option, source.options.get(option, "")
    if option in source.options:
        folder = source.options[option].strip("/")
        try:
            if inside(source.root, folder or ".").is_dir():
                return "", folder
        except UnsafePathError as error:
            raise ReaderError(f"option {option}: {error}; for a folder elsewhere use --root {option}=FOLDER") from error
        raise ReaderError(f"option {option}={folder}: there is no such folder in {source.root.name}")
    found = next((name for name in candidates if (source.root / name).is_dir()), None)
    return None if found is None else ("", "" if found == "." else found)


def below(folder: str, name: str) -> str:
    """`name` inside `folder` (empty: the root itself), as a manifest would write it."""
    return f"{folder}/{name}" if folder else name
