"""Measure a worksheet formula through COM between two processes under Wine, and write docs/benchmarks-marshalling.md.

python -m benchmarks.marshalling               as in the page; needs wine and mingw, makes the Windows rig (1.5 GB) once
python -m benchmarks.marshalling --no-page     print only
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.formulas import LOTS, tables
from rebal_xl.excel.formulas import CATALOG
from rebal_xl.excel.inputs import TABLES
from tests.excel_hosts.windows_machine import Installed, install
from tests.tools import wine

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-marshalling.md"
CLIENT = Path(__file__).with_name("marshalling_client.py")
FORMULA = "REBAL_DRIFT"
TAKEN = ("holdings", "targets", "securities", "accounts", "classmix")
PROCESSES, CALLS = 7, 30
ROWS = {
    "edited": "one quantity was edited, by COM",
    "edited inside": "the same in the caller's process, without COM",
    "repeated": "nothing was edited, by COM",
    "repeated inside": "the same in the caller's process, without COM",
    "first": "the first call of an engine, by COM",
    "activation": "`CreateObject`: a process, Python and the engine",
}


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds of the wall clock: the median, the middle half, the ends."""

    median: float
    quarter: float
    three_quarters: float
    least: float
    most: float

    @classmethod
    def of(cls, spent: list[float]) -> "Spread":
        """Of at least two measurements."""
        low, _, high = quantiles(spent, n=4, method="inclusive")
        return cls(median(spent), low, high, min(spent), max(spent))


def question(lots: int, calls: int) -> dict[str, object]:
    """What the client asks: the formula on the sample household with so many lots, one quantity edited call by call."""
    known = tables()
    header, *rows = known["holdings"]
    cells = {**{name: known[name] for name in TAKEN if name in known}, "holdings": (header, *rows[:lots])}
    names = [argument.name for formula in CATALOG if formula.name == FORMULA for argument in formula.arguments]
    places = [f"[Book.xlsx]{TABLES[name].name}!$A$1:$Z$9999" if name in cells else "" for name in names]
    return {
        "name": FORMULA,
        "args": [cells.get(name) for name in names],
        "places": places,
        "edit": (names.index("holdings"), 1, header.index("Quantity")),
        "calls": calls,
    }


def measure(windows: Installed, *, lots: int, processes: int, calls: int) -> dict[str, Spread]:
    """Each row of the page: so many processes one after the other, so many calls in each."""
    spent: dict[str, list[float]] = {row: [] for row in ROWS}
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "question.json"
        asked.write_text(json.dumps(question(lots, calls + 1)), encoding="utf-8")
        for _ in range(processes):
            ran = windows.machine.run(windows.python, "-I", "-B", CLIENT, asked)
            if ran.code != 0:
                raise RuntimeError(ran.output)
            for row, figures in json.loads(ran.output.splitlines()[-1]).items():
                spent[row] += figures if isinstance(figures, list) else [figures]
            # the next one starts its engine anew
            windows.machine.settle()
    return {row: Spread.of(figures) for row, figures in spent.items()}


def page(found: Mapping[str, Spread], *, lots: int, processes: int, calls: int, wine_version: str) -> str:
    """docs/benchmarks-marshalling.md."""
    return f"""\
# Benchmarks of formulas through COM

What a cell waits for, with the marshalling of COM: one process asks the engine in another, as Excel does, with the
tables of `REBAL_DRIFT` (holdings, targets, securities, accounts, class mixes) as its arguments. **This is Wine, not
Windows, and no Excel**: the same Python, pywin32 and engine that `install.bat` installs, with Wine's COM between the
processes. Windows' own COM, virus scanners and Excel's own work are not in these figures. The asking process is Python
too: what it takes to pack a table for COM is counted here, and Excel does that in its own code.
[Without marshalling](benchmarks-formulas.md) the same engine is measured on its own.

The sample household with its lots repeated up to {lots:,}. Milliseconds of the wall clock, in {processes} processes one
after the other, each with an engine of its own and {calls} calls of a kind; "first" and `CreateObject` come once a
process. Reproduce with

    python -m benchmarks.marshalling

| `REBAL_DRIFT`, {lots:,} lots | median ms | middle half | least to most |
|---|---|---|---|
{table(found)}

Measured with {wine_version} and python.org's Python {wine.VERSION} for Windows, on {platform.system()}
{platform.machine()} with {os.cpu_count()} processors. The machine had other work too, which the spread shows.
"""


def table(found: Mapping[str, Spread]) -> str:
    """The rows."""
    return "\n".join(
        f"| {told} | {found[row].median:,.1f} | {found[row].quarter:,.1f} to {found[row].three_quarters:,.1f} "
        f"| {found[row].least:,.1f} to {found[row].most:,.1f} |"
        for row, told in ROWS.items()
    )


def main(arguments: Iterable[str] | None = None) -> int:
    """Install on a fresh Windows, measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args(None if arguments is None else list(arguments))
    os.environ.setdefault("REBAL_WINE", "1")
    with ExitStack() as stack:
        windows = install(wine.rig(), stack)
        if windows.ran.code != 0:
            raise RuntimeError(windows.ran.output)
        found = measure(windows, lots=LOTS, processes=PROCESSES, calls=CALLS)
    version = subprocess.run(["wine", "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
    text = page(found, lots=LOTS, processes=PROCESSES, calls=CALLS, wine_version=version)
    sys.stdout.write(text)
    if not given.no_page:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
