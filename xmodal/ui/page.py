"""What every page has: a question as its headline, and what it says when there is nothing or something is wrong."""

import re
from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.errors import StreamlitAPIException

from xmodal.errors import InputError, reason
from xmodal.ui.navigation import PageSpec

Query = Mapping[str, str | list[str]]
"""Query parameters of an address; several values of one as a list."""
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^&@/])")


def plain(text: str) -> str:
    """Text from data, so that nothing in it is markup (links and pictures in it would fetch from elsewhere)."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def counted(number: int, noun: str) -> str:
    """`1 item`, `2,400 items`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def header(question: str, sentence: str) -> None:
    """The page's question and one sentence under it."""
    with st.container(gap="xsmall"):
        st.title(question, anchor=False)
        st.markdown(sentence)


def section(title: str) -> None:
    """A part of a page."""
    st.subheader(title, anchor=False)


def link(spec: PageSpec, label: str, *, icon: str | None = None, query: Query | None = None) -> None:
    """A link to another page; only its label where that page runs without the app (tests of one page alone)."""
    try:
        st.page_link(str(spec.path), label=label, icon=icon, query_params=dict(query or {}))
    except (StreamlitAPIException, KeyError):
        st.markdown(label)


def empty(sentence: str, reason: str, command: str = "") -> None:
    """Nothing to show: what, why, and the command that changes it."""
    with st.container(border=True):
        st.markdown(f"**{sentence}**")
        st.markdown(reason)
        if command:
            st.code(command, language="bash")


def telling(act: Callable[[], None]) -> Callable[[], None]:
    """A callback that says in a passing message why it could not do what it should."""

    def clicked() -> None:
        try:
            act()
        except (InputError, OSError) as error:
            st.toast(plain(reason(error)))

    return clicked


def problem(sentence: str, reason: str, *, action: str, on_click: Callable[[], None], key: str) -> None:
    """Something went wrong: what, why (plain text), and a button that leads out of it."""
    with st.container(border=True):
        st.markdown(f"**{sentence}**")
        st.markdown(plain(reason))
        st.button(action, key=key, on_click=on_click)
