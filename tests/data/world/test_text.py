"""Captions and descriptions are English, informative, and true in the latent scene."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.compose import compose
from xmodal.data.world.facts import Fact, Relation
from xmodal.data.world.grammar import COUNTS, nouns, plural
from xmodal.data.world.kinds import COLOUR_RGB, KINDS
from xmodal.data.world.scene import Scene
from xmodal.data.world.spec import WorldSpec
from xmodal.data.world.text import DESCRIPTION_WORDS, Caption, render_description, render_text

SPEC = WorldSpec(seed=3)
SCENES = [compose(SPEC, index) for index in range(500)]
CAPTIONS = [render_text(scene, SPEC) for scene in SCENES]
DESCRIPTIONS = [render_description(scene, SPEC) for scene in SCENES]
BOTH = list(zip(SCENES, CAPTIONS, strict=True)) + list(zip(SCENES, DESCRIPTIONS, strict=True))

NOUNS = {form for kind in KINDS.values() for noun in kind.words for form in (noun, plural(noun))}
ACTIONS = {action for kind in KINDS.values() for action in kind.action}
SIDE_WORDS = {"left": "left", "right": "right", "middle": "middle", "centre": "middle"}


def named(caption: Caption) -> dict[int, list[int | None]]:
    """Word index -> the things it names."""
    found: dict[int, list[int | None]] = {}
    for mention in caption.mentions:
        found.setdefault(mention.word_index, []).append(mention.thing)
    return found


def parse(caption: Caption) -> list[tuple[int, Fact]]:
    """Read the claims off the words alone, given which words name things."""
    words, written = caption.words, caption.text.split()
    heads = sorted(named(caption))
    kinds = {mention.word_index: mention.kind for mention in caption.mentions}
    claims = []
    for place, head in enumerate(heads):
        start = determiner(words, head)
        end = next((i for i in range(head, len(words)) if written[i][-1] in ",."), len(words) - 1)
        end = min(end, determiner(words, heads[place + 1]) - 1 if place + 1 < len(heads) else end)
        before, after = list(words[start:head]), list(words[head + 1 : end + 1])
        colours = [word for word in before if word in COLOUR_RGB]
        colours += [two for one, two in pairwise(after) if one == "in" and two in COLOUR_RGB][:1]
        verbs = [word for word in before + after if word in ACTIONS and word in KINDS[kinds[head]].action]
        claims.append(
            (
                head,
                Fact(
                    kind=kinds[head],
                    colour=colours[0] if colours else None,
                    count=COUNTS.index(words[start]) if words[start] in COUNTS else 1,
                    side=side_after(after),
                    sounding=bool(verbs),
                    seen=named(caption)[head] != [None],
                ),
            )
        )
    return claims


def determiner(words: tuple[str, ...], head: int) -> int:
    """Where the noun phrase of that head begins."""
    return next(index for index in range(head, -1, -1) if words[index] in ("a", "an", *COUNTS[2:]))


def side_after(after: list[str]) -> str | None:
    """The side that is claimed after a noun; "left of" is a relation, not a side."""
    for index, word in enumerate(after):
        if word in SIDE_WORDS and after[index + 1 : index + 2] != ["of"] and after[index - 1] == "the":
            return SIDE_WORDS[word]
    return None


def holds(scene: Scene, fact: Fact) -> bool:
    """Whether a claim is true, from its definition."""
    if not fact.seen:
        return any(source.kind == fact.kind for source in scene.unseen)
    things = [t for t in scene.things if t.kind == fact.kind and fact.colour in (None, t.colour)]
    sides = {"left": lambda x: x < 0.4, "right": lambda x: x > 0.6, "middle": lambda x: 0.4 < x < 0.6}
    return (
        len(things) == fact.count
        and (fact.side is None or all(sides[fact.side](thing.x) for thing in things))
        and (not fact.sounding or all(thing.sounding for thing in things))
    )


@pytest.mark.parametrize("bounds,captions", [((12, 25), CAPTIONS), (DESCRIPTION_WORDS, DESCRIPTIONS)])
def test_length_and_spelling(bounds: tuple[int, int], captions: list[Caption]) -> None:
    for caption in captions:
        assert bounds[0] <= len(caption.words) <= bounds[1], caption.text
        assert caption.text[0].isupper() and caption.text.endswith(".") and "  " not in caption.text
        assert all(word.isalpha() and word.isascii() for word in caption.words), caption.text
        assert len(caption.words) == len(caption.text.split())


def test_captions_are_one_sentence_and_descriptions_two_to_four() -> None:
    assert {caption.text.count(".") for caption in CAPTIONS} == {1}
    assert {caption.text.count(".") for caption in DESCRIPTIONS} == {2, 3, 4}


def test_captions_mention_three_to_five_things() -> None:
    for caption in CAPTIONS:
        assert 3 <= len({mention.thing for mention in caption.mentions} - {None}) <= 5, caption.text


def test_mentions_name_the_right_things() -> None:
    for scene, caption in BOTH:
        for index, things in named(caption).items():
            word = caption.words[index]
            for mention in (one for one in caption.mentions if one.word_index == index):
                if mention.thing is not None:
                    assert scene.things[mention.thing].kind == mention.kind
                synonyms = KINDS[mention.kind].words
                assert word in (synonyms if len(things) == 1 else [plural(one) for one in synonyms]), caption.text


def test_nothing_else_is_the_name_of_a_thing() -> None:
    for _, caption in BOTH:
        others = {word for index, word in enumerate(caption.words) if index not in named(caption)}
        assert not others & NOUNS, caption.text


def test_claims_read_off_the_words_are_true_and_are_the_facts() -> None:
    for scene, caption in BOTH:
        read = parse(caption)
        for index, claim in read:
            assert holds(scene, claim), (caption.text, claim)
            assert len(named(caption)[index]) == claim.count
        assert Counter(claim for _, claim in read) == Counter(caption.facts), caption.text
        assert all(holds(scene, fact) for fact in caption.facts)


def test_every_colour_word_belongs_to_a_noun() -> None:
    for _, caption in BOTH:
        said = sum(word in COLOUR_RGB for word in caption.words)
        assert said == sum(fact.colour is not None for fact in caption.facts), caption.text


def test_place_time_and_weather_are_true_and_said() -> None:
    for scene, caption in BOTH:
        assert caption.category in (None, scene.category)
        assert caption.daylight in (None, scene.daylight)
        assert caption.weather in (None, scene.weather)
        text = " ".join(caption.words)
        if caption.category:
            assert any(name in text for name in CATEGORIES[scene.category].words), caption.text
        if caption.weather:
            signs = {"clear": ("clear", "dry"), "wind": ("wind", "windy"), "rain": ("rain", "rainy")}[scene.weather]
            assert any(sign in caption.words for sign in signs)
        if scene.daylight != "day":
            assert not {"day", "daytime", "daylight"} & set(caption.words)
        if CATEGORIES[scene.category].indoors:
            assert not {"rain", "wind", "sky", "weather"} & set(caption.words)


def true_relation(scene: Scene, relation: Relation) -> bool:
    """The weakest thing that each relation must mean."""
    one, two = scene.things[relation.first], scene.things[relation.second]
    feet = [scene.camera.row(thing.distance_m, thing.lift_m) for thing in (one, two)]
    return {
        "left of": one.x < two.x,
        "right of": one.x > two.x,
        "in front of": one.distance_m < two.distance_m and feet[0] > feet[1],
        "behind": one.distance_m > two.distance_m and feet[0] < feet[1],
        "next to": abs(one.x - two.x) < 0.3,
        "on": one.lift_m > two.lift_m and abs(one.distance_m - two.distance_m) < 1.0,
        "above": feet[0] < feet[1] and one.lift_m > 0.0,
        "under": feet[0] > feet[1] and two.lift_m > 0.0,
    }[relation.name]


def test_relations_are_true_and_varied() -> None:
    seen: Counter[str] = Counter()
    for scene, caption in BOTH:
        for relation in caption.relations:
            assert true_relation(scene, relation), caption.text
            assert relation.name.split()[0] in caption.words or relation.name in ("above", "under", "next to")
            seen[relation.name] += 1
    assert set(seen) == {"left of", "right of", "in front of", "behind", "next to", "on", "above", "under"}


def test_descriptions_avoid_the_name_of_the_place() -> None:
    for scene, description in zip(SCENES, DESCRIPTIONS, strict=True):
        names = {word for name in CATEGORIES[scene.category].words for word in name.split()}
        assert description.category is None
        assert not any(name in word for name in names for word in description.words), description.text


def test_every_kind_has_a_noun_beside_every_category_and_in_every_number() -> None:
    for category in CATEGORIES.values():
        avoid = frozenset(word for name in category.words for word in name.split())
        for kind in KINDS:
            for count in (1, 2):
                assert nouns(kind, count, avoid), (kind, category.words)


@pytest.mark.parametrize(
    "singular,expected",
    [("sheep", "sheep"), ("child", "children"), ("woman", "women"), ("bus", "buses"), ("bench", "benches"),
     ("bookshelf", "bookshelves"), ("baby", "babies"), ("lorry", "lorries"), ("boy", "boys"), ("piano", "pianos")],
)  # fmt: skip
def test_plurals(singular: str, expected: str) -> None:
    assert plural(singular) == expected


def test_variety() -> None:
    assert len({caption.text for caption in CAPTIONS}) == len(CAPTIONS)
    assert len({tuple(caption.words[:2]) for caption in CAPTIONS}) > 60
    assert 0.5 < np.mean([caption.category is not None for caption in CAPTIONS]) < 0.95
    for share, low in (
        (np.mean([any(fact.sounding for fact in caption.facts) for caption in CAPTIONS]), 0.6),
        (np.mean([any(fact.count > 1 for fact in caption.facts) for caption in CAPTIONS]), 0.1),
        (np.mean([any(fact.side for fact in caption.facts) for caption in CAPTIONS]), 0.5),
        (np.mean([any(not fact.seen for fact in caption.facts) for caption in CAPTIONS]), 0.02),
    ):
        assert share > low


def test_poor_and_rich_scenes_have_captions_too() -> None:
    for spec in (WorldSpec(objects_min=1, objects_max=1, unseen=0.0), WorldSpec(objects_min=7, objects_max=7)):
        for index in range(40):
            scene = compose(spec, index)
            for render, bounds in ((render_text, (12, 25)), (render_description, DESCRIPTION_WORDS)):
                assert bounds[0] <= len(render(scene, spec).words) <= bounds[1]


def test_deterministic_and_seeded() -> None:
    assert render_text(SCENES[0], SPEC) == CAPTIONS[0]
    assert render_description(SCENES[0], SPEC) == DESCRIPTIONS[0]
    other = replace(SCENES[0], index=10_000)
    assert render_text(other, SPEC).text != CAPTIONS[0].text


def test_facts_find_the_scene_among_a_thousand() -> None:
    """Rank scenes by the number of claims that hold of them: captions must identify their scene."""
    spec = WorldSpec()
    scenes = [compose(spec, index) for index in range(1000)]
    ranks = []
    for index in range(0, 1000, 20):
        caption = render_text(scenes[index], spec)
        scores = np.array([agreement(scene, caption) for scene in scenes])
        ranks.append(int((scores >= scores[index]).sum()))
    assert np.median(ranks) <= 2
    assert np.mean(np.array(ranks) <= 10) >= 0.95


def agreement(scene: Scene, caption: Caption) -> float:
    """Number of claims that hold, a kind alone counting for half."""
    score = sum(holds(scene, fact) + 0.5 * any(t.kind == fact.kind for t in scene.things) for fact in caption.facts)
    return score + (caption.category == scene.category) + (caption.weather == scene.weather)


def test_short_captions_name_one_or_two_things_for_recipes_that_start_easy() -> None:
    easy = WorldSpec(seed=3, objects_min=1, objects_max=1, words_min=2, words_max=7, unseen=0.0)
    captions = [render_text(compose(easy, index), easy) for index in range(60)]
    assert all(caption.mentions for caption in captions)
    assert sum(len(caption.words) for caption in captions) / len(captions) < 8
    assert max(len(caption.words) for caption in captions) <= 12
