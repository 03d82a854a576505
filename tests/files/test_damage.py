"""Whatever happens to a workbook file on its way, we say so in a sentence or read it; we never fail in another way."""

import random
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from rebal_xl.files.graft import graft, graft_package
from rebal_xl.files.package import Package, Part
from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from tests.files.workbooks import advisor_workbook, read_zip, result_sheets, write_zip

ODD_VALUES = [b"", b"-1", b"99999999999999999999", b"x", b"1.5", b"A1:XFD1048576", b"../../x", b"0", b"\xc2\xb2"]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A part with some bytes changed, a piece cut out, an element doubled or lost, or a value replaced."""
    changed = bytearray(data)
    way = chance.randrange(5)
    if way == 0:
        for _ in range(chance.randrange(1, 4)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed)
    if way == 1:
        start = chance.randrange(len(changed))
        del changed[start : start + chance.randrange(1, 60)]
        return bytes(changed)
    pattern = rb'="([^"]*)"|>([^<>]+)<' if way == 2 else rb"(<[^<>]*/>)"
    found = list(re.finditer(pattern, data))
    if not found:
        return data
    match = chance.choice(found)
    group = 2 if way == 2 and match[1] is None else 1
    new = {2: chance.choice(ODD_VALUES), 3: b"", 4: match[0] * 2}[way]
    return data[: match.start(group)] + new + data[match.end(group) :]


@pytest.fixture(scope="module")
def grafted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = advisor_workbook(tmp_path_factory.mktemp("damage") / "rivera.xlsx")
    graft(path, result_sheets(), path)
    return read_zip(path)


def outcome(step: Callable[[], object]) -> str:
    """ "read", or the end of the sentence with which the file was refused; any other exception fails the test."""
    try:
        step()
    except FileRefused as refused:
        return refused.sentence[-2:]
    return "read"


def test_a_damaged_workbook_is_read_or_refused(grafted: dict[str, bytes], tmp_path: Path):
    chance = random.Random(20260302)
    names = [name for name in grafted if name.endswith((".xml", ".rels"))]
    ours = result_sheets()
    outcomes: Counter[str] = Counter()
    for _ in range(90):
        name = chance.choice(names)
        path = write_zip(tmp_path / "rivera.xlsx", {**grafted, name: damaged(grafted[name], chance)})
        outcomes[outcome(partial(read_book, path))] += 1
        package = Package(tuple(Part(name, data) for name, data in read_zip(path).items()))
        outcomes[outcome(partial(graft_package, package, ours, path.name, keep_previous=True))] += 1
    refused = {ending: times for ending, times in outcomes.items() if ending != "read"}
    assert all(ending.endswith((".", ".)")) for ending in refused)
    # Most damage lies in parts that nobody reads; some must be noticed, or the damage did not do its work.
    assert outcomes["read"] > 20
    assert sum(refused.values()) > 20
