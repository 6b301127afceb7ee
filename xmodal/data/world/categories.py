"""The scene categories of the world: what belongs in each, what it sounds like, what people call it.

A category is recognised by its usual objects and the structure of its backdrop, never by its colours: tints are drawn
per item from ranges that categories share.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """One scene category."""

    words: tuple[str, ...]
    """Nouns for the place, the first one is the commonest."""
    indoors: bool
    backdrop: str
    """Structure of the far side and the ground (`backdrops.BACKDROPS`)."""
    anchors: tuple[str, ...]
    """Kinds of which at least one (nearly always two) is present."""
    usual: tuple[str, ...]
    """Further plausible kinds, silent and sounding."""
    ambience: tuple[str, ...]
    """Keys of background sounds, mixed low."""


def _category(  # one row of the table below: lists are written as words with spaces (nouns: commas) between
    *, words: str, indoors: bool, backdrop: str, anchors: str, usual: str, ambience: str
) -> Category:
    return Category(
        words=tuple(words.split(", ")),
        indoors=indoors,
        backdrop=backdrop,
        anchors=tuple(anchors.split()),
        usual=tuple(usual.split()),
        ambience=tuple(ambience.split()),
    )


CATEGORIES: dict[str, Category] = {
    "kitchen": _category(
        words="kitchen",
        indoors=True,
        backdrop="tiled_room",
        anchors="stove fridge",
        usual="table chair kettle cup bottle cake sink clock window cat woman man plant television phone",
        ambience="kitchen_hum",
    ),
    "bedroom": _category(
        words="bedroom",
        indoors=True,
        backdrop="plain_room",
        anchors="bed lamp",
        usual="picture mirror window teddy cat dog clock phone book chair television computer vacuum guitar",
        ambience="room_tone",
    ),
    "living_room": _category(
        words="living room, lounge",
        indoors=True,
        backdrop="papered_room",
        anchors="sofa television",
        usual="picture lamp plant bookshelf table dog cat clock piano phone vacuum man woman child window baby",
        ambience="room_tone",
    ),
    "bathroom": _category(
        words="bathroom",
        indoors=True,
        backdrop="small_tiled_room",
        anchors="bathtub toilet sink",
        usual="mirror plant bottle window woman man phone duck washer",
        ambience="room_tone",
    ),
    "laundry": _category(
        words="laundry",
        indoors=True,
        backdrop="concrete_room",
        anchors="washer sink",
        usual="vacuum bottle chair window woman man cat phone clock ladder table",
        ambience="room_tone kitchen_hum",
    ),
    "office": _category(
        words="office",
        indoors=True,
        backdrop="panelled_room",
        anchors="desk computer printer",
        usual="chair phone plant bookshelf clock man woman cup picture lamp book window",
        ambience="room_tone",
    ),
    "classroom": _category(
        words="classroom, schoolroom",
        indoors=True,
        backdrop="school_room",
        anchors="blackboard desk",
        usual="chair child woman man clock book bookshelf computer plant window guitar trumpet violin",
        ambience="murmur",
    ),
    "library": _category(
        words="library",
        indoors=True,
        backdrop="wooden_room",
        anchors="bookshelf book",
        usual="table chair lamp man woman computer clock picture plant printer phone ladder window",
        ambience="hall",
    ),
    "workshop": _category(
        words="workshop",
        indoors=True,
        backdrop="pegboard_room",
        anchors="hammer drill ladder",
        usual="table chainsaw man woman vacuum bottle clock window dog motorcycle bicycle",
        ambience="room_tone kitchen_hum",
    ),
    "nursery": _category(
        words="nursery",
        indoors=True,
        backdrop="dotted_room",
        anchors="crib teddy baby",
        usual="lamp picture chair ball book woman man cat clock window drum child",
        ambience="room_tone",
    ),
    "music_room": _category(
        words="music room, studio",
        indoors=True,
        backdrop="curtained_room",
        anchors="piano drum guitar",
        usual="violin trumpet chair man woman crowd lamp table plant picture computer",
        ambience="hall",
    ),
    "restaurant": _category(
        words="restaurant, cafe",
        indoors=True,
        backdrop="brick_room",
        anchors="table cake chair",
        usual="bottle cup man woman child lamp picture plant guitar violin piano phone baby kettle window",
        ambience="murmur",
    ),
    "beach": _category(
        words="beach, seaside",
        indoors=False,
        backdrop="sea_sand",
        anchors="umbrella palm",
        usual="seagull ball dog child woman man kite sailboat boat lighthouse guitar baby rock",
        ambience="waves",
    ),
    "harbour": _category(
        words="harbour, port",
        indoors=False,
        backdrop="sea_quay",
        anchors="boat sailboat lighthouse",
        usual="seagull crane truck man bench lamppost suitcase dog bicycle duck helicopter",
        ambience="waves",
    ),
    "lake": _category(
        words="lake, pond",
        indoors=False,
        backdrop="lake_hills",
        anchors="duck sailboat",
        usual="frog boat tree bench bush rock dog man bird child tent seagull",
        ambience="birdsong_far",
    ),
    "waterfall": _category(
        words="waterfall, cascade",
        indoors=False,
        backdrop="cliff_water",
        anchors="rock bush",
        usual="tree frog bird man woman dog flower tent owl fence child",
        ambience="stream",
    ),
    "forest": _category(
        words="forest, wood",
        indoors=False,
        backdrop="trunks",
        anchors="tree bush",
        usual="bird owl frog chainsaw rock flower dog man woman bicycle horse helicopter",
        ambience="birdsong_far",
    ),
    "farm": _category(
        words="farm, farmyard",
        indoors=False,
        backdrop="fields",
        anchors="barn tractor fence",
        usual="cow sheep pig horse rooster dog duck man tree cat house",
        ambience="birdsong_far",
    ),
    "park": _category(
        words="park",
        indoors=False,
        backdrop="lawn_trees",
        anchors="bench fountain",
        usual="tree flower dog bird duck bicycle man woman child ball kite lamppost baby",
        ambience="birdsong_far",
    ),
    "playground": _category(
        words="playground",
        indoors=False,
        backdrop="lawn_hedge",
        anchors="swing slide",
        usual="child ball bench baby woman man dog tree bicycle kite fence bird",
        ambience="murmur",
    ),
    "campsite": _category(
        words="campsite, camp",
        indoors=False,
        backdrop="mountains",
        anchors="tent fire",
        usual="tree guitar owl man woman dog child chair kettle car bicycle rock frog",
        ambience="crickets",
    ),
    "street": _category(
        words="street, avenue",
        indoors=False,
        backdrop="facades",
        anchors="car lamppost",
        usual="bus truck ambulance motorcycle bicycle man woman dog tree bench house child",
        ambience="street_hum",
    ),
    "station": _category(
        words="station, platform",
        indoors=False,
        backdrop="rails",
        anchors="train suitcase",
        usual="bench clock man woman crowd lamppost dog child phone bicycle baby",
        ambience="street_hum murmur",
    ),
    "airport": _category(
        words="airport, airfield",
        indoors=False,
        backdrop="runway",
        anchors="airplane helicopter",
        usual="truck bus suitcase man woman ambulance car fence bird crowd",
        ambience="wind",
    ),
    "stadium": _category(
        words="stadium, arena",
        indoors=False,
        backdrop="stands",
        anchors="goal ball crowd",
        usual="man woman child drum trumpet ambulance dog lamppost helicopter",
        ambience="applause",
    ),
    "village": _category(
        words="village, hamlet",
        indoors=False,
        backdrop="hill_roofs",
        anchors="church house",
        usual="fountain tree rooster bicycle tractor dog bench woman man cat fence car bird horse",
        ambience="birdsong_far",
    ),
    "building_site": _category(
        words="building site",
        indoors=False,
        backdrop="scaffold",
        anchors="digger crane",
        usual="truck ladder man hammer drill fence tractor helicopter rock car",
        ambience="street_hum",
    ),
    "snowfield": _category(
        words="mountain, slope",
        indoors=False,
        backdrop="snow_peaks",
        anchors="rock house",
        usual="dog man woman child helicopter tree fence church owl horse cow",
        ambience="wind",
    ),
}
"""Every category, by name."""

BACKDROPS: tuple[str, ...] = tuple(category.backdrop for category in CATEGORIES.values())
"""The structures a renderer of pictures must know."""

ZERO_SHOT: tuple[str, ...] = ("bathroom", "nursery", "harbour", "campsite", "stadium", "village")
"""Categories that zero-shot experiments hold out of training (scene networks, section 5.2, hold out 55 of 205)."""
