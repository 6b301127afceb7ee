"""A balanced set: one class for each item, as many items of each, none of them on both sides."""

from collections.abc import Iterator

from xmodal.evaluation.balanced import Classes, Shown, balanced, classes_of


def shown(scene: str, things: str = "", doubtful: str = "") -> Shown:
    return Shown(scene, frozenset(things.split()), frozenset(doubtful.split()))


CLASSES = Classes(("beach", "farm"), ("boat", "dog"))


def test_one_class_or_none() -> None:
    assert CLASSES.of(shown("beach", "man umbrella")) == "beach"
    assert CLASSES.of(shown("beach", "dog man")) == "dog"
    assert CLASSES.of(shown("beach", "dog boat")) == ""
    assert CLASSES.of(shown("beach", "dog", "boat")) == ""
    assert CLASSES.of(shown("beach", "man", "dog")) == ""
    assert CLASSES.of(shown("kitchen", "man")) == ""


def test_the_commonest_names_become_classes() -> None:
    items = [shown("farm", "man pig") for _ in range(4)] + [shown("beach", "man boat") for _ in range(4)]
    items += [shown("lake", "man") for _ in range(30)] + [shown("street", "man dog") for _ in range(2)]
    assert classes_of(items, count=5) == Classes(("beach", "farm", "lake", "street"), ("boat",))
    assert classes_of(items, count=99) == Classes(("beach", "farm", "lake", "street"), ("boat", "dog", "pig"))
    assert classes_of(items, count=2) == Classes(("beach", "lake"), ())


def test_a_name_of_a_scene_is_no_thing() -> None:
    assert classes_of([shown("farm", "farm pig"), *(shown("lake") for _ in range(9))], count=9).things == ("pig",)


def test_as_many_of_each_and_no_more_are_looked_at() -> None:
    looked = []

    def stream() -> Iterator[Shown]:
        while True:
            looked.append(len(looked))
            yield (shown("beach", "dog"), shown("beach"), shown("farm", "boat"), shown("farm"))[len(looked) % 4]

    found = balanced(stream(), CLASSES, train=3, test=2)
    assert {len(each) for each in found.train.values()} == {3}
    assert {len(each) for each in found.test.values()} == {2}
    assert found.test["farm"] == (2, 6)
    assert found.train["farm"] == (10, 14, 18)
    assert len(found.positions) == len(set(found.positions)) == 4 * 5
    assert len(looked) == 20


def test_a_class_with_too_few_items_is_left_out() -> None:
    items = [shown("beach"), shown("beach"), shown("farm"), shown("beach")]
    found = balanced(items, CLASSES, train=1, test=2)
    assert found.test == {"beach": (0, 1)}
    assert found.train == {"beach": (3,)}
