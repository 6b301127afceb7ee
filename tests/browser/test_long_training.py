"""A training in a real browser: launched from the form, it outlives reloads and the server, and its network opens."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve, Visitor
from tests.jobs.waiting import end_all, until
from tests.recipes.shrunk import shrunk
from tests.ui.tiny_catalog import build
from xmodal.jobs.job import JobState
from xmodal.jobs.queue import Queue
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.changes import differences
from xmodal.runs.run import Run
from xmodal.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NAME = "matchmaps-tiny"
EPOCHS = 50
"""Two steps each: long enough for all that happens below, as the trainer stands still while pages and servers load."""
MOST_MS = 120_000
"""The first look waits until the network's packages are loaded."""
NEWEST_STEP = """() => {
    const chart = document.querySelector('.st-key-chart_job_loss .js-plotly-plot');
    const line = chart?.data?.[0]?.x;
    return line ? Math.max(...Array.from(line._inputArray ?? line)) : 0;
}"""


def wait_for_step(page: Page, after: float) -> float:
    """Until the curve on screen goes beyond that step; how far it goes then."""
    page.wait_for_function(f"({NEWEST_STEP})() > {after}", timeout=MOST_MS)
    return page.evaluate(NEWEST_STEP)


def kill_server(address: str) -> None:
    """`kill -9` of the process that listens there."""
    port = urlsplit(address).port
    listening = [each for each in psutil.net_connections("tcp") if each.laddr and each.laddr.port == port]
    [server] = {each.pid for each in listening if each.status == psutil.CONN_LISTEN and each.pid}
    psutil.Process(server).kill()
    psutil.Process(server).wait()


@pytest.mark.timeout(600)
def test_a_training_outlives_reloads_and_the_server(
    serve: Serve, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    here = Workspace(tmp_path / "workspace")
    here.prepare()
    build(here.catalogs, tmp_path / "pictures and sounds")
    queue = Queue(here)
    try:
        address = serve(here.root)
        lines = [*differences(MATCHMAPS[NAME], shrunk(MATCHMAPS[NAME])), f"stages.0.epochs={EPOCHS}"]
        visitor = visit(width=1280)
        page = visitor.page
        page.goto(f"{address}/train?recipe={NAME}&changes={quote(chr(10).join(lines))}")
        page.get_by_role("button", name="Start training").click(timeout=MOST_MS)
        expect(page.get_by_text("Train matchmaps-tiny-1: running")).to_be_visible(timeout=MOST_MS)
        seen = wait_for_step(page, 1)
        [job] = queue.jobs()
        assert f"job={job.id}" in page.url
        assert job.child is not None
        trainer = psutil.Process(job.child.pid)

        trainer.suspend()
        page.reload()
        seen = wait_for_step(page, seen - 1)
        trainer.resume()
        seen = wait_for_step(page, seen)

        page.goto("about:blank")  # what a dying server says in the log of the browser is not ours
        kill_server(address)
        run = Run(Path(job.spec.run))
        step = run.status().step
        until(lambda: run.status().step > step)  # without any server
        assert job.state is JobState.RUNNING
        trainer.suspend()
        assert serve(here.root, port=urlsplit(address).port) == address
        page.goto(f"{address}/train?training=Jobs&job={job.id}")
        seen = wait_for_step(page, seen - 1)
        trainer.resume()
        wait_for_step(page, seen)

        page.get_by_role("button", name="Stop after this step").click()
        expect(page.get_by_text("Train matchmaps-tiny-1: stopped")).to_be_visible(timeout=MOST_MS)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("Train matchmaps-tiny-1: finished")).to_be_visible(timeout=2 * MOST_MS)
        until(lambda: page.evaluate(NEWEST_STEP) == 2 * EPOCHS)
        steps = [line["step"] for line in run.metrics() if "loss" in line]
        assert steps == sorted(set(steps))

        page.get_by_role("link", name="Open on the Matchmap page").click()
        expect(page.locator(".matchmap")).to_have_attribute("data-state", "ready", timeout=MOST_MS)
        chosen = page.locator("[data-testid=stSidebar] input").evaluate_all(
            "(inputs) => inputs.map((each) => each.value)"
        )
        assert "matchmaps-tiny-1" in [*chosen, *page.get_by_test_id("stSidebar").inner_text().splitlines()]
    finally:
        end_all(queue)
