"""Colours can be seen, by everybody, on both themes."""

import itertools
import tomllib
from pathlib import Path

import pytest

from xmodal.modality import Modality
from xmodal.ui.palette import (
    CLASS_COLOURS,
    MARKERS,
    SURFACES,
    TONES,
    Theme,
    class_colours,
    contrast,
    rgb,
    stylesheet,
)

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())
THEMES: tuple[Theme, ...] = ("light", "dark")


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1.0


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("modality", Modality)
def test_marks_reach_3_and_texts_4_5(theme: Theme, modality: Modality) -> None:
    tone = TONES[theme][modality]
    for surface in SURFACES[theme]:
        assert contrast(tone.mark, surface) >= 3.0
        assert contrast(tone.text, surface) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_a_highlighted_word_can_be_read(theme: Theme) -> None:
    assert contrast(SURFACES[theme][0], TONES[theme][Modality.SPEECH].text) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_theme_of_the_app_is_the_palette_s(theme: Theme) -> None:
    colours = CONFIG["theme"][theme]
    assert (colours["backgroundColor"], colours["secondaryBackgroundColor"]) == SURFACES[theme]
    for surface in SURFACES[theme]:
        assert contrast(colours["textColor"], surface) >= 7.0
        assert contrast(colours["linkColor"], surface) >= 4.5
        assert contrast(colours["primaryColor"], surface) >= 4.5


def test_no_modality_is_told_by_colour_alone() -> None:
    assert set(MARKERS) == set(Modality)
    assert len(set(MARKERS.values())) == len(Modality)
    for theme in THEMES:
        marks = [TONES[theme][modality].mark for modality in Modality]
        assert len(set(marks)) == len(Modality)


def test_classes_and_modalities_share_no_colour() -> None:
    used = {tone for theme in THEMES for each in TONES[theme].values() for tone in (each.mark, each.text)}
    assert used.isdisjoint(CLASS_COLOURS)
    assert len(set(CLASS_COLOURS)) == len(CLASS_COLOURS)


def test_classes_of_one_picture_differ_and_are_stable() -> None:
    assert len(set(class_colours(range(20)).values())) == 20
    collided = class_colours([3, 23, 43])
    assert len(set(collided.values())) == 3
    assert collided[3] == class_colours([3])[3] == CLASS_COLOURS[3]
    many = class_colours(range(65))
    assert set(many.values()) == set(CLASS_COLOURS)


def test_fills_of_classes_are_far_apart() -> None:
    distances = [
        sum((a - b) ** 2 for a, b in zip(rgb(first), rgb(second), strict=True)) ** 0.5
        for first, second in itertools.combinations(CLASS_COLOURS, 2)
    ]
    assert min(distances) >= 20


def test_the_stylesheet_has_every_tone() -> None:
    css = stylesheet()
    for theme in THEMES:
        assert f'data-theme="{theme}"' in css
    for modality in Modality:
        assert css.count(f"--xm-{modality}:") == css.count(f"--xm-{modality}-text:") == 2
