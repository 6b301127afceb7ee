"""The colours of heat: one perceptually even map (inferno), safe for colour-blind readers."""

from functools import cache


@cache
def heat_table() -> bytes:
    """256 colours from low to high, three bytes each (red, green, blue)."""
    from matplotlib import colormaps

    return (colormaps["inferno"](range(256))[:, :3] * 255).round().astype("u1").tobytes()
