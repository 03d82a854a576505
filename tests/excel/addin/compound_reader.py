"""Reads a compound file by [MS-CFB], version 3, apart from the writer: its allocation table, directory and streams."""

import struct
from collections.abc import Iterator, Sequence

END_OF_CHAIN, NO_ENTRY = 0xFFFFFFFE, 0xFFFFFFFF


def read_compound(data: bytes) -> dict[str, bytes]:
    """The streams by their paths; AssertionError where the file breaks the specification."""
    assert data[:8] == bytes.fromhex("D0CF11E0A1B11AE1")
    assert len(data) % 512 == 0
    table_count, directory_start = struct.unpack_from("<II", data, 44)
    mini_start, mini_count = struct.unpack_from("<II", data, 60)
    table_sectors = struct.unpack_from("<109I", data, 76)[:table_count]
    sector = lambda number: data[512 * (number + 1) : 512 * (number + 2)]  # noqa: E731
    table = [number for at in table_sectors for number in struct.unpack("<128I", sector(at))]
    assert all(table[at] == 0xFFFFFFFD for at in table_sectors)

    def chain(start: int) -> bytes:
        out = bytearray()
        while start != END_OF_CHAIN:
            out += sector(start)
            start = table[start]
        return bytes(out)

    directory = chain(directory_start)
    entries = [directory[at : at + 128] for at in range(0, len(directory), 128)]
    mini_table = struct.unpack(f"<{mini_count * 128}I", chain(mini_start)) if mini_count else ()
    mini_stream = chain(struct.unpack_from("<I", entries[0], 116)[0]) if mini_count else b""

    def stream(entry: bytes) -> bytes:
        start, size = struct.unpack_from("<IQ", entry, 116)
        if size >= 4096 or start == END_OF_CHAIN:
            return chain(start)[:size]
        out = bytearray()
        while start != END_OF_CHAIN:
            out += mini_stream[64 * start : 64 * start + 64]
            start = mini_table[start]
        assert len(out) - size < 64
        return bytes(out[:size])

    root = struct.unpack_from("<I", entries[0], 76)[0]
    return {path: stream(entry) for path, entry in _streams_below(entries, root, "", "", "~")}


def _streams_below(
    entries: Sequence[bytes], index: int, path: str, above: str, below: str
) -> Iterator[tuple[str, bytes]]:
    """A search tree: everything left of an entry sorts before it, shorter names first."""
    if index == NO_ENTRY:
        return
    entry = entries[index]
    (length,), (left, right, child) = struct.unpack_from("<H", entry, 64), struct.unpack_from("<III", entry, 68)
    name = entry[: length - 2].decode("utf-16-le")
    key = f"{len(name):02}{name.upper()}"
    assert above < key < below
    yield from _streams_below(entries, left, path, above, key)
    yield from _streams_below(entries, right, path, key, below)
    if entry[66] == 1:
        yield from _streams_below(entries, child, f"{path}{name}/", "", "~")
    else:
        yield f"{path}{name}", entry
