"""Compressed as [MS-OVBA] says: any text comes back, and its own examples are met."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.excel.addin.compression import compress
from tests.excel.addin.decompress import decompress

# [MS-OVBA] 3.2.1 to 3.2.3
EXAMPLES = {
    b"abcdefghijklmnopqrstuv.": (
        "01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E"  # as it is
    ),
    b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa": (
        "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F 70 06 71 02 70"
        " 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C"
    ),
    b"a" * 73: "01 03 B0 02 61 45 00",
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_of_the_specification(text: bytes) -> None:
    example = bytes.fromhex(EXAMPLES[text])
    assert decompress(example) == decompress(compress(text)) == text
    # of copies equally long it may name another, so only the length must be the same
    assert len(compress(text)) == len(example)


@given(
    st.lists(st.sampled_from([b"Function ", b"End Sub\r\n", b"a", b" ", b"\r\n", b"Dim x As Long\r\n"]), max_size=3000)
)
def test_source_like_text_comes_back(words: list[bytes]) -> None:
    text = b"".join(words)
    assert decompress(compress(text)) == text


@given(st.binary(max_size=3000))
def test_any_bytes_come_back(data: bytes) -> None:
    assert decompress(compress(data)) == data


@pytest.mark.parametrize("size", [1, 4095, 4096, 4097, 8192, 12_289])
def test_around_the_edges_of_chunks(size: int) -> None:
    text = (b"' one year and one day\r\n" * 600)[:size]
    assert decompress(compress(text)) == text


def test_a_chunk_that_does_not_shrink_is_stored_as_it_is() -> None:
    noise = random.Random(1).randbytes(4096)
    assert compress(noise)[1:3] == bytes.fromhex("FF3F")
    assert decompress(compress(noise + b"the end")) == noise + b"the end"


def test_a_last_chunk_that_does_not_shrink_is_refused_rather_than_padded() -> None:
    with pytest.raises(ValueError, match="cannot be compressed"):
        compress(random.Random(1).randbytes(4000))
