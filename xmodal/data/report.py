"""The bad-row report: what a load skipped, and why."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from xmodal.storage import atomic_write


@dataclass(frozen=True)
class BadRow:
    """One skipped row or entry."""

    file: str
    """The file that holds or is the bad thing, relative to the data's root where possible."""
    row: str
    """Row number (from 1, header not counted), key or id; empty when the whole file is bad."""
    reason: str
    """One line: what is wrong and what to do."""


@dataclass
class Report:
    """Collected while reading; nothing raises for one bad row."""

    rows: list[BadRow] = field(default_factory=list)
    """The first `LIMIT` bad rows."""
    total: int = 0
    """All bad rows, also those beyond the limit."""
    read: int = 0
    """Good items."""
    notes: list[str] = field(default_factory=list)
    """Remarks about the whole (missing folder, unknown columns, licence)."""

    LIMIT = 10_000
    """Kept rows; counting goes on."""

    def skip(self, file: str | Path, row: str | int, reason: str) -> None:
        """Record a bad row."""
        self.total += 1
        if len(self.rows) < self.LIMIT:
            self.rows.append(BadRow(str(file), str(row), " ".join(str(reason).split())))

    def note(self, text: str) -> None:
        """Record a remark about the whole."""
        if text not in self.notes:
            self.notes.append(text)

    def by_reason(self) -> Counter[str]:
        """How often each kind of reason occurs (text up to the first colon or quote)."""
        return Counter(row.reason.partition(":")[0].partition("'")[0].strip() for row in self.rows)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        content = {
            "read": self.read,
            "total": self.total,
            "notes": self.notes,
            "rows": [asdict(row) for row in self.rows],
        }
        atomic_write(path, json.dumps(content, ensure_ascii=False))

    @staticmethod
    def load(path: Path) -> "Report":
        """Read what `save` wrote; an absent file is an empty report."""
        if not path.exists():
            return Report()
        content = json.loads(path.read_text())
        rows = [BadRow(**row) for row in content["rows"]]
        return Report(rows=rows, total=content["total"], read=content["read"], notes=content["notes"])
