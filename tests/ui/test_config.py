"""The app is safe as it comes: this machine only, nothing sent, no traces shown."""

import tomllib
from pathlib import Path

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())


def test_it_listens_on_this_machine_only() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["server"]["allowedHosts"] == ["localhost", "127.0.0.1"]


def test_it_sends_and_serves_nothing_unasked() -> None:
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["server"]["enableStaticServing"] is False
    assert CONFIG["server"]["maxUploadSize"] <= 200
    assert CONFIG["server"]["fileWatcherType"] == "none"


def test_errors_show_no_paths() -> None:
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["client"]["showErrorLinks"] is False


def test_protections_of_the_server_stay_on() -> None:
    assert {"enableCORS", "enableXsrfProtection", "enableAgentApi"}.isdisjoint(CONFIG["server"])
