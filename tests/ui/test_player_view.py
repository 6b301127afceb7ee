"""What the player shows fits into an address and comes back; nonsense does not."""

from urllib.parse import quote_plus

import pytest

from xmodal.ui.player_view import PlayerView, lasting, read, written


def test_an_untouched_player_is_not_written() -> None:
    assert written(PlayerView()) == ""
    assert read("") is None


@pytest.mark.parametrize(
    "view",
    [
        PlayerView(mode="heat", percentile=60.0, opacity=0.5, offset_ms=-120.0, time_s=1.25),
        PlayerView(unit="score", score=-3.5, map="Mean map", compare=True, speed=0.5, loop=True, truth=True),
        PlayerView(place=(0.25, 0.5, 0.125, 0.1), stretch=(0.4, 2.75)),
    ],
)
def test_what_is_written_is_read_back(view: PlayerView) -> None:
    text = written(view)
    assert read(text) == view
    assert "%" not in quote_plus(text)  # readable where it stands


def test_what_is_told_of_one_clip_only_does_not_last() -> None:
    text = written(PlayerView(mode="heat", time_s=1.0, place=(0.1, 0.1, 0.2, 0.2), map="Untrained", offset_ms=40.0))
    assert read(lasting(text)) == PlayerView(mode="heat", offset_ms=40.0)
    assert lasting("") == ""


@pytest.mark.parametrize(
    "text", ["mode-rainbow", "time_s--1", "place-1_2", "opacity-nan", "place-inf_0_0_0", "?", "a-b~c", "speed-0"]
)
def test_nonsense_is_no_view(text: str) -> None:
    assert read(text) is None


def test_unknown_parts_are_passed_over() -> None:
    assert read("colour-red~mode-heat") == PlayerView(mode="heat")


def test_a_place_comes_back_as_the_same_cells() -> None:
    """The player counts a cell as inside from a millionth of the picture on."""
    told = PlayerView(place=(3 / 14, 7 / 14, 1 / 14, 2 / 14))
    back = read(written(told))
    assert back is not None
    assert back.place == pytest.approx(told.place, abs=1e-7)
