"""What an item sounds like: its sources in their intervals, the room or the open air, and the ambience below them."""

import numpy as np
from jaxtyping import Float

from xmodal.data.sample import SoundEvent
from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.kinds import KINDS
from xmodal.data.world.scene import DURATION_S, Interval, Scene, Thing, Unseen
from xmodal.data.world.sounds import SOUNDS
from xmodal.data.world.sounds.control import strike
from xmodal.data.world.sounds.spectra import curve, noise, ringing, shaped
from xmodal.data.world.sounds.synthesis import (
    sample_count,
)
from xmodal.data.world.spec import WorldSpec
from xmodal.seeding import stream

RATE_HZ = 22050
"""Sampling rate of every item's sound."""
PEAK = 0.9
"""Highest magnitude of an item; items that stay below keep their loudness."""
SOURCE_LEVEL = 0.2
"""Root mean square of the loud moments of a near source."""
FADE_S = 0.015
"""Fade at both ends of an interval."""
FAINTEST = 0.3
"""Gain at which distance stops to matter, so that every event can be heard."""
FAR_M = 20.0
"""Distance from which the air takes treble."""

REVERBERATION_S: dict[str, float] = {
    "kitchen": 0.5,
    "bedroom": 0.3,
    "living_room": 0.4,
    "bathroom": 0.9,
    "laundry": 0.7,
    "office": 0.4,
    "classroom": 0.6,
    "library": 0.8,
    "workshop": 0.7,
    "nursery": 0.35,
    "music_room": 0.6,
    "restaurant": 0.5,
}
"""Time in which the sound of each indoor category falls by 60 dB."""


def render_sound(scene: Scene, spec: WorldSpec) -> tuple[Float[np.ndarray, "samples"], tuple[SoundEvent, ...]]:
    """The item's sound (mono float32 at `RATE_HZ`, `DURATION_S` long, peak <= `PEAK`) and what is heard in it when.

    A pure function of the scene and of `spec.sound_snr_db`.
    """
    mix = np.zeros(sample_count(DURATION_S, RATE_HZ), dtype=np.float32)
    events: list[SoundEvent] = []
    for source in scene.sounding():
        for start_s, end_s in source.sounding:
            start = round(start_s * RATE_HZ)
            part = _event(scene, source, (start_s, end_s))[: len(mix) - start]
            mix[start : start + len(part)] += part
            events.append(SoundEvent(source.kind, start_s, end_s, seen=isinstance(source, Thing)))
    if CATEGORIES[scene.category].indoors and events:
        mix = _in_room(mix, scene)
    level = loud_level(mix) if events else SOURCE_LEVEL
    mix = mix + _ambience(scene) * np.float32(level * 10.0 ** (-spec.sound_snr_db / 20.0))
    mix = mix - mix.mean()
    peak = max(float(mix.max()), -float(mix.min()))
    if peak > PEAK:
        mix = mix * np.float32(PEAK / peak)
    return mix, tuple(sorted(events, key=lambda event: event.start_s))


def loud_level(signal: Float[np.ndarray, "samples"]) -> float:
    """Root mean square of the signal's loud moments: the 95th percentile over frames of 50 ms; sparse ticks count."""
    frame = sample_count(0.05, RATE_HZ)
    whole = len(signal) // frame * frame
    if whole == 0:
        return float(np.sqrt(np.mean(signal**2)))
    frames = signal[:whole].reshape(-1, frame)
    power = np.sort(np.einsum("ij,ij->i", frames, frames) / frame)
    return float(np.sqrt(power[int(0.95 * (len(power) - 1))]))


def _event(scene: Scene, source: Thing | Unseen, interval: Interval) -> np.ndarray:
    """One interval of one source as it arrives: the same individual has the same voice in each."""
    kind = KINDS[source.kind]
    if kind.sound is None:
        raise ValueError(f"kind {source.kind!r} makes no sound but has an interval {interval}")
    generator = stream([scene.seed, scene.index, source.individual], f"sound/{source.kind}")
    sound = SOUNDS[kind.sound](generator, duration_s=interval[1] - interval[0], rate_hz=RATE_HZ)
    sound = sound * np.float32(SOURCE_LEVEL / max(loud_level(sound), 0.05))
    fade = min(sample_count(FADE_S, RATE_HZ), len(sound) // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    sound[:fade] *= ramp
    sound[len(sound) - fade :] *= ramp[::-1]
    if source.distance_m > FAR_M:
        loss_db = min(24.0, 0.25 * (source.distance_m - FAR_M))
        sound = shaped(sound, RATE_HZ, curve((500.0, 0.0), (2000.0, -0.3 * loss_db), (10000.0, -loss_db)))
    # What is big is loud: a man fills 6 m around him, a train 12 m; beyond that the inverse law holds.
    near_m = 1.0 + 3.0 * kind.height_m
    return sound * np.float32(np.clip(near_m / source.distance_m, FAINTEST, 1.0))


def _in_room(mix: np.ndarray, scene: Scene) -> np.ndarray:
    """The mix with the reverberation of the scene's room: noise that decays, brighter in harder rooms."""
    fall_s = REVERBERATION_S[scene.category]
    generator = stream([scene.seed, scene.index], "sound/room")
    count = sample_count(0.7 * fall_s, RATE_HZ)
    tail = noise(generator, count, RATE_HZ, curve((100.0, -6.0), (500.0, 0.0), (6000.0, -14.0 + 10.0 * fall_s)))
    # 60 dB are ln(1000) = 6.9 time constants.
    tail = tail * strike(count, RATE_HZ, attack_s=0.004, decay_s=fall_s / 6.9)
    kernel = tail * np.float32(0.8 * fall_s**0.5 * generator.uniform(0.5, 1.0) / np.sqrt(np.dot(tail, tail)))
    kernel[0] += 1.0
    return ringing(mix, kernel)


def _ambience(scene: Scene) -> np.ndarray:
    """The background of place, weather and hour, each part as loud as the others; loud moments at level 1."""
    category = CATEGORIES[scene.category]
    keys = list(category.ambience)
    if scene.weather in ("rain", "wind"):
        keys.append(scene.weather)
    elif scene.daylight == "night" and not category.indoors and scene.category != "snowfield":
        keys.append("crickets")
    total = np.zeros(sample_count(DURATION_S, RATE_HZ), dtype=np.float32)
    for key in dict.fromkeys(keys):
        generator = stream([scene.seed, scene.index], f"sound/ambience/{key}")
        part = SOUNDS[key](generator, duration_s=DURATION_S, rate_hz=RATE_HZ)
        total += part / np.float32(max(loud_level(part), 1e-6))
    return total / np.float32(max(loud_level(total), 1e-6))
