"""Any recipe of See, Hear and Read on a few items of the world, with pathways of a few channels: one short epoch."""

import json

from xmodal.models.encoders.alexnet import AlexnetConfig
from xmodal.models.encoders.sentence_cnn import SentenceCnnConfig
from xmodal.models.encoders.sound_cnn import SoundCnnConfig
from xmodal.recipes.changes import changed
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe

SIDE = 64
_IMAGE = AlexnetConfig(
    size_px=SIDE, channels=(4, 4, 4, 4, 4), first_kernel_px=7, first_stride_px=3, paddings=(2, 2, 1, 1, 1),
    batch_norm=True,
)  # fmt: skip
PATHWAYS = {
    "alexnet": _IMAGE,
    "sound_cnn": SoundCnnConfig(bands=33, frames=60, channels=(4, 6, 4), joint=_IMAGE.joint, batch_norm=True),
    "sentence_cnn": SentenceCnnConfig(words=8, word_dim=5, channels=(4, 6, 4), joint=_IMAGE.joint, batch_norm=True),
}
SPECTROGRAM = {"rate_hz": 8000, "window_samples": 64, "fft_samples": 64, "hop_samples": 600, "frames": 60}
WORLD = {"kind": "world", "items": 12, "world": {"seed": 5, "objects_min": 1, "objects_max": 1}}


def shrunk_senses(recipe: SeeHearReadRecipe, *more: str) -> SeeHearReadRecipe:
    """The recipe as it is, but for its size, its data, and the runs that it starts from and asks."""
    model = recipe.model.model_dump(mode="json")
    model["pathways"] = {
        sense.value: PATHWAYS[each.kind].model_dump(mode="json") for sense, each in recipe.model.pathways.items()
    }
    model |= {"hidden": [8, 8], "initial": "he_normal", "batch_norm": True}
    pairs = [
        pair.model_dump(mode="json") | {"shorter_side_px": SIDE, "spectrogram": SPECTROGRAM} for pair in recipe.pairs
    ]
    teacher = recipe.teacher is not None
    return changed(
        recipe,
        [
            f"model={json.dumps(model)}",
            f"pairs={json.dumps(pairs)}",
            f"data.*={json.dumps(WORLD)}",
            f"validation={json.dumps(WORLD | {'items': 6})}",
            f"picture.shorter_side_px={SIDE}",
            f"picture.crop_px={SIDE}",
            "text.words=8",
            "text.dims=5",
            "stages.*.epochs=1",
            "stages.*.batch=3",
            *(['teacher={"kind": "labels"}'] if teacher else []),
            "start=[]",
            "device=cpu",
            *more,
        ],
    )
