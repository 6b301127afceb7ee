"""The class ids of the world's label maps: one for every object kind, then one for every kind of stuff."""

from xmodal.data.world.kinds import KINDS

STUFF: tuple[str, ...] = (
    "wall", "floor", "ceiling", "curtain", "cupboard", "rug",
    "sky", "sea", "lake", "stream", "sand", "quay", "grass", "field", "snow", "soil",
    "road", "pavement", "runway", "platform", "rails", "gravel", "pitch", "stands",
    "hill", "mountain", "cliff", "trunk", "foliage", "hedge", "building", "roof", "scaffold",
)  # fmt: skip
"""What backdrops are made of."""

LABELS: dict[str, int] = {name: number for number, name in enumerate((*KINDS, *STUFF), start=1)}
"""Class id of every kind and every stuff, all below 256; 0 is unlabelled."""

LABEL_NAMES: dict[int, str] = {number: name for name, number in LABELS.items()}
"""The inverse of `LABELS`."""
