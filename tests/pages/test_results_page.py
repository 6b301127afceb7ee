"""The results page: nothing known, tables beside the paper's, curves, data amount, retrieval."""

from pathlib import Path
from typing import Any, get_args

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import opened, sent
from tests.recipes.fresh_run import fresh_run
from tests.recipes.shrunk import shrunk
from tests.ui.tiny_catalog import build
from xmodal.jobs import local
from xmodal.jobs.queue import Queue
from xmodal.recipes import MATCHMAPS, launch, networks, results, scores
from xmodal.recipes.changes import changed
from xmodal.recipes.recipe import WorldData
from xmodal.runs.checkpoint import save_checkpoint
from xmodal.runs.run import Run
from xmodal.training.loop import MODEL
from xmodal.ui import results_view
from xmodal.ui.navigation import RESULTS
from xmodal.workspace import VARIABLE, Workspace

RECIPE = "matchmaps-compact-sisa-shn-none"
DATA = "world:seed=1000"
LOG: list[dict[str, Any]] = [
    {"step": 1, "epoch": 0, "loss": 3.0, "sampled_margin": 1.0, "semi_hard": 2.0},
    {"step": 10, "epoch": 1, "loss": 2.0, "sampled_margin": 0.5, "semi_hard": 1.5},
]


def trained(here: Workspace, seed: int, share: float) -> Run:
    recipe = changed(shrunk(MATCHMAPS[RECIPE], f"seed={seed}"), [f"data.*.share={share}"])
    run = launch.launch_next(recipe, here)
    model = networks.new_model(recipe, here)
    save_checkpoint(run.checkpoint_path(1), {MODEL: model.state_dict()}, step=1, epoch=1)
    value = 0.5 * share + 0.1 * seed
    names: list[str] = ["recall_at_1", "recall_at_5", "recall_at_10", "median_rank"]
    ours = {way: dict.fromkeys(names, value) for way in ("speech_to_image", "image_to_speech")}
    kept = scores.Scores(
        measure="retrieval", weights=scores.weights_of(run), source="s", data=DATA, n=1000, pairs=1000, ours=ours
    )
    scores.keep_beside(run, (kept,))
    for line in LOG:
        run.log(line)
    for epoch in (1, 2):
        entry = {"unit": 5, "name": "dog", "object": "big_dog", "value": (7 + epoch) / 10}
        concepts = {"count": epoch, "units": 8, "top": [entry] * epoch}
        run.log({"step": 10 * epoch, "epoch": epoch, "validation": {"recall_at_10": 0.1}, "concepts": concepts})
    return run


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The tiny catalog; three measured runs of one row; one run that kept what it finds among six items."""
    here = Workspace(tmp_path_factory.mktemp("results"))
    build(here.root / "catalogs", here.root / "pictures and sounds")
    for seed, share in ((0, 1.0), (1, 1.0), (0, 0.1)):
        trained(here, seed, share)
    run = fresh_run(here)
    validation = networks.matchmap_recipe_of(run).validation
    assert isinstance(validation, WorldData)
    results.keep(results.computed(run, validation, here), run)
    return here


@pytest.fixture
def here(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Workspace:
    monkeypatch.setenv(VARIABLE, str(workspace.root))
    for module in ("xmodal.recipes.networks", "xmodal.ui.networks.measured", "xmodal.ui.networks.trained"):
        monkeypatch.setattr(f"{module}.SHIPPED", tmp_path)
    return workspace


def page(**query: str) -> AppTest:
    return opened(RESULTS, query, timeout_s=120)


def galleries(test: AppTest) -> list[list[dict[str, Any]]]:
    return [data["cards"] for data in sent(test, "cards")]


@pytest.mark.usefixtures("here")
def test_a_table_beside_the_paper_s() -> None:
    test = page(table="matchmaps.2")
    table = test.dataframe[0].value
    random = table[table["Row"] == "Random"]
    assert random["Data"].tolist() == ["100%", "10%", "100%", "10%"]
    assert random["R@10 ours"].tolist()[0] == "0.550 ± 0.635"
    assert random["R@10 ours"].tolist()[1] == "0.050"
    assert random["R@10 paper"].tolist()[0] == "0.512"
    assert table["R@10 ours"].tolist()[-1] == "no run"
    code = [each.value for each in test.code]
    ns = next(each for each in code if "sisa-shn-ns" in each)
    assert ns.splitlines() == [
        "python -m xmodal train matchmaps-compact-natural-sounds-resnet-res-davenet",
        "python -m xmodal train matchmaps-compact-sisa-shn-ns",
        "python -m xmodal evaluate matchmaps-compact-sisa-shn-ns --table matchmaps.2 --data world:seed=1000 --n 1000",
    ]
    assert len(test.get("download_button")) == 2


@pytest.mark.usefixtures("here")
def test_what_is_not_measured_says_what_to_type() -> None:
    test = page(table="matchmaps.5")
    assert any("No run was measured for this table" in each.value for each in test.markdown)
    waiting = next(each.value for each in test.code if each.value.startswith("python -m xmodal evaluate"))
    assert waiting == f"python -m xmodal evaluate {RECIPE}-1 {RECIPE}-2 {RECIPE}-3 --table matchmaps.5"
    assert any("It comes" in each.value or "it comes" in each.value for each in page(table="matchmaps.4").caption)


def test_it_is_said_what_every_measure_means() -> None:
    assert set(results_view.SAYS) == set(get_args(scores.Measure))


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("table", ["see_hear_read.1", "see_hear_read.3"])
def test_tables_of_the_other_paper_open(table: str) -> None:
    test = page(table=table)
    assert not test.exception
    assert any("No run was measured for this table" in each.value for each in test.markdown)
    assert any("train see-hear-read-teacher" in each.value for each in test.code)


def test_it_can_be_measured_in_the_background(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "begin", lambda *_: None)  # it waits for ever
    queue = Queue(here)
    test = page(table="matchmaps.5")
    next(each for each in test.button if each.label == "Measure in the background").click()
    test.run()
    [job] = queue.jobs()
    assert job.spec.arguments == ("evaluate", *(f"{RECIPE}-{n}" for n in (1, 2, 3)), "--table", "matchmaps.5")
    assert [each.proto.text for each in test.get("progress")] == ["Queued"]
    queue.cancel(job)
    assert any("The last attempt was cancelled" in each.value for each in page(table="matchmaps.5").warning)
    queue.remove(job)


@pytest.mark.usefixtures("here")
def test_curves_and_the_concepts_after_an_epoch() -> None:
    test = page(results="Curves", curves=f"{RECIPE}-1", after="1")
    charts = test.get("plotly_chart")
    assert len(charts) == 3
    assert "semi hard" in charts[0].proto.spec
    assert test.dataframe[0].value["Agreement"].tolist() == [0.8]
    assert test.dataframe[0].value["Thing"].tolist() == ["big dog"]
    assert len(page(results="Curves", curves=f"{RECIPE}-1").dataframe[0].value) == 2
    assert not test.multiselect(key="curves").set_value([]).run().exception


@pytest.mark.usefixtures("here")
def test_data_amount() -> None:
    test = page(results="Data amount")
    assert len(test.get("plotly_chart")) == 1
    table = test.dataframe[0].value
    assert table["Data"].tolist() == ["10%", "100%"]
    assert table["Seeds"].tolist() == [1, 2]


@pytest.mark.usefixtures("here")
def test_retrieval_of_an_item_by_number_by_id_and_at_random() -> None:
    test = page(results="Retrieval", query="2")
    own, pictures, captions = galleries(test)
    identity = own[0]["id"]
    assert [card["kind"] for card in own] == ["picture", "strip"]
    assert own[0]["picture"].startswith("xm/world~")
    assert (len(pictures), len(captions)) == (6, 6)
    assert next(card["title"] for card in pictures if card["id"] == identity).endswith("its own ✓")
    assert all(card["sounds"] for card in captions)
    assert not any(card["sounds"] for card in pictures)
    ranks = [each.value for each in test.metric]
    place = [card["id"] for card in pictures].index(identity) + 1
    assert ranks[0] == f"no. {place}"
    assert galleries(page(results="Retrieval", query=identity)) == galleries(test)
    assert galleries(page(results="Retrieval", draw="4")) == galleries(page(results="Retrieval", draw="4"))
    test.button(key="draw_again").click().run()
    assert test.query_params["draw"] in ("1", ["1"])
    assert any("no such item" in each.value for each in page(results="Retrieval", query="9").markdown)


def test_results_that_are_damaged_or_missing(here: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = next((here.root / "runs").glob("*/results/results.json")).parent
    tensors = folder / results.TENSORS
    content = tensors.read_bytes()
    tensors.write_bytes(content[:-1])
    (folder / results.INDEX).touch()
    assert any("cannot be read" in each.value for each in page(results="Retrieval").markdown)
    tensors.write_bytes(content)
    build(tmp_path / "catalogs", tmp_path / "media")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    for tab in ("Tables", "Curves", "Data amount", "Retrieval"):
        assert page(results=tab).code
