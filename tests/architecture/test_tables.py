"""Every table of the house is complete: what is forgotten when something is added is named here."""

import pytest

from xmodal.cli import GROUPS, usage
from xmodal.data.label_maps import SCHEMES
from xmodal.data.readers import Reader
from xmodal.data.readers.table import READERS
from xmodal.data.renderers import RENDERERS
from xmodal.data.rows import SCHEMA
from xmodal.data.world.catalog import DEFAULT, content, live_sample
from xmodal.data.world.compose import compose
from xmodal.modality import AUDIBLE, DISPLAY, PICTORIAL, Modality
from xmodal.ui.palette import MARKERS, TONES


@pytest.mark.parametrize("modality", Modality)
def test_a_modality_has_a_name_a_column_a_colour_and_a_marker(modality: Modality) -> None:
    assert DISPLAY[modality]
    assert modality.value in SCHEMA.names
    assert modality in MARKERS
    assert all(modality in tones for tones in TONES.values())
    assert (modality in PICTORIAL) + (modality in AUDIBLE) + (modality in (Modality.TEXT, Modality.VIDEO)) == 1


@pytest.mark.parametrize("modality", [modality for modality in Modality if modality is not Modality.TEXT])
def test_the_world_renders_every_modality(modality: Modality) -> None:
    assert content(DEFAULT, compose(DEFAULT, 5), modality, 32) is not None


def test_the_world_writes_text() -> None:
    assert live_sample(DEFAULT, 5).media.keys() == set(Modality)


def test_markers_and_names_differ() -> None:
    assert len(set(MARKERS.values())) == len(set(DISPLAY.values())) == len(Modality)


def test_tables_hold_what_they_say() -> None:
    assert all(callable(renderer) for renderer in RENDERERS.values())
    assert all(callable(scheme) for scheme in SCHEMES.values())
    for key, reader in READERS.items():
        assert isinstance(reader, Reader), key
        assert reader.title
        assert reader.layout


def test_what_renders_on_demand_can_be_opened_again() -> None:
    sample = live_sample(DEFAULT, 0)
    assert {"world", "spatial_text", "spoken_digits"} <= RENDERERS.keys()
    assert sample.truth.label_map is not None
    assert sample.truth.label_map.scheme in SCHEMES


def test_every_command_is_in_the_usage() -> None:
    text = usage()
    for group, commands in GROUPS.items():
        for name, command in commands.items():
            assert f"{group} {name}" in text
            assert command.__doc__
