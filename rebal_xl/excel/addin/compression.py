"""The compression of VBA streams, [MS-OVBA] 2.4.1: chunks of 4,096 bytes, of literals and copies of earlier bytes."""

import struct
from collections import defaultdict

# 2.4.1.1.1: the first byte of a compressed container.
SIGNATURE = b"\x01"
# 2.4.1.1.3: so many bytes are compressed at a time, and no copy reaches beyond them.
CHUNK = 4096
# 2.4.1.1.5: bits 12 to 14 of a chunk's header are 0b011; bit 15 says that the chunk is compressed.
CHUNK_MARK = 0x3000
COMPRESSED = 0x8000
# A header counts the whole chunk, its own two bytes included, less three.
HEADER_BYTES = 2
# 2.4.1.3.19.4: a shorter copy would be longer than the bytes it stands for.
SHORTEST_COPY = 3
# Flags of one token sequence, 2.4.1.1.7.
TOKENS_A_FLAG_BYTE = 8
FEWEST_OFFSET_BITS = 4


def compress(data: bytes) -> bytes:
    """A compressed container ([MS-OVBA] 2.4.1.3.6) of any bytes; the same bytes always give the same container.

    ValueError for a last chunk that grows when it is compressed: the format would pad it to 4,096 bytes.
    """
    chunks = (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
    return SIGNATURE + b"".join(_chunk(chunk) for chunk in chunks)


def _chunk(data: bytes) -> bytes:
    """One chunk with its header, 2.4.1.3.7; raw where compression does not pay (2.4.1.3.10)."""
    tokens = _token_sequences(data)
    if len(tokens) < CHUNK:
        return struct.pack("<H", COMPRESSED | CHUNK_MARK | (HEADER_BYTES + len(tokens) - 3)) + tokens
    if len(data) < CHUNK:
        raise ValueError("the last bytes cannot be compressed, and an uncompressed chunk must have 4,096 of them")
    return struct.pack("<H", CHUNK_MARK | (HEADER_BYTES + CHUNK - 3)) + data


def _token_sequences(data: bytes) -> bytes:
    """Flag bytes, each before up to eight tokens, 2.4.1.3.8: a literal byte, or two bytes that say what to copy."""
    seen: dict[bytes, list[int]] = defaultdict(list)
    out = bytearray()
    position = 0
    while position < len(data):
        flags, tokens = 0, bytearray()
        for bit in range(TOKENS_A_FLAG_BYTE):
            if position >= len(data):
                break
            offset, length = _longest_match(data, position, seen)
            if length:
                tokens += _copy_token(position, offset, length)
                flags |= 1 << bit
            else:
                length = 1
                tokens.append(data[position])
            for at in range(position, position + length):
                seen[data[at : at + SHORTEST_COPY]].append(at)
            position += length
        out.append(flags)
        out += tokens
    return bytes(out)


def _longest_match(data: bytes, position: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """How far back the longest copy of what comes next begins, and its length; (0, 0) for none, 2.4.1.3.19.4."""
    longest = min((0xFFFF >> _offset_bits(position)) + SHORTEST_COPY, len(data) - position)
    best_offset = best_length = 0
    if longest < SHORTEST_COPY:
        return 0, 0
    for start in reversed(seen.get(data[position : position + SHORTEST_COPY], ())):
        length = SHORTEST_COPY
        while length < longest and data[start + length] == data[position + length]:
            length += 1
        if length > best_length:
            best_offset, best_length = position - start, length
            if length == longest:
                break
    return best_offset, best_length


def _copy_token(position: int, offset: int, length: int) -> bytes:
    """Offset and length in two bytes, 2.4.1.3.19.3: the further into the chunk, the more bits for the offset."""
    return struct.pack("<H", (offset - 1) << (16 - _offset_bits(position)) | (length - SHORTEST_COPY))


def _offset_bits(position: int) -> int:
    """Bits for an offset at a position of the chunk, 2.4.1.3.19.1: the logarithm to base 2, rounded up, at least 4."""
    return max((position - 1).bit_length() if position else 0, FEWEST_OFFSET_BITS)
