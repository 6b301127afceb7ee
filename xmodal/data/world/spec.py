"""The settings of a world: what makes its items easy or hard."""

from pydantic import BaseModel, ConfigDict, Field, model_validator

from xmodal.data.world.categories import CATEGORIES

WORLD_VERSION = 1
"""Part of every id and digest. Changing what any renderer draws means a new version, and retraining what ships."""


class WorldSpec(BaseModel):
    """Settings of the procedural world; item i is a pure function of (spec, i)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = Field(default=0, ge=0, lt=2**32)
    """Which world. Items of different seeds share nothing."""
    scenes: tuple[str, ...] = ()
    """Which scene categories occur (keys of `categories.CATEGORIES`); empty: all."""
    objects_min: int = Field(default=3, ge=1, le=12)
    """Fewest visible objects."""
    objects_max: int = Field(default=7, ge=1, le=12)
    """Most visible objects."""
    clutter: float = Field(default=0.35, ge=0.0, le=1.0)
    """Chance that an object comes from outside the category's usual ones."""
    occlusion: float = Field(default=0.5, ge=0.0, le=1.0)
    """Chance that an item has one object deliberately placed behind another."""
    picture_noise: float = Field(default=0.015, ge=0.0, le=0.2)
    """Standard deviation of the sensor noise, fraction of full scale."""
    speech_snr_db: float = Field(default=25.0, ge=0.0, le=60.0)
    """Level of the speech over its background noise."""
    sound_snr_db: float = Field(default=14.0, ge=-10.0, le=60.0)
    """Level of the sources over the scene's ambience."""
    words_min: int = Field(default=12, ge=1, le=25)
    """Fewest words of a caption."""
    words_max: int = Field(default=25, ge=4, le=40)
    """Most words of a caption, reached where the scene's own nouns leave room: captions of 2 to 7 words name one or
    two things, which is where learning to hear words begins."""
    voices: int = Field(default=16, ge=1, le=16)
    """How many of the voices speak."""
    unseen: float = Field(default=0.35, ge=0.0, le=1.0)
    """Chance that something is heard that is not in the picture."""

    @model_validator(mode="after")
    def _ordered(self) -> "WorldSpec":
        if self.objects_min > self.objects_max:
            raise ValueError(f"objects_min {self.objects_min} is more than objects_max {self.objects_max}")
        unknown = sorted(set(self.scenes) - set(CATEGORIES))
        if unknown:
            raise ValueError(f"there is no scene category {unknown[0]!r}; known: {', '.join(CATEGORIES)}")
        if self.words_min > self.words_max:
            raise ValueError(f"words_min {self.words_min} is more than words_max {self.words_max}")
        return self
