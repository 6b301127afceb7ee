"""Every symbol file keeps the rules that renderers rely on."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import resvg_py
from PIL import Image

from xmodal.data.world.kinds import KINDS, VARIANTS
from xmodal.data.world.outline import outlines
from xmodal.data.world.symbol import MATERIALS, SYMBOL_FOLDER, read_symbol

EXPECTED = {f"{kind}_{variant}.svg" for kind in KINDS for variant in VARIANTS}
FILES = sorted(SYMBOL_FOLDER.glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"path", "rect", "circle", "ellipse", "polygon"}
GEOMETRY = {"d", "x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "points", "class", "transform"}
MARGIN = 1.5
"""How far from a side of its box the drawing may stay, in units of a hundredth of the longer side."""


def test_every_kind_has_both_variants_and_nothing_else_lies_there() -> None:
    there = {path.name for path in SYMBOL_FOLDER.iterdir()}
    assert {"missing": sorted(EXPECTED - there), "strange": sorted(there - EXPECTED)} == {"missing": [], "strange": []}


def test_every_symbol_keeps_the_rules_of_its_format() -> None:
    broken = {path.stem: faults for path in FILES if (faults := _faults(path.read_text(encoding="utf-8")))}
    assert broken == {}


def _faults(text: str) -> list[str]:
    root = ElementTree.fromstring(text)  # noqa: S314 - the project's own files
    left, top, width, height = (float(number) for number in root.attrib["viewBox"].split())
    style, *drawn = list(root)
    ruled = re.findall(r"\.(\w+)\s*\{\s*fill:\s*#[0-9a-fA-F]{6};?\s*\}", style.text or "")
    used = {element.attrib["class"] for element in root.iter() if "class" in element.attrib}
    checks = {
        "more than 6 KB": len(text.encode()) > 6 * 1024,
        "root or box": (root.tag, left, top) != (SVG + "svg", 0, 0) or abs(max(width, height) - 100) > 0.5,
        "no style sheet first": style.tag != SVG + "style",
        "a class without exactly one rule": sorted(ruled) != sorted(used),
        "classes": not used <= set(MATERIALS) or "main" not in used,
        "shapes": any(_odd(element) for outer in drawn for element in outer.iter()),
    }
    return [name for name, wrong in checks.items() if wrong]


def _odd(element: ElementTree.Element) -> bool:
    """Whether it is neither a group with a transform nor a plain shape with a class."""
    name = element.tag.removeprefix(SVG)
    if name == "g":
        return not element.attrib.keys() <= {"transform"}
    return name not in SHAPES or "class" not in element.attrib or not element.attrib.keys() <= GEOMETRY


def _pixels(path: Path, per_unit: int) -> np.ndarray:
    """RGBA of the drawing in its box, `per_unit` pixels a unit."""
    text = path.read_text(encoding="utf-8")
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    assert found is not None, path
    width = round(per_unit * float(found[1]))
    return np.asarray(
        Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=text, width=width)))).convert("RGBA")
    )


def test_every_symbol_touches_all_sides_of_its_box() -> None:
    gaps = {}
    for path in FILES:
        alpha = _pixels(path, 2)[..., 3] > 32
        rows, cols = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
        sides = (rows[0], alpha.shape[0] - 1 - rows[-1], cols[0], alpha.shape[1] - 1 - cols[-1])
        if max(sides) > 2 * MARGIN + 1:  # one pixel more is anti-aliasing
            gaps[path.stem] = [float(side) / 2 for side in sides]
    assert gaps == {}, "units left free at top, bottom, left, right"


def test_variants_are_different_drawings() -> None:
    alike = []
    for kind in KINDS:
        pair = [_pixels(SYMBOL_FOLDER / f"{kind}_{variant}.svg", 1) for variant in VARIANTS]
        small = [np.asarray(Image.fromarray(pixels).resize((24, 24)), dtype=np.float64) for pixels in pair]
        if np.abs(small[0] - small[1]).mean() < 12:
            alike.append(kind)
    assert alike == []


def test_every_symbol_can_be_read_and_has_inner_lines() -> None:
    plain = []
    for path in FILES:
        kind, _, variant = path.stem.rpartition("_")
        assert read_symbol(kind, variant).palette[MATERIALS.index("main")].sum() > 0, path.stem
        if len(outlines(kind, variant)) < 6:
            plain.append(path.stem)
    assert plain == []
