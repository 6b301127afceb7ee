"""Zero-shot classifier transfer: trained in one sense's vectors, tested in another's (see_hear_read section 4.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped

from xmodal.modality import Modality
from xmodal.stats.linear_svm import PENALTIES, LinearSvm, fit_linear_svm
from xmodal.stats.standard import Standard, fit_standard


@dataclass(frozen=True)
class Labelled:
    """Vectors of one sense in a common space, with what each item is."""

    vectors: Float[np.ndarray, "_items _dims"]
    classes: Shaped[np.ndarray, "_items"]
    """Numbers or words."""


@dataclass(frozen=True)
class Transfers:
    """Accuracies for all pairs of a training and a test sense."""

    accuracy: Mapping[tuple[Modality, Modality], float | None]
    """(trained in, tested in) -> share of test items whose class was named; None: the space has no vectors of one of
    them (a dash in Table 3)."""
    penalties: Mapping[Modality, float]
    """Trained in -> the C that cross-validation chose."""
    items: Mapping[Modality, int]
    """Tested in -> test items."""
    classes: int
    """Of the training items; 1 / classes is chance where the test items are balanced."""

    def measures(self) -> dict[str, dict[str, float]]:
        """As the tables have them, like `image_to_sound`; dashes are left out."""
        return {
            f"{train.value}_to_{test.value}": {
                "accuracy": accuracy, "chance_accuracy": 1 / self.classes, "items": float(self.items[test]),
            }
            for (train, test), accuracy in self.accuracy.items()
            if accuracy is not None
        }  # fmt: skip


def classifier_transfer(
    senses: Sequence[Modality],
    train: Mapping[Modality, Labelled],
    test: Mapping[Modality, Labelled],
    *,
    penalties: Sequence[float] = PENALTIES,
    standardised: bool = True,
    seed: int = 0,
) -> Transfers:
    """A one-vs-all linear SVM for each sense, its penalty from two-fold cross-validation, tested in every sense.

    Labels of a training sense are used in that sense alone. Ours (the paper does not say how Table 3 is scaled): each
    sense's vectors are brought to zero mean and unit variance over its own training vectors, as section 4.2 does for
    retrieval; for that, a test sense needs training vectors too, but none of their labels, so no label crosses over.

    Args:
        senses: rows and columns of the table.
        train: sense -> training vectors; senses that the space does not have are missing.
        test: sense -> test vectors.
        penalties: C to choose from.
        standardised: False: vectors are compared as they are.
        seed: of the folds.

    Raises:
        ValueError: vectors of different dimensions; a test item of a class that no training item has; what the SVM
            refuses, such as one class only.
    """
    there = [sense for sense in senses if sense in train]
    scales = {sense: fit_standard(train[sense].vectors) for sense in there} if standardised else {}
    machines = {
        sense: fit_linear_svm(
            _scaled(train[sense], scales.get(sense)), train[sense].classes, penalties=penalties, seed=seed
        )
        for sense in there
    }
    accuracy: dict[tuple[Modality, Modality], float | None] = {
        (one, other): _accuracy(machines[one], test[other], scales.get(other))
        if one in machines and other in test and (other in scales or not standardised)
        else None
        for one in senses
        for other in senses
    }
    chosen = {sense: machine.penalty for sense, machine in machines.items()}
    items = {sense: len(each.classes) for sense, each in test.items()}
    return Transfers(accuracy, chosen, items, max((len(each.classes) for each in machines.values()), default=0))


def _scaled(items: Labelled, scale: Standard | None) -> Float[np.ndarray, "_items _dims"]:
    return items.vectors if scale is None else scale.transform(items.vectors)


def _accuracy(machine: LinearSvm, items: Labelled, scale: Standard | None) -> float:
    unknown = np.setdiff1d(items.classes, machine.classes)
    if len(unknown):
        raise ValueError(f"class {unknown[0]} is tested and no training item has it")
    if len(items.vectors) != len(items.classes):
        raise ValueError(f"{len(items.vectors)} vectors and {len(items.classes)} classes: each needs its own")
    return float(np.mean(machine.predict(_scaled(items, scale)) == items.classes))
