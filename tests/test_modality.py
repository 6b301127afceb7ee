"""Names of the modalities are part of files, addresses and commands: they do not change."""

from xmodal.modality import AUDIBLE, DISPLAY, PICTORIAL, Modality


def test_values_are_stable() -> None:
    assert [modality.value for modality in Modality] == [
        "image", "sketch", "clip_art", "spatial_text", "text", "sound", "speech", "video",
    ]  # fmt: skip


def test_every_modality_has_a_name_for_people() -> None:
    assert DISPLAY.keys() == set(Modality)
    assert all(modality.display[0].isupper() for modality in Modality)


def test_a_modality_is_seen_or_heard() -> None:
    assert set(PICTORIAL).isdisjoint(AUDIBLE)
    assert set(Modality) - set(PICTORIAL) - set(AUDIBLE) == {Modality.TEXT, Modality.VIDEO}
