"""Names of a recipe's fields in plain words: `stages.0.optimiser.rate` is "Stage 1, optimiser, learning rate"."""

from collections.abc import Sequence

from xmodal.recipes.fields import Range

_WORDS = {
    "rate": "learning rate",
    "batch": "pairs in a step",
    "betas": "betas of the running means",
    "ours": "what is not as in the paper",
    "share": "share of the items",
    "dim": "features",
    "std": "standard deviation",
    "clip_norm": "largest gradient",
    "rate_hz": "samples a second",
    "fft_samples": "FFT, samples",
    "scale_per_db": "scale, per dB",
    "model": "network",
}
"""Fields whose own name says too little."""
_UNITS = {"px": "px", "db": "dB", "hz": "Hz", "s": "s", "samples": "samples", "min": "min"}
_ONE_OF = {"stages": "stage", "objectives": "loss", "start": "start", "layers": "layer"}
"""Lists and what one of them is called."""


def words(name: str) -> str:
    """One field's name: `shorter_side_px` is "shorter side, px"."""
    if name in _WORDS:
        return _WORDS[name]
    stem, _, unit = name.rpartition("_")
    plain = name if unit not in _UNITS or name in ("words_min", "objects_min") else stem
    return plain.replace("_", " ") + (f", {_UNITS[unit]}" if plain is stem else "")


def label(name: str) -> str:
    """The same with a capital, for a widget."""
    text = words(name)
    return text[:1].upper() + text[1:]


def in_words(path: Sequence[str]) -> str:
    """A field's path from the recipe to it."""
    found: list[str] = []
    for before, name in zip(("", *path), path, strict=False):
        if name.isdecimal():
            found[-1] = f"{_ONE_OF.get(before, before)} {int(name) + 1}"
        elif before == "data":
            found[-1] = f"data {name}"
        elif name != "kind" or not found:
            found.append(words(name))
    text = ", ".join(found)
    return text[:1].upper() + text[1:]


def last_in_words(path: Sequence[str]) -> str:
    """The end of a path, as far as it says something by itself: "Optimiser", "Loss 2", "Data few"."""
    text = in_words(path[-2:] if path[-1].isdecimal() or path[-2:-1] == ("data",) else path[-1:])
    return text.rpartition(", ")[2] if path[-1].isdecimal() else text


def range_in_words(limits: Range) -> str:
    """`At least 0, below 1.`; empty if there are no limits."""
    named = (
        ("at least", limits.least),
        ("above", limits.above),
        ("at most", limits.most),
        ("below", limits.below),
        ("a multiple of", limits.step),
    )
    text = ", ".join(f"{words} {limit:,.10g}" for words, limit in named if limit is not None)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
