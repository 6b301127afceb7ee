"""The tab "Live": a picture and a seat for the visitor."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import sent
from xmodal.ui.live_room import room
from xmodal.ui.navigation import MATCHMAP
from xmodal.workspace import VARIABLE, Workspace


@pytest.fixture
def page(trained: Workspace, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv(VARIABLE, str(trained.root))
    test = AppTest.from_file(str(MATCHMAP.path), default_timeout=120)
    test.query_params["run"] = "matchmaps-tiny-1"
    test.query_params["view"] = "Live"
    return test


def test_a_picture_gets_a_microphone_and_its_visitor_a_seat(page: AppTest) -> None:
    page.run()
    assert not page.exception
    [data] = sent(page, "token")
    assert (data["address"], data["heard"]) == ("xm/live", "speech")
    seat = room().seat(data["token"])
    assert seat is not None
    assert seat.picture == data["picture"]
    page.query_params["item"] = "tiny/003"
    page.run()
    again = room().seat(data["token"])
    assert again is not None
    assert again.picture != seat.picture
