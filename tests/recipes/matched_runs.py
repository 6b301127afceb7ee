"""Runs that learned nothing: one for speech, one for ambient sound, one for words."""

from tests.recipes.fresh_run import fresh_run
from xmodal.features.words import Vocabulary
from xmodal.recipes.matched import Trained, opened
from xmodal.recipes.networks import VOCABULARY
from xmodal.workspace import Workspace

SPEECH = "matchmaps-tiny"
SOUND = "matchmaps-compact-natural-sounds-resnet-res-davenet"
WORDS = "matchmaps-compact-words-sisa-none"
RUNS = (SPEECH, SOUND, WORDS)


def listening(here: Workspace, recipe: str) -> Trained:
    """A fresh run of one of `RUNS`; the reader of words knows those of the tiny catalog."""
    run = fresh_run(here, recipe)
    if recipe == WORDS:
        words = Vocabulary(words=("a", "dog", "boat", "kettle", "owl", "bell", "near", "the", "outside"))
        (run.folder / VOCABULARY).write_text(words.model_dump_json())
    return opened(run)
