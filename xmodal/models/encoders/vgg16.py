"""VGG16 up to conv5, without its last pool, and a linear 3x3 convolution (matchmaps 4.1)."""

from typing import Literal, final

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, PositiveInt
from torch import Tensor, nn
from torchvision.models.vgg import make_layers

from xmodal.models.encoders.contract import ImageEncoder
from xmodal.models.encoders.geometry import Geometry, Window, through
from xmodal.models.encoders.weights import he_normal, linear_uniform

Five = tuple[PositiveInt, PositiveInt, PositiveInt, PositiveInt, PositiveInt]


class Vgg16Config(BaseModel):
    """Five blocks of 3x3 convolutions with 2x2 max pools between them: stride 16. Defaults: configuration D."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["vgg16"] = "vgg16"
    channels: Five = (64, 128, 256, 512, 512)
    """Channels of each block."""
    depths: Five = (2, 2, 3, 3, 3)
    """Convolutions of each block."""
    batch_norm: bool = False
    """Batch norm after every convolution; the paper's network has none (training from nothing needs it at our size)."""
    dim: PositiveInt = 1024
    """Features at each cell of the map; both branches need as many."""

    @property
    def map_dim(self) -> int:
        """Length of the vector at each cell."""
        return self.dim


@final
class Vgg16(ImageEncoder):
    """Modules are numbered as in the released checkpoints, where the projection is the last of `image_model`."""

    def __init__(self, config: Vgg16Config) -> None:
        super().__init__()
        self.dim = config.dim
        self.geometry = through([*block_windows(config.depths)[:-1], Window(3, 1, 1)])
        layers = list(vgg_layers(config.channels, config.depths, batch_norm=config.batch_norm).children())[:-1]
        self.image_model = nn.Sequential(*layers, nn.Conv2d(config.channels[-1], config.dim, 3, padding=1))

    def initialise(self, generator: torch.Generator) -> None:
        """He normal over the fan out, as torchvision's; the projection as the released code leaves it."""
        he_normal(self, generator, mode="fan_out")
        projection = self.image_model[-1]
        assert isinstance(projection, nn.Conv2d)
        linear_uniform(projection, generator)

    def forward(self, pictures: Float[Tensor, "items 3 rows cols"]) -> Float[Tensor, "items dim map_rows map_cols"]:
        """Maps of normalised pictures; signed, no non-linearity at the end."""
        return self.image_model(pictures)


def vgg_layers(channels: Five, depths: Five, *, batch_norm: bool) -> nn.Sequential:
    """Convolutions, ReLUs and a max pool after each block, numbered as torchvision's `features`."""
    plan: list[str | int] = []
    for width, depth in zip(channels, depths, strict=True):
        plan += [width] * depth + ["M"]
    return make_layers(plan, batch_norm=batch_norm)


def block_windows(depths: Five) -> list[Window]:
    """Every convolution and pool along one axis, the last pool included."""
    return [window for depth in depths for window in [Window(3, 1, 1)] * depth + [Window(2, 2, 0)]]


def block_geometry(depths: Five) -> Geometry:
    """Of the whole stack of blocks, the last pool included."""
    return through(block_windows(depths))
