"""Every page runs alone and in the app, with data and without."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import shown
from xmodal.jobs import analyses
from xmodal.jobs.queue import Queue
from xmodal.ui.navigation import PAGES, PageSpec

REPOSITORY = Path(__file__).parents[2]
MAIN = REPOSITORY / "xmodal" / "ui" / "main.py"
SPECS = [spec for specs in PAGES.values() for spec in specs]
BROWSING = PAGES["Look and listen"]
"""Pages without a trained network."""


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.file)
@pytest.mark.usefixtures("tiny")
def test_alone_with_data(spec: PageSpec) -> None:
    test = shown(AppTest.from_file(str(spec.path), default_timeout=30))
    assert test.title[0].value.endswith("?")


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.file)
def test_alone_without_data(spec: PageSpec, nothing: Queue) -> None:
    test = shown(AppTest.from_file(str(spec.path), default_timeout=30))
    assert test.title[0].value.endswith("?")
    assert any("Making the demo world" in str(element.proto) for element in test.get("progress"))
    assert [job.spec.arguments for job in nothing.jobs()] == [analyses.DEMO]
    test.run()
    assert len(nothing.jobs()) == 1
    [job] = nothing.jobs()
    (job.folder / "log.txt").write_text("no room left on this disk\n")
    job.end(2)
    assert any("no room left" in element.value for element in shown(test).markdown)
    next(each for each in test.button if each.label == "Try again").click()
    test.run()
    assert len(nothing.jobs()) == 2


@pytest.mark.usefixtures("tiny")
def test_through_the_app() -> None:
    test = shown(AppTest.from_file(str(MAIN), default_timeout=30))
    for spec in SPECS:
        test.switch_page(str(spec.path))
        assert shown(test).title[0].value.endswith("?")


BROWSE = """
import json, sys
from streamlit.testing.v1 import AppTest
for path in json.loads(sys.argv[1]):
    test = AppTest.from_file(path, default_timeout=60).run()
    assert not test.exception, test.exception
    test.query_params["tab"] = "Statistics"
    assert not test.run().exception
print(json.dumps(sorted({"torch", "numba", "librosa", "sklearn", "umap"} & set(sys.modules))))
"""


def test_browsing_loads_nothing_heavy(tiny_root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BROWSE, json.dumps([str(spec.path) for spec in BROWSING])],
        cwd=REPOSITORY,
        env=os.environ | {"XMODAL_WORKSPACE": str(tiny_root)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
