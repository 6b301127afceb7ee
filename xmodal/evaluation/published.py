"""The papers' tables as they printed them, row by row, for our numbers to stand beside."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedRow:
    """One row of a table."""

    key: str
    """Unique in its table; recipes name it as `<table>/<key>`."""
    label: str
    """As printed."""
    measures: Mapping[str, Mapping[str, float]]
    """Direction (or `localisation`) -> measure -> value."""


@dataclass(frozen=True)
class PublishedTable:
    """One table of a paper."""

    key: str
    """`<paper>.<number>`."""
    title: str
    data: str
    """What the paper measured it on."""
    rows: tuple[PublishedRow, ...]


def _recalls(
    caption: str, to_image: tuple[float, float, float], from_image: tuple[float, float, float]
) -> dict[str, dict[str, float]]:
    names = ("recall_at_1", "recall_at_5", "recall_at_10")
    return {
        f"{caption}_to_image": dict(zip(names, to_image, strict=True)),
        f"image_to_{caption}": dict(zip(names, from_image, strict=True)),
    }


def _spoken(
    key: str, label: str, to_image: tuple[float, float, float], from_image: tuple[float, float, float]
) -> PublishedRow:
    return PublishedRow(key, label, _recalls("speech", to_image, from_image))


def _written(
    key: str, label: str, to_image: tuple[float, float, float], from_image: tuple[float, float, float]
) -> PublishedRow:
    return PublishedRow(key, label, _recalls("text", to_image, from_image))


def _located(key: str, label: str, average: float, shares: tuple[float, float, float]) -> PublishedRow:
    union, detected, target = shares
    values = {
        "mean_average_precision": average,
        "intersection_over_union": union,
        "intersection_over_detection": detected,
        "intersection_over_target": target,
    }
    return PublishedRow(key, label, {"localisation": values})


def _learned(key: str, label: str, count: int) -> PublishedRow:
    return PublishedRow(key, label, {"concepts": {"count": float(count)}})


EVALUATES: dict[str, tuple[str, ...]] = {
    "matchmaps.4": ("matchmaps.1", "matchmaps.2"),
    "matchmaps.5": ("matchmaps.1", "matchmaps.2"),
}
"""Tables that evaluate the networks of other tables, whose rows have the same keys there."""


def rows_in(table: str, computes: tuple[str, ...]) -> tuple[str, ...]:
    """Rows of a table that a recipe computes, directly or because the table evaluates its network."""
    others = [row.partition("/") for row in computes]
    again = (f"{table}/{key}" for other, _, key in others if other in EVALUATES.get(table, ()))
    return tuple(dict.fromkeys((*computes, *again)))


_PLACES = "1,000 held-out pairs of Places audio captions"

TABLES: dict[str, PublishedTable] = {
    "matchmaps.1": PublishedTable(
        "matchmaps.1",
        "Ablation of unsupervised models",
        _PLACES,
        (
            _spoken("vgg-sisa-shn-ns", "VGG SISA-SHN natural sounds", (0.145, 0.382, 0.503), (0.115, 0.352, 0.471)),
            _spoken("rn-sima-ns", "RN SIMA natural sounds", (0.118, 0.331, 0.463), (0.126, 0.347, 0.461)),
            _spoken("rn-sisa-ns", "RN SISA natural sounds", (0.132, 0.376, 0.490), (0.112, 0.318, 0.445)),
            _spoken("rn-misa-ns", "RN MISA natural sounds", (0.143, 0.364, 0.514), (0.096, 0.311, 0.458)),
            _spoken("rn-sisa-shn-none", "RN SISA-SHN no", (0.147, 0.375, 0.512), (0.099, 0.328, 0.452)),
            _spoken("rn-sisa-shn-ns", "RN SISA-SHN natural sounds", (0.268, 0.545, 0.684), (0.211, 0.528, 0.660)),
        ),
    ),
    "matchmaps.2": PublishedTable(
        "matchmaps.2",
        "Unsupervised pre-training against supervised models",
        _PLACES,
        (
            _spoken("random", "Random", (0.147, 0.375, 0.512), (0.099, 0.328, 0.452)),
            _spoken("natural-sounds", "Natural sounds", (0.268, 0.545, 0.684), (0.211, 0.528, 0.660)),
            _spoken("supervised", "ImageNet/AudioSet", (0.276, 0.584, 0.716), (0.218, 0.551, 0.690)),
            _spoken("baseline-2016", "Harwath et al. 2016", (0.148, 0.403, 0.548), (0.121, 0.335, 0.463)),
            _spoken("baseline-2017", "Harwath and Glass 2017", (0.161, 0.404, 0.564), (0.130, 0.378, 0.542)),
        ),
    ),
    "matchmaps.3": PublishedTable(
        "matchmaps.3",
        "Text-based models",
        _PLACES + ", recognised words",
        (
            _written("sima-none", "SIMA no", (0.018, 0.135, 0.294), (0.071, 0.217, 0.325)),
            _written("sisa-none", "SISA no", (0.105, 0.309, 0.419), (0.064, 0.220, 0.332)),
            _written("misa-none", "MISA no", (0.100, 0.283, 0.395), (0.048, 0.185, 0.308)),
            _written("sisa-shn-none", "SISA-SHN no", (0.206, 0.481, 0.632), (0.138, 0.398, 0.558)),
            _written("sisa-shn-imagenet", "SISA-SHN ImageNet", (0.322, 0.659, 0.782), (0.235, 0.551, 0.719)),
        ),
    ),
    "matchmaps.4": PublishedTable(
        "matchmaps.4",
        "Speech-prompted detection and localisation",
        "100 word-object pairs of ADE20K",
        (
            _located("full-frame", "Full frame", 0.129, (0.11, 0.11, 1.0)),
            _located("vgg-sisa-shn-ns", "VGG SISA-SHN natural sounds", 0.329, (0.12, 0.16, 0.69)),
            _located("rn-misa-ns", "RN MISA natural sounds", 0.224, (0.11, 0.12, 0.68)),
            _located("rn-sima-ns", "RN SIMA natural sounds", 0.158, (0.11, 0.12, 0.88)),
            _located("rn-sisa-ns", "RN SISA natural sounds", 0.283, (0.12, 0.15, 0.61)),
            _located("rn-sisa-shn-none", "RN SISA-SHN none", 0.297, (0.13, 0.15, 0.64)),
            _located("rn-sisa-shn-ns", "RN SISA-SHN natural sounds", 0.368, (0.15, 0.21, 0.62)),
            _located("supervised", "RN SISA-SHN ImageNet and AudioSet", 0.440, (0.16, 0.23, 0.63)),
        ),
    ),
    "matchmaps.5": PublishedTable(
        "matchmaps.5",
        "Concepts learned, of 1,024 dimensions",
        "ADE20K pictures and their captions",
        (
            _learned("vgg-sisa-shn-ns", "VGG SISA-SHN natural sounds", 91),
            _learned("rn-misa-ns", "RN MISA natural sounds", 99),
            _learned("rn-sima-ns", "RN SIMA natural sounds", 96),
            _learned("rn-sisa-ns", "RN SISA natural sounds", 74),
            _learned("rn-sisa-shn-none", "RN SISA-SHN none", 58),
            _learned("rn-sisa-shn-ns", "RN SISA-SHN natural sounds", 109),
            _learned("supervised", "RN SISA-SHN ImageNet and AudioSet", 126),
        ),
    ),
}
"""Every table by its key."""
