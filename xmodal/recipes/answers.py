"""What a check before a start answers."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from xmodal.errors import reason


class Check(BaseModel):
    """One answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """What was looked at: `name`, `device`, `start`, `data ...`, `validation`, `labels`, `disk`, `memory`, `time`."""
    level: Literal["ok", "warn", "fail"]
    """`fail`: the training would not begin, or end early."""
    text: str
    """One line for people."""


class Checked(BaseModel):
    """All answers about one recipe, as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipe: str
    """Its name."""
    checks: tuple[Check, ...]

    @property
    def fails(self) -> bool:
        """Whether any check fails."""
        return any(each.level == "fail" for each in self.checks)


def failed(name: str, error: BaseException) -> Check:
    """A check that an error answers."""
    return Check(name=name, level="fail", text=reason(error))
