"""A reference and what it means are inverse to each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmodal.data.media import Rendered, Stored, parse, reference

_PATHS = st.text(st.characters(exclude_characters="\0\n", codec="utf-8"), min_size=1, max_size=30).filter(
    lambda path: not path.startswith(("@", "render:"))
)
_ROOTS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True) | st.just("")
_SECONDS = st.integers(0, 10**6).map(lambda hundredths: hundredths / 100)
_PARTS = st.one_of(
    st.builds(Stored, _PATHS, _ROOTS),
    st.builds(lambda path, root, start: Stored(path, root, start_s=start), _PATHS, _ROOTS, _SECONDS),
    st.builds(
        lambda path, start, length: Stored(path, start_s=start, end_s=start + length), _PATHS, _SECONDS, _SECONDS
    ),
    st.builds(
        lambda path, offset, size: Stored(path, offset_bytes=offset, size_bytes=size),
        _PATHS,
        st.integers(0, 2**50),
        st.integers(0, 2**40),
    ),
)


@given(_PARTS)
def test_stored_round_trip(entry: Stored) -> None:
    again = parse(reference(entry))
    assert isinstance(again, Stored)
    assert (again.path, again.root) == (entry.path, entry.root)
    assert (again.offset_bytes, again.size_bytes) == (entry.offset_bytes, entry.size_bytes)
    assert (again.start_s is None, again.end_s is None) == (entry.start_s is None, entry.end_s is None)
    assert again.start_s == pytest.approx(entry.start_s, abs=1e-6) if entry.start_s is not None else True
    assert again.end_s == pytest.approx(entry.end_s, abs=1e-6) if entry.end_s is not None else True


@given(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), st.text(max_size=40))
def test_rendered_round_trip(renderer: str, spec: str) -> None:
    assert parse(reference(Rendered(renderer, spec))) == Rendered(renderer, spec)


def test_examples_of_the_grammar() -> None:
    assert parse("images/dog 1.jpg") == Stored("images/dog 1.jpg")
    assert parse("@photos/dog.jpg") == Stored("dog.jpg", "photos")
    assert parse("clips/a.mp4#t=1.5,6.5") == Stored("clips/a.mp4", start_s=1.5, end_s=6.5)
    assert parse("clips/a.mp4#t=3") == Stored("clips/a.mp4", start_s=3.0)
    assert parse("s.tar#bytes=1536+20480") == Stored("s.tar", offset_bytes=1536, size_bytes=20480)
    assert reference(Stored("50% #1.jpg")) == "50%25 %231.jpg"
    assert parse('render:digits#{"a":"#1"}') == Rendered("digits", '{"a":"#1"}')
    assert Rendered("digits", '{"a":[1]}').arguments() == {"a": [1]}


@pytest.mark.parametrize("fragment", ["x", "t=", "t=a", "bytes=1", "bytes=1+", "t=1,2,3"])
def test_unknown_fragments_are_refused(fragment: str) -> None:
    with pytest.raises(ValueError, match="is neither"):
        parse(f"a.jpg#{fragment}")
