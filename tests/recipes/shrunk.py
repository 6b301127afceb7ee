"""Any recipe on six items of the world, with networks of a few channels: one epoch of two steps."""

import json

from tests.models.tiny import DAVENET_OURS, RES_DAVENET_OURS, SMALL_RESNET, SPECTROGRAM_VECTOR, VGG16, VGG16_VECTOR
from xmodal.models.encoders.word_cnn import WordCnnConfig
from xmodal.recipes.changes import changed
from xmodal.recipes.matchmap_recipe import MatchmapRecipe

NETWORKS = {
    "resnet": SMALL_RESNET,
    "vgg16": VGG16,
    "vgg16_vector": VGG16_VECTOR,
    "res_davenet": RES_DAVENET_OURS,
    "davenet": DAVENET_OURS,
    "spectrogram_vector": SPECTROGRAM_VECTOR,
    "word_cnn": WordCnnConfig(vocabulary=200, word_dim=5, channels=7, dim=8),
}
WORLD = {"kind": "world", "items": 6, "world": {"seed": 5, "objects_min": 1, "objects_max": 1}}


def shrunk(recipe: MatchmapRecipe, *more: str) -> MatchmapRecipe:
    """The recipe as it is, but for its size, its data, and the runs that it starts from."""
    model = recipe.model.model_dump(mode="json")
    for branch, config in (("image", recipe.model.image), ("caption", recipe.model.caption)):
        model[branch] = NETWORKS[config.kind].model_dump(mode="json")
    return changed(
        recipe,
        [
            f"model={json.dumps(model)}",
            f"data.*={json.dumps(WORLD)}",
            f"validation={json.dumps(WORLD)}",
            "pair.shorter_side_px=64",
            "picture.shorter_side_px=64",
            "picture.crop_px=64",
            "pair.most_frames=64",
            "stages.*.epochs=1",
            "stages.*.batch=3",
            "start=[]",
            "device=cpu",
            *more,
        ],
    )
