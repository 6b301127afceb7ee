"""A form of a recipe's fields: the most asked first, then all of them part by part, or as the lines that they are.

What is edited becomes lines of changes in the address (`state.CHANGES`), and what is shown is what those lines make of
the recipe: there is no other memory. A value that no widget of its type can show is shown as text, to be put right.
"""

from collections.abc import Callable, Sequence
from math import floor, log10

import streamlit as st

from xmodal.recipes import edits
from xmodal.recipes.fields import EXACT, Content, Entry, Form, Group, tree
from xmodal.recipes.sheet import Sheet
from xmodal.recipes.wording import in_words, label, last_in_words, range_in_words
from xmodal.ui import page, state

FIRST = ("epochs", "batch", "optimiser.rate")
"""Of a stage: asked at once."""
SECOND = ("device", "data.{}.items", "data.{}.share")
"""Of the recipe, and of the data of the stage that is shown: asked next."""
MOST_FOUND = 24
"""Fields that a search shows."""
_ABOUT = ("name", "title", "paper", "rows", "ours")

Write = Callable[[edits.Edit], None]
"""Takes an edit of the content."""


class RecipeForm:
    """The form of one recipe."""

    def __init__(self, sheet: Sheet, write: Write) -> None:
        self._write = write
        self._tree = tree(sheet.content)
        self._entries = {entry.dotted: entry for entry in self._tree.entries}
        self._before = {entry.dotted: entry.value for entry in tree(sheet.base.model_dump(mode="json")).entries}
        self._content = sheet.content

    def first(self) -> str:
        """What is asked most, of one stage; the place of that stage."""
        stages = [part for part in self._tree.parts if part.path == ("stages",)]
        count = len(stages[0].parts) if stages and isinstance(stages[0], Group) else 0
        names = {str(place): _stage_name(self._content, place) for place in range(count)}
        if len(set(names.values())) < count:
            names = {place: f"{int(place) + 1} {name}" for place, name in names.items()}
        shown = next(iter(names), "0")
        if len(names) > 1:
            chosen = st.segmented_control(
                "Stage", list(names), required=True, default=shown, key=state.STAGE, format_func=names.__getitem__,
                help="A training goes through its stages one after the other",
            )  # fmt: skip
            shown = chosen if chosen in names else shown
        self._grid([f"stages.{shown}.{name}" for name in FIRST] + ["seed"], "first", columns=4)
        return shown

    def second(self, stage: str) -> None:
        """What is asked next."""
        data = self._entries.get(f"stages.{stage}.data")
        self._grid([name.format(data.value if data else "") for name in SECOND], "second", columns=3)

    def all(self) -> None:
        """Every field, one part at a time or those that a search finds."""
        left, right = st.columns(2, gap="medium")
        parts = self._parts()
        with left:
            part = st.selectbox("Part", list(parts), key=state.PART, bind="query-params")
        with right:
            asked = st.text_input(
                "Find a field", key=state.FIND, bind="query-params", placeholder="e.g. decay, seed, noise"
            )
        if wanted := (asked or "").casefold().split():
            self._found(wanted)
        else:
            self._draw(parts.get(part) or next(iter(parts.values())), heading=False)

    def _parts(self) -> dict[str, Group]:
        """The recipe cut into parts that fit a screen."""
        plain = [part for part in self._tree.parts if isinstance(part, Entry)]
        about = tuple(entry for entry in plain if entry.path[0] in _ABOUT)
        found = {"Training": Group((), tuple(entry for entry in plain if entry not in about))}
        for part in self._tree.parts:
            if not isinstance(part, Group):
                continue
            if part.path in (("stages",), ("data",)):
                for each in part.parts:
                    assert isinstance(each, Group)
                    stage = _stage_name(self._content, int(each.path[1])) if part.grows else ""
                    found[in_words(each.path) + (f" ({stage})" if stage else "")] = each
            else:
                found[in_words(part.path)] = part
        return found | {"About it": Group((), about)}

    def _found(self, wanted: Sequence[str]) -> None:
        names = {
            dotted: " ".join((in_words(entry.path), dotted, entry.help)).casefold()
            for dotted, entry in self._entries.items()
        }
        found = [dotted for dotted, text in names.items() if all(word in text for word in wanted)]
        found.sort(key=lambda dotted: not all(word in f"{label(dotted)} {dotted}".casefold() for word in wanted))
        if not found:
            st.caption("No field has these words in its name or its explanation.")
        self._grid(found[:MOST_FOUND], "found", columns=3, whole=True)
        if len(found) > MOST_FOUND:
            st.caption(f"{len(found) - MOST_FOUND} more: another word makes them fewer.")

    def _draw(self, group: Group, *, heading: bool = True) -> None:
        """A part with the parts in it."""
        switched = any(isinstance(part, Entry) and part.form is Form.PRESENCE for part in group.parts)
        if heading and not switched and not (group.grows and group.parts):
            st.markdown(f"**{page.plain(last_in_words(group.path))}**", help=group.help or None)
        plain = [part.dotted for part in group.parts if isinstance(part, Entry)]
        self._grid(plain, "all", columns=3)
        for part in group.parts:
            if isinstance(part, Group):
                self._draw(part)
        if group.grows and not group.parts:
            self._button("Add one", ":material/add:", group.path, lambda c: edits.with_another(c, group.path, -1))
        if group.path and group.path[-1].isdecimal():
            self._more_or_fewer(group)

    def _more_or_fewer(self, group: Group) -> None:
        path, place = group.path[:-1], int(group.path[-1])
        what = last_in_words(group.path).lower()
        with st.container(horizontal=True):
            after = ":material/add:"
            self._button(f"Another after {what}", after, group.path, lambda c: edits.with_another(c, path, place))
            self._button(f"Remove {what}", ":material/remove:", group.path, lambda c: edits.without(c, path, place))

    def _button(self, text: str, icon: str, path: Sequence[str], edit: edits.Edit) -> None:
        key = state.field_key(f"{icon}{'.'.join(path)}")
        st.button(page.plain(text), icon=icon, key=key, type="tertiary", on_click=self._write, args=(edit,))

    def _grid(self, names: Sequence[str], place: str, *, columns: int, whole: bool = False) -> None:
        """Fields side by side; `whole`: under their names from the recipe on."""
        known = [self._entries[name] for name in names if name in self._entries]
        for start in range(0, len(known), columns):
            for column, entry in zip(st.columns(columns, gap="small"), known[start : start + columns], strict=False):
                with column:
                    self._widget(entry, place, in_words(entry.path) if whole else label(entry.path[-1]))

    def _widget(self, entry: Entry, place: str, name: str) -> None:
        key = state.field_key(f"{place}/{entry.dotted}")
        changed = self._before.get(entry.dotted, entry) != entry.value
        text = page.plain(name) + (" :material/edit:" if changed else "")
        explained = " ".join(part for part in (entry.help, range_in_words(entry.range)) if part)
        _drawn(entry, key, text, explained, lambda: self._noted(entry, key))

    def _noted(self, entry: Entry, key: str) -> None:
        """A widget has another value (its callback)."""
        value = state.field(key)
        if _as_text(entry):
            value = edits.read(entry, str(value))
        elif isinstance(value, float):
            value = float(f"{value:.10g}")  # what the steps of a browser leave behind
        self._write(lambda content: edits.edited(content, entry, value))


def _as_text(entry: Entry) -> bool:
    texts = (Form.TEXT, Form.TEXTS, Form.NUMBERS, Form.WHOLES)
    return entry.form in texts or not entry.fits


def _drawn(entry: Entry, key: str, text: str, explained: str, noted: Callable[[], None]) -> None:
    """The widget of a field, with its value."""
    if _as_text(entry):
        state.show_field(key, edits.text_of(entry))
        holder = "none" if entry.optional else ""
        st.text_input(text, key=key, help=explained, on_change=noted, placeholder=holder)
        return
    state.show_field(key, entry.value)
    if entry.form in (Form.SWITCH, Form.PRESENCE):
        st.toggle(text, key=key, help=explained, on_change=noted)
    elif entry.form in (Form.CHOICE, Form.KIND):
        options = ([None] if entry.optional else []) + list(entry.choices)
        st.selectbox(text, options, key=key, help=explained, on_change=noted, format_func=_option)
    elif entry.form is Form.CHOICES:
        st.multiselect(text, entry.choices, key=key, help=explained, on_change=noted, format_func=_option)
    else:
        _number(entry, key, text, explained, noted)


def _number(entry: Entry, key: str, text: str, explained: str, noted: Callable[[], None]) -> None:
    kind = int if entry.form is Form.WHOLE else float
    low, high = entry.range.low, entry.range.high
    if kind is int and entry.range.above is not None:
        low = entry.range.above + 1
    if kind is int and entry.range.below is not None:
        high = entry.range.below - 1
    st.number_input(
        text, key=key, help=explained, on_change=noted, placeholder="none",
        value=None if entry.optional else "min",
        min_value=kind(-EXACT if low is None else low), max_value=kind(EXACT if high is None else high),
        step=kind(entry.range.step or 1) if kind is int else _step(entry), format="%d" if kind is int else "%g",
    )  # fmt: skip


def _step(entry: Entry) -> float:
    """What the plus of a number adds: a tenth of its size, or a twentieth of its range."""
    low, high = entry.range.low, entry.range.high
    if low is not None and high is not None:
        return (high - low) / 20
    return 10.0 ** (floor(log10(abs(entry.value))) - 1) if entry.value else 0.1


def _option(value: object) -> str:
    return "none" if value is None else str(value).replace("_", " ")


def _stage_name(content: Content, place: int) -> str:
    stages = content.get("stages")
    stage = stages[place] if isinstance(stages, list) and place < len(stages) else None
    return str(stage.get("name", place + 1)) if isinstance(stage, dict) else str(place + 1)
