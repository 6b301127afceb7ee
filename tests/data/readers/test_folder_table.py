import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import soundfile
from PIL import Image

from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.media import Stored, Text
from xmodal.data.readers import ReaderError, column_mapping
from xmodal.data.readers.table import detect
from xmodal.data.report import Report
from xmodal.data.sample import Split, Word
from xmodal.modality import Modality


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures `photos/<name>.jpg` and recordings `voices/<name>.wav`, no table yet."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "voices").mkdir()
    tones = np.random.Generator(np.random.Philox(1)).uniform(-0.1, 0.1, (4, 800))
    for name, tone in zip(("beach", "café", "kitchen", "street"), tones, strict=True):
        Image.new("RGB", (16, 12), "teal").save(tmp_path / "photos" / f"{name}.jpg")
        soundfile.write(tmp_path / "voices" / f"{name}.wav", tone, 8000)
    return tmp_path


def reasons(report: Report) -> list[str]:
    return [row.reason for row in report.rows]


def test_columns_map_by_their_names(folder: Path) -> None:
    (folder / "items.csv").write_text(
        "id,photo_path,wav,speaker_id,caption_1,caption_2,label,split,licence\n"
        "a,photos/beach.jpg,voices/beach.wav,s7,Waves roll in.,The sea.,beach,val,CC0\n"
    )
    assert detect(folder) == "folder_table"
    (sample,), report = read("folder_table", folder)
    assert sample.media == {
        Modality.IMAGE: Stored("photos/beach.jpg"),
        Modality.TEXT: Text(("Waves roll in.", "The sea.")),
        Modality.SPEECH: Stored("voices/beach.wav"),
    }
    assert (sample.id, sample.split, sample.scene, sample.group) == ("a", Split.VALIDATION, "beach", "s7")
    assert sample.facts == {"licence": "CC0"}
    assert "speech <- wav" in report.notes[0]


def test_audio_without_a_speaker_is_sound(folder: Path) -> None:
    (folder / "items.csv").write_text("image,audio\nphotos/beach.jpg,voices/beach.wav\n")
    (sample,), _ = read("folder_table", folder)
    assert set(sample.media) == {Modality.IMAGE, Modality.SOUND}


def test_columns_map_by_what_they_hold(folder: Path) -> None:
    (folder / "items.tsv").write_text(
        "file_name\tb\tc\n"
        + "".join(f"photos/{n}.jpg\tvoices/{n}.wav\tIt is a {n} here\n" for n in ("beach", "street"))
    )
    samples, _ = read("folder_table", folder)
    assert [set(sample.media) for sample in samples] == [{Modality.IMAGE, Modality.SOUND, Modality.TEXT}] * 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_encoding_and_delimiter(folder: Path, encoding: str, delimiter: str) -> None:
    lines = [["image", "caption"], ["photos/café.jpg", '"Un café,\r\nouvert"'], ["photos/beach.jpg", "Sea"]]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    (folder / "items.csv").write_bytes(text.encode(encoding))
    samples, report = read("folder_table", folder)
    assert report.total == 0, report.rows
    assert samples[0].media[Modality.IMAGE] == Stored("photos/café.jpg")
    assert samples[0].media[Modality.TEXT] == Text(("Un café,\r\nouvert",))


def test_json_lines_with_word_times(folder: Path) -> None:
    times = [{"word": "big", "start": 0.1, "end": 0.3}, {"word": "sea", "start": 0.3, "end": 0.6}]
    rows = [
        {"image": "photos/beach.jpg", "speech": "voices/beach.wav", "caption": ["big sea", "waves"], "words": times},
        {"image": "photos/street.jpg", "speech": "voices/street.wav", "caption": "a street", "words": [["a", 2, 1]]},
    ]
    (folder / "items.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n[1, 2]\n{broken\n")
    samples, report = read("folder_table", folder)
    assert samples[0].truth.words == (Word("big", 0.1, 0.3), Word("sea", 0.3, 0.6))
    assert samples[0].media[Modality.TEXT] == Text(("big sea", "waves"))
    assert samples[1].truth.words == ()
    assert [row.row for row in report.rows] == ["2", "3", "4"]
    assert "times are not in order" in reasons(report)[0]


def test_bad_rows_are_listed_and_the_rest_is_read(folder: Path) -> None:
    (folder / "items.csv").write_text(
        "id,image,speech,split\n"
        "good,photos/beach.jpg,voices/beach.wav,train\n"
        "out,../secret.jpg,,train\n"
        "root,/etc/passwd,,train\n"
        "web,https://example.org/a.jpg,,train\n"
        "gone,photos/gone.jpg,,train\n"
        "half,photos/street.jpg,voices/gone.wav,train\n"
        "good,photos/street.jpg,,train\n"
        "strange,photos/street.jpg,,monday\n"
        "short,photos/street.jpg\n"
        "long,photos/street.jpg,,train,more\n"
        ",,,\n"
        "empty,,,train\n"
    )
    samples, report = read("folder_table", folder)
    assert [sample.id for sample in samples] == ["good", "half"]
    assert report.read == 2
    expected = ("leaves", "absolute", "web address", "missing file", "missing file", "duplicate", "split 'monday'")
    for reason, words in zip(reasons(report), (*expected, "2 cells", "5 cells", "nothing in it"), strict=True):
        assert words in reason
    assert not any("\n" in reason for reason in reasons(report))


def test_wrong_columns_say_what_is_there_and_how_to_map(folder: Path) -> None:
    (folder / "items.csv").write_text("alpha,beta\n1,2\n")
    with pytest.raises(ReaderError, match=r"Columns found: alpha, beta\. .*--option columns=image:alpha"):
        read("folder_table", folder)
    with pytest.raises(ReaderError, match=r"no column 'gamma'; it has: alpha, beta"):
        read("folder_table", folder, columns="image:gamma")
    with pytest.raises(ReaderError, match="write ROLE:COLUMN with a role out of image"):
        read("folder_table", folder, columns="smell:alpha")


def test_columns_option(folder: Path) -> None:
    (folder / "items.csv").write_text("x,y,z,w\nbeach.jpg,one two,three,weird\n")
    samples, _ = read("folder_table", folder, columns="clip_art:x,text:y+z,scene:w", media="photos")
    assert samples[0].media == {
        Modality.CLIP_ART: Stored("photos/beach.jpg"),
        Modality.TEXT: Text(("one two", "three")),
    }
    assert samples[0].scene == "weird"


def test_tables_named_after_splits(folder: Path) -> None:
    for name, picture in (("train", "beach"), ("dev", "street"), ("test", "kitchen")):
        (folder / f"{name}.csv").write_text(f"image\nphotos/{picture}.jpg\n")
    samples, _ = read("folder_table", folder)
    assert {sample.id: sample.split.value for sample in samples} == {
        "dev/1": "validation",
        "test/1": "test",
        "train/1": "train",
    }


def test_several_tables_need_a_choice(folder: Path) -> None:
    (folder / "one.csv").write_text("image\nphotos/beach.jpg\n")
    (folder / "two.csv").write_text("image\nphotos/street.jpg\n")
    with pytest.raises(ReaderError, match=r"one\.csv, two\.csv.*table=NAME"):
        read("folder_table", folder)
    (sample,), _ = read("folder_table", folder, table="two.csv")
    assert sample.media[Modality.IMAGE] == Stored("photos/street.jpg")


def test_hashed_split_keeps_groups_together(folder: Path) -> None:
    rows = "".join(f"photos/beach.jpg,u{number % 40},{number}\n" for number in range(400))
    (folder / "items.csv").write_text("image,user,n\n" + rows)
    samples, _ = read("folder_table", folder)
    by_group: dict[str, set[Split]] = {}
    for sample in samples:
        by_group.setdefault(sample.group or "", set()).add(sample.split)
    assert len(by_group) == 40
    assert all(len(splits) == 1 for splits in by_group.values())
    assert {split for splits in by_group.values() for split in splits} == set(Split)


def test_parts_of_recordings(folder: Path) -> None:
    (folder / "items.csv").write_text(
        "sound,start_s,end_s\nvoices/beach.wav,0.02,0.08\nvoices/beach.wav,0.5,0.1\nvoices/beach.wav,soon,\n"
    )
    (sample,), report = read("folder_table", folder)
    assert sample.media[Modality.SOUND] == Stored("voices/beach.wav", start_s=0.02, end_s=0.08)
    assert ["before it starts" in reasons(report)[0], "not a number" in reasons(report)[1]] == [True, True]


def test_parquet_is_read_in_batches(folder: Path) -> None:
    table = pa.table(
        {
            "image": ["photos/beach.jpg"] * 3_000,
            "text": [f"caption {number}" for number in range(3_000)],
            "thumbnail": [b"\xff\xd8"] * 3_000,
        }
    )
    pq.write_table(table, folder / "items.parquet", row_group_size=500)
    samples, report = read("folder_table", folder)
    assert len(samples) == 3_000
    assert any("thumbnail hold bytes" in note for note in report.notes)
    whole = (folder / "items.parquet").read_bytes()
    (folder / "items.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReaderError, match=r"items\.parquet is not readable as parquet"):
        read("folder_table", folder)


def test_a_quote_that_never_closes_is_one_bad_row(folder: Path) -> None:
    rows = "".join(f"photos/beach.jpg,row {number}\n" for number in range(9_000))
    (folder / "items.csv").write_text('image,caption\nphotos/beach.jpg,fine\nphotos/street.jpg,"open\n' + rows)
    samples, report = read("folder_table", folder)
    assert len(samples) > 2_000
    assert 1 <= report.total < 10


def test_image_column_of_ids_gives_way_to_the_column_of_files() -> None:
    columns = column_mapping.guessed(("image", "file"), [{"image": "17", "file": "a/b.PNG"}])
    assert columns.of == {"image": "file"}


def test_masks_with_class_names(folder: Path) -> None:
    (folder / "masks").mkdir()
    Image.fromarray(np.full((12, 16), 2, np.uint8)).save(folder / "masks" / "beach.png")
    (folder / "items.csv").write_text(
        "photo,mask,label names\nphotos/beach.jpg,masks/beach.png,1=sky;2=sea\nphotos/street.jpg,masks/gone.png,\n"
    )
    samples, report = read("folder_table", folder)
    assert set(samples[0].media) == {Modality.IMAGE}
    found = load.label_map(samples[0])
    assert found is not None
    assert found.names == {2: "sea"}
    assert samples[1].truth.label_map is None
    assert "kept without a label map" in report.rows[0].reason
