"""The networks of the product with few channels: every layer, kernel and stride is there, and a test takes moments."""

from xmodal.models.encoders.alexnet import AlexnetConfig
from xmodal.models.encoders.davenet import DavenetConfig
from xmodal.models.encoders.res_davenet import ResDavenetConfig
from xmodal.models.encoders.resnet import ResNetConfig
from xmodal.models.encoders.sentence_cnn import SentenceCnnConfig
from xmodal.models.encoders.sound_cnn import SoundCnnConfig
from xmodal.models.encoders.spectrogram_vector import SpectrogramLayer, SpectrogramVectorConfig
from xmodal.models.encoders.vgg16 import Vgg16Config
from xmodal.models.encoders.vgg16_vector import Vgg16VectorConfig
from xmodal.models.encoders.word_cnn import WordCnnConfig

DIM = 8

RESNET = ResNetConfig(depths=(1, 2, 1, 1), widths=(4, 4, 4, 4), dim=DIM)
SMALL_RESNET = ResNetConfig(block="basic", depths=(1, 1, 1, 1), widths=(4, 4, 4, 4), stem="small", dim=DIM)
VGG16 = Vgg16Config(channels=(4, 4, 4, 4, 4), dim=DIM)
VGG16_NORM = Vgg16Config(channels=(4, 4, 4, 4, 4), dim=DIM, batch_norm=True)
VGG16_VECTOR = Vgg16VectorConfig(channels=(4, 4, 4, 4, 4), hidden=16, cells=2, dim=DIM)
IMAGES = {
    "resnet": RESNET,
    "small_resnet": SMALL_RESNET,
    "vgg16": VGG16,
    "vgg16_norm": VGG16_NORM,
    "vgg16_vector": VGG16_VECTOR,
}

RES_DAVENET = ResDavenetConfig(widths=(4, 4, 4, 4, DIM))
RES_DAVENET_OURS = ResDavenetConfig(
    widths=(8, 8, 8, 8, 6), depths=(1, 2, 1, 1), strides=(2, 2, 2, 1), stem_pool=True, front_norm="absent",
    offset_db=40.0, scale_per_db=1 / 40, dim=DIM, mask_padding=True,
)  # fmt: skip
RES_DAVENET_CLIP = RES_DAVENET_OURS.model_copy(update={"front_norm": "clip"})
RES_DAVENET_HALVED = ResDavenetConfig(widths=(4, 4, 4, 4, DIM), stem_pool=True, front_norm="applied")
DAVENET = DavenetConfig(channels=(4, 4, 4, 4, DIM))
DAVENET_OURS = DavenetConfig(channels=(8, 8, 8, 8, 6), dim=DIM, mask_padding=True)
WORD_CNN = WordCnnConfig(vocabulary=20, word_dim=5, channels=7, dim=DIM)
SPECTROGRAM_VECTOR = SpectrogramVectorConfig(
    layers=(
        SpectrogramLayer(channels=6, frames=5),
        SpectrogramLayer(channels=6, frames=25),
        SpectrogramLayer(channels=DIM, frames=25, pool=False),
    )
)
CAPTIONS = {
    "res_davenet": RES_DAVENET,
    "res_davenet_ours": RES_DAVENET_OURS,
    "res_davenet_halved": RES_DAVENET_HALVED,
    "davenet": DAVENET,
    "davenet_ours": DAVENET_OURS,
    "word_cnn": WORD_CNN,
    "spectrogram_vector": SPECTROGRAM_VECTOR,
}

JOINT = 16

ALEXNET = AlexnetConfig(size_px=99, channels=(4, 4, 4, 4, 4))
SOUND_CNN = SoundCnnConfig(bands=9, frames=60, channels=(4, 6, 4), joint=JOINT)
SENTENCE_CNN = SentenceCnnConfig(words=6, word_dim=5, channels=(4, 6, 4), joint=JOINT)
PATHWAYS = {"alexnet": ALEXNET, "sound_cnn": SOUND_CNN, "sentence_cnn": SENTENCE_CNN}
