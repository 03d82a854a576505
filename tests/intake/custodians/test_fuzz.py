"""Files broken in any way: read or refused with sentences, never a traceback and never a wait."""

import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rebal_xl.files.imports import household_of_files, understand
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import InputErrors
from tests.intake.custodians import files as made
from tests.tools.apart import run_apart

SEEDS = [
    made.SCHWAB_POSITIONS, made.SCHWAB_LOTS_OF_ONE, made.SCHWAB_LOTS, made.FIDELITY_POSITIONS, made.FIDELITY_LOTS,
    made.VANGUARD_HOLDINGS, made.VANGUARD_LOTS, made.PORTAL, made.OFX_SGML,
]  # fmt: skip
LONGEST_S = 5.0
# What breaks readers: quotes, separators, zeros, tags, formulas, huge numbers, other alphabets.
CRUMBS = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"\0", b"<", b">", b"</", b"=1+1", b"1e999", b"-", b"%", b"(", b"\xff\xfe", b"\x80",
     b"9" * 400, b"Symbol", b"Quantity,Symbol,Account\n", b"as of 99/99/9999", "𝟙Ⅷ٣".encode(), b"PK\x03\x04", b"<LOT>",
     b"<UNITS>", b"Total", b"**"]
)  # fmt: skip
READ_BOTH_WAYS = """
from contextlib import suppress
from rebal_xl.files.imports import household_of_files, understand
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import InputErrors
took = []
for read in (understand, household_of_files):
    began = time.process_time()
    with suppress(InputErrors, FileRefused):
        read([Path(sys.argv[1])])
    took.append(time.process_time() - began)
said = " ".join(map(str, took))
"""
EDITS = st.lists(st.tuples(st.floats(0.0, 1.0), st.integers(0, 60), CRUMBS), min_size=1, max_size=12)


def broken(seed: str, edits: list[tuple[float, int, bytes]]) -> bytes:
    data = seed.encode()
    for place, gone, crumb in edits:
        at = int(place * len(data))
        data = data[:at] + crumb + data[at + gone :]
    return data


def held(*contents: bytes) -> None:
    """Read the contents both ways; whatever is wrong must come as a sentence, and soon."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, content in enumerate(contents):
            paths.append(Path(folder) / f"{number}.csv")
            paths[-1].write_bytes(content)
        for read in (understand, household_of_files):
            # Processor seconds: what other programs of the machine take is no hang of ours.
            began = time.process_time()
            with suppress(InputErrors, FileRefused):
                read(paths)
            assert time.process_time() - began < LONGEST_S, read.__name__


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), EDITS)
def test_a_broken_file_is_read_or_refused(seed, edits):
    held(broken(seed, edits))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.sampled_from(SEEDS), EDITS)
def test_two_files_together_are_read_or_refused(one, other, edits):
    held(one.encode(), broken(other, edits))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(content):
    held(content)


@pytest.mark.parametrize(
    "content",
    [
        b"Account,Symbol,Quantity\n" * 60_000,
        b"Account,Symbol,Quantity\nIRA,VTI,1\n" * 20_000,
        b'"Symbol","Description","Quantity","Market Value","Cost Basis","Asset Type"\n' * 30_000,
        b'"' * 500_000,
        b"a,b\n" * 150_000,
        b"OFXHEADER:100\n<OFX><INVSTMTRS>" + b"<POSSTOCK>" * 100_000,
        b"OFXHEADER:100\n<OFX><INVSTMTRS>" + b"<POSSTOCK><UNITS>1</POSSTOCK>" * 20_000,
        b"OFXHEADER:100\n" + b"<" * 500_000,
        b"Account,Symbol,Quantity\n" + b"IRA,VTI,1\n" * 100_000,
    ],
    ids=["headers", "tables", "schwab-headers", "quotes", "lines", "deep", "positions", "brackets", "rows"],
)
def test_files_built_to_be_slow_are_read_or_refused_in_time(content, tmp_path):
    """In a process of its own, where nothing counts the lines that run."""
    path = tmp_path / "slow.csv"
    path.write_bytes(content)
    longest = max(float(seconds) for seconds in run_apart(READ_BOTH_WAYS, path).said.split())
    assert longest < LONGEST_S
