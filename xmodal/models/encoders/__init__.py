"""The networks that make one branch each: a frozen config beside its final class."""

from collections.abc import Callable
from typing import Any

from xmodal.models.encoders.alexnet import Alexnet, AlexnetConfig
from xmodal.models.encoders.contract import CaptionEncoder, ImageEncoder, PathwayEncoder
from xmodal.models.encoders.davenet import Davenet, DavenetConfig
from xmodal.models.encoders.res_davenet import ResDavenet, ResDavenetConfig
from xmodal.models.encoders.resnet import ResNet, ResNetConfig
from xmodal.models.encoders.sentence_cnn import SentenceCnn, SentenceCnnConfig
from xmodal.models.encoders.sound_cnn import SoundCnn, SoundCnnConfig
from xmodal.models.encoders.spectrogram_vector import SpectrogramVector, SpectrogramVectorConfig
from xmodal.models.encoders.vgg16 import Vgg16, Vgg16Config
from xmodal.models.encoders.vgg16_vector import Vgg16Vector, Vgg16VectorConfig
from xmodal.models.encoders.word_cnn import WordCnn, WordCnnConfig

ImageConfig = ResNetConfig | Vgg16Config | Vgg16VectorConfig
CaptionConfig = ResDavenetConfig | DavenetConfig | WordCnnConfig | SpectrogramVectorConfig
PathwayConfig = AlexnetConfig | SoundCnnConfig | SentenceCnnConfig

IMAGE_ENCODERS: dict[str, Callable[[Any], ImageEncoder]] = {
    "resnet": ResNet,
    "vgg16": Vgg16,
    "vgg16_vector": Vgg16Vector,
}
"""By the `kind` of the config, which pydantic has checked."""

CAPTION_ENCODERS: dict[str, Callable[[Any], CaptionEncoder]] = {
    "res_davenet": ResDavenet,
    "davenet": Davenet,
    "word_cnn": WordCnn,
    "spectrogram_vector": SpectrogramVector,
}

PATHWAY_ENCODERS: dict[str, Callable[[Any], PathwayEncoder]] = {
    "alexnet": Alexnet,
    "sound_cnn": SoundCnn,
    "sentence_cnn": SentenceCnn,
}
