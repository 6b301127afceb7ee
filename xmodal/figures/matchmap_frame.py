"""One moment of a matchmap as a picture: the lit picture, below it the sound with its playhead and its words."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image, ImageDraw

from xmodal.data.sample import Word
from xmodal.figures.lettering import font
from xmodal.figures.matchmap_look import Look, colour_table, grid_at, grid_over, painted, score_of, threshold_level
from xmodal.figures.score_map import ScoreMap
from xmodal.figures.word_rows import placed

PANEL_PX = {1: 640, 2: 480, 3: 400, 4: 360}
"""Greatest width of a panel by how many stand side by side."""
TALLEST_PX, NARROWEST_PX = 512, 480
MARGIN_PX, GAP_PX = 16, 8
STRIP_PX, WORD_ROW_PX, LINE_PX = 88, 24, 22
BACK, INK, QUIET = (20, 22, 26), (230, 230, 227), (150, 153, 158)
"""Colours of the dark theme: a film is made for a dark room."""
SCALE_PX = 160


@dataclass(frozen=True)
class Scene:
    """Everything that a film or a still shows."""

    pictures: UInt8[np.ndarray, "pictures rows cols 3"]
    """One: it stands still."""
    maps: tuple[ScoreMap, ...]
    """Side by side on one clock."""
    duration: float
    """Seconds; of a text: words."""
    look: Look = field(default_factory=Look)
    pictures_hz: float = 1.0
    """Pictures a second, where there are several."""
    words: tuple[Word, ...] = ()
    spectrogram: UInt8[np.ndarray, "bands columns 3"] | None = None
    spectrogram_s: float | None = None
    """Time that it spans; None: `duration`."""
    stepwise: bool = False
    """A text: one map a word, nothing between."""
    stretch: tuple[float, float] | None = None
    """The light stands still: it is the mean over this stretch."""
    title: str = ""
    """Which network sees this, in which item."""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if not 1 <= len(self.maps) <= max(PANEL_PX) or self.pictures.size == 0 or self.duration <= 0.0:
            raise ValueError(f"needs a picture, a duration, and 1 to {max(PANEL_PX)} maps, not {len(self.maps)}")


class FrameDrawer:
    """Draws moments of one scene; what all moments share is drawn once."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        rows, cols = scene.pictures.shape[1:3]
        width = min(PANEL_PX[len(scene.maps)], TALLEST_PX * cols / rows)
        self._stage = (max(2, round(width)), max(2, round(width * rows / cols)))
        inner = len(scene.maps) * (self._stage[0] + GAP_PX) - GAP_PX
        self._inner = max(inner, NARROWEST_PX)
        self._names = LINE_PX if len(scene.maps) > 1 else 0
        self._strip_top = MARGIN_PX + self._names + self._stage[1] + 12
        self._words = placed(scene.words, scene.duration, self._inner, lambda text: round(font().getlength(text)))
        self._words_top = self._strip_top + STRIP_PX + 4
        self._foot = self._words_top + WORD_ROW_PX * self._words.shown + 8
        self._tables = [colour_table(each, scene.look) for each in scene.maps]
        self._still = self._fitted(0) if len(scene.pictures) == 1 else None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, both even, as H.264 wants them."""
        width, height = self._inner + 2 * MARGIN_PX, self._foot + 2 * LINE_PX + MARGIN_PX - 6
        return width + width % 2, height + height % 2

    def at(self, seconds: float) -> UInt8[np.ndarray, "rows cols 3"]:
        """The picture of one moment (of a text: in words)."""
        canvas = self._background.copy()
        for number, _ in enumerate(self.scene.maps):
            canvas.paste(self.lit(number, seconds), (self._left(number), MARGIN_PX + self._names))
        self._draw_words(canvas, seconds)
        self._draw_playhead(canvas, seconds)
        return np.asarray(canvas)

    def lit(self, number: int, seconds: float) -> Image.Image:
        """The picture under one of the maps, at the size in which it is shown."""
        scene, shown = self.scene, self.scene.maps[number]
        grid = grid_over(shown, scene.stretch) if scene.stretch else grid_at(shown, seconds, stepwise=scene.stepwise)
        picture = self._still or self._fitted(min(int(seconds * scene.pictures_hz), len(scene.pictures) - 1))
        return overlaid(picture, shown, grid, self._tables[number], scene.look)

    def _left(self, number: int) -> int:
        return MARGIN_PX + number * (self._stage[0] + GAP_PX)

    def _fitted(self, number: int) -> Image.Image:
        return Image.fromarray(self.scene.pictures[number]).resize(self._stage, Image.Resampling.BICUBIC)

    @cached_property
    def _background(self) -> Image.Image:
        """Names of the maps, the strip, and the line below."""
        canvas = Image.new("RGB", self.size, BACK)
        pen = ImageDraw.Draw(canvas)
        for number, shown in enumerate(self.scene.maps if self._names else ()):
            pen.text((self._left(number), MARGIN_PX), shown.name, INK, font=font())
        canvas.paste(self._strip(), (MARGIN_PX, self._strip_top))
        self._draw_scale(canvas)
        room = self._inner - SCALE_PX - GAP_PX
        pen.text((MARGIN_PX, self._foot), _shortened(self.scene.title, room - 130), QUIET, font=font(13))
        pen.text((MARGIN_PX, self._foot + LINE_PX - 4), _shortened(self._said, room), QUIET, font=font(13))
        return canvas

    def _strip(self) -> Image.Image:
        """The spectrogram, black where it does not reach; of a text the best match of each word as a bar."""
        scene, size = self.scene, (self._inner, STRIP_PX)
        strip = Image.new("RGB", size, (0, 0, 4))
        if scene.spectrogram is not None:
            width = max(1, round(size[0] * (scene.spectrogram_s or scene.duration) / scene.duration))
            seen = Image.fromarray(scene.spectrogram).resize((width, STRIP_PX), Image.Resampling.BILINEAR)
            strip.paste(seen, (0, 0))
            return strip
        pen, shown = ImageDraw.Draw(strip), scene.maps[0]
        for frame, level in enumerate(shown.levels.max(axis=(1, 2))):
            left, right = (
                (shown.first_s + (frame + side) * shown.step_s) / scene.duration * size[0] for side in (-0.5, 0.5)
            )
            pen.rectangle((left + 1, STRIP_PX * (1 - 0.85 * level / 255), right - 2, STRIP_PX), (120, 124, 130))
        return strip

    @property
    def _said(self) -> str:
        look, shown = self.scene.look, self.scene.maps[0]
        level = threshold_level(shown, look)
        span = shown.high - shown.low
        cut = f"{look.percentile:g} % (score {_digits(score_of(shown, level), span)})"
        above = cut if look.unit == "percentile" else f"score {_digits(look.score, span)}"
        name = "" if self._names else f"{shown.name}, "
        still = "" if self.scene.stretch is None else ", mean of {:.2f} to {:.2f}".format(*self.scene.stretch)
        return f"{name}{look.mode} above {above}, strength {100 * look.opacity:.0f} %{still}"

    def _draw_scale(self, canvas: Image.Image) -> None:
        """What each score of the first map looks like, over light and dark."""
        bar = np.full((10, SCALE_PX, 3), 255, np.uint8)
        bar[5:] = 184
        table = self._tables[0][np.linspace(0, len(self._tables[0]) - 1, SCALE_PX).astype(int)]
        share = table[None, :, 3:] / 255
        bar = np.rint(bar * (1 - share) + table[None, :, :3] * share).astype(np.uint8)
        left = self.size[0] - MARGIN_PX - SCALE_PX
        canvas.paste(Image.fromarray(bar), (left, self._foot))
        pen, shown = ImageDraw.Draw(canvas), self.scene.maps[0]
        span, below = shown.high - shown.low, self._foot + 14
        pen.text((left, below), _digits(shown.low, span), QUIET, font=font(11))
        pen.text((left + SCALE_PX, below), _digits(shown.high, span), QUIET, font=font(11), anchor="ra")

    def _draw_words(self, canvas: Image.Image, seconds: float) -> None:
        """Each word where it is said, the one being said in reverse."""
        pen = ImageDraw.Draw(canvas)
        for each in self._words.visible(seconds):
            x, y = MARGIN_PX + each.left, self._words_top + WORD_ROW_PX * each.row
            now = each.word.start_s <= seconds < each.word.end_s
            if now:
                pen.rounded_rectangle((x - 3, y, x + each.width + 3, y + WORD_ROW_PX - 3), 4, INK)
            pen.text((x, y + 2), each.word.text, BACK if now else INK, font=font())

    def _draw_playhead(self, canvas: Image.Image, seconds: float) -> None:
        pen, scene = ImageDraw.Draw(canvas), self.scene
        top, bottom = self._strip_top, self._strip_top + STRIP_PX - 1
        for at in scene.stretch or ():
            x = MARGIN_PX + round(at / scene.duration * (self._inner - 1))
            pen.line((x, top, x, bottom), (255, 255, 255), 1)
        x = MARGIN_PX + round(min(max(seconds / scene.duration, 0.0), 1.0) * (self._inner - 1))
        pen.line((x - 2, top, x - 2, bottom), (0, 0, 0), 1)
        pen.line((x + 1, top, x + 1, bottom), (0, 0, 0), 1)
        pen.rectangle((x - 1, top, x, bottom), (255, 255, 255))
        now, whole = (f"{int(value)}" if scene.stepwise else _clock(value) for value in (seconds, scene.duration))
        place = (self.size[0] - MARGIN_PX - SCALE_PX - 16, self._foot)
        pen.text(place, f"{now} / {whole}", INK, font=font(13), anchor="ra")


def overlaid(
    picture: Image.Image,
    shown: ScoreMap,
    grid: Float32[np.ndarray, "rows cols"],
    table: UInt8[np.ndarray, "steps 4"],
    look: Look,
) -> Image.Image:
    """A picture under a grid of levels; where the map does not reach, a spotlight leaves it dim."""
    width, height = picture.size
    outside = round(255 * look.opacity) if look.mode == "spotlight" else 0
    over = Image.new("RGBA", picture.size, (0, 0, 0, outside))
    cover = shown.cover
    left, top = round(cover.left * width), round(cover.top * height)
    right, bottom = round((cover.left + cover.width) * width), round((cover.top + cover.height) * height)
    light = Image.fromarray(painted(grid, table))
    over.paste(light.resize((max(1, right - left), max(1, bottom - top)), Image.Resampling.BILINEAR), (left, top))
    lit = picture.copy()
    lit.paste(over, (0, 0), over)
    return lit


def _digits(value: float, span: float) -> str:
    """Three digits; next to nothing on a scale of `span` is nothing."""
    if abs(value) < span / 1000:
        return "0"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _shortened(text: str, room_px: float) -> str:
    while text and font(13).getlength(text) > room_px:
        text = text[:-2].rstrip() + "…"
    return text


def _clock(seconds: float) -> str:
    tenths = int(max(0.0, seconds) * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"
