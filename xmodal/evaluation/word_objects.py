"""Which spoken word stands for which object: the pairs of speech-prompted detection and localisation (matchmaps 5.3).

"Since no one-to-one mapping between words and ADE20k objects exists, we manually define a set of 100 word-object
pairings. We choose commonly occurring (at least 9 occurrences) pairs that are unambiguous". The paper does not print
its pairs; these are ours. A word is one written form: "dogs" is another word than "dog".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xmodal.data import load
from xmodal.data.sample import Sample
from xmodal.data.word_objects import nouns_of
from xmodal.data.world.kinds import KINDS

FEWEST_OCCURRENCES = 9
MOST_PAIRS = 100


@dataclass(frozen=True)
class WordObject:
    """A word and the class of label maps that it names."""

    word: str
    object: str
    """As label maps call it (of ADE20K: the first of its synonyms)."""


def _pairs(text: str) -> tuple[WordObject, ...]:
    """One object a line, its words after it."""
    rows = (line.partition(":") for line in text.strip().splitlines())
    return tuple(WordObject(word, name.strip()) for name, _, words in rows for word in words.split())


WORLD: tuple[WordObject, ...] = tuple(WordObject(noun, kind) for kind, known in KINDS.items() for noun in known.words)
"""Every noun of the world's captions. Each names one kind, and captions use it for nothing else (held by a test)."""

ADE20K: tuple[WordObject, ...] = _pairs("""
airplane: airplane plane
armchair: armchair
awning: awning
balcony: balcony
bannister: banister
bathtub: bathtub tub
bed: bed
bench: bench benches
bicycle: bicycle bike
blanket: blanket
boat: boat boats
book: books
bookcase: bookcase bookshelf
bottle: bottles
bridge: bridge
building: building buildings
bus: bus
cabinet: cabinet cabinets
car: car cars
ceiling: ceiling
chair: chair chairs
chandelier: chandelier
clock: clock
column: columns pillars
computer: computer
counter: counter
curtain: curtain curtains drapes
cushion: cushions
desk: desk desks
door: door doors
escalator: escalator
fan: fan
fence: fence
fireplace: fireplace
flag: flag
floor: floor
flower: flowers
fountain: fountain
grass: grass
grandstand: bleachers
hill: hill hills
house: house
lake: lake
lamp: lamp lamps
light: lights
microwave: microwave
minibike: motorcycle
mirror: mirror
mountain: mountain mountains
ottoman: ottoman
oven: oven
painting: painting paintings
palm: palm
path: path
person: man woman people person men girl boy lady
piano: piano
pillow: pillow pillows
plant: plants
pool table: billiard
poster: poster
railing: railing
refrigerator: refrigerator fridge
river: river
road: road highway
rock: rocks
rug: rug
sand: sand
sculpture: statue sculpture
sea: ocean sea
seat: seats
shelf: shelves shelf
ship: ship
sidewalk: sidewalk
signboard: sign signs
sink: sink
sky: sky
skyscraper: skyscraper skyscrapers
sofa: couch sofa
stage: stage
stairs: stairs staircase
stool: stools
stove: stove
streetlight: streetlight
swimming pool: pool
table: table tables
television receiver: television tv
tent: tent
toilet: toilet
towel: towel towels
tower: tower
traffic light: traffic
tree: tree trees
truck: truck
umbrella: umbrella umbrellas
van: van
vase: vase
wall: wall walls
wardrobe: closet wardrobe
washer: washer
water: water
waterfall: waterfall
windowpane: window windows
""")
"""For the spoken captions of ADE20K."""

TABLES: dict[str, tuple[WordObject, ...]] = {"world": WORLD, "ade20k": ADE20K}
"""By the scheme of the label maps."""


def chosen(
    table: Iterable[WordObject],
    occurrences: Mapping[str, int],
    *,
    fewest: int = FEWEST_OCCURRENCES,
    most: int = MOST_PAIRS,
) -> tuple[WordObject, ...]:
    """The pairs whose word is said often enough, the commonest first, at most `most` of them."""
    common = [pair for pair in table if occurrences.get(pair.word, 0) >= fewest]
    return tuple(sorted(common, key=lambda pair: -occurrences[pair.word])[:most])


def table_for(samples: Sequence[Sample]) -> tuple[WordObject, ...]:
    """The table for label maps such as those of the samples.

    Data of a kind without a table have each class paired with the last word of its own name.
    """
    known = [sample for sample in samples if sample.truth.label_map is not None]
    for sample in known:
        if (source := sample.truth.label_map) is not None and source.scheme in TABLES:
            return TABLES[source.scheme]
    maps = [load.label_map(sample) for sample in known]
    names = sorted({name for truth in maps if truth is not None for name in truth.names.values()})
    return tuple(WordObject(noun, name) for name in names for noun in sorted(nouns_of(name)))
