"""Recipes of real human speech: handwritten digits and the recordings of people who speak them (ours).

Cosine maps, MISA, InfoNCE, and a curriculum from one object to several, which raw dot products and full scenes from
the start do not do without in such a short time. `known`: three digits, speakers that are heard in training too.
`unseen`: two digits, one speaker is never heard in training; each of the four in turn.
"""

from collections.abc import Mapping
from typing import Literal

from xmodal.data.sample import Split
from xmodal.features.log_mel import LogMel
from xmodal.features.perturbation import Perturbation
from xmodal.features.picture import Picture
from xmodal.features.prepared import PairOptions
from xmodal.models.encoders.res_davenet import ResDavenetConfig
from xmodal.models.encoders.resnet import ResNetConfig
from xmodal.models.matchmaps import MatchmapConfig
from xmodal.objectives import InfoNce
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.recipe import Data, SpokenDigitsData
from xmodal.similarity.matchmap import Aggregation
from xmodal.training.matchmap_stage import MatchmapStage
from xmodal.training.precision import Precision
from xmodal.training.schedule import Cosine
from xmodal.training.stage import Adam

SPEAKERS = ("george", "jackson", "nicolas", "theo")
"""Of the Free Spoken Digit Dataset's excerpt."""

PICTURE = Picture(shorter_side_px=52, crop_px=48)
SPECTROGRAM = LogMel(
    rate_hz=8000, window_samples=200, hop_samples=160, fft_samples=256, high_hz=4000.0, top_db=50.0, pad_db=-50.0
)
"""The recordings have 8,000 samples a second; 50 dB below the loudest they differ in their noise alone. A frame every
20 ms costs half as much as one every 10 ms."""

VOICES = Perturbation(stretch=0.2, warp=0.12, tilt_db=4.0, floor_db=-30.0, masked_bands=4, masked_frames=3)
"""What makes other voices of three."""
TAKES = Perturbation(stretch=0.1, warp=0.05, tilt_db=1.0, masked_bands=2, masked_frames=2)
"""What makes other recordings of the same voices."""


def _model(front_norm: Literal["absent", "clip"]) -> MatchmapConfig:
    """6x6 cells, a frame every 160 ms; 0.4 million parameters."""
    return MatchmapConfig(
        image=ResNetConfig(
            block="basic", depths=(1, 1, 1, 1), widths=(16, 32, 48, 64), stem="small", dim=64, strides=(2, 2, 1, 1)
        ),
        caption=ResDavenetConfig(
            widths=(32, 32, 48, 64, 96), depths=(1, 1, 1, 1), strides=(2, 2, 2, 1), front_norm=front_norm,
            offset_db=25.0, scale_per_db=1 / 25, dim=64, mask_padding=True,
        ),
        unit_length=True,
    )  # fmt: skip


def _stage(data: str, epochs: int, rate: float, floor: float) -> MatchmapStage:
    """One digit is learned from means over all cells and frames (scores lie close, so they are divided by less)."""
    first = data == "one"
    return MatchmapStage(
        name=data, data=data, epochs=epochs, batch=64, aggregation=Aggregation.SISA if first else Aggregation.MISA,
        objectives=(InfoNce(temperature=0.02 if first else 0.07),), optimiser=Adam(rate=rate, weight_decay=0.02),
        schedule=Cosine(floor=floor),
    )  # fmt: skip


def _recipe(
    name: str, title: str, stages: tuple[MatchmapStage, ...], items: dict[str, int], unseen: tuple[str, ...]
) -> MatchmapRecipe:
    """One digit first, then as many as `items` names last; one digit is heard as it was recorded."""
    digits = {data: place for place, data in enumerate(items, start=1)}
    voices = VOICES if unseen else TAKES
    data: dict[str, Data] = {
        each: SpokenDigitsData(digits=digits[each], items=count, unseen_speakers=unseen, composed=True)
        for each, count in items.items()
    }
    return MatchmapRecipe(
        name=f"spoken-digits-{name}",
        title=title,
        ours="Real human speech from a folder of one's own: cosine maps, MISA, InfoNCE, one digit before several.",
        pair=PairOptions(shorter_side_px=PICTURE.shorter_side_px, spectrogram=SPECTROGRAM, most_frames=512),
        picture=PICTURE,
        perturbations={each: voices for each in items if each != "one"},
        model=_model("clip" if unseen else "absent"),
        stages=stages,
        data=data,
        validation=SpokenDigitsData(digits=len(items), items=128, split=Split.VALIDATION, unseen_speakers=unseen),
        precision=Precision.FLOAT32,
    )


KNOWN = _recipe(
    "known",
    "Spoken digits: three of speakers heard before",
    (_stage("one", 12, 0.003, 0.5), _stage("two", 6, 0.003, 0.5), _stage("three", 12, 0.003, 0.01)),
    {"one": 2560, "two": 2560, "three": 2560},
    (),
)

UNSEEN: tuple[MatchmapRecipe, ...] = tuple(
    _recipe(
        f"unseen-{speaker}",
        f"Spoken digits: two of a speaker never heard ({speaker})",
        (_stage("one", 12, 0.003, 0.5), _stage("two", 14, 0.003, 0.01)),
        {"one": 2560, "two": 2560},
        (speaker,),
    )
    for speaker in SPEAKERS
)

ALL: tuple[MatchmapRecipe, ...] = (KNOWN, *UNSEEN)
"""Scores only: the data may not be given away, and neither may networks that learned from them."""

TEST_ITEMS: Mapping[str, int] = {recipe.name: 500 if recipe is KNOWN else 300 for recipe in ALL}
"""Test pairs of each recipe's scores."""
