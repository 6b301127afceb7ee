"""The choice of what a text says, and its clauses: what is listed, what is related, what is heard.

A clause carries its words and its claims together, so that nothing is claimed that is not said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xmodal.data.world import grammar
from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.facts import Group, Relation, groups, relations, unseen_groups
from xmodal.data.world.grammar import Said, Tokens, be, comma, noun_phrase, pick, placed_phrase, plain, series
from xmodal.data.world.kinds import KINDS
from xmodal.data.world.scene import Scene


@dataclass(frozen=True)
class Plan:
    """What one text is to say."""

    scene: Scene
    generator: np.random.Generator
    detail: float
    """How much to say, about 0 to 2, usually 1."""
    said: tuple[Said, ...]
    category: str | None
    daylight: str | None
    weather: str | None


@dataclass(frozen=True)
class Clause:
    """Some words of a text and what they claim."""

    tokens: Tokens
    said: tuple[Said, ...] = ()
    relations: tuple[Relation, ...] = ()


def plan_text(
    scene: Scene,
    generator: np.random.Generator,
    weights: tuple[float, ...],
    detail: float,
    avoid: frozenset[str] = frozenset(),
) -> Plan:
    """Draw what a text is to say, given `facts.prominences` and the words that no noun may hold."""
    unseen = unseen_groups(scene)[:1] if generator.random() < 0.4 else ()
    chosen = _choose(groups(scene, weights, generator), generator, detail - 1.0 * len(unseen))
    said = [_say(group, generator, avoid) for group in chosen]
    for group in unseen:
        action = pick(generator, KINDS[group.kind].action)
        said.append(replace(_say(group, generator, avoid), action=action, attributive=False))
    outdoors = not CATEGORIES[scene.category].indoors
    return Plan(
        scene=scene,
        generator=generator,
        detail=detail,
        said=tuple(said),
        category=scene.category if generator.random() < 0.8 else None,
        daylight=scene.daylight if generator.random() < 0.3 * detail else None,
        weather=scene.weather if outdoors and generator.random() < 0.35 * detail else None,
    )


def circumstances(plan: Plan) -> tuple[str, ...]:
    """Phrases for time of day and weather, as far as they are said."""
    return grammar.time_and_weather(plan.daylight, plan.weather, plan.scene.daylight == "day", plan.generator)


def _choose(found: tuple[Group, ...], generator: np.random.Generator, detail: float) -> list[Group]:
    """Groups of 3 to 5 things in all (to 7 at most detail), preferring prominent and sounding ones."""
    ranked = sorted(found, key=lambda group: -(group.prominence + 0.12 * group.sounding + 0.15 * generator.random()))
    most = 5 if detail <= 1.3 else 7
    wanted = 3 + max(0, int(generator.random() * detail * (most - 2.01)))
    chosen: list[Group] = []
    for group in ranked:
        total = sum(member.count for member in chosen)
        if total < wanted and (total + group.count <= most or total < 3):
            chosen.append(group)
    return chosen


def _say(group: Group, generator: np.random.Generator, avoid: frozenset[str]) -> Said:
    """The wording for one group: synonym, and which of its attributes are said."""
    options = grammar.nouns(group.kind, group.count, avoid)
    action = pick(generator, KINDS[group.kind].action) if group.sounding and generator.random() < 0.75 else None
    return Said(
        group=group,
        noun=options[0] if generator.random() < 0.6 else pick(generator, options),
        colour=group.colour is not None and (group.colour_needed or generator.random() < 0.92),
        side=group.side is not None and generator.random() < 0.7,
        action=action,
        attributive=action is not None and grammar.may_precede_noun(group.kind) and generator.random() < 0.45,
    )


def _relation(plan: Plan, options: Sequence[Said]) -> tuple[Said, str, Said] | None:
    """A pair of single things and a relation that holds of them, the most telling one of a random pair."""
    single = [said for said in options if len(said.group.things) == 1]
    order = plan.generator.permutation(len(single)) if len(single) > 1 else ()
    for place, index in enumerate(order):
        for other in order[place + 1 :]:
            one, two = single[int(index)], single[int(other)]
            found = relations(plan.scene, one.group.things[0], two.group.things[0])
            if found and (one.group.kind != two.group.kind or (one.colour and two.colour)):
                return one, found[0], two
    return None


_RELATION_WORDS = {
    "on": ("on", "on top of"),
    "above": ("above", "over"),
    "under": ("under", "below"),
    "in front of": ("in front of",),
    "behind": ("behind",),
    "next to": ("next to", "beside"),
    "left of": ("to the left of", "left of"),
    "right of": ("to the right of", "right of"),
}
_OPENERS = ("there {be}", "I can see", "you can see", "we have", "I see", "here {be}", "we can see")


def _listing(plan: Plan, listed: Sequence[Said], opener: str | None = None) -> Clause:
    """E.g. "there is a red chair on the left, a brown dog and a table"."""
    words = opener if opener is not None else pick(plan.generator, _OPENERS)
    head = plain(words.format(be=be(listed[0].group.count)))
    return Clause(head + series([placed_phrase(said, plan.generator) for said in listed]), tuple(listed))


def _related(plan: Plan, pair: tuple[Said, str, Said], opener: str) -> Clause:
    """E.g. "a brown dog is behind the table", or with an opener "there is a brown dog behind a table"."""
    one, name, two = replace(pair[0], side=False), pair[1], replace(pair[2], side=False)
    link = pick(plan.generator, _RELATION_WORDS[name])
    verb = "" if opener else be(one.group.count)
    tokens = plain(opener) + noun_phrase(one) + plain(f"{verb} {link}") + noun_phrase(two)
    return Clause(tokens, (one, two), (Relation(one.group.things[0], name, two.group.things[0]),))


def _heard(plan: Plan, said: Said) -> Clause:
    """E.g. "a brown dog is barking on the left" or "you can hear a dog barking"."""
    said = replace(said, attributive=False)
    who, action = grammar.sounding_phrase(said), said.action or ""
    side = plain(pick(plan.generator, grammar.SIDES[said.group.side])) if said.side and said.group.side else ()
    hear = plain(pick(plan.generator, ("you can hear", "I hear", "I can hear", "we hear")))
    if not said.group.things:
        away = pick(plan.generator, ("somewhere", "out of sight", "in the background"))
        return Clause(hear + who + plain(f"{action} {away}"), (said,))
    if plan.generator.random() < 0.45:
        return Clause(hear + who + plain(action) + side, (said,))
    return Clause(who + plain(f"{be(said.group.count)} {action}") + side, (said,))


def _apart(plan: Plan, listed_at_least: int = 0) -> tuple[list[Said], list[Said]]:
    """Who gets a clause for its sound, and everybody else."""
    heard = [said for said in plan.said if (said.action and not said.attributive) or not said.group.things]
    rest = [said for said in plan.said if said not in heard]
    while len(rest) < listed_at_least and len(heard) > 1 and heard[0].group.things:
        rest.append(replace(heard.pop(0), action=None))
    return heard, rest


def clauses_of(plan: Plan, *, related: float, listed_at_least: int) -> list[Clause]:
    """Every group in exactly one clause (heard, related or listed), in random order."""
    heard, rest = _apart(plan, listed_at_least)
    pair = _relation(plan, rest) if plan.generator.random() < related else None
    clauses: list[Clause] = []
    if pair:
        rest = [said for said in rest if said is not pair[0] and said is not pair[2]]
        clauses.append(_related(plan, pair, pick(plan.generator, ("", "", "there is", "I can see"))))
    if rest:
        clauses.append(_listing(plan, rest))
    clauses += [_heard(plan, said) for said in heard]
    return [clauses[int(index)] for index in plan.generator.permutation(len(clauses))]


def join(plan: Plan, clauses: Sequence[Clause]) -> Clause:
    """One sentence out of several clauses."""
    tokens = clauses[0].tokens
    for clause in clauses[1:]:
        tokens = comma(tokens) + plain(pick(plan.generator, ("and", "and", "while", "and also"))) + clause.tokens
    return Clause(
        tokens,
        tuple(said for clause in clauses for said in clause.said),
        tuple(relation for clause in clauses for relation in clause.relations),
    )


def introduced(plan: Plan, place: str) -> Clause:
    """E.g. "this is a kitchen with a red table and two chairs, and a kettle is whistling"."""
    heard, rest = _apart(plan)
    opener = pick(plan.generator, ("this is {}", "here is {}", "this shows {}", "{}", "it is {}")).format(place)
    first = _listing(plan, rest, f"{opener} with") if rest else Clause(plain(opener))
    return join(plan, [first, *(_heard(plan, said) for said in heard)])


def setting(plan: Plan) -> Clause:
    """E.g. "it is outdoors at night in the rain"."""
    where = "indoors" if CATEGORIES[plan.scene.category].indoors else "outdoors"
    opener = pick(plan.generator, ("this is {}", "we are {}", "it is {}", "imagine being {}")).format(where)
    return Clause(plain(" ".join([opener, *circumstances(plan)])))
