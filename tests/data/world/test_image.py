"""Pictures, label maps and the layout that they share."""

import numpy as np
import pytest
from PIL import Image

from xmodal.data.sample import LabelMap
from xmodal.data.world.backdrops import BACKDROPS
from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.compose import compose
from xmodal.data.world.image import render_image, render_image_and_labels, render_label_map
from xmodal.data.world.kinds import KINDS
from xmodal.data.world.labels import LABELS, STUFF
from xmodal.data.world.layout import place, visible_fraction
from xmodal.data.world.material import MATERIAL_OF
from xmodal.data.world.scene import Scene
from xmodal.data.world.spec import WorldSpec

SPEC = WorldSpec()
SCENES = [compose(SPEC, index) for index in range(60)]


def of_each_category() -> list[Scene]:
    found: dict[str, Scene] = {}
    index = 0
    while len(found) < len(CATEGORIES):
        scene = compose(SPEC, index)
        found.setdefault(scene.category, scene)
        index += 1
    return [found[name] for name in CATEGORIES]


def test_every_kind_has_a_material_and_every_category_a_painter() -> None:
    assert set(MATERIAL_OF) == set(KINDS)
    assert set(BACKDROPS) == {category.backdrop for category in CATEGORIES.values()}


def test_label_ids_fit_a_byte_and_are_distinct() -> None:
    assert sorted(LABELS.values()) == list(range(1, len(KINDS) + len(STUFF) + 1))
    assert max(LABELS.values()) < 256


@pytest.mark.parametrize("scene", of_each_category(), ids=lambda scene: scene.category)
def test_a_picture_of_each_category_has_light_and_shade_and_is_labelled_everywhere(scene: Scene) -> None:
    picture, truth = render_image_and_labels(scene, SPEC, size_px=96)
    assert picture.shape == (96, 96, 3)
    assert picture.std() > 12
    assert 40 < picture.mean() < 215
    assert (truth.labels > 0).all()
    assert set(np.unique(truth.labels)) == set(truth.names)


def test_rendering_twice_gives_the_same_bytes_and_seeds_matter() -> None:
    scene = SCENES[0]
    first = render_image(scene, SPEC, size_px=64)
    assert np.array_equal(first, render_image(scene, SPEC, size_px=64))
    other = render_image(compose(WorldSpec(seed=1), 0), SPEC, size_px=64)
    assert not np.array_equal(first, other)


def test_labels_of_the_pair_equal_labels_alone() -> None:
    for scene in SCENES[:6]:
        picture, both = render_image_and_labels(scene, SPEC, size_px=64)
        alone = render_label_map(scene, size_px=64)
        assert np.array_equal(both.labels, alone.labels)
        assert np.array_equal(both.instances, alone.instances)
        assert np.array_equal(picture, render_image(scene, SPEC, size_px=64))


Pair = tuple[np.ndarray, LabelMap]


@pytest.fixture(scope="module")
def small_and_large() -> list[tuple[Pair, Pair]]:
    """Noiseless pictures and label maps of 24 scenes at 128 px and at 512 px."""
    quiet = WorldSpec(picture_noise=0.0)
    small, large = (
        [render_image_and_labels(scene, quiet, size_px=size_px) for scene in SCENES[:24]] for size_px in (128, 512)
    )
    return list(zip(small, large, strict=True))


def test_every_size_shows_the_same_picture(small_and_large: list[tuple[Pair, Pair]]) -> None:
    errors = []
    for (small, _), (large, _) in small_and_large:
        shrunk = np.asarray(Image.fromarray(large).reduce(4))
        errors.append(np.abs(shrunk.astype(int) - small).mean())
    assert np.mean(errors) < 6.0
    assert max(errors) < 12.0


def test_masks_of_large_things_agree_between_sizes(small_and_large: list[tuple[Pair, Pair]]) -> None:
    overlaps = []
    for (_, fine), (_, finer) in small_and_large:
        small, large = fine.instances, finer.instances[2::4, 2::4]
        for number in np.unique(small)[1:]:
            one, two = small == number, large == number
            if one.sum() > 400:
                overlaps.append((one & two).sum() / (one | two).sum())
    assert len(overlaps) > 20
    assert min(overlaps) > 0.85


def test_instances_lie_in_their_boxes_and_carry_their_kinds_label() -> None:
    for scene in SCENES[:12]:
        truth = render_label_map(scene, size_px=128)
        assert truth.instance_names == tuple(thing.kind for thing in scene.things)
        for index, (thing, box) in enumerate(zip(scene.things, place(scene), strict=True)):
            rows, cols = np.nonzero(truth.instances == 1 + index)
            if rows.size == 0:
                continue
            assert cols.min() >= np.floor(128 * box.left)
            assert cols.max() < np.ceil(128 * box.right)
            assert rows.min() >= np.floor(128 * box.top)
            assert rows.max() < np.ceil(128 * box.bottom)
            assert (truth.labels[rows, cols] == LABELS[thing.kind]).all()


def test_visible_fraction_agrees_with_the_masks() -> None:
    for scene in SCENES[:12]:
        shares = visible_fraction(scene)
        assert all(0.0 <= share <= 1.0 for share in shares)
        nearest = place(scene)[-1]
        inside = nearest.left >= 0 and nearest.right <= 1 and nearest.top >= 0 and nearest.bottom <= 1
        if inside and nearest.height * nearest.width > 0.02:
            assert shares[-1] > 0.9


def test_three_of_ten_items_have_a_partly_hidden_thing() -> None:
    scenes = [compose(SPEC, index) for index in range(200)]
    partly = [any(0.2 <= share <= 0.8 for share in visible_fraction(scene)) for scene in scenes]
    assert np.mean(partly) >= 0.3


def test_noise_is_as_strong_as_asked() -> None:
    scene = SCENES[1]
    clean = render_image(scene, WorldSpec(picture_noise=0.0), size_px=128).astype(float)
    noisy = render_image(scene, WorldSpec(picture_noise=0.03), size_px=128).astype(float)
    middle = (clean > 30) & (clean < 225)
    assert (noisy - clean)[middle].std() == pytest.approx(0.03 * 255, rel=0.15)
