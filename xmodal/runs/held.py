"""Whether some process holds a lock file, also where nobody may write to it."""

import contextlib
import os
from pathlib import Path

from filelock import FileLock, Timeout


def held(path: Path) -> bool:
    """Whether some process of this machine holds it now; one that is not there is held by nobody."""
    try:
        with FileLock(path, timeout=0, thread_local=False):
            return False
    except Timeout:
        return True
    except OSError:
        return _held_elsewhere(path)


def _held_elsewhere(path: Path) -> bool:
    """The same for who may only read, as on a read-only disk that is written to by another way."""
    if os.name == "nt":
        return False
    import fcntl

    with contextlib.suppress(FileNotFoundError, PermissionError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
