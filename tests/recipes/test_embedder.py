"""One query -> one vector: of every kind that a run takes, and a clear answer to every other."""

from pathlib import Path

import numpy as np
import pytest

from tests.recipes.fresh_run import fresh_run
from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.recipes.matched_runs import SPEECH, WORDS, listening
from tests.recipes.shrunk import shrunk
from xmodal.data.sample import Waveform
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.embedder import Embedder, Medium, default_layer, senses_of, why_not, width_of
from xmodal.recipes.embedders import open_embedder
from xmodal.recipes.launch import launch_next
from xmodal.recipes.networks import recipe_of
from xmodal.runs.run import RunError
from xmodal.workspace import Workspace

RATE_HZ = 16_000
TONE = Waveform((0.3 * np.sin(np.arange(RATE_HZ) * 0.3)).astype(np.float32), RATE_HZ)
PICTURE = np.random.default_rng(0).integers(0, 255, (120, 90, 3), dtype=np.uint8)
MEDIA: dict[Modality, Medium] = {
    Modality.IMAGE: PICTURE,
    Modality.SOUND: TONE,
    Modality.SPEECH: TONE,
    Modality.TEXT: "A dog near the boat.",
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def senses(here: Workspace) -> Embedder:
    return open_embedder(fresh_sense_run(here))


@pytest.fixture(scope="module")
def matchmaps(here: Workspace) -> tuple[Embedder, Embedder]:
    return open_embedder(fresh_run(here, SPEECH)), open_embedder(listening(here, WORDS).run)


def _embeds(embedder: Embedder) -> None:
    for layer in embedder.layers:
        for sense in embedder.senses:
            ready = [embedder.ready(sense, MEDIA[sense])]
            found = embedder.vectors(sense, ready, layer)
            assert found.shape == (1, width_of(embedder.recipe, layer))
            assert found.any()
            np.testing.assert_allclose(embedder.vectors(sense, ready * 3, layer), found.repeat(3, 0), atol=1e-5)


def test_a_vector_of_every_sense_at_every_layer(senses: Embedder) -> None:
    assert senses.senses == (Modality.IMAGE, Modality.SOUND, Modality.TEXT)
    assert senses.layers == ("joint", "hidden1", "hidden2", "scores")
    assert default_layer(senses.recipe) == "hidden2"
    _embeds(senses)


def test_runs_with_matchmaps_embed_too(matchmaps: tuple[Embedder, Embedder]) -> None:
    speech, words = matchmaps
    assert (speech.senses, words.senses) == (
        (Modality.IMAGE, Modality.SPEECH),
        (Modality.IMAGE, Modality.TEXT),
    )
    _embeds(speech)
    _embeds(words)


def test_captions_of_several_lengths_are_not_padded(matchmaps: tuple[Embedder, Embedder]) -> None:
    speech, _ = matchmaps
    clips = [Waveform(TONE.samples[: RATE_HZ // part], RATE_HZ) for part in (1, 3, 1, 2)]
    ready = [speech.ready(Modality.SPEECH, clip) for clip in clips]
    alone = [speech.vectors(Modality.SPEECH, [each], "pooled")[0] for each in ready]
    np.testing.assert_allclose(speech.vectors(Modality.SPEECH, ready, "pooled"), np.stack(alone), atol=1e-5)


@pytest.mark.parametrize("samples", [1, 3, 200])
def test_the_shortest_sounds(senses: Embedder, matchmaps: tuple[Embedder, Embedder], samples: int) -> None:
    click = Waveform(np.linspace(0.5, 1.0, samples, dtype=np.float32), RATE_HZ)
    for embedder, sense in ((senses, Modality.SOUND), (matchmaps[0], Modality.SPEECH)):
        found = embedder.vectors(sense, [embedder.ready(sense, click)], default_layer(embedder.recipe))
        assert np.isfinite(found).all()


@pytest.mark.parametrize(
    ("sense", "medium", "said"),
    [
        (Modality.TEXT, "  ?!", "the text is empty"),
        (Modality.TEXT, "Xyzzy, the plugh", "knows none of these words: xyzzy, plugh"),
        (Modality.SOUND, Waveform(np.zeros(RATE_HZ, np.float32), RATE_HZ), "the recording is silent: there is nothing"),
        (Modality.SOUND, Waveform(np.zeros(0, np.float32), RATE_HZ), "silent"),
        (Modality.SOUND, Waveform(np.full(9, np.nan, np.float32), RATE_HZ), "not finite"),
        (Modality.SOUND, Waveform(np.ones(700 * 4000, np.float32), 4000), "12 min long: cut it"),
        (Modality.SOUND, PICTURE, "sound is asked for with a recording, not with a picture"),
        (Modality.IMAGE, "a dog", "image is asked for with a picture, not with a text"),
        (Modality.IMAGE, np.zeros((1, 1, 3), np.uint8), "the picture is 1 x 1 pixels"),
        (Modality.IMAGE, np.zeros((900, 2, 3), np.uint8), "the picture is 2 x 900 pixels"),
        (Modality.SPEECH, TONE, "takes no speech: it was trained on image, sound and text"),
        (Modality.VIDEO, TONE, "takes no video: ask with one of its frames or with its sound"),
    ],
)
def test_what_cannot_be_asked_with_is_named(senses: Embedder, sense: Modality, medium: Medium, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("?", r"\?")):
        senses.ready(sense, medium)


def test_silence_where_the_network_listens(senses: Embedder) -> None:
    """A long recording is heard in its middle alone."""
    samples = np.zeros(10 * RATE_HZ, np.float32)
    samples[:RATE_HZ] = TONE.samples
    with pytest.raises(InputError, match="silent in the 1 s at its middle that are heard"):
        senses.ready(Modality.SOUND, Waveform(samples, RATE_HZ))


def test_unknown_words_are_named_and_the_others_count(senses: Embedder, matchmaps: tuple[Embedder, Embedder]) -> None:
    assert senses.unknown_words("The dog, a zebra and the zebra's boat") == ("zebra", "zebra's")
    assert matchmaps[1].unknown_words("The dog and a zebra") == ("and", "zebra")
    with pytest.raises(InputError, match="none of these words: zebra"):
        matchmaps[1].ready(Modality.TEXT, "zebra")
    with_unknown, without = (senses.ready(Modality.TEXT, text) for text in ("dog zebra boat", "dog boat"))
    assert (with_unknown.tensor == without.tensor).all()


def test_a_run_that_learned_labels_alone_is_refused(here: Workspace) -> None:
    here.prepare()
    run = launch_next(shrunk(MATCHMAPS["matchmaps-compact-labels-resnet-res-davenet"]), here)
    recipe = recipe_of(run)
    assert senses_of(recipe) == ()
    assert "share no space" in why_not(recipe, Modality.IMAGE)
    with pytest.raises(RunError, match="share no space"):
        open_embedder(run)


def test_lost_words_are_named(tmp_path: Path) -> None:
    run = fresh_sense_run(Workspace(tmp_path))
    (run.folder / "words" / "vectors.json").unlink()
    with pytest.raises(InputError, match="word vectors cannot be read"):
        open_embedder(run)
