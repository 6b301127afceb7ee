"""FAISS, imported when it is needed."""

import importlib
from typing import Any


def faiss_package() -> Any:
    """The module; it makes classes and parameters as it is imported, unseen by type checkers."""
    return importlib.import_module("faiss")
