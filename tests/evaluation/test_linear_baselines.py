"""The linear rows of See, Hear and Read's Tables 1 and 2 on a small latent world, against naive ranks."""

from itertools import product

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.linear_model import Ridge

from xmodal.evaluation.linear_baselines import Baselines, fit_baselines
from xmodal.evaluation.linear_spaces import Chosen, Linear, Pairs, Space, cosines
from xmodal.modality import Modality
from xmodal.seeding import stream
from xmodal.stats.cca import fit_cca, normalised
from xmodal.stats.linear_map import LinearMap

IMAGE, SOUND, TEXT = Modality.IMAGE, Modality.SOUND, Modality.TEXT
SETUP = stream(0, "latent world")
MIXES = {sense: SETUP.standard_normal((8, dims)) for sense, dims in ((IMAGE, 30), (SOUND, 60), (TEXT, 20))}
CENTRES = 1.5 * SETUP.standard_normal((12, 8))
NOISE = {IMAGE: 0.5, SOUND: 2.0, TEXT: 1.0}


def world(count: int, name: str) -> tuple[dict[Modality, np.ndarray], np.ndarray]:
    """Features of each sense of the same items, and the items' classes; visual features are not negative."""
    random = stream(1, name)
    classes = random.integers(12, size=count)
    latent = CENTRES[classes] + random.standard_normal((count, 8))
    found = {
        sense: latent @ mix + NOISE[sense] * random.standard_normal((count, mix.shape[1]))
        for sense, mix in MIXES.items()
    }
    return found | {IMAGE: np.maximum(found[IMAGE] + 2.0, 0.0)}, classes


def pairs(sense: Modality, count: int, name: str, *, labelled: bool = True) -> Pairs:
    features, classes = world(count, f"{name} {sense}")
    return Pairs(features[IMAGE], features[sense], classes if labelled else None)


TRAIN = {sense: pairs(sense, 400, "training") for sense in (SOUND, TEXT)}
TEST, _ = world(200, "test")
LINEAR = Linear(weights=(0.1,), dims=(10,), components={SOUND: 25})


@pytest.fixture(scope="module")
def fitted() -> Baselines:
    return fit_baselines(TRAIN, LINEAR)


def naive_ranks(similarities: np.ndarray) -> list[int]:
    return [sum(score >= row[place] for score in row) for place, row in enumerate(similarities)]


def test_rows_and_directions(fitted: Baselines) -> None:
    for senses in ((IMAGE, SOUND), (IMAGE, TEXT), (SOUND, TEXT)):
        found = fitted.retrieved(senses, TEST[senses[0]], TEST[senses[1]], seed=0)
        rows = {"random", "linear-regression", "cluster-cca"}
        assert found.keys() == rows | ({"cca", "normalised-cca"} if IMAGE in senses else set())
        one, other = senses
        for row, ways in found.items():
            assert ways.keys() == {f"{one.value}_to_{other.value}", f"{other.value}_to_{one.value}"}
            for way in ways.values():
                assert (len(way.ranks), way.candidates) == (200, 200)
                assert (70 < way.median_rank < 130) if row == "random" else (way.median_rank < 5), (senses, row)
    assert fitted.chosen["cca"] == {SOUND: Chosen(0.1, 10), TEXT: Chosen(0.1, 10)}


def test_regression_as_scikit_learns_and_loops(fitted: Baselines) -> None:
    train = TRAIN[TEXT]
    prior = 0.1 * len(train.others) * train.others.var(axis=0).mean()
    guessed = Ridge(prior).fit(train.others, train.pictures).predict(TEST[TEXT])
    mean = train.pictures.mean(axis=0)
    wanted = 1.0 - cdist(TEST[IMAGE] - mean, guessed - mean, "cosine")
    found = fitted.retrieved((IMAGE, TEXT), TEST[IMAGE], TEST[TEXT], seed=0)["linear-regression"]
    assert found["image_to_text"].ranks.tolist() == naive_ranks(wanted)
    assert found["text_to_image"].ranks.tolist() == naive_ranks(wanted.T)


def test_cca_by_distance_and_normalised_by_cosine(fitted: Baselines) -> None:
    plain = fit_cca(TRAIN[TEXT].pictures, TRAIN[TEXT].others, dims=10, regularisation=0.1)
    found = fitted.retrieved((IMAGE, TEXT), TEST[IMAGE], TEST[TEXT], seed=0)
    scaled = normalised(plain)
    for row, wanted in (
        ("cca", -cdist(plain.first.transform(TEST[IMAGE]), plain.second.transform(TEST[TEXT]), "euclidean")),
        ("normalised-cca", -cdist(scaled.first.transform(TEST[IMAGE]), scaled.second.transform(TEST[TEXT]), "cosine")),
    ):
        assert found[row]["image_to_text"].ranks.tolist() == naive_ranks(wanted)
        assert found[row]["text_to_image"].ranks.tolist() == naive_ranks(wanted.T)


def test_sound_and_text_both_go_to_visual_features(fitted: Baselines) -> None:
    space = fitted.spaces["linear-regression"][SOUND, TEXT]
    for sense in (SOUND, TEXT):
        assert space.maps[sense] is fitted.spaces["linear-regression"][IMAGE, sense].maps[sense]
    assert {rows.shape for rows in space.vectors(TEST).values()} == {(200, 30)}
    assert space.vectors(TEST).keys() == {SOUND, TEXT}


def test_the_random_row_depends_on_the_seed_alone(fitted: Baselines) -> None:
    first, again, other = (
        fitted.retrieved((IMAGE, TEXT), TEST[IMAGE], TEST[TEXT], seed=seed)["random"]["image_to_text"].ranks.tolist()
        for seed in (4, 4, 5)
    )
    assert first == again != other


def test_weights_and_dims_are_chosen_on_validation_pairs() -> None:
    few = {sense: pairs(sense, 60, "few", labelled=False) for sense in (SOUND, TEXT)}
    held = {sense: pairs(sense, 150, "validation") for sense in (SOUND, TEXT)}
    weights, dims, components = (1e-6, 0.3, 1e6), (3, 10), {SOUND: 25}
    found = fit_baselines(few, Linear(weights, dims, components=components), validation=held)
    assert "cluster-cca" not in found.spaces, "no classes"
    for sense in (SOUND, TEXT):
        losses: dict[str, dict[Chosen, float]] = {}
        for weight, size in product(weights, dims):
            alone = fit_baselines({sense: few[sense]}, Linear((weight,), (size,), components=components))
            rows = alone.retrieved((IMAGE, sense), held[sense].pictures, held[sense].others, seed=0)
            for row, how in alone.chosen.items():
                losses.setdefault(row, {})[how[sense]] = sum(way.median_rank for way in rows[row].values())
        for row, of in losses.items():
            assert of[found.chosen[row][sense]] == min(of.values()), (sense, row)
        assert found.chosen["normalised-cca"][sense].weight == 0.3


def test_spaces_for_classifiers(fitted: Baselines) -> None:
    found = fitted.for_classifiers()
    vectors = {row: space.vectors(TEST).keys() for row, space in found.items()}
    assert vectors == {
        "linear-regression": {IMAGE, SOUND, TEXT}, "cca-sound": {IMAGE, SOUND}, "cca-text": {IMAGE, TEXT},
    }  # fmt: skip


def test_a_vector_without_length_is_orthogonal_to_all() -> None:
    assert cosines(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[4.0, 3.0]])).tolist() == [[0.0], [0.96]]
    flat = LinearMap(np.zeros(1), np.eye(1), np.zeros(1))
    near = Space({IMAGE: flat, TEXT: flat}, "euclidean")
    assert near.similarities((IMAGE, np.array([[1.0], [2.0]])), (TEXT, np.array([[4.0]]))).tolist() == [[-9.0], [-4.0]]


def test_refuses(fitted: Baselines) -> None:
    with pytest.raises(ValueError, match="30 choices and no validation pairs to choose by for: text"):
        fit_baselines({TEXT: TRAIN[TEXT]}, Linear())
    with pytest.raises(ValueError, match="other than pictures"):
        fit_baselines({IMAGE: TRAIN[TEXT]}, LINEAR)
    with pytest.raises(ValueError, match="nothing was fitted for text and sound"):
        fitted.retrieved((TEXT, SOUND), TEST[TEXT], TEST[SOUND], seed=0)
    with pytest.raises(ValueError, match="each query needs its own partner"):
        fitted.retrieved((IMAGE, TEXT), TEST[IMAGE], TEST[TEXT][:-1], seed=0)
    with pytest.raises(ValueError, match="20 features, fitted to 60"):
        fitted.retrieved((IMAGE, SOUND), TEST[IMAGE], TEST[TEXT], seed=0)
    with pytest.raises(ValueError, match="no vectors of text in this space; of: image, sound"):
        fitted.spaces["cca"][IMAGE, SOUND].similarities((IMAGE, TEST[IMAGE]), (TEXT, TEST[TEXT]))
    with pytest.raises(ValueError, match="each pair needs its own"):
        Pairs(TEST[IMAGE], TEST[TEXT], np.zeros(3, int))
    with pytest.raises(ValueError, match="needs its partner"):
        Pairs(TEST[IMAGE], TEST[TEXT][:-1])
