"""Which ids have been seen, for millions of rows: 16 bytes or fewer per id."""

import hashlib
from array import array


class Identities:
    """A set of strings by their 64-bit hash, in one flat array (open addressing, at most half full)."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._count = 0

    def __len__(self) -> int:
        """How many different strings were added."""
        return self._count

    def add(self, identity: str) -> bool:
        """Add; True if it is new. Two different strings collide once in about 10^19 / count^2 sets."""
        hashed = hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        key = int.from_bytes(hashed, "little") or 1
        if not self._place(key):
            return False
        self._count += 1
        if 2 * self._count > len(self._slots):
            self._grow()
        return True

    def _place(self, key: int) -> bool:
        slots, mask = self._slots, len(self._slots) - 1
        place = key & mask
        while slots[place]:
            if slots[place] == key:
                return False
            place = (place + 1) & mask
        slots[place] = key
        return True

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("Q", bytes(16 * len(old)))
        for key in old:
            if key:
                self._place(key)
