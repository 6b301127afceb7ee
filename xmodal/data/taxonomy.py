"""How alike two names are, by their nearest common hypernym: the world's own senses, or all nouns of WordNet."""

import gzip
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from xmodal.data.world import wordnet
from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.kinds import KINDS
from xmodal.errors import InputError

_IRREGULAR = {
    "children": "child",
    "men": "man",
    "women": "woman",
    "people": "person",
    "leaves": "leaf",
    "mice": "mouse",
}
_COLUMNS = 3


@dataclass(frozen=True)
class Taxonomy:
    """Senses of names, and the first hypernym of each sense."""

    senses: Mapping[str, tuple[str, ...]]
    """Name (lower-case, spaces between words) -> its senses."""
    parents: Mapping[str, str]
    """Sense -> its first hypernym; the root has none."""

    def chain(self, sense: str) -> tuple[str, ...]:
        """The sense and its hypernyms, the root last.

        Raises:
            InputError: they run in a circle.
        """
        found = [sense]
        while (parent := self.parents.get(found[-1])) is not None:
            if parent in found:
                raise InputError(f"the hypernyms of {sense} run in a circle")
            found.append(parent)
        return tuple(found)

    def known(self, name: str) -> tuple[str, ...]:
        """Senses of the first known form of a name: as it is, in the singular, its last word alone; empty if none."""
        return next((self.senses[form] for form in forms(name) if form in self.senses), ())

    def similarity(self, a: str, b: str) -> float:
        """Wu-Palmer similarity in [0, 1] of the two most alike senses (Sim_wup in Eq. 16 of matchmaps).

        2 d / (d_a + d_b), where d counts the nodes from the root, 1, to the nearest common hypernym. Our rule for a
        name that is not known: 1 if both names share a form (`dogs`, `a dog`), else 0. Without a common hypernym: 0.
        """
        ones, others = self.known(a), self.known(b)
        if not ones or not others:
            return float(not set(forms(a)).isdisjoint(forms(b)))
        return max(wu_palmer(self.chain(one), self.chain(other)) for one in ones for other in others)


def wu_palmer(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Of two chains from a sense to its root: twice the depth of the nearest common node over the sum of depths."""
    shared = set(other)
    depth = next((len(one) - place for place, sense in enumerate(one) if sense in shared), 0)
    return 2 * depth / (len(one) + len(other))


@cache
def forms(name: str) -> tuple[str, ...]:
    """A name as it may be listed, likeliest first: `Stop_signs` -> `stop signs`, `stop sign`, `signs`, `sign`, ...

    Of several names with commas between the first one counts (ADE20K: `person, individual`).
    """
    plain = " ".join(name.split(",")[0].replace("_", " ").lower().strip(" .;:!?'\"").split())
    last = plain.rpartition(" ")[2]
    return tuple(dict.fromkeys((plain, *_singulars(plain), last, *_singulars(last))))


def _singulars(name: str) -> tuple[str, ...]:
    found = [_IRREGULAR[name]] if name in _IRREGULAR else []
    endings = (("ies", "y"), ("es", ""), ("s", "")) if name.endswith(_ES) else (("s", ""), ("es", ""))
    found += [name.removesuffix(old) + new for old, new in endings if name.endswith(old) and len(name) > len(old) + 1]
    return tuple(found)


_ES = ("ies", "ches", "shes", "xes", "sses", "zes")


@cache
def world() -> Taxonomy:
    """The senses of the world's labels, and of the nouns that its captions use for them."""
    senses: defaultdict[str, dict[str, None]] = defaultdict(dict)
    parents: dict[str, str] = {}
    for entry in wordnet.entries():
        ids = [synset.id for synset in entry.chain]
        parents |= dict(pairwise(ids))
        for name in (entry.label, *_spoken(entry.set, entry.label)):
            senses[forms(name)[0]][ids[0]] = None
    return Taxonomy({name: tuple(found) for name, found in senses.items()}, parents)


def _spoken(kind: str, label: str) -> Iterable[str]:
    """The nouns for a label; lemmas of WordNet are left out, which would bring in other things (`picture`: film)."""
    if kind == "kind":
        return KINDS[label].words
    return CATEGORIES[label].words if kind == "category" else ()


def read(path: Path) -> Taxonomy:
    """All nouns of a table with the columns synset, lemmas (`a|b`), hypernyms (spaces between), tab-separated.

    The table that `xmodal.data.world.wordnet` reads; `.gz` is unpacked. Only first hypernyms are followed, as there.

    Raises:
        InputError: missing, damaged, or no such table.
    """
    senses: defaultdict[str, list[str]] = defaultdict(list)
    parents: dict[str, str] = {}
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lines = content.decode("utf-8").splitlines()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a table of nouns: {error}") from error
    if not lines or lines[0].split("\t")[:_COLUMNS] != ["synset", "lemmas", "hypernyms"]:
        raise InputError(f"{path}: the first line must name the columns synset, lemmas, hypernyms")
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) < _COLUMNS:
            raise InputError(f"{path}: a line with fewer than {_COLUMNS} columns: {line[:60]!r}")
        if cells[2]:
            parents[cells[0]] = cells[2].split()[0]
        for lemma in cells[1].lower().split("|"):
            senses[lemma].append(cells[0])
    return Taxonomy({name: tuple(found) for name, found in senses.items()}, parents)
