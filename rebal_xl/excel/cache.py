"""Answers kept by a hash of what they were made from, bounded in number and in size."""

import marshal
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Generic, TypeVar

_Kept = TypeVar("_Kept")


def fingerprint(*parts: object) -> bytes:
    """A hash of numbers, texts, blanks and nested tuples or lists of them; b"" for anything else."""
    try:
        # Version 2 writes no references, so that equal values give equal bytes.
        written = marshal.dumps(parts, 2)  # type: ignore[arg-type]
        return blake2b(written, digest_size=32).digest()
    except ValueError:
        return b""


class Cache(Generic[_Kept]):
    """The answers used last. What has no fingerprint is made every time."""

    def __init__(self, entries: int, size: int | None = None) -> None:
        self._entries = entries
        self._size = size
        self._kept: OrderedDict[bytes, tuple[_Kept, int]] = OrderedDict()
        self._total = 0

    def get(self, key: bytes) -> _Kept | None:
        """What was kept under a fingerprint, None when nothing was."""
        found = self._kept.get(key) if key else None
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: bytes, answer: _Kept, size: int = 1) -> None:
        """Keep an answer; the ones used longest ago make room. One that is larger than all room is not kept."""
        if not key or (self._size is not None and size > self._size):
            return
        self._drop(key)
        self._kept[key] = (answer, size)
        self._total += size
        while len(self._kept) > self._entries or (self._size is not None and self._total > self._size):
            self._drop(next(iter(self._kept)))

    def made(self, key: bytes, make: Callable[[], _Kept]) -> _Kept:
        """What was kept, or what `make` gives; an exception of `make` keeps nothing."""
        found = self.get(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return found

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._total = 0

    def _drop(self, key: bytes) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._total -= gone[1]

    def __len__(self) -> int:
        return len(self._kept)
