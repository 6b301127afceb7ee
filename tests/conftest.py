"""What every test may use."""

import os
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
