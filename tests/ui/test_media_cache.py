"""The media cache gives back what it was given, and stays within its bound."""

import os
from pathlib import Path

from xmodal.ui.media_cache import MediaCache
from xmodal.ui.views.rendition import Rendition


def test_it_gives_back_what_it_was_given(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path)
    assert cache.get("ab12") is None
    path = cache.put("ab12", Rendition(b"sound", "audio/wav"))
    assert path.suffix == ".wav"
    assert cache.get("ab12") == path
    assert path.read_bytes() == b"sound"


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path, limit_bytes=1000)
    paths = [cache.put(f"{number:02d}aa", Rendition(bytes(240), "image/png")) for number in range(4)]
    for age_s, path in enumerate(reversed(paths)):
        os.utime(path, (1e9 - age_s, 1e9 - age_s))
    assert cache.get("00aa") == paths[0]  # now the latest
    last = cache.put("99aa", Rendition(bytes(240), "image/png"))
    kept = {path for path in [*paths, last] if path.exists()}
    assert kept == {paths[0], paths[3], last}


def test_an_entry_larger_than_the_bound_is_still_served(tmp_path: Path) -> None:
    path = MediaCache(tmp_path, limit_bytes=10).put("ffaa", Rendition(bytes(50), "image/png"))
    assert path.exists()


def test_what_is_there_already_counts(tmp_path: Path) -> None:
    MediaCache(tmp_path).put("00aa", Rendition(bytes(600), "image/png"))
    os.utime(tmp_path / "00" / "00aa.png", (1e9, 1e9))
    MediaCache(tmp_path, limit_bytes=1000).put("01aa", Rendition(bytes(600), "image/png"))
    assert not (tmp_path / "00" / "00aa.png").exists()
