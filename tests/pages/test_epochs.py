"""A run that keeps the weights of several epochs: the page shows the network after any of them."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import sent
from tests.recipes.fresh_run import fresh_run
from tests.ui.tiny_catalog import build
from xmodal.runs.checkpoint import load_tensors, save_checkpoint
from xmodal.ui.navigation import MATCHMAP
from xmodal.workspace import VARIABLE, Workspace


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The second epoch's image branch sees everything twice as strongly."""
    root = tmp_path_factory.mktemp("trained")
    build(root / "catalogs", root / "pictures and sounds")
    run = fresh_run(Workspace(root), "matchmaps-compact-sisa-shn-none")
    weights = load_tensors(run.checkpoint(), "model")
    doubled = {name: 2 * tensor if name.startswith("image.embedder") else tensor for name, tensor in weights.items()}
    assert any(name.startswith("image.embedder") for name in weights), sorted(weights)[:20]
    save_checkpoint(run.checkpoint_path(2), {"model": doubled}, step=2, epoch=2)
    assert run.epochs == (1, 2)
    return Workspace(root)


def _map(page: AppTest) -> dict[str, Any]:
    page.run()
    assert not page.exception
    [clip] = sent(page, "maps")
    return clip["maps"][0]


def test_an_epoch_is_chosen_by_the_slider_and_by_the_address(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(trained.root))
    page = AppTest.from_file(str(MATCHMAP.path), default_timeout=120)
    page.query_params["run"] = "matchmaps-compact-sisa-shn-none-1"
    newest = _map(page)
    [slider] = [each for each in page.select_slider if each.label == "After epoch"]
    assert (slider.options, slider.value) == (["1", "2"], "2")
    page.query_params["epoch"] = "1"
    slider.set_value("1")
    first = _map(page)
    assert newest["high"] == pytest.approx(2 * first["high"], rel=1e-4)
    assert newest["low"] == pytest.approx(2 * first["low"], rel=1e-4)
