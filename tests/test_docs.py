"""What the documents say is what the code does."""

from pathlib import Path

from xmodal.cli import COMMANDS, GROUPS
from xmodal.data.readers.table import described

ROOT = Path(__file__).resolve().parents[1]


def test_the_table_of_layouts_is_the_code_s() -> None:
    assert described() in (ROOT / "docs" / "DATA.md").read_text(), (
        "paste `python -m xmodal data formats` into docs/DATA.md"
    )


def test_every_command_of_the_readme_exists() -> None:
    lines = [line.strip() for line in (ROOT / "README.md").read_text().splitlines()]
    commands = [(line + " -").split()[3:5] for line in lines if line.startswith("python -m xmodal ")]
    assert len(commands) >= 5
    assert all(first in COMMANDS or name in GROUPS[first] for first, name in commands)


def test_pictures_of_the_readme_are_there_and_small() -> None:
    names = [
        part.split(")")[0] for part in (ROOT / "README.md").read_text().split("](") if part.startswith("docs/images/")
    ]
    assert names
    assert all((ROOT / name).stat().st_size < 500_000 for name in names)
