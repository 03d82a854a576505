"""Measure reading, solving and writing of workbook files, and write docs/benchmarks-files.md.

python -m benchmarks.files               all sizes, as in the page
python -m benchmarks.files --no-page     print only
"""

import argparse
import multiprocessing
import platform
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.households import draw_household
from rebal_xl.api import read_workbook, rebalance, write_plan
from rebal_xl.household import Curve, Household, Policy
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

Measured with Python {python} on {system}.
"""


def main() -> None:
    """Run, print, and write the page unless told not to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-page", action="store_true", help="print only")
    wanted = parser.parse_args()
    results = {}
    for size, count in SIZES.items():
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            results[size] = pool.submit(measure_size, size, count).result()
    shown = table(results)
    sys.stdout.write(f"{shown}\n")
    if not wanted.no_page:
        system = f"{platform.system()} {platform.machine()}"
        text = TEXT.format(table=shown, python=platform.python_version(), system=system)
        PAGE.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
