"""Krizhevsky's network up to pool5, flattened: the pathway of everything that is seen (see_hear_read 3.4)."""

from typing import Literal, final

from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, PositiveInt, model_validator
from torch import Tensor, nn
from torch.nn import functional

from xmodal.models.encoders.contract import PathwayEncoder
from xmodal.models.encoders.geometry import Window, through

_LATER_KERNELS_PX = (5, 3, 3, 3)
"""Of convolutions 2 to 5, with stride 1."""
_GROUPED = (False, True, False, True, True)
"""Which convolutions see only their group of channels."""
_POOL, _POOL_STRIDE = 3, 2
_POOLED = (0, 1, 4)
"""Convolutions that a max pool follows, counted from 0; the last is pool5."""


class AlexnetConfig(BaseModel):
    """Defaults: the paper's size, 9216 features of 227 px.

    Pools round up as in Caffe; at 227 px nothing depends on it, at 224 px only so there are 6 x 6 cells. torchvision's
    network of the same name is another one (64/192/384/256/256, no groups, no response norm).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["alexnet"] = "alexnet"
    size_px: PositiveInt = 227
    """Rows and columns of the pictures."""
    channels: tuple[PositiveInt, PositiveInt, PositiveInt, PositiveInt, PositiveInt] = (96, 256, 384, 384, 256)
    """Channels of the five convolutions."""
    first_kernel_px: PositiveInt = 11
    """Side of the first convolution's kernel; the others have 5, 3, 3, 3."""
    first_stride_px: PositiveInt = 4
    """Its stride; the others have 1."""
    paddings: tuple[int, int, int, int, int] = (0, 2, 1, 1, 1)
    """Zeros around the input of each convolution."""
    groups: PositiveInt = 2
    """In how many groups of channels convolutions 2, 4 and 5 are cut (Krizhevsky's two GPUs)."""
    order: Literal["pool_first", "norm_first"] = "pool_first"
    """What follows convolutions 1 and 2: ReLU, pool, response norm, as in Caffe's reference network, and so our choice
    for a paper that was trained in Caffe; or ReLU, response norm, pool, as Krizhevsky's text has it."""
    batch_norm: bool = False
    """Ours, for compact widths: batch norm behind every convolution in place of the two response norms."""

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Of one picture: channels, rows, columns."""
        return (3, self.size_px, self.size_px)

    @property
    def joint(self) -> int:
        """Length of the flattened pool5."""
        return self.channels[-1] * self.cells**2

    @property
    def cells(self) -> int:
        """Rows and columns of pool5; 0 for pictures that are too small."""
        cells = self.size_px
        for index, window in enumerate(convolution_windows(self)):
            cells = (cells + 2 * window.padding - window.kernel) // window.stride + 1
            if index in _POOLED and cells > 0:
                cells = max(0, -(-(cells - _POOL) // _POOL_STRIDE) + 1)
            if cells < 1:
                return 0
        return cells

    @model_validator(mode="after")
    def _makes_a_network(self) -> "AlexnetConfig":
        if min(self.paddings) < 0:
            raise ValueError("a padding is 0 or more")
        widths = (3, *self.channels)
        for index, grouped in enumerate(_GROUPED):
            if grouped and (widths[index] % self.groups or widths[index + 1] % self.groups):
                raise ValueError(f"channels of convolution {index + 1} cannot be cut in {self.groups} groups")
        if self.cells < 1:
            raise ValueError(f"pictures of {self.size_px} px leave nothing behind the last pool")
        return self


@final
class Alexnet(PathwayEncoder):
    """Convolutions, ReLUs, response norms and pools."""

    def __init__(self, config: AlexnetConfig) -> None:
        super().__init__()
        self.config = config
        self.dim = config.joint
        windows = convolution_windows(config)
        pool = Window(_POOL, _POOL_STRIDE)
        self.geometry = through([windows[0], pool, windows[1], pool, *windows[2:]])
        self.convolutions = nn.ModuleList(
            nn.Conv2d(
                inputs,
                outputs,
                window.kernel,
                window.stride,
                window.padding,
                groups=config.groups if grouped else 1,
                bias=not config.batch_norm,
            )
            for inputs, outputs, window, grouped in zip(
                (3, *config.channels), config.channels, windows, _GROUPED, strict=False
            )
        )
        self.norms = nn.ModuleList(
            nn.BatchNorm2d(width) if config.batch_norm else nn.Identity() for width in config.channels
        )

    def maps(
        self, batch: Float[Tensor, "items 3 rows cols"], lengths: Int[Tensor, "items"] | None = None
    ) -> Float[Tensor, "items channels map_rows map_cols"]:
        """conv5 of normalised pictures; see `PathwayEncoder.maps`."""
        del lengths  # a picture has no padding
        features = batch
        for index, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            features = norm(convolution(features)).relu()
            if index in _POOLED[:2]:
                features = self._reduced(features)
        return features

    def vector(self, maps: Float[Tensor, "items channels map_rows map_cols"]) -> Float[Tensor, "items joint"]:
        """pool5, flattened: all cells of channel 0, then of channel 1, as Caffe stores them."""
        return _pooled(maps).flatten(1)

    def _reduced(self, features: Tensor) -> Tensor:
        """Pool and response norm, in the order that the config says."""
        if self.config.batch_norm:
            return _pooled(features)
        if self.config.order == "pool_first":
            return _response_norm(_pooled(features))
        return _pooled(_response_norm(features))


def convolution_windows(config: AlexnetConfig) -> list[Window]:
    """The five convolutions along one axis."""
    first = Window(config.first_kernel_px, config.first_stride_px, config.paddings[0])
    later = zip(_LATER_KERNELS_PX, config.paddings[1:], strict=True)
    return [first, *(Window(kernel, 1, padding) for kernel, padding in later)]


def _pooled(features: Tensor) -> Tensor:
    return functional.max_pool2d(features, _POOL, _POOL_STRIDE, ceil_mode=True)


def _response_norm(features: Tensor) -> Tensor:
    """Over 5 neighbouring channels, with Caffe's offset 1 and its alpha over their mean square.

    Krizhevsky's text has offset 2 and alpha over their sum.
    """
    return functional.local_response_norm(features, size=5, alpha=1e-4, beta=0.75, k=1.0)
