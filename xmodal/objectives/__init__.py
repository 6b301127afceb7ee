"""Losses on the similarities of a batch, by name."""

from collections.abc import Mapping

from xmodal.objectives.contract import Objective
from xmodal.objectives.info_nce import InfoNce
from xmodal.objectives.ranking import Ranking
from xmodal.objectives.sampled_margin import SampledMargin
from xmodal.objectives.semi_hard import SemiHard

OBJECTIVES: Mapping[str, type[Objective]] = {
    "sampled_margin": SampledMargin,
    "semi_hard": SemiHard,
    "info_nce": InfoNce,
    "ranking": Ranking,
}
"""Every objective by its `kind`."""
