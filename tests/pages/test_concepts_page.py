"""The concepts page: nothing trained, nothing computed yet, computed, failed."""

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.analysis.planted import planted
from tests.pages.shown import opened, sent
from xmodal.analysis.clusters import Clustering, clusters
from xmodal.analysis.co_segmentation import Segmentation, Threshold
from xmodal.analysis.concepts import concepts
from xmodal.analysis.discoveries import ClusterReport, ConceptReport, cluster_report, concept_report
from xmodal.data.taxonomy import world
from xmodal.jobs import analyses, local
from xmodal.jobs.queue import Queue
from xmodal.recipes import networks
from xmodal.recipes.discover import Question, kept_at
from xmodal.storage import atomic_write
from xmodal.ui.navigation import CONCEPTS
from xmodal.ui.networks import trained as trained_runs
from xmodal.workspace import VARIABLE, Workspace

RUN = "matchmaps-tiny-1"


@pytest.fixture
def here(trained: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv(VARIABLE, str(trained.root))
    return trained


def page(**query: str) -> AppTest:
    return opened(CONCEPTS, {"run": RUN, "catalog": "tiny"} | query, timeout_s=120)


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
    for module in (networks, trained_runs):
        monkeypatch.setattr(module, "SHIPPED", tmp_path)
    test = AppTest.from_file(str(CONCEPTS.path), default_timeout=120).run()
    assert not test.exception
    assert any("No network is trained yet" in each.value for each in test.markdown)


def test_nothing_is_computed_until_the_button(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "begin", lambda *_: None)  # jobs wait for ever
    queue = Queue(here)
    test = page()
    assert not queue.jobs()
    test.button(key="start_concepts").click()
    test.run()
    [job] = queue.jobs()
    assert job.spec.arguments == ("analyse", "concepts", RUN, "--data", "tiny", "--n", "60")
    assert page().get("progress")
    queue.cancel(job)
    record = kept_at(question("concepts"), here).with_suffix(".progress.json")
    atomic_write(record, json.dumps({"fault": "no *luck*"}))
    failed = page()
    assert any(r"no \*luck\*" in each.value for each in failed.markdown)
    failed.button(key="again_concepts").click()
    failed.run()
    assert len(queue.jobs()) == 2
    queue.cancel(queue.jobs()[1])
    for each in queue.jobs():
        queue.remove(each)
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


def test_the_work_is_one_job_for_all_who_ask(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "begin", lambda *_: None)  # it waits for ever
    asked, queue = question("clusters"), Queue(here)
    assert not analyses.discovering(asked, queue).running
    job = analyses.discover_answer(asked, queue)
    assert analyses.discover_answer(asked, queue) == job
    assert job.spec.arguments == ("analyse", "clusters", RUN, "--data", "tiny", "--n", "60")
    assert analyses.discovering(asked, queue).stage == "Waiting for its turn"
    queue.cancel(job)
    assert analyses.discovering(asked, queue).fault == "it was cancelled before its end"
    queue.remove(job)


def test_a_run_that_is_gone_is_no_page(here: Workspace, tmp_path: Path) -> None:
    del here, tmp_path
    assert page(run="nobody").title[0].value.endswith("?")
