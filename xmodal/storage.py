"""The one atomic writer, safe paths under registered roots, digests."""

import contextlib
import ctypes
import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_SPARE, _SPARE_BYTES = ".spare", 64 * 1024
_CUT = re.compile(r"^\d+ requested and \d+ written$")
"""How numpy tells that an array found no room."""


class UnsafePathError(ValueError):
    """A path that would leave its root, or that no portable manifest should hold."""


@contextlib.contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside `target`; on success it is flushed to disk and renamed onto it in one step.

    A reader sees the old file or the whole new one, also after a kill or a power cut. On an exception the temporary
    file is removed and `target` stays as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=target.suffix, dir=target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        sync_file(temporary)
        temporary.replace(target)
        sync_directory(target.parent)
    except OSError as error:
        raise _about(error, target, temporary) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_directory(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target`; on success its files are flushed and the folder is renamed onto it.

    An older `target` is exchanged with the new folder in one step where the system can (Linux, on local disks), so that
    a kill leaves the old folder or the new one, whole. Elsewhere there is a moment between two renames in which there
    is neither, but never a mixture. On an exception the new folder is removed and `target` stays as it was. What a
    kill leaves beside it (`.name.*`) is for `remove_leftovers`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
    try:
        yield temporary
        for path in temporary.rglob("*"):
            sync_directory(path) if path.is_dir() else sync_file(path)
        sync_directory(temporary)
        if not target.exists():
            temporary.rename(target)
        elif not _exchanged(temporary, target):
            with tempfile.TemporaryDirectory(prefix=f".{target.name}.old.", dir=target.parent) as old:
                target.rename(Path(old) / target.name)
                temporary.rename(target)
        sync_directory(target.parent)
    except OSError as error:
        raise _about(error, target, temporary) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _about(error: OSError, target: Path, temporary: Path) -> OSError:
    """An error while `target` was written, about `target`: its temporary name says nothing to anybody."""
    if error.errno is None and _CUT.search(str(error)):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
    unnamed = error.filename is None and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if unnamed or error.filename == str(temporary):
        return OSError(error.errno, error.strerror, str(target))
    return error


def reserve(path: Path) -> None:
    """Claim the room of a file that is as long as it will be, but has holes: a memory-mapped file that finds no room
    when it is filled ends its process.

    Raises:
        OSError: there is not as much room.
    """
    if hasattr(os, "posix_fallocate"):
        with path.open("rb+") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)


def keep_spare(folder: Path) -> None:
    """Hold a little room in a folder for the last words of who works in it, should the disk be full by then."""
    (folder / _SPARE).write_bytes(bytes(_SPARE_BYTES))


def use_spare(folder: Path) -> None:
    """Give that room back."""
    with contextlib.suppress(OSError):
        (folder / _SPARE).unlink(missing_ok=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Give each folder the other's name in one step; False where the system or the disk cannot."""
    if os.name == "nt":
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None:
        return False
    here, exchange = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux's fcntl.h and fs.h
    return rename(here, os.fsencode(one.absolute()), here, os.fsencode(other.absolute()), exchange) == 0


def remove_leftovers(folder: Path) -> None:
    """Delete what killed writers left in a folder; only for who knows that nobody writes to it now."""
    for path in folder.glob(".*.*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def atomic_write(target: Path, data: bytes | str) -> None:
    """Write bytes, or text as UTF-8, so that `target` is never seen half written."""
    with atomic_path(target) as temporary:
        temporary.write_bytes(data.encode() if isinstance(data, str) else data)


def sync_file(path: Path) -> None:
    """Flush a file's content to disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_directory(folder: Path) -> None:
    """Flush a directory's entries, so that a rename survives a power cut (not possible, nor needed, on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def inside(root: Path, relative: str) -> Path:
    """The path of `relative` under `root`.

    Raises:
        UnsafePathError: the string is empty, absolute, holds `..`, a backslash, a drive or NUL, or a link leaves the
            root. The string is judged before anything on disk is touched.
    """
    parts = relative.split("/")
    if not relative or relative.startswith("/") or ".." in parts or any(sign in relative for sign in "\\\0"):
        raise UnsafePathError(f"path {relative!r} leaves its folder or is not a plain relative path")
    if len(relative) > 1 and relative[1] == ":":
        raise UnsafePathError(f"path {relative!r} names a drive")
    path = root.resolve() / relative
    if not path.resolve().is_relative_to(root.resolve()):
        raise UnsafePathError(f"path {relative!r} leads out of its folder through a link")
    return path


def digest(*parts: bytes | str) -> str:
    """Hex digest (32 digits) of the parts in order; lengths are hashed too, so that parts never run together."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hex, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_bytes(folder: Path) -> int:
    """Bytes of all files below `folder` (0 if it does not exist)."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):  # a job may be replacing files meanwhile
                total += (Path(place) / name).lstat().st_size
    return total
