"""A compound file: [MS-CFB] version 3, sectors of 512 bytes, written whole from the streams it is to hold.

Small streams go into the mini stream, as the format demands. Every entry is a black node of a balanced tree, times and
class identifiers are zero: the same streams always give the same bytes.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECTOR = 512
MINI_SECTOR = 64
# 2.2: a stream shorter than this lives in the mini stream.
MINI_CUTOFF = 4096
SECTOR_NUMBER = 4
NUMBERS_A_SECTOR = SECTOR // SECTOR_NUMBER
# 2.5: so many sectors of the allocation table are named in the header itself; more are not needed for 7 MB.
TABLE_SECTORS_IN_HEADER = 109

# 2.1: special sector numbers, and 2.6.1: no such entry.
FREE_SECTOR = 0xFFFFFFFF
END_OF_CHAIN = 0xFFFFFFFE
TABLE_SECTOR = 0xFFFFFFFD
NO_ENTRY = 0xFFFFFFFF

# 2.6.1: kinds of entries, and the colour of every one.
UNUSED, STORAGE, STREAM, ROOT = 0, 1, 2, 5
BLACK = 1
NAME_BYTES = 64

HEADER_SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
MINOR_VERSION, MAJOR_VERSION, LITTLE_ENDIAN = 0x003E, 0x0003, 0xFFFE


@dataclass(slots=True)
class _Entry:
    """One entry of the directory, 2.6.1."""

    name: str
    kind: int
    data: bytes = b""
    children: list[int] = field(default_factory=list)
    left: int = NO_ENTRY
    right: int = NO_ENTRY
    child: int = NO_ENTRY
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0" if self.name else b""
        return struct.pack(
            f"<{NAME_BYTES}sHBBIII16xIQQIQ",
            name,
            len(name),
            self.kind,
            BLACK,
            self.left,
            self.right,
            self.child,
            0,  # state bits
            0,  # created
            0,  # changed
            self.start,
            self.size,
        )


class _Sectors:
    """The sectors of the file and the table that chains them, 2.3."""

    def __init__(self) -> None:
        self.data: list[bytes] = []
        self.table: list[int] = []

    def put(self, data: bytes) -> int:
        """Append a chain that holds the data; the number of its first sector."""
        if not data:
            return END_OF_CHAIN
        first = len(self.data)
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        self.data += pieces
        self.table += _chain(first, len(pieces))
        return first

    def put_table(self) -> tuple[int, int]:
        """Append the table itself, once all else is there; the number of its first sector, and of how many."""
        first, count = len(self.data), 1
        while first + count > count * NUMBERS_A_SECTOR:
            count += 1
        if count > TABLE_SECTORS_IN_HEADER:
            raise ValueError("the streams are larger than the 7 MB that this writer is made for")
        numbers = self.table + [TABLE_SECTOR] * count
        self.data += _numbers(numbers)
        return first, count


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """The compound file that holds the streams, by their paths such as "VBA/dir"; ValueError beyond 7 MB.

    Storages are made as the paths name them.
    """
    entries = _directory(streams)
    sectors = _Sectors()
    mini_stream, mini_table = bytearray(), list[int]()
    for entry in entries:
        if entry.kind != STREAM:
            continue
        entry.size = len(entry.data)
        if not entry.data:
            entry.start = END_OF_CHAIN
        elif entry.size < MINI_CUTOFF:
            entry.start = len(mini_table)
            count = -(-entry.size // MINI_SECTOR)
            mini_stream += entry.data.ljust(count * MINI_SECTOR, b"\0")
            mini_table += _chain(entry.start, count)
        else:
            entry.start = sectors.put(entry.data)
    entries[0].start, entries[0].size = sectors.put(bytes(mini_stream)), len(mini_stream)
    mini_table_sectors = _numbers(mini_table)
    mini_table_start = sectors.put(b"".join(mini_table_sectors))
    directory_start = sectors.put(_packed_directory(entries))
    table_start, table_count = sectors.put_table()
    header = _header(table_start, table_count, directory_start, mini_table_start, len(mini_table_sectors))
    return header + b"".join(sectors.data)


def _directory(streams: Mapping[str, bytes]) -> list[_Entry]:
    """The root, every storage and every stream, each storage with the tree of its children."""
    entries = [_Entry("Root Entry", ROOT)]
    storages = {"": 0}
    for path, data in streams.items():
        above, _, leaf = path.rpartition("/")
        if above not in storages:
            if "/" in above:
                raise ValueError(f"{path}: a storage within a storage is not written here")
            entries.append(_Entry(above, STORAGE))
            storages[above] = len(entries) - 1
            entries[0].children.append(storages[above])
        entries.append(_Entry(leaf, STREAM, data))
        entries[storages[above]].children.append(len(entries) - 1)
    for entry in entries:
        if len(entry.name.encode("utf-16-le")) + 2 > NAME_BYTES:
            raise ValueError(f"{entry.name}: a name in a compound file has at most 31 characters")
        order = sorted(entry.children, key=lambda index: _sort_key(entries[index].name))
        if len({_sort_key(entries[index].name) for index in order}) < len(order):
            raise ValueError(f"{entry.name}: two entries have the same name")
        entry.child = _tree(entries, order)
    return entries


def _sort_key(name: str) -> tuple[int, str]:
    """2.6.4: shorter names first, then by capitals."""
    return len(name.encode("utf-16-le")), name.upper()


def _tree(entries: list[_Entry], order: Sequence[int]) -> int:
    """A balanced search tree over sorted entries; the index of its top, 2.6.4."""
    if not order:
        return NO_ENTRY
    middle = len(order) // 2
    top = entries[order[middle]]
    top.left, top.right = _tree(entries, order[:middle]), _tree(entries, order[middle + 1 :])
    return order[middle]


def _packed_directory(entries: Sequence[_Entry]) -> bytes:
    """The entries in whole sectors, filled up with unused ones."""
    packed = b"".join(entry.packed() for entry in entries)
    unused = struct.pack(f"<{NAME_BYTES}xHBBIII16xIQQIQ", 0, UNUSED, 0, NO_ENTRY, NO_ENTRY, NO_ENTRY, 0, 0, 0, 0, 0)
    while len(packed) % SECTOR:
        packed += unused
    return packed


def _header(table_start: int, table_count: int, directory_start: int, mini_start: int, mini_count: int) -> bytes:
    """The first 512 bytes, 2.2, which name the sectors of the allocation table."""
    named = [table_start + index for index in range(table_count)]
    named += [FREE_SECTOR] * (TABLE_SECTORS_IN_HEADER - table_count)
    return struct.pack(
        f"<8s16xHHHHH6xIIIIIIIII{TABLE_SECTORS_IN_HEADER}I",
        HEADER_SIGNATURE,
        MINOR_VERSION,
        MAJOR_VERSION,
        LITTLE_ENDIAN,
        SECTOR.bit_length() - 1,
        MINI_SECTOR.bit_length() - 1,
        0,  # directory sectors: none are counted in version 3
        table_count,
        directory_start,
        0,  # transaction
        MINI_CUTOFF,
        mini_start,
        mini_count,
        END_OF_CHAIN,  # no further sectors that name sectors of the table
        0,
        *named,
    )


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), END_OF_CHAIN]


def _numbers(numbers: Sequence[int]) -> list[bytes]:
    """Sector numbers in whole sectors, the rest marked free."""
    filled = [*numbers, *([FREE_SECTOR] * (-len(numbers) % NUMBERS_A_SECTOR))]
    return [
        struct.pack(f"<{NUMBERS_A_SECTOR}I", *filled[at : at + NUMBERS_A_SECTOR])
        for at in range(0, len(filled), NUMBERS_A_SECTOR)
    ]
