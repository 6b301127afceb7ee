"""A matchmap as a density in space and time: the picture at its front face (matchmaps Fig. 3)."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, UInt8
from PIL import Image
from scipy import ndimage

from xmodal.analysis.scored import Matchmap
from xmodal.data.sample import Word
from xmodal.figures.heat import heat_table

MOST_STEPS = 40
"""Time steps drawn: frames are averaged to at most so many."""
SIDE_CELLS = 16
"""Cells drawn along the picture's longer side; small maps are enlarged linearly."""
PICTURE_PX = 72
SURFACES = 3
"""Shells between the cut and the highest score."""
MOST_NAMED = 24
"""Words written along the time axis at most."""
HEIGHT_PX = 560


def density(
    found: Matchmap,
    picture: UInt8[np.ndarray, "_ _ 3"],
    *,
    cut: float,
    dark: bool,
    words: Sequence[Word] = (),
    end_s: float | None = None,
) -> go.Figure:
    """Shells of equal score above `cut` in a box of time x width x height.

    Args:
        found: the matchmap; one of a single frame is drawn as a short slab.
        picture: stands at time 0.
        cut: the outermost shell; above the highest score nothing is drawn.
        dark: the page's theme, for colours that stand out.
        words: written along the time axis if there are at most `MOST_NAMED`.
        end_s: where the time axis ends; None: with the last frame.
    """
    times_s, volume = pooled(found)
    rows, cols = _places(found, volume)
    x, y, z = np.meshgrid(times_s, cols, rows, indexing="ij")
    highest = float(volume.max())
    shells = go.Isosurface(
        x=x.ravel(),
        y=y.ravel(),
        z=z.ravel(),
        value=volume.transpose(2, 1, 0).ravel(),
        isomin=min(cut, highest),
        isomax=highest,
        surface_count=SURFACES,
        opacity=0.45,
        colorscale=_scale(dark),
        colorbar={
            "title": {"text": "score"},
            "orientation": "h",
            "thickness": 12,
            "len": 0.8,
            "y": -0.02,
            "yanchor": "top",
        },
        visible=cut < highest,
        hovertemplate="score %{value:.3g} at %{x:.2f} s<extra></extra>",
    )
    figure = go.Figure([_face(picture), shells])
    last_s = end_s or float(found.times_s[-1]) + found.step_s / 2
    figure.update_layout(
        height=HEIGHT_PX,
        margin={"l": 0, "r": 0, "t": 0, "b": 56},
        scene=_box(picture.shape[1] / picture.shape[0], last_s, words),
        uirevision="density",
    )
    return figure


def pooled(found: Matchmap) -> tuple[Float[np.ndarray, "steps"], Float[np.ndarray, "high wide steps"]]:
    """At most `MOST_STEPS` means over neighbouring frames, and cells enlarged linearly; at least two steps."""
    scores, times_s = found.scores.astype(np.float64), found.times_s
    frames = len(times_s)
    if frames == 1:
        scores, times_s = np.repeat(scores, 2, axis=2), np.array([times_s[0], times_s[0] + found.step_s])
    elif frames > MOST_STEPS:
        starts = np.linspace(0, frames, MOST_STEPS + 1).astype(int)
        counts = np.diff(starts)
        scores = np.add.reduceat(scores, starts[:-1], axis=2) / counts
        times_s = np.add.reduceat(times_s, starts[:-1]) / counts
    factor = max(1, SIDE_CELLS // max(scores.shape[:2]))
    return times_s, np.asarray(ndimage.zoom(scores, (factor, factor, 1), order=1, grid_mode=True, mode="nearest"))


def _places(found: Matchmap, volume: Float[np.ndarray, "high wide steps"]) -> tuple[np.ndarray, np.ndarray]:
    """Where the enlarged cells are, fractions of the picture."""
    placed = []
    for centres, count in ((found.row_centres, volume.shape[0]), (found.col_centres, volume.shape[1])):
        step = float(centres[1] - centres[0]) if len(centres) > 1 else 1.0
        fine = step * len(centres) / count
        placed.append(float(centres[0]) - step / 2 + fine * (np.arange(count) + 0.5))
    return placed[0], placed[1]


def _scale(dark: bool) -> list[list[float | str]]:
    """Inferno without its ends, which vanish on the page; reversed on light, so that high scores are the strongest."""
    table = np.frombuffer(heat_table(), np.uint8).reshape(256, 3)
    levels = np.linspace(70, 245, 16).astype(int)
    colours = table[levels if dark else levels[::-1] - 20]
    return [[number / 15, "rgb({}, {}, {})".format(*colour)] for number, colour in enumerate(colours)]


def _face(picture: UInt8[np.ndarray, "_ _ 3"]) -> go.Mesh3d:
    """The picture at time 0, a colour at each corner of a fine mesh."""
    image = Image.fromarray(picture)
    image.thumbnail((PICTURE_PX, PICTURE_PX))
    pixels = np.asarray(image)
    high, wide = pixels.shape[:2]
    down, across = np.mgrid[0:high, 0:wide]
    first = (down[:-1, :-1] * wide + across[:-1, :-1]).ravel()
    return go.Mesh3d(
        x=np.zeros(high * wide),
        y=(across / max(1, wide - 1)).ravel(),
        z=(down / max(1, high - 1)).ravel(),
        i=np.concatenate([first, first + 1]),
        j=np.concatenate([first + 1, first + wide + 1]),
        k=np.concatenate([first + wide, first + wide]),
        vertexcolor=["#{:02x}{:02x}{:02x}".format(*colour) for colour in pixels.reshape(-1, 3)],
        lighting={"ambient": 1.0, "diffuse": 0.0, "specular": 0.0},
        hoverinfo="skip",
    )


def _box(ratio: float, end_s: float, words: Sequence[Word]) -> dict[str, object]:
    """Time to the right and away, the picture upright: both its axes are turned, as places count from the top left."""
    time = {"title": {"text": "time in s"}, "range": [0.0, end_s]}
    if 0 < len(words) <= MOST_NAMED:
        middles = [(word.start_s + word.end_s) / 2 for word in words]
        time |= {"tickvals": middles, "ticktext": [word.text for word in words], "title": {"text": "time"}}
    side = {"range": [1.0, 0.0], "showticklabels": False}
    return {
        "xaxis": time,
        "yaxis": side | {"title": {"text": "across"}},
        "zaxis": side | {"title": {"text": "down"}},
        "aspectmode": "manual",
        "aspectratio": {"x": 1.35, "y": 0.7 * min(ratio, 1.6), "z": 0.7},
        "camera": {"eye": {"x": -1.65, "y": -2.25, "z": 1.0}, "center": {"x": -0.05, "y": 0.0, "z": -0.08}},
    }
