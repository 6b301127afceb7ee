"""Any recipe of See, Hear and Read on a few items of the world, with pathways of a few channels: one short epoch."""

import json

from tests.models.tiny import ALEXNET, SENTENCE_CNN, SOUND_CNN
from xmodal.modality import AUDIBLE, Modality
from xmodal.recipes import SEE_HEAR_READ
from xmodal.recipes.changes import changed
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe

SPECTROGRAM = {"rate_hz": 8000, "window_samples": 16, "hop_samples": 160, "fft_samples": 16, "frames": SOUND_CNN.frames}
WORLD = {"kind": "world", "items": 6, "world": {"seed": 5, "objects_min": 1, "objects_max": 1}}


def shrunk_senses(recipe: SeeHearReadRecipe, *more: str) -> SeeHearReadRecipe:
    """The recipe as it is, but for its size, its data, and the runs that it starts from and is taught by."""
    pathways = {}
    for sense in recipe.model.pathways:
        tiny = SOUND_CNN if sense in AUDIBLE else SENTENCE_CNN if sense is Modality.TEXT else ALEXNET
        pathways[sense.value] = tiny.model_dump(mode="json")
    model = recipe.model.model_dump(mode="json") | {"pathways": pathways, "hidden": [12, 8], "outputs": 5}
    return changed(
        recipe,
        [
            f"model={json.dumps(model)}",
            f"data.*={json.dumps(WORLD | {'items': 6 * len(recipe.pairs)})}",
            f"validation={json.dumps(WORLD)}",
            f"pairs.*.spectrogram={json.dumps(SPECTROGRAM)}",
            f"text.words={SENTENCE_CNN.words}",
            f"text.dims={SENTENCE_CNN.word_dim}",
            "pairs.*.shorter_side_px=100",
            "picture.shorter_side_px=100",
            f"picture.crop_px={ALEXNET.size_px}",
            "stages.*.epochs=1",
            "stages.*.batch=3",
            *([] if recipe.teacher is None else ['teacher={"kind": "labels"}']),
            "start=[]",
            "device=cpu",
            *more,
        ],
    )


def every_sense() -> SeeHearReadRecipe:
    """A small recipe with a pathway for each sense but video, each paired with pictures."""
    return shrunk_senses(SEE_HEAR_READ["see-hear-read-all-senses"], "stages.0.transfer=null", "teacher=null")
