"""A matchmap's numbers as NPZ, for other programs: plain arrays, nothing pickled."""

import io
from collections.abc import Sequence

import numpy as np

from xmodal.data.sample import Word
from xmodal.figures.score_map import ScoreMap


def arrays(shown: ScoreMap, words: Sequence[Word] = (), *, title: str = "") -> dict[str, np.ndarray]:
    """`scores` (frames x rows x cols, float32), `times_s` (centre of each frame), `row_centres` and `col_centres`
    (fractions of the picture), `words` with `word_starts_s` and `word_ends_s`, `map` and `title`.

    Exact where the matchmap itself is known, else from its bytes (to 1/510 of their range).
    """
    found, cover = shown.found, shown.cover
    frames, rows, cols = shown.levels.shape
    if found is not None:
        scores, times_s = np.moveaxis(found.scores, 2, 0), found.times_s
        row_centres, col_centres = found.row_centres, found.col_centres
    else:
        scores = shown.low + shown.levels / 255 * (shown.high - shown.low)
        times_s = shown.first_s + shown.step_s * np.arange(frames)
        row_centres = cover.top + (np.arange(rows) + 0.5) / rows * cover.height
        col_centres = cover.left + (np.arange(cols) + 0.5) / cols * cover.width
    return {
        "scores": np.ascontiguousarray(scores, np.float32),
        "times_s": np.asarray(times_s, np.float64),
        "row_centres": np.asarray(row_centres, np.float64),
        "col_centres": np.asarray(col_centres, np.float64),
        "words": np.array([word.text for word in words], np.str_),
        "word_starts_s": np.array([word.start_s for word in words], np.float64),
        "word_ends_s": np.array([word.end_s for word in words], np.float64),
        "map": np.array(shown.name, np.str_),
        "title": np.array(title, np.str_),
    }


def npz(shown: ScoreMap, words: Sequence[Word] = (), *, title: str = "") -> bytes:
    """`arrays` as one compressed file that loads with `allow_pickle=False`."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays(shown, words, title=title))
    return buffer.getvalue()
