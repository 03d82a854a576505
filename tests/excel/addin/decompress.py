"""[MS-OVBA] 2.4.1.3.1 to 2.4.1.3.5, decompression, written from the specification and apart from the compressor."""

import struct


def decompress(container: bytes) -> bytes:
    """What a compressed container holds; AssertionError where it breaks the specification."""
    assert container[0] == 0x01
    out = bytearray()
    at = 1
    while at < len(container):
        (header,) = struct.unpack_from("<H", container, at)
        size, signature, is_compressed = (header & 0x0FFF) + 3, header >> 12 & 0b111, header >> 15
        assert signature == 0b011
        end = at + size
        assert end <= len(container)
        if is_compressed:
            # only the last chunk may hold less than 4,096 bytes
            assert len(out) % 4096 == 0
            _decompress_chunk(container, at + 2, end, out)
        else:
            assert size == 4098
            out += container[at + 2 : end]
        at = end
    return bytes(out)


def _decompress_chunk(container: bytes, at: int, end: int, out: bytearray) -> None:
    start = len(out)
    while at < end:
        flags = container[at]
        at += 1
        for bit in range(8):
            if at >= end:
                break
            if not flags >> bit & 1:
                out.append(container[at])
                at += 1
                continue
            (token,) = struct.unpack_from("<H", container, at)
            at += 2
            behind = len(out) - start
            # the smallest number of bits, at least 4, whose power of two reaches over what the chunk holds so far
            offset_bits = next(bits for bits in range(4, 13) if 2**bits >= behind)
            length = (token & (0xFFFF >> offset_bits)) + 3
            offset = (token >> (16 - offset_bits)) + 1
            assert offset <= behind
            for _ in range(length):
                out.append(out[-offset])
    assert len(out) - start <= 4096
