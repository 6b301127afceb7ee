import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xmodal.data.resources import describe

VECTORS = {"sea": [0.5, -1.25, 3.0, 0.0, 2.0], "ice cream": [1.0, 2.0, 3.0, 4.0, 5.0]}


def test_word_vectors_of_the_excerpts(realdata: Path) -> None:
    folder = realdata / "word_vectors"
    glove = describe(folder / "glove.twitter.27B.25d.subset.txt")
    assert glove == "word vectors, GloVe text: 11,925 words x 25 dimensions, first 'the', 'of', 'and', 'to', 'a'"
    word2vec = describe(folder / "glove.twitter.27B.25d.first1000.w2v.txt")
    assert word2vec is not None and word2vec.startswith("word vectors, word2vec text: 1,000 words x 25 dimensions")
    both = describe(folder)
    assert both is not None and glove in both and word2vec in both


def test_word2vec_binary(tmp_path: Path) -> None:
    content = b"2 5\n" + b"".join(
        word.encode() + b" " + np.array(values, "<f4").tobytes() + b"\n"
        for word, values in VECTORS.items()
        if " " not in word
    )
    path = tmp_path / "vectors.bin"
    path.write_bytes(content)
    assert describe(path) == (
        "word vectors, word2vec binary: 2 words x 5 dimensions, but the file ends early, first 'sea'"
    )
    path.write_bytes(content + b"shore " + np.zeros(5, "<f4").tobytes())
    assert describe(path) == "word vectors, word2vec binary: 2 words x 5 dimensions, first 'sea', 'shore'"


def test_glove_words_may_hold_spaces(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt.gz"
    lines = [f"{word} {' '.join(map(str, values))}" for word, values in VECTORS.items()]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert describe(path) == "word vectors, GloVe text: 2 words x 5 dimensions, first 'sea', 'ice cream'"


def test_wordnet(realdata: Path, tmp_path: Path) -> None:
    assert describe(realdata / "wordnet") == (
        "oewn_nouns.tsv.gz: WordNet table: 71,873 synsets with lemmas and hypernyms"
    )
    path = tmp_path / "data.noun"
    licence = "  1 This software and database is being provided to you, the LICENSEE, by\n"
    path.write_text(licence + "00001740 03 n 01 entity 0 003 ~ 00001930 n 0000 | that which is perceived\n")
    assert describe(path) == "WordNet database, data.noun: 1 synsets"


def test_idx(realdata: Path, tmp_path: Path) -> None:
    raw = realdata / "mnist" / "raw"
    assert describe(raw / "t10k-images-idx3-ubyte.gz") == "idx file: 4,000 x 28 x 28 unsigned bytes"
    path = tmp_path / "short.idx"
    path.write_bytes(struct.pack(">HBB2I", 0, 8, 2, 3, 4) + bytes(10))
    assert describe(path) == "idx file: 3 x 4 unsigned bytes, but it has 22 bytes instead of 24"


def test_media(realdata: Path) -> None:
    assert describe(realdata / "videos/vas/videos/dog/video_02677.mp4") == "a video of 398 x 224 pixels, 6.0 s"
    assert describe(realdata / "formats/gs-16b-1c-44100hz.m4a") == "a sound of 15.8 s at 44,100 Hz"
    assert describe(realdata / "scenes15/coast/test_image_0232.jpg") == "a picture of 200 x 200 pixels"


def test_hdf5_and_damage(tmp_path: Path) -> None:
    hdf5, broken = tmp_path / "features.h5", tmp_path / "photo.png"
    hdf5.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    assert (describe(hdf5) or "").startswith("HDF5 file of 108 bytes")
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)).save(broken)
    broken.write_bytes(broken.read_bytes()[:2000])
    assert (describe(broken) or "").startswith("unusable: picture is damaged")


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\x1f\x8bnot gzip", b"a,b\n1,2\n", b"3 0\n", b"\0\0\x08\x09"])
def test_what_is_no_resource(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thing"
    path.write_bytes(content)
    assert describe(path) is None
    assert describe(tmp_path / "absent") is None
