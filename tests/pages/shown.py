"""What a page under test shows."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from xmodal.ui.navigation import PageSpec


def opened(spec: PageSpec, query: Mapping[str, str], *, timeout_s: int = 60) -> AppTest:
    """A page as an address with that query shows it."""
    test = AppTest.from_file(str(spec.path), default_timeout=timeout_s)
    for name, value in query.items():
        test.query_params[name] = value
    return shown(test)


def shown(test: AppTest) -> AppTest:
    """Run it; nothing may have failed."""
    test.run()
    assert not test.exception, test.exception[0].message
    return test


def sent(page: AppTest, field: str) -> list[dict[str, Any]]:
    """What the components of the page were given, of those whose data have the field."""
    messages = [element.proto.mixed.json or element.proto.json for element in page.get("bidi_component")]
    return [data for data in map(json.loads, filter(None, messages)) if field in data]


def nothing_ships(monkeypatch: pytest.MonkeyPatch, empty: Path) -> None:
    """Only the runs of the workspace are known to pages that search."""
    for module in ("xmodal.recipes.networks", "xmodal.ui.networks.searched", "xmodal.ui.networks.trained"):
        monkeypatch.setattr(f"{module}.SHIPPED", empty / "ships")
