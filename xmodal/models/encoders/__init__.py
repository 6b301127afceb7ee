"""The networks that make one branch each: a frozen config beside its final class."""

from collections.abc import Callable
from typing import Any

from xmodal.models.encoders.contract import CaptionEncoder, ImageEncoder
from xmodal.models.encoders.res_davenet import ResDavenet, ResDavenetConfig
from xmodal.models.encoders.resnet import ResNet, ResNetConfig

ImageConfig = ResNetConfig
CaptionConfig = ResDavenetConfig

IMAGE_ENCODERS: dict[str, Callable[[Any], ImageEncoder]] = {"resnet": ResNet}
"""By the `kind` of the config, which pydantic has checked."""

CAPTION_ENCODERS: dict[str, Callable[[Any], CaptionEncoder]] = {"res_davenet": ResDavenet}
