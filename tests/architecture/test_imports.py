"""Rooms import one way, heavy packages stay out of pages that only browse."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, PAGES, REPOSITORY, imported, named, shipped

HEAVY = ("torch", "numba", "sklearn", "librosa", "umap", "matplotlib.pyplot")
"""What a page that only browses must not pay for."""


def test_the_layers_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"COLUMNS": "120", "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contract_is_exhaustive_so_that_a_new_room_must_be_placed() -> None:
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["type"] == "layers")
    assert layers["exhaustive"] is True
    placed = {room.strip(" ()") for line in layers["layers"] for room in line.split("|")}
    rooms = {path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__"}
    rooms |= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms <= placed


def _uses(path: Path, package: str) -> bool:
    return any(name == package or name.startswith(package + ".") for name in imported(path))


@pytest.mark.parametrize(
    ("package", "allowed"),
    [("streamlit", ("xmodal/ui/", "pages/", "app.py")), ("plotly", ("xmodal/figures/",))],
)
def test_a_toolkit_stays_in_its_room(package: str, allowed: tuple[str, ...]) -> None:
    strays = [named(path) for path in shipped() if _uses(path, package) and not named(path).startswith(allowed)]
    assert strays == []


def test_data_and_ui_never_import_heavy_packages_at_the_top() -> None:
    strays = [
        f"{named(path)}: {package}"
        for path in shipped()
        if named(path).startswith(("xmodal/data/", "xmodal/ui/", "pages/", "app.py"))
        for package in ("torch", "numba", "librosa", "sklearn", "umap")
        if _uses(path, package)
    ]
    assert strays == []


_BROWSE = """
import importlib, json, pkgutil, sys
import xmodal.ui
from xmodal.data import catalog, decode, importing, label_maps, load, renderers, statistics
for found in pkgutil.walk_packages(xmodal.ui.__path__, "xmodal.ui."):
    # the first is a script that runs the app; the second is what pages with a trained network ask for
    if found.name != "xmodal.ui.main" and not found.name.startswith("xmodal.ui.networks"):
        importlib.import_module(found.name)
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
from xmodal.data.sample import Sample
from xmodal.data.world.catalog import DEFAULT, live_sample
from xmodal.modality import Modality, PICTORIAL
sample = live_sample(DEFAULT, 3)
for modality in PICTORIAL:
    load.picture(sample, modality, size_px=32)
load.waveform(sample, Modality.SOUND)
load.label_map(sample, size_px=32)
print(json.dumps(sorted(set(json.loads(sys.argv[2])) & set(sys.modules))))
"""


def test_browsing_pictures_and_sound_loads_no_heavy_package() -> None:
    of_pages = sorted(set().union(*(imported(path) for path in PAGES.glob("*.py")), {"xmodal.ui.navigation"}))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BROWSE, json.dumps(of_pages), json.dumps(HEAVY)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
