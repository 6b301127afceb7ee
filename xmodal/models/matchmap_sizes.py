"""Networks by name: the papers' pairs at their size, and small ones that train on a CPU."""

from xmodal.models.encoders.davenet import DavenetConfig
from xmodal.models.encoders.res_davenet import ResDavenetConfig
from xmodal.models.encoders.resnet import RESNET50, ResNetConfig
from xmodal.models.encoders.spectrogram_vector import SPECTROGRAM_2017, SpectrogramLayer, SpectrogramVectorConfig
from xmodal.models.encoders.vgg16 import Vgg16Config
from xmodal.models.encoders.vgg16_vector import Vgg16VectorConfig
from xmodal.models.encoders.word_cnn import WordCnnConfig
from xmodal.models.matchmaps import MatchmapConfig

VGG_DAVENET = MatchmapConfig(image=Vgg16Config(), caption=DavenetConfig())
"""Table 1's first row: 14x14 cells from 224 px."""

RESNET_RES_DAVENET = MatchmapConfig(image=RESNET50, caption=ResDavenetConfig())
"""Tables 1 and 2, all other rows: 7x7 cells from 224 px."""

RESNET_WORDS = MatchmapConfig(image=RESNET50, caption=WordCnnConfig())
"""Table 3. Set `caption.vocabulary` to the data's."""

BASELINE_2016 = MatchmapConfig(image=Vgg16VectorConfig(), caption=SpectrogramVectorConfig())
"""Table 2, Harwath et al. 2016."""

BASELINE_2017 = MatchmapConfig(image=Vgg16VectorConfig(), caption=SpectrogramVectorConfig(layers=SPECTROGRAM_2017))
"""Table 2, Harwath and Glass 2017."""

COMPACT_RESNET = ResNetConfig(
    block="basic", depths=(1, 1, 1, 1), widths=(16, 32, 64, 96), stem="small", dim=128, strides=(2, 2, 2, 1)
)
"""6x6 cells from 96 px, 8x8 from 128 px; `first_stride=1` gives 8x8 from 64 px."""

COMPACT_RES_DAVENET = ResDavenetConfig(
    widths=(24, 24, 48, 64, 96),
    depths=(1, 1, 1, 1),
    strides=(2, 2, 2, 1),
    stem_pool=True,
    front_norm="absent",
    offset_db=40.0,
    scale_per_db=1 / 40,
    dim=128,
    mask_padding=True,
)
"""A frame every 160 ms, as the released network."""

COMPACT_RESNET_RES_DAVENET = MatchmapConfig(image=COMPACT_RESNET, caption=COMPACT_RES_DAVENET)

COMPACT_VGG = Vgg16Config(channels=(16, 24, 48, 64, 96), depths=(1, 1, 1, 1, 1), batch_norm=True, dim=128)

COMPACT_VGG_DAVENET = MatchmapConfig(
    image=COMPACT_VGG,
    caption=DavenetConfig(channels=(24, 24, 48, 64, 128), dim=128, mask_padding=True),
)

COMPACT_RESNET_WORDS = MatchmapConfig(
    image=COMPACT_RESNET, caption=WordCnnConfig(vocabulary=4096, word_dim=64, channels=128, dim=128)
)

COMPACT_BASELINE_2016 = MatchmapConfig(
    image=Vgg16VectorConfig(
        channels=COMPACT_VGG.channels,
        depths=COMPACT_VGG.depths,
        batch_norm=COMPACT_VGG.batch_norm,
        cells=3,
        hidden=512,
        dim=COMPACT_VGG.dim,
    ),
    caption=SpectrogramVectorConfig(
        layers=(
            SpectrogramLayer(channels=24, frames=5),
            SpectrogramLayer(channels=32, frames=25),
            SpectrogramLayer(channels=128, frames=25, pool=False),
        )
    ),
)

COMPACT_BASELINE_2017 = MatchmapConfig(
    image=COMPACT_BASELINE_2016.image,
    caption=SpectrogramVectorConfig(
        layers=(
            SpectrogramLayer(channels=32, frames=1, pool=False),
            SpectrogramLayer(channels=32, frames=11),
            SpectrogramLayer(channels=48, frames=17),
            SpectrogramLayer(channels=64, frames=17),
            SpectrogramLayer(channels=128, frames=17),
        )
    ),
)

PAPER_SIZE: dict[str, MatchmapConfig] = {
    "vgg_davenet": VGG_DAVENET,
    "resnet_res_davenet": RESNET_RES_DAVENET,
    "resnet_words": RESNET_WORDS,
    "baseline_2016": BASELINE_2016,
    "baseline_2017": BASELINE_2017,
}

COMPACT: dict[str, MatchmapConfig] = {
    "vgg_davenet": COMPACT_VGG_DAVENET,
    "resnet_res_davenet": COMPACT_RESNET_RES_DAVENET,
    "resnet_words": COMPACT_RESNET_WORDS,
    "baseline_2016": COMPACT_BASELINE_2016,
    "baseline_2017": COMPACT_BASELINE_2017,
}
"""The same pairs for pictures of 96 px, trained in minutes on two cores (ours)."""
