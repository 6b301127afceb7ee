"""One idea a file, no dumping grounds, documented papers."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, REPOSITORY, named, shipped, tree, written

DUMPS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "shared", "stuff"}


def test_no_dumping_ground() -> None:
    assert [named(path) for path in written() if DUMPS & set(path.with_suffix("").relative_to(REPOSITORY).parts)] == []


def test_modules_are_short() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in shipped()}
    assert {name: length for name, length in lengths.items() if length > 350} == {}


def _functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_are_short() -> None:
    long = [
        f"{named(path)}:{function.name} {_body_lines(function)}"
        for path in shipped()
        for function in _functions(path)
        if _body_lines(function) > 40
    ]
    assert long == []


_SUPPRESSED = re.compile(
    r"#\s*(type:\s*ignore|pyright:\s*ignore|noqa)(\[[^\]]*\])?(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?(.*)"
)


def test_every_suppressed_check_says_why() -> None:
    bare = [
        f"{named(path)}:{number}"
        for path in shipped()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := _SUPPRESSED.search(line)) is not None and len(found.group(5).strip(" #-:")) < 8
    ]
    assert bare == []


_REFERENCE = re.compile(r"`((?:[\w-]+/)*[\w-]+\.py):([\w.]+)`")


def _resolves(file: str, name: str) -> bool:
    path = next((place for place in (REPOSITORY / file, PACKAGE / file) if place.is_file()), None)
    if path is None:
        return False
    scope: list[ast.stmt] = tree(path).body
    for part in name.split("."):
        found = next((node for node in scope if part in _defined(node)), None)
        if found is None:
            return False
        scope = found.body if isinstance(found, ast.ClassDef) else []
    return True


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


@pytest.mark.parametrize("document", ["PAPERS.md", "NOTATION.md", "ADDING.md", "DATA.md"])
def test_what_the_documents_name_is_there(document: str) -> None:
    text = (REPOSITORY / "docs" / document).read_text(encoding="utf-8")
    broken = [f"{file}:{name}" for file, name in _REFERENCE.findall(text) if not _resolves(file, name)]
    assert broken == []


def test_the_paper_table_names_functions() -> None:
    assert _REFERENCE.search((REPOSITORY / "docs" / "PAPERS.md").read_text(encoding="utf-8")) is not None
