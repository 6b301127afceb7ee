"""What is said of a recipe's data before it trains."""

from collections.abc import Mapping

from xmodal.recipes.answers import Check
from xmodal.recipes.probed import LABELLED, Probed
from xmodal.recipes.recipe import Recipe


def readable_data(title: str, probe: Probed, recipe: Recipe) -> Check:
    """Whether there are enough pairs, and whether those that were looked at can be read."""
    batch = max((stage.batch for stage in recipe.plan if stage.data == probe.name), default=2)
    said = [f"{counted(probe.pairs, 'pair')}", _looked(probe)]
    if probe.without:
        left_out = f"{probe.without:,} of {probe.items + probe.without:,} items"
        said.append(f"{left_out} {'could not be read' if not probe.looked_at else 'lack one of both media'}")
    if probe.pairs < 2:
        return Check(name=title, level="fail", text="; ".join([*said, "two pairs are the least"]))
    if probe.pairs < batch:
        few = f"a batch wants {batch}: each epoch is one step of all"
        return Check(name=title, level="warn", text="; ".join([*said, few]))
    return Check(name=title, level="warn" if probe.faults else "ok", text="; ".join(said))


def _looked(probe: Probed) -> str:
    if not probe.looked_at:
        return "prepared already"
    if probe.faults:
        name, why = probe.faults[0]
        return (
            f"{len(probe.faults)} of {counted(probe.looked_at, 'item')} looked at cannot be read and would be left "
            f"out ({name}: {why})"
        )
    if probe.folder is None:
        return "composed while the network trains"
    return f"{counted(probe.looked_at, 'item')} looked at, all readable"


def known_labels(probes: Mapping[str, Probed]) -> Check:
    """Whether training data say what is seen or heard."""
    trained = [probe for name, probe in probes.items() if name]
    seen = {name for probe in trained for name in probe.seen}
    heard = {name for probe in trained for name in probe.heard}
    if seen or heard:
        return Check(name="labels", level="ok", text=f"{len(seen)} seen and {len(heard)} heard in the first items")
    all_of_them = all(probe.items <= LABELLED for probe in trained)
    text = "the recipe learns labels, but no training item has any" + (
        " (objects, sound events)" if all_of_them else f" among the first {LABELLED} (objects, sound events)"
    )
    return Check(name="labels", level="fail" if all_of_them else "warn", text=text)


def counted(count: int, noun: str) -> str:
    """`1 pair`, `8,000 pairs`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
