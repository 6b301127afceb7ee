"""See, Hear and Read on real recordings, photos and captions, from a run of the world (see_hear_read, beyond Table 3).

    python -m benchmarks.real_senses esc10 --run see-hear-read-both
    python -m benchmarks.real_senses flickr8k --run see-hear-read-both

`esc10`: sounds of ESC-10 and photos of Caltech-101 and Scenes-15 of five classes, weak pairs by class; three times, one
ESC fold is left out with a third of the photos, and the network goes on learning from the rest. `flickr8k`: photos and
captions, its 250 training photos to learn from, the other 100 to find. Beside it the same network as it comes from the
world, and plain features (colours and gradients, statistics of a log-mel spectrogram, or which words there are) with
the linear methods. Data are looked for in $XMODAL_REALDATA; nothing of them is kept but in the workspace.
"""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro
from jaxtyping import Float
from scipy.stats import bootstrap

from benchmarks import plain_features
from xmodal import workspace as workspaces
from xmodal.data import load
from xmodal.data.catalog import Catalog
from xmodal.data.importing import ImportRequest, import_catalog
from xmodal.data.sample import Sample, Split
from xmodal.embeddings.unit_rows import unit_rows
from xmodal.evaluation.direction_scores import average_precision
from xmodal.evaluation.linear_baselines import fit_baselines
from xmodal.evaluation.linear_spaces import Linear, Pairs
from xmodal.evaluation.ranks import ranks_of
from xmodal.modality import Modality
from xmodal.recipes.changes import changed
from xmodal.recipes.embedder import Embedder, Medium, default_layer
from xmodal.recipes.embedders import open_embedder
from xmodal.recipes.launch import launch_next
from xmodal.recipes.networks import find_run, see_hear_read_recipe_of
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.trainings import run_training
from xmodal.runs.run import Run
from xmodal.seeding import stream
from xmodal.stats.standard import fit_standard
from xmodal.workspace import Workspace

IMAGE, SOUND, TEXT = Modality.IMAGE, Modality.SOUND, Modality.TEXT
PHOTOS: dict[str, tuple[str, ...]] = {
    "dog": ("caltech101/101_ObjectCategories/dalmatian",),
    "rooster": ("caltech101/101_ObjectCategories/rooster",),
    "helicopter": ("caltech101/101_ObjectCategories/helicopter",),
    "clock_tick": ("caltech101/101_ObjectCategories/watch",),
    "sea_waves": ("caltech101/101_ObjectCategories/ketch", "scenes15/coast"),
}
"""ESC-10 class -> folders with photos of it."""
PARTNERS = 4
"""Sounds that a training photo is paired with."""
FEW = Linear(weights=(1.0,), dims=(16,))
"""How linear methods are fitted where there is too little to choose by."""

Rows = Float[np.ndarray, "_items _dims"]


@dataclass(frozen=True)
class Found:
    """What the queries of one direction found."""

    ranks: Float[np.ndarray, "queries"]
    """Of the first right answer, from 1."""
    precision: Float[np.ndarray, "queries"]
    """Average precision."""


def found(similarities: Float[np.ndarray, "queries candidates"], right: np.ndarray) -> Found:
    """What is right is marked; ties count against the query."""
    order = np.argsort(-similarities, axis=1, kind="stable")
    sorted_right = np.take_along_axis(right, order, axis=1)
    precision = average_precision(sorted_right, np.take_along_axis(similarities, order, axis=1))
    best = np.where(right, similarities, -np.inf).argmax(axis=1)
    return Found(ranks_of(similarities, best).astype(float), precision)


def cosines(first: Rows, second: Rows) -> Rows:
    """Both sides at zero mean and unit variance over the items that compete, as `evaluate` has them (section 4.2)."""
    one, other = (unit_rows(fit_standard(each).transform(each).astype(np.float32)) for each in (first, second))
    return one @ other.T


class Table:
    """Rows, directions and what their queries found, fold by fold."""

    def __init__(self) -> None:
        self.parts: dict[tuple[str, str], list[Found]] = {}

    def add(self, row: str, way: tuple[Modality, Modality], similarities: Rows, right: np.ndarray) -> None:
        """Both directions of a matrix whose rows are of the first sense."""
        one, other = way
        for name, matrix, marks in (
            (f"{one} to {other}", similarities, right),
            (f"{other} to {one}", similarities.T, right.T),
        ):
            self.parts.setdefault((row, name), []).append(found(matrix, marks))

    def lines(self, seed: int = 0) -> Iterator[dict[str, object]]:
        """Each row and direction with 95 % bootstrap intervals over queries."""
        for (row, way), parts in self.parts.items():
            ranks = np.concatenate([part.ranks for part in parts])
            precision = np.concatenate([part.precision for part in parts])
            yield {
                "row": row, "direction": way, "queries": len(ranks),
                "median_rank": _with_interval(ranks, np.median, seed),
                "mean_average_precision": _with_interval(precision, np.mean, seed),
                "recall_at_10": _with_interval((ranks <= 10).astype(float), np.mean, seed),
            }  # fmt: skip


def _with_interval(values: np.ndarray, statistic: Callable[..., np.ndarray], seed: int) -> dict[str, float]:
    value = float(statistic(values))
    if (values == values[0]).all():
        return {"value": value, "low": value, "high": value}
    ends = bootstrap(
        (values,), statistic, n_resamples=2000, method="percentile", rng=stream(seed, "bootstrap")
    ).confidence_interval
    return {"value": value, "low": float(ends.low), "high": float(ends.high)}


def vectors(embedder: Embedder, sense: Modality, samples: Sequence[Sample]) -> Rows:
    """The last hidden layer of one medium of each sample."""
    inputs = [embedder.ready(sense, _medium(each, sense)) for each in samples]
    return embedder.vectors(sense, inputs, default_layer(embedder.recipe))


def _medium(sample: Sample, sense: Modality) -> Medium:
    if sense is SOUND:
        return load.waveform(sample, sense)
    return load.texts(sample)[0] if sense is TEXT else load.picture(sample, sense)


def esc10(run: Run, realdata: Path, here: Workspace, *, epochs: int, seed: int) -> Table:
    """Sounds and photos of five classes, each ESC fold left out once."""
    with (realdata / "esc10" / "meta" / "esc10.csv").open(newline="") as file:
        sounds = [(row["category"], int(row["fold"]), f"esc10/{row['filename']}") for row in csv.DictReader(file)]
    sounds = [each for each in sounds if each[0] in PHOTOS]
    photos = []
    for name, folders in PHOTOS.items():
        paths = sorted(path for folder in folders for path in (realdata / folder).iterdir())
        order = stream(seed, f"photos of {name}").permutation(len(paths))
        photos += [(name, 1 + place % 3, str(paths[each].relative_to(realdata))) for place, each in enumerate(order)]
    table = Table()
    for fold in (1, 2, 3):
        pairs = list(_weak_pairs(photos, sounds, fold, seed))
        catalog = _imported(f"esc10-photos-{fold}", pairs, realdata, here)
        train, test = ([each for each in catalog if each.split is split] for split in (Split.TRAIN, Split.TEST))
        recipe = changed(
            see_hear_read_recipe_of(run).on(catalog.name),
            [f"name=real-esc10-{fold}", f'pairs={json.dumps([_pair(run, SOUND)])}', 'teacher={"kind": "labels"}',
             'model.classes=[]', "validation.select.split=test", f"stages.0.epochs={epochs}", "stages.0.batch=20",
             "stages.0.optimiser.rate=0.0005", f"start={json.dumps(_start(run, 'pathways'))}", f"seed={seed}"],
        )  # fmt: skip
        _compare(table, SOUND, run, _trained(recipe, here), train, test)
    return table


def _weak_pairs(
    photos: Sequence[tuple[str, int, str]], sounds: Sequence[tuple[str, int, str]], fold: int, seed: int
) -> Iterator[dict[str, str]]:
    """Rows of a table: training photos with some sounds of their class, test photos and sounds each at least once."""
    random = stream(seed, f"pairs {fold}")
    for name in PHOTOS:
        for split, inside in (("train", False), ("test", True)):
            seen = [path for own, part, path in photos if own == name and (part == fold) is inside]
            heard = [path for own, part, path in sounds if own == name and (part == fold) is inside]
            if inside:
                count = max(len(seen), len(heard))
                chosen = [(seen[place % len(seen)], heard[place % len(heard)]) for place in range(count)]
            else:
                chosen = [
                    (each, str(other)) for each in seen for other in random.choice(heard, PARTNERS, replace=False)
                ]
            yield from ({"image": one, "sound": other, "label": name, "split": split} for one, other in chosen)


def flickr8k(run: Run, realdata: Path, here: Workspace, *, epochs: int, seed: int) -> Table:
    """Photos and captions: training photos to learn from, the others to find."""
    if not (here.catalogs / "flickr8k").is_dir():
        import_catalog(ImportRequest(realdata / "flickr8k"), here.catalogs / "flickr8k")
    catalog = here.catalog("flickr8k")
    both = [each for each in catalog if {IMAGE, TEXT} <= set(each.media)]
    train = [each for each in both if each.split is Split.TRAIN]
    test = [each for each in both if each.split is not Split.TRAIN]
    recipe = changed(
        see_hear_read_recipe_of(run).on("flickr8k"),
        ["name=real-flickr8k", f'pairs={json.dumps([_pair(run, TEXT)])}', "teacher=null", "stages.0.transfer=null",
         'stages.0.ranking=[{"kind": "ranking", "weight": 10.0}]', 'model.classes=[]', f"stages.0.epochs={epochs}",
         "stages.0.batch=50", "stages.0.optimiser.rate=0.001",
         f"start={json.dumps(_start(run, 'pathways.image'))}", f"seed={seed}"],
    )  # fmt: skip
    table = Table()
    _compare(table, TEXT, run, _trained(recipe, here), train, test)
    return table


def _pair(run: Run, sense: Modality) -> object:
    pairs = see_hear_read_recipe_of(run).pairs
    return next(pair for pair in pairs if pair.caption is sense).model_dump(mode="json")


def _start(run: Run, pathways: str) -> list[dict[str, object]]:
    return [{"run": run.name, "branches": [pathways, "hidden", "norms"]}]


def _imported(name: str, rows: Sequence[Mapping[str, str]], realdata: Path, here: Workspace) -> Catalog:
    folder = here.cache / "real" / name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "pairs.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    request = ImportRequest(folder, "folder_table", roots={"media": realdata})
    return import_catalog(request, here.catalogs / name)


def _trained(recipe: SeeHearReadRecipe, here: Workspace) -> Run:
    run = launch_next(recipe, here)
    for _ in run_training(run, here):
        pass
    return run


def _compare(
    table: Table, sense: Modality, world: Run, real: Run, train: Sequence[Sample], test: Sequence[Sample]
) -> None:
    """The network before and after, the linear methods on plain features, and chance, on the same test items."""
    photos, others = (_once(test, each) for each in (IMAGE, sense))
    if sense is SOUND:
        right = np.array([[one.scene == other.scene for other in photos] for one in others])
    else:
        right = np.eye(len(test), dtype=bool)
    way = (sense, IMAGE)
    for row, run in (("world run, as it is", world), ("world run, trained on", real)):
        embedder = open_embedder(run)
        table.add(row, way, cosines(vectors(embedder, sense, others), vectors(embedder, IMAGE, photos)), right)
    plain = plain_features.of_sound if sense is SOUND else plain_features.of_texts(train)
    classes = np.unique([each.scene or "" for each in train], return_inverse=True)[1]
    learned = Pairs(
        _rows(plain_features.of_picture, train),
        _rows(plain, train),
        classes.astype(np.int64) if sense is SOUND else None,
    )
    standard = {IMAGE: fit_standard(learned.pictures), sense: fit_standard(learned.others)}
    scaled = Pairs(
        standard[IMAGE].transform(learned.pictures), standard[sense].transform(learned.others), learned.classes
    )
    sides = {IMAGE: _rows(plain_features.of_picture, photos), sense: _rows(plain, others)}
    sides = {each: standard[each].transform(rows) for each, rows in sides.items()}
    for row, spaces in fit_baselines({sense: scaled}, FEW).spaces.items():
        space = next(iter(spaces.values()))
        table.add(f"plain, {row}", way, space.similarities((sense, sides[sense]), (IMAGE, sides[IMAGE])), right)
    table.add("chance", way, stream(0, "chance").random(right.shape), right)


def _once(samples: Sequence[Sample], sense: Modality) -> list[Sample]:
    """Samples of different media of that sense."""
    return list({repr(each.media[sense]): each for each in samples}.values())


def _rows(features: Callable[[Sample], np.ndarray], samples: Sequence[Sample]) -> Rows:
    return np.stack([features(each) for each in samples])


MEASURES = {"esc10": esc10, "flickr8k": flickr8k}


def main(data: tyro.conf.Positional[str], *, run: str = "see-hear-read-both", epochs: int = 20, seed: int = 0) -> int:
    """Go on training on real data, and compare.

    Args:
        data: esc10 or flickr8k.
        run: A run of the world to start from.
        epochs: Of the training on real data.
        seed: Of pairs, training and chance.
    """
    here = workspaces.current()
    here.prepare()
    realdata = Path(os.environ.get("XMODAL_REALDATA", Path(__file__).parents[1] / "../shared/realdata")).resolve()
    for line in MEASURES[data](find_run(run, here), realdata, here, epochs=epochs, seed=seed).lines():
        print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(tyro.cli(main))
