"""The concepts page: nothing trained, nothing computed yet, computed, failed."""

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.analysis.planted import planted
from tests.pages.shown import sent
from xmodal.analysis.clusters import Clustering, clusters
from xmodal.analysis.co_segmentation import Segmentation, Threshold
from xmodal.analysis.concepts import concepts
from xmodal.analysis.discoveries import ClusterReport, ConceptReport, cluster_report, concept_report
from xmodal.data.taxonomy import world
from xmodal.recipes import discover, launch
from xmodal.recipes.discover import Question, kept_at
from xmodal.storage import atomic_write
from xmodal.ui.navigation import CONCEPTS
from xmodal.workspace import VARIABLE, Workspace

RUN = "matchmaps-tiny-1"


@pytest.fixture
def here(trained: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv(VARIABLE, str(trained.root))
    return trained


def page(**query: str) -> AppTest:
    test = AppTest.from_file(str(CONCEPTS.path), default_timeout=120)
    for name, value in ({"run": RUN, "catalog": "tiny"} | query).items():
        test.query_params[name] = value
    test.run()
    assert not test.exception, test.exception[0].message
    return test


def question(kind: str) -> Question:
    return Question.model_validate({"kind": kind, "run": RUN, "data": "tiny", "pairs": 60})


def report(kind: str) -> ConceptReport | ClusterReport:
    """What an ideal network would have found, in items of the tiny catalog."""
    observed = planted()
    named = {"run": RUN, "data": "tiny"}
    grey = np.full((32, 32, 3), 128, np.uint8)
    if kind == "concepts":
        found = concept_report(concepts(observed, world()), observed, lambda _: grey, **named)
    else:
        cut = Clustering(segmentation=Segmentation(threshold=Threshold(kind="score", value=0.5)), clusters=6)
        found = cluster_report(clusters(observed, cut), observed, lambda _: grey, **named)
    text = found.model_dump_json()
    for number in range(len(observed)):
        text = text.replace(f'"item-{number}"', f'"tiny/{number + 8:03d}"')
    return type(found).model_validate_json(text)


def test_nothing_is_trained(tiny: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    del tiny
    monkeypatch.setattr(launch, "SHIPPED", tmp_path)
    test = AppTest.from_file(str(CONCEPTS.path), default_timeout=120).run()
    assert not test.exception
    assert any("No network is trained yet" in each.value for each in test.markdown)


def test_nothing_is_computed_until_the_button(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Question] = []
    monkeypatch.setattr(discover, "start", lambda asked, _: started.append(asked))
    test = page()
    assert started == []
    test.button(key="start_concepts").click()
    test.run()
    assert started == [question("concepts")]
    path = kept_at(question("concepts"), here)
    record = path.with_suffix(".progress.json")
    atomic_write(record, json.dumps({"stage": "Starting", "done": 0, "total": None}))
    assert page().get("progress")
    atomic_write(record, json.dumps({"fault": "no *luck*"}))
    failed = page()
    assert any(r"no \*luck\*" in each.value for each in failed.markdown)
    failed.button(key="again_concepts").click()
    failed.run()
    assert len(started) == 2
    record.unlink()


def test_the_dictionary(here: Workspace) -> None:
    path = kept_at(question("concepts"), here)
    atomic_write(path, report("concepts").model_dump_json())
    test = page()
    assert test.metric[0].value == "6 of 6"
    assert any("**puppy** → dog" in each.value for each in test.markdown)
    rows = sent(test, "cards")
    assert len(rows) == 12
    assert [[card["kind"] for card in row["cards"]] for row in rows[:2]] == [["picture"] * 5, ["strip"] * 5]
    assert rows[0]["cards"][0]["picture"].startswith("data:image/jpeg;base64,")
    assert "#t=" in rows[1]["cards"][0]["sounds"][0]["source"]
    path.unlink()


def test_the_clusters_and_their_address(here: Workspace) -> None:
    path = kept_at(question("clusters"), here)
    atomic_write(path, report("clusters").model_dump_json())
    test = page(found="Clusters")
    table = test.dataframe[0].value
    assert len(table) == 6
    assert table["Harmonic mean"].tolist() == [1.0] * 6
    names = test.selectbox(key="cluster").options
    again = page(found="Clusters", cluster=names[3])
    assert again.selectbox(key="cluster").value == names[3]
    assert [len(row["cards"]) for row in sent(again, "cards")] == [6, 6]
    path.unlink()


def test_the_work_is_a_process_of_its_own(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    class Process:
        def __init__(self, words: list[str], **_: object) -> None:
            commands.append(words)

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(discover.subprocess, "Popen", Process)
    asked = question("clusters")
    discover.start(asked, here)
    discover.start(asked, here)
    assert [words[2:] for words in commands] == [["xmodal", "analyse", "clusters", RUN, "--data", "tiny", "--n", "60"]]
    kept_at(asked, here).with_suffix(".progress.json").unlink()


def test_a_run_that_is_gone_is_no_page(here: Workspace, tmp_path: Path) -> None:
    del here, tmp_path
    assert page(run="nobody").title[0].value.endswith("?")
