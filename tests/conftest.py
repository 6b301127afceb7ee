"""What every test may use."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real excerpts (`XMODAL_REALDATA`, default `../shared/realdata` beside the repository)."""
    default = REPOSITORY.parent / "shared" / "realdata"
    folder = Path(os.environ.get("XMODAL_REALDATA", str(default)))
    if not (folder / "MANIFEST.md").is_file():
        pytest.fail(f"the real-data excerpts are not in {folder}: set XMODAL_REALDATA to their folder", pytrace=False)
    return folder


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """Streamlit's AppTest leaves the page as `__main__`, which worker processes would then import and run."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
