"""Text from data is never markup on a page."""

import pytest

from xmodal.ui.page import plain


@pytest.mark.parametrize(
    "text", ["![x](http://e.org/x.png)", "<b>", "$x$", ":red[a]", "# a", "`code`", "[a](b)", "a_b_c", "http://e.org"]
)
def test_every_sign_of_markup_is_escaped(text: str) -> None:
    escaped = plain(text)
    assert escaped.replace("\\", "") == text.replace("\\", "")
    assert not any(sign in escaped.replace("\\" + sign, "") for sign in "![]<>$:`#_/" if sign in text)


def test_lines_are_joined() -> None:
    assert plain("a\n\n  b") == "a b"
