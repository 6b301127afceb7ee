"""Files of word vectors are read by content, and every fault is said with its place."""

import gzip
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from xmodal.data.vector_files import read_layout, vectors_in
from xmodal.errors import InputError

VECTORS = {
    "sea": [0.5, -1.25, 3.0, 0.0, 2.0],
    "ice cream": [1.0, 2.0, 3.0, 4.0, 5.0],
    "route 66": [1e-3, 2.0, -3.0, 4.0, 5.5],
    "über": [9.0, 8.0, 7.0, 6.0, 5.0],
}


def as_glove(vectors: dict[str, list[float]]) -> bytes:
    return "".join(f"{word} {' '.join(map(str, values))}\n" for word, values in vectors.items()).encode()


def as_text(vectors: dict[str, list[float]]) -> bytes:
    return b"%d %d\n" % (len(vectors), 5) + as_glove(vectors)


def as_binary(vectors: dict[str, list[float]], end: bytes = b"\n") -> bytes:
    rows = (word.encode() + b" " + np.array(values, "<f4").tobytes() + end for word, values in vectors.items())
    return b"%d %d\n" % (len(vectors), 5) + b"".join(rows)


SINGLE = {word: values for word, values in VECTORS.items() if " " not in word}  # binary words hold no spaces


def read(path: Path) -> dict[str, list[float]]:
    return {entry.word: entry.vector.tolist() for entry in vectors_in(path, lambda _: True)}


@pytest.mark.parametrize(
    ("kind", "content", "vectors"),
    [
        ("GloVe text", as_glove(VECTORS), VECTORS),
        ("GloVe text", as_glove(VECTORS).replace(b"\n", b" \r\n").rstrip(), VECTORS),
        ("GloVe text", as_glove(VECTORS) + b"\n\r\n", VECTORS),
        ("word2vec text", as_text(VECTORS), VECTORS),
        ("word2vec binary", as_binary(SINGLE), SINGLE),
        ("word2vec binary", as_binary(SINGLE, b""), SINGLE),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_three_forms_are_known_by_content(
    kind: str, content: bytes, vectors: dict[str, list[float]], packed: bool, tmp_path: Path
) -> None:
    path = tmp_path / "vectors.anything"
    path.write_bytes(gzip.compress(content) if packed else content)
    layout = read_layout(path)
    assert (layout.kind, layout.dims) == (kind, 5)
    assert layout.count == (None if kind == "GloVe text" else len(vectors))
    found = read(path)
    assert list(found) == list(vectors)
    for word, values in vectors.items():
        assert found[word] == np.array(values, np.float32).tolist()


def test_only_wanted_words_are_parsed_and_words_that_are_no_text_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_bytes(as_glove(SINGLE) + b"caf\xc3 1 2 3 4 5\n" + b"broken 1 2 nan x 5\n")
    assert [entry.word for entry in vectors_in(path, lambda word: word == "sea")] == ["sea"]
    with pytest.raises(InputError, match="line 4: could not convert"):
        read(path)


def test_the_real_excerpts(realdata: Path) -> None:
    folder = realdata / "word_vectors"
    for name, count in (
        ("glove.twitter.27B.25d.subset.txt", 11_925),
        ("glove.twitter.27B.25d.first1000.w2v.txt", 1000),
    ):
        asked: list[str] = []
        found = list(vectors_in(folder / name, lambda word, asked=asked: asked.append(word) or word in ("the", "dog")))
        assert len(asked) == len(set(asked)) == count
        assert [entry.word for entry in found] == [word for word in asked if word in ("the", "dog")]
        assert found[0].vector[:2].tolist() == pytest.approx([-0.010167, 0.020194])
        assert found[0].vector.shape == (25,)


TEXT, BINARY, GLOVE = as_text(VECTORS), as_binary(SINGLE), as_glove(VECTORS)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (GLOVE[:-8], r"line 4: 3 numbers instead of 5: the file is cut off"),
        (GLOVE + b"dog 1.5 2.5\n", r"line 5: 2 numbers instead of 5"),
        (GLOVE + b"dog 0.5 1 2 3 4 5\n", r"line 5: more numbers than the 5 of the other words"),
        (GLOVE + b"dog 1 2 3 4 nan\n", r"line 5: a value is not a finite number"),
        (GLOVE + b"dog 1 2 3 4 1e300\n", r"line 5: a value is not a finite number"),
        (GLOVE + b"dog 1 2 3 4 five\n", r"line 5: could not convert"),
        (GLOVE + b"\ndog\n", r"line 6: 0 numbers instead of 5"),
        (GLOVE + b"x" * 5000, r"line 5: 0 numbers instead of 5"),
        (TEXT[: TEXT.index(b"route")], r"ends after 2 of the 4 words"),
        (TEXT + b"dog 1 2 3 4 5\n", r"has 5 words, its first line says 4: correct that line"),
        (TEXT[:-8], r"line 5: 3 numbers instead of 5"),
        (BINARY[:-9], r"word 2 of 2: the file ends in the middle of it: it is cut off"),
        (BINARY[:30], r"word 2 of 2: the file ends in the middle"),
        (BINARY.replace(b"\xc3\xbcber ", b"x" * 9000), r"word 2 of 2: no word is there"),
        (BINARY + b"dog", r"goes on after the 2 words"),
        (
            as_binary({"sea": VECTORS["sea"], "dog": [1.0, np.nan, 0.0, 0.0, 0.0]}),
            r"word 2 of 2: a value is not a finite number",
        ),
        (gzip.compress(GLOVE * 50)[:-20], r"cannot be read"),
        (b"", r"no word vectors: word2vec's text or binary form or GloVe's text is read"),
        (b"hello\n", r"no word vectors"),
        (b"id,photo,caption\n", r"no word vectors"),
        (b"999999999 300\n", r"no word vectors"),
    ],
)
def test_faults_are_said_with_their_place(content: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "vectors.bin"
    path.write_bytes(content)
    with pytest.raises(InputError, match=problem) as raised:
        read(path)
    assert str(raised.value).startswith(str(path))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.txt: cannot be read"):
        read(tmp_path / "absent.txt")


@pytest.mark.parametrize("binary", [False, True])
def test_memory_is_that_of_the_wanted_words(binary: bool, tmp_path: Path) -> None:
    row = np.linspace(-1.0, 1.0, 300, dtype="<f4")
    tail = b" " + (row.tobytes() if binary else b" ".join(b"%.4f" % value for value in row)) + b"\n"
    path = tmp_path / "large"
    path.write_bytes(b"4000 300\n" + b"".join(b"word%d" % number + tail for number in range(4000)))
    tracemalloc.start()
    found = [entry.word for entry in vectors_in(path, lambda word: word in ("word0", "word3999"))]
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == ["word0", "word3999"]
    assert peak_bytes < 4_000_000 < path.stat().st_size
