"""What a teacher says of pictures: probabilities of classes, which other senses learn to say too (see_hear_read 3.1).

The paper takes a network trained on ImageNet and does not name it. Here it is any classifier of torchvision with its
weights in a file, a network trained by this product, or, to train such a network, the truth about the pictures.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from xmodal.errors import InputError


class LabelTeacher(BaseModel):
    """The truth: half on the scene, half shared by the things in the picture (all on either where one is unknown)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["labels"] = "labels"


class RunTeacher(BaseModel):
    """A network of this product that classifies pictures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["run"] = "run"
    run: str
    """Name of a run in the workspace or among the shipped ones, or the path of its folder."""


class TorchvisionTeacher(BaseModel):
    """A classifier of torchvision; nothing is downloaded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["torchvision"] = "torchvision"
    model: str = "resnet18"
    """Its name in torchvision.models."""
    weights: str
    """File of its weights (a state dict, `.safetensors` or `.pth`)."""


Teacher = Annotated[LabelTeacher | RunTeacher | TorchvisionTeacher, Field(discriminator="kind")]
"""A teacher by its `kind`."""


def label_probabilities(
    seen: Sequence[Sequence[str]], scenes: Sequence[str], classes: Sequence[str]
) -> Float[np.ndarray, "pictures classes"]:
    """What `LabelTeacher` says; even over all classes where nothing is known of a picture. Every row adds up to 1."""
    place = {name: number for number, name in enumerate(classes)}
    found = np.zeros((len(seen), len(classes)), np.float32)
    for row, (things, scene) in enumerate(zip(seen, scenes, strict=True)):
        known = [[place[name] for name in names if name in place] for names in (dict.fromkeys(things), [scene])]
        parts = [some for some in known if some]
        for some in parts:
            found[row, some] += 1.0 / (len(parts) * len(some))
        if not parts:
            found[row] = 1.0 / len(classes)
    return found


def said_of(
    pictures: Iterable[Float[Tensor, "items 3 rows cols"]], scores: Callable[[Tensor], Tensor]
) -> Float[np.ndarray, "pictures classes"]:
    """Probabilities by a network from batches of pictures; `scores` gives its outputs before the softmax."""
    with torch.no_grad():
        found = [scores(batch).float().softmax(dim=1).cpu().numpy() for batch in pictures]
    return np.concatenate(found)


def torchvision_classifier(teacher: TorchvisionTeacher) -> torch.nn.Module:
    """The classifier with its weights, for use.

    Raises:
        InputError: no such model, or a file that is missing, damaged or of another network.
    """
    import torchvision.models
    from safetensors.torch import load_file

    path = Path(teacher.weights)
    try:
        network = torchvision.models.get_model(teacher.model, weights=None)
        state = load_file(path) if path.suffix == ".safetensors" else torch.load(path, "cpu", weights_only=True)
        network.load_state_dict(state)
    except Exception as error:
        raise InputError(f"teacher {teacher.model} with {path}: {' '.join(str(error).split())}") from error
    return network.eval().requires_grad_(False)
