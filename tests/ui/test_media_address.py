"""Tokens of ids: any id comes back, nothing else passes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmodal.modality import Modality
from xmodal.ui.media_address import address, identity, token


@given(st.text(min_size=1, max_size=200))
def test_any_id_comes_back(text: str) -> None:
    made = token(text)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", made)
    assert identity(made) == text


@pytest.mark.parametrize("junk", ["..", "a", "%2e%2e", "YQ==", "YR", "_w", "é"])
def test_what_is_no_token_is_refused(junk: str) -> None:
    with pytest.raises(ValueError, match="is no item"):
        identity(junk)


def test_an_address_is_relative_and_names_the_version() -> None:
    made = address("tiny", "0123456789abcdef", "a/../b?c", Modality.CLIP_ART, "thumb")
    assert made == f"xm/tiny/{token('a/../b?c')}/clip_art/thumb?v=0123456789ab"
    assert ".." not in made
