"""A real server and a real Chromium; whatever is logged, fetched from elsewhere or traced fails the test."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.chromium import find
from tests.recipes.fresh_run import fresh_run
from tests.ui.tiny_catalog import build
from xmodal.workspace import VARIABLE, Workspace

REPOSITORY = Path(__file__).parents[2]
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
PROBES = ("/_stcore/health", "/_stcore/host-config")
"""A deep link makes Streamlit's page look for the server below its own path first; those two answers are 404."""
IDLE = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const now = app?.dataset.testScriptState === 'notRunning' && app?.dataset.testConnectionState === 'CONNECTED';
    if (!now) { window.idleSince = undefined; return false; }
    window.idleSince ??= performance.now();
    return performance.now() - window.idleSince > 250;
}"""
Serve = Callable[..., str]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the browser is."""
    path = find()
    if path is None:
        pytest.fail("no Chromium: run `python tests/browser/chromium.py`", pytrace=False)
    return path


@pytest.fixture(scope="session")
def driver(chromium_path: str) -> Iterator[Playwright]:
    """What starts browsers: there can be only one in a process, so it comes after the search, which starts one too."""
    assert chromium_path
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(driver: Playwright, chromium_path: str) -> Iterator[Browser]:
    """One browser for all tests."""
    browser = driver.chromium.launch(executable_path=chromium_path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def tiny_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds the tiny catalog."""
    root = tmp_path_factory.mktemp("workspace")
    build(root / "catalogs", root / "pictures and sounds")
    return root


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """`serve(workspace, script=…, port=…)`: start `streamlit run app.py`, or another script; returns its address."""
    running: list[tuple[subprocess.Popen[bytes], Path]] = []

    def start(workspace: Path, script: str = "app.py", port: int = 0) -> str:
        log = tmp_path_factory.mktemp("server") / "log.txt"
        port = port or _free_port()
        command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"]
        with log.open("wb") as file:
            environment = os.environ | {VARIABLE: str(workspace)}
            process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=file, stderr=file)
        running.append((process, log))
        _wait(port, process, log)
        return f"http://127.0.0.1:{port}"

    yield start
    for process, log in running:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert "Traceback" not in log.read_text(), log.read_text()[-3000:]


@pytest.fixture(scope="session")
def address(serve: Serve, tiny_workspace: Path) -> str:
    """A server over the tiny catalog, shared by the tests."""
    return serve(tiny_workspace)


@pytest.fixture(scope="session")
def trained(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A server over the tiny catalog with a run, `matchmaps-tiny-1`, shared by the tests."""
    root = tmp_path_factory.mktemp("trained")
    build(root / "catalogs", root / "pictures and sounds")
    fresh_run(Workspace(root))
    return serve(root)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end_s = time.monotonic() + 60
    while time.monotonic() < end_s:
        assert process.poll() is None, log.read_text()
        probe = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            probe.request("GET", "/_stcore/health")
            if probe.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            probe.close()
    raise TimeoutError(log.read_text())


class Visitor:
    """A page, and all that went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.on("console", lambda message: self._log(message.type, message.text, message.location.get("url", "")))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: self._request(request.url))

    def _log(self, kind: str, text: str, url: str) -> None:
        probe = url.endswith(PROBES) and "404" in text
        if kind in ("error", "warning") and not probe:
            self.wrong.append(f"{kind}: {text} {url}")

    def _request(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            self.wrong.append(f"asked another server: {url}")

    def open(self, url: str) -> Page:
        """Go there and wait until the page is complete."""
        self.page.goto(url)
        self.page.wait_for_selector("h1", timeout=60_000)
        return self.idle()

    def idle(self) -> Page:
        """Wait until the script has run."""
        self.page.wait_for_function(IDLE, timeout=60_000, polling=50)
        self.page.evaluate("window.idleSince = undefined")
        return self.page


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """`visit(width=…, height=…, dark=…)`: a visitor of one's own; what went wrong fails the test at its end."""
    visitors: list[Visitor] = []

    def make(*, width: int = 1280, height: int = 800, dark: bool = False) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        visitors.append(Visitor(context.new_page()))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.page.context.close()
        assert visitor.wrong == []
