"""The object kinds of the world: how tall they are, where they stand, what they sound like, what people call them.

One row per kind. The key is the name used everywhere: in label maps, captions and the names of symbol
files (`symbols/<kind>_<variant>.svg`).
"""

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where a kind may stand in a scene."""

    GROUND = "ground"
    WALL = "wall"
    TABLE = "table"
    WATER = "water"
    SKY = "sky"


@dataclass(frozen=True)
class Kind:
    """One object kind."""

    height_m: float
    """Natural height in metres; the renderer's perspective turns it into pixels."""
    place: Place
    """What it rests on."""
    words: tuple[str, ...]
    """Nouns a speaker may use for it, the first one is the commonest."""
    sound: str | None = None
    """Key of the sound it makes (`sounds.SOUNDS`), None for silent kinds."""
    colours: tuple[str, ...] = ()
    """Names of the colours its main part may have; empty: the symbol's own colour, never mentioned in a caption."""
    action: tuple[str, ...] = ()
    """Verb phrases (present participle) for when it is making its sound."""


PAINT = ("red", "blue", "green", "yellow", "white", "black", "orange", "purple", "grey", "brown", "pink")
FUR = ("brown", "black", "white", "grey", "orange")
CLOTH = ("red", "blue", "green", "yellow", "purple", "pink", "grey")
WOOD = ("brown", "white", "black", "grey")

_G, _W, _T, _A, _S = Place.GROUND, Place.WALL, Place.TABLE, Place.WATER, Place.SKY

KINDS: dict[str, Kind] = {
    # animals
    "dog": Kind(0.7, _G, ("dog", "puppy", "hound"), "bark", FUR, ("barking",)),
    "cat": Kind(0.45, _G, ("cat", "kitten"), "meow", FUR, ("meowing",)),
    "cow": Kind(1.5, _G, ("cow", "cattle"), "moo", ("brown", "black", "white"), ("mooing",)),
    "sheep": Kind(1.0, _G, ("sheep", "lamb"), "baa", ("white", "black", "grey"), ("bleating",)),
    "horse": Kind(1.7, _G, ("horse", "pony"), "neigh", ("brown", "black", "white"), ("neighing",)),
    "pig": Kind(0.8, _G, ("pig", "hog"), "oink", ("pink", "black"), ("grunting",)),
    "rooster": Kind(0.5, _G, ("rooster", "cockerel"), "crow", ("red", "brown", "white"), ("crowing",)),
    "duck": Kind(0.4, _A, ("duck", "mallard"), "quack", ("white", "brown", "yellow"), ("quacking",)),
    "bird": Kind(0.35, _S, ("bird", "songbird"), "chirp", ("blue", "red", "yellow", "brown"), ("singing", "chirping")),
    "seagull": Kind(0.5, _S, ("seagull", "gull"), "gull", (), ("screeching",)),
    "owl": Kind(0.5, _G, ("owl",), "hoot", ("brown", "white", "grey"), ("hooting",)),
    "frog": Kind(0.25, _G, ("frog", "toad"), "croak", ("green", "brown"), ("croaking",)),
    # people
    "baby": Kind(0.6, _G, ("baby", "infant"), "baby_cry", CLOTH, ("crying",)),
    "child": Kind(1.15, _G, ("child", "kid"), "laughter", CLOTH, ("laughing",)),
    "man": Kind(1.75, _G, ("man", "guy"), "male_babble", CLOTH, ("talking", "chatting")),
    "woman": Kind(1.65, _G, ("woman", "lady"), "female_babble", CLOTH, ("talking", "chatting")),
    "crowd": Kind(2.2, _G, ("crowd", "audience"), "crowd_cheer", (), ("cheering",)),
    # vehicles
    "car": Kind(1.5, _G, ("car", "automobile"), "car_engine", PAINT, ("humming",)),
    "bus": Kind(3.1, _G, ("bus", "coach"), "bus_engine", PAINT, ("rumbling",)),
    "truck": Kind(3.2, _G, ("truck", "lorry"), "truck_horn", PAINT, ("honking",)),
    "ambulance": Kind(2.6, _G, ("ambulance",), "siren", (), ("wailing",)),
    "motorcycle": Kind(1.2, _G, ("motorcycle", "motorbike"), "motorcycle", PAINT, ("revving",)),
    "bicycle": Kind(1.1, _G, ("bicycle", "bike"), "bicycle_bell", PAINT, ("ringing",)),
    "train": Kind(3.8, _G, ("train", "locomotive"), "train", PAINT, ("rattling",)),
    "tractor": Kind(2.6, _G, ("tractor",), "tractor", ("red", "green", "blue", "yellow"), ("chugging",)),
    "digger": Kind(3.0, _G, ("digger", "excavator"), "reverse_beep", ("yellow", "orange"), ("beeping",)),
    "airplane": Kind(4.5, _S, ("airplane", "plane", "jet"), "jet", PAINT, ("roaring",)),
    "helicopter": Kind(3.2, _S, ("helicopter", "chopper"), "helicopter", PAINT, ("whirring",)),
    "boat": Kind(2.0, _A, ("boat", "motorboat"), "outboard", PAINT, ("puttering",)),
    "sailboat": Kind(6.0, _A, ("sailboat", "yacht"), None, ("white", "red", "blue", "orange")),
    # outdoors
    "tree": Kind(5.5, _G, ("tree",)),
    "palm": Kind(5.5, _G, ("palm",)),
    "bush": Kind(1.3, _G, ("bush", "shrub")),
    "flower": Kind(0.6, _G, ("flower", "blossom"), None, ("red", "yellow", "pink", "purple", "white", "orange")),
    "rock": Kind(0.9, _G, ("rock", "boulder")),
    "fire": Kind(0.9, _G, ("fire", "campfire", "bonfire"), "fire", (), ("crackling",)),
    "fountain": Kind(2.2, _G, ("fountain",), "fountain", (), ("splashing",)),
    "house": Kind(5.0, _G, ("house", "cottage"), None, PAINT),
    "church": Kind(
        8.5, _G, ("church", "chapel"), "church_bell", ("white", "brown", "grey", "yellow"), ("ringing", "tolling")
    ),
    "barn": Kind(5.0, _G, ("barn",), None, ("red", "brown", "white")),
    "lighthouse": Kind(9.0, _G, ("lighthouse",), "foghorn", ("red", "blue", "black", "green"), ("blaring",)),
    "tent": Kind(1.9, _G, ("tent",), None, ("red", "blue", "green", "orange", "yellow")),
    "bench": Kind(0.9, _G, ("bench",), None, ("brown", "green", "white", "blue")),
    "lamppost": Kind(3.6, _G, ("lamppost", "streetlight")),
    "fence": Kind(1.1, _G, ("fence",), None, ("white", "brown", "green")),
    "umbrella": Kind(2.1, _G, ("umbrella", "parasol"), None, PAINT),
    "kite": Kind(1.2, _S, ("kite",), None, ("red", "blue", "yellow", "green", "purple", "pink")),
    "swing": Kind(2.3, _G, ("swing",), "creak", ("red", "blue", "green", "yellow"), ("creaking",)),
    "slide": Kind(2.1, _G, ("slide",), None, ("red", "blue", "green", "yellow", "orange")),
    "ball": Kind(0.35, _G, ("ball",), "bounce", ("red", "blue", "yellow", "white", "orange", "green"), ("bouncing",)),
    "goal": Kind(2.3, _G, ("goal", "goalpost")),
    "crane": Kind(9.0, _G, ("crane",), None, ("yellow", "red", "orange", "blue")),
    # indoors
    "bed": Kind(1.0, _G, ("bed",), None, CLOTH),
    "sofa": Kind(0.95, _G, ("sofa", "couch"), None, (*CLOTH, "brown", "white")),
    "chair": Kind(0.95, _G, ("chair", "seat"), None, (*WOOD, "red", "blue", "green")),
    "table": Kind(0.8, _G, ("table",), None, WOOD),
    "desk": Kind(0.85, _G, ("desk",), None, WOOD),
    "crib": Kind(1.0, _G, ("crib", "cot"), None, ("white", "brown", "pink", "blue")),
    "bookshelf": Kind(2.0, _G, ("bookshelf", "bookcase"), None, WOOD),
    "lamp": Kind(1.5, _G, ("lamp",), None, ("yellow", "white", "red", "green", "blue")),
    "plant": Kind(0.9, _G, ("plant", "houseplant"), None, ("red", "brown", "white", "blue", "yellow")),
    "fridge": Kind(1.8, _G, ("fridge", "refrigerator"), "fridge_hum", ("white", "grey", "red", "blue"), ("humming",)),
    "stove": Kind(0.95, _G, ("stove", "oven"), "sizzle", ("white", "black", "grey", "red"), ("sizzling",)),
    "sink": Kind(1.0, _G, ("sink", "washbasin"), "running_water", (), ("running",)),
    "bathtub": Kind(0.75, _G, ("bathtub", "tub"), None, ("white", "blue", "pink", "green")),
    "toilet": Kind(0.85, _G, ("toilet",), "flush", (), ("flushing",)),
    "washer": Kind(0.95, _G, ("washer",), "washer", ("white", "grey", "blue"), ("churning",)),
    "vacuum": Kind(0.95, _G, ("vacuum", "hoover"), "vacuum", ("red", "blue", "green", "yellow", "grey"), ("droning",)),
    "piano": Kind(1.2, _G, ("piano",), "piano", ("black", "brown", "white"), ("playing",)),
    "drum": Kind(0.9, _G, ("drum",), "drum", ("red", "blue", "white", "green"), ("pounding",)),
    "guitar": Kind(1.0, _G, ("guitar",), "guitar", ("brown", "red", "black", "blue", "yellow"), ("strumming",)),
    "violin": Kind(0.6, _T, ("violin", "fiddle"), "violin", (), ("playing",)),
    "trumpet": Kind(0.45, _T, ("trumpet",), "trumpet", (), ("blaring",)),
    "television": Kind(0.65, _T, ("television", "screen"), "jingle", (), ("playing",)),
    "computer": Kind(0.5, _T, ("computer", "laptop"), "typing", (), ("clattering",)),
    "printer": Kind(0.4, _T, ("printer",), "printer", ("white", "grey", "black"), ("whirring",)),
    "phone": Kind(0.3, _T, ("phone", "telephone"), "phone_ring", ("black", "red", "white", "green"), ("ringing",)),
    "kettle": Kind(
        0.35, _T, ("kettle", "teapot"), "kettle", ("red", "blue", "green", "white", "yellow"), ("whistling",)
    ),
    "cup": Kind(0.2, _T, ("cup", "mug"), None, (*CLOTH, "white")),
    "bottle": Kind(0.35, _T, ("bottle",), None, ("green", "brown", "blue")),
    "cake": Kind(0.3, _T, ("cake",), None, ("pink", "white", "brown", "yellow")),
    "teddy": Kind(0.45, _G, ("teddy",), None, ("brown", "white", "pink", "blue")),
    "book": Kind(0.28, _T, ("book",), None, CLOTH),
    "hammer": Kind(0.4, _T, ("hammer",), "hammering", (), ("banging",)),
    "drill": Kind(0.4, _T, ("drill",), "drill", ("yellow", "blue", "red", "green"), ("buzzing",)),
    "chainsaw": Kind(0.5, _G, ("chainsaw",), "chainsaw", ("orange", "red", "green"), ("buzzing",)),
    "ladder": Kind(2.4, _G, ("ladder",), None, ("grey", "brown", "yellow")),
    "suitcase": Kind(0.75, _G, ("suitcase", "luggage"), None, PAINT),
    "clock": Kind(0.45, _W, ("clock",), "clock_tick", ("white", "black", "red", "brown"), ("ticking",)),
    "picture": Kind(0.8, _W, ("picture", "painting"), None),
    "mirror": Kind(1.0, _W, ("mirror",), None, ("white", "brown", "yellow")),
    "blackboard": Kind(1.4, _W, ("blackboard", "chalkboard"), None),
    "window": Kind(1.3, _W, ("window",), None, ("white", "brown")),
}
"""Every object kind, by name."""

COLOUR_RGB: dict[str, tuple[int, int, int]] = {
    "red": (196, 44, 40),
    "blue": (44, 92, 190),
    "green": (52, 140, 66),
    "yellow": (232, 196, 48),
    "white": (236, 234, 228),
    "black": (42, 42, 46),
    "orange": (228, 124, 36),
    "purple": (126, 68, 160),
    "grey": (132, 136, 142),
    "brown": (128, 84, 52),
    "pink": (232, 140, 172),
}
"""sRGB of each colour name (before light and shade)."""

VARIANTS: tuple[str, ...] = ("a", "b")
"""Symbol files per kind: `<kind>_a.svg`, `<kind>_b.svg`."""
