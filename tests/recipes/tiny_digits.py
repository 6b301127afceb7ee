"""A recipe of spoken digits with few channels: one epoch of two steps a stage, on real recordings."""

from tests.models.tiny import RES_DAVENET_CLIP, SMALL_RESNET
from xmodal.recipes.changes import changed
from xmodal.recipes.matchmap_recipe import MatchmapRecipe


def tiny(recipe: MatchmapRecipe) -> MatchmapRecipe:
    model = recipe.model.model_copy(update={"image": SMALL_RESNET, "caption": RES_DAVENET_CLIP})
    small = recipe.model_copy(update={"model": model})
    changes = ["stages.*.epochs=1", "stages.*.batch=6", "data.*.items=12", "validation.items=8", "device=cpu"]
    return changed(small, changes)
