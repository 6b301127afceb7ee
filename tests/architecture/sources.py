"""The project's own source files, parsed once."""

import ast
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "xmodal"
PAGES = REPOSITORY / "pages"


@cache
def shipped() -> tuple[Path, ...]:
    """Every Python file of the product: the package, the pages and the app."""
    return (REPOSITORY / "app.py", *sorted(PAGES.rglob("*.py")), *sorted(PACKAGE.rglob("*.py")))


@cache
def written() -> tuple[Path, ...]:
    """Every Python file of the repository, tests and benchmarks too."""
    extra = [path for folder in ("tests", "benchmarks") for path in sorted((REPOSITORY / folder).rglob("*.py"))]
    return (*shipped(), *extra)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """Dotted names of every module that a file imports, at the top or inside functions."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
    return names


def named(path: Path) -> str:
    """The path as people write it, from the repository's root."""
    return path.relative_to(REPOSITORY).as_posix()
