"""Networks of See, Hear and Read by name: the paper's at its size, and small ones that train on a CPU."""

from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.models.encoders.alexnet import AlexnetConfig
from xmodal.models.encoders.sentence_cnn import SentenceCnnConfig
from xmodal.models.encoders.sound_cnn import SoundCnnConfig
from xmodal.models.see_hear_read import SeeHearReadConfig

SEE_HEAR_READ = SeeHearReadConfig(
    pathways={Modality.IMAGE: AlexnetConfig(), Modality.SOUND: SoundCnnConfig(), Modality.TEXT: SentenceCnnConfig()}
)
"""58.6 million shared parameters. Its noise wants pixels of 0..255 less their mean: `Picture(std=(1 / 255,) * 3)`."""

COMPACT_ALEXNET = AlexnetConfig(
    size_px=96,
    channels=(32, 64, 96, 96, 64),
    first_kernel_px=7,
    first_stride_px=3,
    paddings=(2, 2, 1, 1, 1),
    batch_norm=True,
)
"""Maps of 8x8 cells and a pool5 of 4x4, from 96 px."""

COMPACT_SOUND = SoundCnnConfig(
    bands=129, frames=250, channels=(64, 96, 128), joint=COMPACT_ALEXNET.joint, batch_norm=True
)

COMPACT_SENTENCE = SentenceCnnConfig(
    word_dim=64, channels=(128, 128, 128), joint=COMPACT_ALEXNET.joint, batch_norm=True
)

COMPACT_SEE_HEAR_READ = SeeHearReadConfig(
    pathways={Modality.IMAGE: COMPACT_ALEXNET, Modality.SOUND: COMPACT_SOUND, Modality.TEXT: COMPACT_SENTENCE},
    hidden=(512, 512),
    initial="he_normal",
    batch_norm=True,
)
"""`with_classes` gives it the outputs of a teacher."""

COMPACT_ALL_SENSES = COMPACT_SEE_HEAR_READ.model_copy(
    update={
        "pathways": {
            **dict.fromkeys(PICTORIAL, COMPACT_ALEXNET),
            **dict.fromkeys(AUDIBLE, COMPACT_SOUND),
            Modality.TEXT: COMPACT_SENTENCE,
        }
    }
)
"""A pathway for each sense but video (ours): everything is paired with pictures alone."""

PAPER_SIZE: dict[str, SeeHearReadConfig] = {"see_hear_read": SEE_HEAR_READ}

COMPACT: dict[str, SeeHearReadConfig] = {
    "see_hear_read": COMPACT_SEE_HEAR_READ,
    "all_senses": COMPACT_ALL_SENSES,
}
"""For pictures of 96 px, 250 frames of 129 bands and 16 words, trained on two cores (ours)."""
