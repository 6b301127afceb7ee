"""What the product never does: run code out of data files, start shells, unpack archives blindly, show raw HTML."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import REPOSITORY, named, shipped, written

EVERYWHERE = {
    "unpickling": r"pickle\.loads?\b|joblib\.load|\bmarshal\.load|shelve\.open|dill\.load",
    "pickled arrays": r"allow_pickle\s*=\s*True",
    "unsafe weights": r"weights_only\s*=\s*False",
    "a shell": r"shell\s*=\s*True|os\.system\(|os\.popen\(",
    "blind unpacking": r"\.extractall\(|\.unpack_archive\(",
    "raw HTML": r"unsafe_allow_html\s*=\s*True|unsafe_allow_javascript\s*=\s*True",
    "truncated pictures": r"LOAD_TRUNCATED_IMAGES",
    "unsafe YAML": r"yaml\.(unsafe_)?load\(",
}
SHIPPED = {
    "evaluating text": r"(?<![\w.])(eval|exec)\(",
    "fetching": r"\burllib\.request|\bimport requests|\bimport httpx|\bhttp\.client|urlopen\(",
    "loading pickles": r"^\s*(import|from) (pickle|dill|joblib|shelve|marshal)\b",
    "assert as a check of input": r"^\s*assert .*(path|argv|environ)",
}
THIS = Path(__file__)


def _found(paths: tuple[Path, ...], pattern: str) -> list[str]:
    expression = re.compile(pattern, re.MULTILINE)
    return [
        f"{named(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group().strip()}"
        for path in paths
        if path != THIS
        for text in [path.read_text(encoding="utf-8")]
        for match in expression.finditer(text)
    ]


@pytest.mark.parametrize("what", EVERYWHERE)
def test_nowhere(what: str) -> None:
    assert _found(written(), EVERYWHERE[what]) == []


@pytest.mark.parametrize("what", SHIPPED)
def test_not_in_the_product(what: str) -> None:
    assert _found(shipped(), SHIPPED[what]) == []


def test_no_script_or_style_is_fetched_from_elsewhere() -> None:
    front = [path for kind in ("*.js", "*.css", "*.html", "*.svg") for path in (REPOSITORY / "xmodal").rglob(kind)]
    fetching = re.compile(r"""(src|href|url|import|fetch)\s*[=(:]\s*["']?(https?:)?//(?!www\.w3\.org)""")
    assert [named(path) for path in front if fetching.search(path.read_text(encoding="utf-8"))] == []


def test_no_absolute_path_of_a_machine() -> None:
    assert _found(written(), r"[\"'](/home/|/root/|/wor[k]/|/Users/|C:\\\\)") == []
