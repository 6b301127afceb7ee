"""Short films of scenes."""

import numpy as np

from xmodal.data.world.compose import compose
from xmodal.data.world.image import render_image
from xmodal.data.world.scene import Scene
from xmodal.data.world.spec import WorldSpec
from xmodal.data.world.video import render_video

SPEC = WorldSpec(picture_noise=0.0)
SCENES = [compose(SPEC, index) for index in range(40)]


def moving(scene: Scene) -> bool:
    return any(abs(thing.speed) > 0.04 for thing in scene.things)


def test_frames_have_the_asked_number_and_size_and_come_out_the_same_twice() -> None:
    film = render_video(SCENES[0], SPEC, size_px=48, frame_rate_hz=4.0, duration_s=1.5)
    assert film.shape == (6, 48, 48, 3)
    assert film.dtype == np.uint8
    assert np.array_equal(film, render_video(SCENES[0], SPEC, size_px=48, frame_rate_hz=4.0, duration_s=1.5))


def test_the_first_frame_is_the_picture() -> None:
    for scene in SCENES[:6]:
        film = render_video(scene, SPEC, size_px=96, duration_s=0.25)
        picture = render_image(scene, SPEC, size_px=96)
        assert np.abs(film[0].astype(int) - picture).mean() < 4.0


def test_things_with_speed_move_and_neighbouring_frames_are_alike() -> None:
    scene = next(scene for scene in SCENES if moving(scene))
    film = render_video(scene, SPEC, size_px=96).astype(int)
    steps = np.abs(np.diff(film, axis=0)).mean(axis=(1, 2, 3))
    assert np.abs(film[-1] - film[0]).mean() > 1.0
    assert steps.max() < 15.0
    assert (steps > 0).all()


def test_noise_differs_from_frame_to_frame() -> None:
    still = next(scene for scene in SCENES if not moving(scene))
    film = render_video(still, WorldSpec(picture_noise=0.05), size_px=48, frame_rate_hz=8.0, duration_s=0.25)
    assert np.abs(film[1].astype(int) - film[0]).mean() > 5.0
