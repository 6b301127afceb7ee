"""`analyse concepts|clusters`: what the command line says becomes one question."""

from pathlib import Path

import pytest

from tests.cli.running import Commands
from xmodal.data.sample import Split
from xmodal.errors import InputError
from xmodal.progress import Progress
from xmodal.recipes import discover
from xmodal.recipes.discover import Answer, Question
from xmodal.workspace import Workspace


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    found: list[Question] = []

    def note(question: Question, here: Workspace, progress: Progress | None = None) -> Answer:
        del here, progress
        found.append(question)
        raise InputError("enough")

    monkeypatch.setattr(discover, "answer", note)
    return found


@pytest.mark.parametrize("kind", ["concepts", "clusters"])
def test_both_ask_about_pairs_in_the_same_words(xmodal: Commands, asked: list[Question], kind: str) -> None:
    shown = xmodal("analyse", kind, "a-run", "--data", "mine", "--n", "33", "--split", "TEST", "--epoch", "4", "--json")
    assert (shown.code, shown.err) == (2, "error: enough\n")
    xmodal("analyse", kind, "a-run")
    assert {question.kind for question in asked} == {kind}
    assert [question.run for question in asked] == ["a-run", "a-run"]
    assert [(each.data, each.pairs, each.split, each.epoch) for each in asked] == [
        ("mine", 33, Split.TEST, 4),
        ("world:seed=1000", 200, None, None),
    ]


def test_each_has_options_of_its_own(xmodal: Commands, asked: list[Question]) -> None:
    xmodal("analyse", "clusters", "a-run", "--threshold", "score:400", "--count", "9")
    xmodal("analyse", "concepts", "a-run", "--wordnet", "nouns.tsv")
    clusters, concepts = asked
    assert (clusters.clustering.clusters, clusters.clustering.segmentation.threshold.value) == (9, 400.0)
    assert concepts.wordnet == Path("nouns.tsv")
