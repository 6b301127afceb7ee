"""The papers' tables as they printed them, row by row, for our numbers to stand beside."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class PublishedRow:
    """One row of a table."""

    key: str
    """Unique in its table; recipes name it as `<table>/<key>`."""
    label: str
    """As printed."""
    measures: Mapping[str, Mapping[str, float]]
    """Direction (or `localisation`) -> measure -> value. A direction for which the paper has a dash is not there; one
    without measures is ours alone."""
    baseline: bool = False
    """No network computes it: it comes with the first run that is measured."""


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


def _ranked(key: str, label: str, ways: tuple[str, ...], ranks: tuple[float, ...], *, baseline: bool) -> PublishedRow:
    measures = {way: {"median_rank": rank} for way, rank in zip(ways, ranks, strict=True)}
    return PublishedRow(key, label, measures, baseline)


def _cross_modal(
    key: str, label: str, ranks: tuple[float, float, float, float], baseline: bool = False
) -> PublishedRow:
    ways = ("image_to_sound", "sound_to_image", "image_to_text", "text_to_image")
    return _ranked(key, label, ways, ranks, baseline=baseline)


def _bridged(key: str, label: str, ranks: tuple[float, float], baseline: bool = False) -> PublishedRow:
    return _ranked(key, label, ("text_to_sound", "sound_to_text"), ranks, baseline=baseline)


def _transferred(key: str, label: str, percent: tuple[float | None, ...], baseline: bool = False) -> PublishedRow:
    senses = ("image", "sound", "text")
    ways = (f"{train}_to_{test}" for train in senses for test in senses)
    shares = zip(ways, percent, strict=True)
    measures = {way: {"accuracy": round(share / 100, 3)} for way, share in shares if share is not None}
    return PublishedRow(key, label, measures, baseline)


def _unprinted(key: str, label: str, *ways: str) -> PublishedRow:
    return PublishedRow(key, label, {way: {} for way in ways}, baseline=True)


EVALUATES: dict[str, tuple[str, ...]] = {
    "matchmaps.4": ("matchmaps.1", "matchmaps.2"),
    "matchmaps.5": ("matchmaps.1", "matchmaps.2"),
    "see_hear_read.2": ("see_hear_read.1",),
    "see_hear_read.3": ("see_hear_read.1",),
}
"""Tables that evaluate the networks of other tables, whose rows have the same keys there."""


def rows_in(table: str, computes: tuple[str, ...]) -> tuple[str, ...]:
    """Rows of a table that a recipe computes, directly or because the table evaluates its network."""
    others = [row.partition("/") for row in computes]
    again = (f"{table}/{key}" for other, _, key in others if other in EVALUATES.get(table, ()))
    return tuple(dict.fromkeys((*computes, *again)))


_PLACES = "1,000 held-out pairs of Places audio captions"

_CLUSTER = "Cluster CCA (ours; the paper names it without numbers)"

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
            replace(_located("full-frame", "Full frame", 0.129, (0.11, 0.11, 1.0)), baseline=True),
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
    "see_hear_read.1": PublishedTable(
        "see_hear_read.1",
        "Cross-modal retrieval",
        "1,000 held-out pairs of video frames and sounds, or of pictures and descriptions; mean of five splits",
        (
            _cross_modal("random", "Random", (500.0, 500.0, 500.0, 500.0), baseline=True),
            _cross_modal("linear-regression", "Linear Reg.", (345.8, 319.8, 14.2, 18.0), baseline=True),
            _cross_modal("cca", "CCA", (313.6, 316.1, 17.0, 16.2), baseline=True),
            _cross_modal("normalised-cca", "Normalized CCA", (295.6, 296.0, 14.2, 12.8), baseline=True),
            _unprinted("cluster-cca", _CLUSTER, "image_to_sound", "sound_to_image", "image_to_text", "text_to_image"),
            _cross_modal("model-transfer", "Model Transfer", (144.6, 143.8, 8.5, 10.8)),
            _cross_modal("ranking", "Ranking", (49.0, 47.8, 8.6, 8.2)),
            _cross_modal("both", "Both", (47.5, 49.5, 5.8, 6.0)),
        ),
    ),
    "see_hear_read.2": PublishedTable(
        "see_hear_read.2",
        "Cross-modal retrieval for sound and text",
        "1,000 described videos; sounds with texts were never trained on",
        (
            _bridged("random", "Random", (500.0, 500.0), baseline=True),
            _bridged("linear-regression", "Linear Reg.", (315.0, 309.0), baseline=True),
            _unprinted("cluster-cca", _CLUSTER, "text_to_sound", "sound_to_text"),
            _bridged("model-transfer", "Model Transfer", (140.5, 142.0)),
            _bridged("ranking", "Ranking", (190.0, 189.5)),
            _bridged("both", "Both", (135.0, 140.5)),
        ),
    ),
    "see_hear_read.3": PublishedTable(
        "see_hear_read.3",
        "Classifier transfer, from the sense of the labels to the sense tested",
        "1,050 described videos of 42 classes, trained on 2,799",
        (
            _transferred("chance", "Chance", (2.3,) * 9, baseline=True),
            _transferred(
                "linear-regression", "Linear Reg.", (26.5, 3.3, 23.1, 3.0, 6.6, 2.9, 18.3, 3.4, 34.3), baseline=True
            ),
            _transferred(
                "cca-text", "CCA TXT-IMG", (23.8, None, 22.2, None, None, None, 18.5, None, 35.6), baseline=True
            ),
            _transferred(
                "cca-sound", "CCA SND-IMG", (21.1, 3.0, None, 2.7, 6.8, None, None, None, None), baseline=True
            ),
            _transferred("ranking", "Ranking", (23.5, 5.7, 21.3, 6.6, 5.7, 6.3, 11.3, 5.2, 32.9)),
            _transferred("model-transfer", "Model Transfer", (30.9, 5.6, 32.0, 8.7, 9.0, 12.3, 26.5, 5.1, 39.0)),
            _transferred("both", "Both", (32.6, 5.8, 33.8, 12.8, 9.0, 15.2, 22.6, 6.2, 40.3)),
        ),
    ),
}
"""Every table by its key."""
