"""Words under a strip of time: each where it is said, in a few rows; running text where there are too many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xmodal.data.sample import Word

MOST_ROWS = 4
GAP_PX = 6
RUNNING_ROWS = 3
"""Lines of running text shown at a time."""


@dataclass(frozen=True)
class Placed:
    """A word and where it stands."""

    word: Word
    left: int
    width: int
    row: int


@dataclass(frozen=True)
class WordRows:
    """All words of a clip."""

    words: tuple[Placed, ...]
    shown: int
    """Rows shown at a time."""

    def visible(self, seconds: float) -> tuple[Placed, ...]:
        """The words to show at a moment; of running text the line of the last word said, and its neighbours."""
        if not self.words or self.words[-1].row < self.shown:
            return self.words
        said = [each.row for each in self.words if each.word.start_s <= seconds]
        first = min(max((said[-1] if said else 0) - 1, 0), self.words[-1].row + 1 - self.shown)
        return tuple(
            Placed(each.word, each.left, each.width, each.row - first)
            for each in self.words
            if first <= each.row < first + self.shown
        )


def placed(words: Sequence[Word], duration: float, width_px: int, length_of: Callable[[str], int]) -> WordRows:
    """Each word in the first row where it does not touch its neighbour, or as running text.

    Args:
        words: in the order in which they are said.
        duration: that `width_px` stands for.
        width_px: of the strip.
        length_of: pixels that a text takes.
    """
    timed, ends = [], []
    for word in words:
        length = length_of(word.text)
        left = int(max(0.0, min(word.start_s / duration * width_px, width_px - length)))
        row = next((number for number, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [left + length + GAP_PX]
        timed.append(Placed(word, left, length, row))
    if len(ends) <= MOST_ROWS:
        return WordRows(tuple(timed), len(ends))
    lines = _running(words, width_px, length_of)
    return WordRows(lines, min(RUNNING_ROWS, lines[-1].row + 1))


def _running(words: Sequence[Word], width_px: int, length_of: Callable[[str], int]) -> tuple[Placed, ...]:
    found, left, row = [], 0, 0
    for word in words:
        length = length_of(word.text)
        if left and left + length > width_px:
            left, row = 0, row + 1
        found.append(Placed(word, left, length, row))
        left += length + GAP_PX
    return tuple(found)
