"""Pages are thin: a header, pickers, one cached call, a figure."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, PAGES, imported, named, tree

FILES = sorted(PAGES.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_page_is_short_and_imports_the_ui_alone(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 90
    allowed = ("xmodal.ui", "xmodal.figures", "streamlit")
    strays = [name for name in imported(path) if not any(name == one or name.startswith(one + ".") for one in allowed)]
    assert strays == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_page_caches_nothing_and_writes_no_state(path: Path) -> None:
    banned = {"session_state", "cache_data", "cache_resource", "query_params"}
    used = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    assert used.isdisjoint(banned)


def test_every_page_is_in_the_navigation_and_the_other_way_round() -> None:
    from xmodal.ui.navigation import PAGES as GROUPS

    listed = [spec.file for specs in GROUPS.values() for spec in specs]
    assert sorted(listed) == [path.name for path in FILES]
    assert sum(spec.default for specs in GROUPS.values() for spec in specs) == 1


def test_only_state_and_cache_do_what_pages_must_not() -> None:
    caches = ("cache.py", "run_cache.py")
    owners = {"session_state": ("state.py",), "cache_data": caches, "cache_resource": caches}
    for path in sorted((PACKAGE / "ui").rglob("*.py")):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in owners:
                assert path.name in owners[node.attr], f"{named(path)}: {node.attr} belongs in {owners[node.attr]}"
