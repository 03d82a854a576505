"""Measure reading, solving and writing of workbook files, and write docs/benchmarks-files.md.

python -m benchmarks.files               all sizes, as in the page
python -m benchmarks.files --imports     custodians' files alone; the page keeps its other figures
python -m benchmarks.files --no-page     print only
"""

import argparse
import csv
import multiprocessing
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import openpyxl

from benchmarks.households import draw_household
from rebal_xl.api import read_csvs, read_workbook, rebalance, write_plan
from rebal_xl.files.imports import understand
from rebal_xl.household import Curve, Household, InputErrors, Policy
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.save import save_workbook
from rebal_xl.sheets.template import build_template

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-files.md"
SIZES = {"sample": 3, "small": 5, "medium": 5, "large": 3}


@dataclass(frozen=True, slots=True)
class Measured:
    """One workbook."""

    lots: int
    kilobytes: float
    read_s: float
    solve_s: float
    write_s: float
    gap_usd: float


def household_of(size: str, seed: int) -> tuple[Household, Policy]:
    """The sample, or a synthetic household."""
    return (sample_household(), sample_policy()) if size == "sample" else draw_household(size, seed)


def measure(size: str, seed: int) -> Measured:
    """Write the household as an advisor's workbook, then time what the command `rebal-xl rebalance` does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "household.xlsx"
        save_workbook(build_template(*household_of(size, seed)), path)
        began = time.process_time()
        household, policy = read_workbook(path)
        read = time.process_time()
        plan = rebalance(household, policy)
        solved = time.process_time()
        # without the Dashboard's curve, which is searching, not writing
        write_plan(path, plan, curve=Curve())
        written = time.process_time()
        return Measured(
            lots=len(household.lots),
            kilobytes=path.stat().st_size / 1e3,
            read_s=read - began,
            solve_s=solved - read,
            write_s=written - solved,
            gap_usd=plan.gap_usd,
        )


def measure_size(size: str, count: int) -> tuple[list[Measured], float]:
    """All households of a size in one process, with its peak memory in megabytes."""
    measure("sample", 0)  # imports and caches are not what is measured
    found = [measure(size, seed) for seed in range(count)]
    return found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


@dataclass(frozen=True, slots=True)
class Imported:
    """One file of lots, as one custodian would write it."""

    lots: int
    kilobytes: float
    understand_s: float
    household_s: float


CUSTODIANS = ("a CSV file", "Schwab", "Fidelity", "Vanguard", "a workbook")
_LOTS, _RUNS = 2_000, 7


def lots_file(custodian: str, folder: Path) -> Path:
    """2,000 lots of 40 securities in one account, in one of the layouts that we read."""
    days = [f"{1 + lot % 12:02}/{1 + lot % 28:02}/{2010 + lot % 15}" for lot in range(_LOTS)]
    symbols = [f"SYM{chr(65 + lot % 26)}{chr(65 + lot % 40 // 26)}" for lot in range(_LOTS)]
    if custodian == "Schwab":
        head = "Account Name,Symbol,Open Date,Quantity,Price,Cost Per Share,Market Value,Cost Basis,Holding Period"
        row = 'Individual ...123,{symbol},{day} 00:00:00,10.5,$24.10,$20.00,$253.05,"$210.00",Long Term'
    elif custodian == "Fidelity":
        head = (
            "Account Name,Symbol,Description,Acquired,Term,Current Value,Quantity,Average Cost Basis,Cost Basis Total"
        )
        row = "Individual - TOD,{symbol},NAME,{day},Long,$253.05,10.5,$210.00"
    elif custodian == "Vanguard":
        head = "Account,Symbol/CUSIP,Description,Acquired date,Cost basis method,Quantity,Cost per share,Total cost"
        row = "12345678,{symbol},NAME,{day},HIFO,10.5,$20.00,$210.00"
    else:
        head = "Account,Symbol,Quantity,Price,Cost Basis,Acquired,Asset Class"
        row = "Joint,{symbol},10.5,24.10,210,{day},Stocks"
    rows = [row.format(symbol=symbol, day=day) for symbol, day in zip(symbols, days, strict=True)]
    path = folder / "lots.csv"
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    if custodian != "a workbook":
        return path
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in csv.reader([head, *rows]):
        sheet.append([float(value) if value[:1].isdigit() and "/" not in value else value for value in line])
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def measure_import(custodian: str) -> list[Imported]:
    """The same file several times: what it says, and the household in it; the first run loads what it needs."""
    with tempfile.TemporaryDirectory() as folder:
        path = lots_file(custodian, Path(folder))
        found = []
        for _ in range(_RUNS + 1):
            began = time.process_time()
            statement = understand([path]).statement
            understood = time.process_time()
            with suppress(InputErrors):
                # Custodians' files of lots name no price; the work is done before that is said.
                read_csvs([path], date(2026, 11, 20))
            done = time.process_time()
            found.append(
                Imported(len(statement.holdings), path.stat().st_size / 1e3, understood - began, done - understood)
            )
        return found[1:]


def import_table(results: dict[str, list[Imported]]) -> str:
    """One line a kind of file."""
    lines = ["| file | lots | file kB | what it says s | household s |", "|---|---|---|---|---|"]
    for custodian, found in results.items():
        figures = [
            f"{median(getattr(one, name) for one in found):,.{digits}f}"
            for name, digits in (("lots", 0), ("kilobytes", 0), ("understand_s", 2), ("household_s", 2))
        ]
        lines.append(f"| {custodian} | {' | '.join(figures)} |")
    return "\n".join(lines)


def table(results: dict[str, tuple[list[Measured], float]]) -> str:
    """One line a size."""
    lines = [
        "| household | workbooks | lots | file kB | read s | solve s | write s | gap $ | peak MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for size, (found, peak) in results.items():
        figures = [
            f"{median(getattr(one, name) for one in found):,.{digits}f}"
            for name, digits in (("lots", 0), ("kilobytes", 0), ("read_s", 2), ("solve_s", 2), ("write_s", 2))
        ]
        gap = median(one.gap_usd for one in found)
        lines.append(f"| {size} | {len(found)} | {' | '.join(figures)} | {gap:,.2f} | {peak:,.0f} |")
    return "\n".join(lines)


TEXT = """# Benchmarks of workbook files

What `rebal-xl rebalance` does, step by step: read the workbook and turn it into a household, find the plan, graft the
result sheets into a copy. The sample household and synthetic ones (`benchmarks/households.py`), medians, processor
seconds of one thread; memory is the peak of a process that did all workbooks of the size. Reproduce with

    python -m benchmarks.files

{table}

## Custodians' files

2,000 lots in one file: what [`rebal-xl read`](command-line.md#read) does, and [`read_csvs`](python.md) with the
checks of a household. Medians of {runs} runs in one process after a first one, which loads what it needs; processor
seconds of one thread. Meant are less than 0.2 seconds from CSV and less than 1 second from a workbook for what a file
says. Reproduce these alone with

    python -m benchmarks.files --imports

{imports}

Measured with Python {python} on {system}.
"""


def main() -> None:
    """Run, print, and write the page unless told not to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-page", action="store_true", help="print only")
    parser.add_argument("--imports", action="store_true", help="custodians' files alone")
    wanted = parser.parse_args()
    imports = import_table({custodian: apart(measure_import, custodian) for custodian in CUSTODIANS})
    sys.stdout.write(f"{imports}\n")
    if wanted.imports:
        if not wanted.no_page:
            written = PAGE.read_text(encoding="utf-8")
            PAGE.write_text(with_imports(written, imports), encoding="utf-8", newline="\n")
        return
    shown = table({size: apart(measure_size, size, count) for size, count in SIZES.items()})
    sys.stdout.write(f"{shown}\n")
    if not wanted.no_page:
        system = f"{platform.system()} {platform.machine()}"
        text = TEXT.format(table=shown, imports=imports, runs=_RUNS, python=platform.python_version(), system=system)
        PAGE.write_text(text, encoding="utf-8", newline="\n")


def apart(work: Callable[..., Any], *arguments: object) -> Any:
    """What a function gives in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def with_imports(page: str, imports: str) -> str:
    """The page with other figures of custodians' files."""
    start = page.index("| file | lots |")
    return page[:start] + imports + page[page.index("\n\n", start) :]


if __name__ == "__main__":
    main()
