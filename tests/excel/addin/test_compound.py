"""Streams of every size come back from a compound file, by a reader of its own."""

import pytest

from rebal_xl.excel.addin.compound import compound_file
from tests.excel.addin.compound_reader import read_compound


def filled(size: int) -> bytes:
    return bytes(range(251)) * (size // 251) + bytes(range(size % 251))


# around a mini sector, the cutoff between mini and other streams, and a sector
@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 4095, 4096, 4097, 4608, 70_000])
def test_a_stream_of_any_size_comes_back(size: int) -> None:
    streams = {"PROJECT": filled(size), "VBA/dir": b"another"}
    assert read_compound(compound_file(streams)) == streams


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 60])
def test_any_number_of_streams_is_found_in_the_tree(count: int) -> None:
    streams = {f"VBA/Module{number}": filled(100 * number) for number in range(count)}
    assert read_compound(compound_file(streams)) == streams


def test_more_than_one_sector_of_the_allocation_table() -> None:
    # one sector of the table chains 128 sectors, 65,536 bytes
    streams = {"PROJECT": filled(300_000)}
    assert read_compound(compound_file(streams)) == streams


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="31 characters"):
        compound_file({"VBA/" + "M" * 32: b""})
    with pytest.raises(ValueError, match="same name"):
        compound_file({"VBA/dir": b"", "VBA/DIR": b""})
    with pytest.raises(ValueError, match="7 MB"):
        compound_file({"PROJECT": bytes(8_000_000)})
