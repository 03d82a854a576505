"""Measure how many bills a second the tax engine computes, one by one and in arrays, and write docs/benchmarks-tax.md.

python -m benchmarks.tax              as in the page
python -m benchmarks.tax --no-page
"""

import argparse
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax import load_law, tax_bill, totals, totals_by_profile

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-tax.md"
YEAR = 2026
ELEMENTS = 100_000
SINGLY = 5_000
REPEATS = 7
FILERS = [status for status in FilingStatus if status is not FilingStatus.GRANTOR_TRUST]

HEAD = f"""# Benchmarks: tax bills

Whole bills of {YEAR} (income tax by the worksheets, NIIT, alternative minimum tax, social security, deductions that
shrink with income, state), for random taxpayers of every filing status with itemized deductions, benefits and losses
carried in. Median of {REPEATS} runs on one core. The array paths give the figures of `tax_bill` to a millionth of a
dollar (`tests/tax/test_vector.py`). Reproduce with

    python -m benchmarks.tax

| what | bills | seconds | bills a second |
|---|---|---|---|
"""


def draw_profiles(count: int, chance: np.random.Generator) -> list[TaxProfile]:
    """Taxpayers of every status with everything that moves with gains."""
    statuses = [FILERS[place] for place in chance.integers(0, len(FILERS), count)]
    return [
        TaxProfile(
            "Anybody",
            status,
            state=str(chance.choice(["", "CA", "NY", "TX"])),
            ordinary_income_usd=float(chance.uniform(0, 900_000)),
            qualified_dividends_usd=float(chance.uniform(0, 50_000)),
            other_investment_income_usd=float(chance.uniform(0, 50_000)),
            social_security_usd=0.0 if status is FilingStatus.TRUST else float(chance.uniform(0, 60_000)),
            itemized_deductions_usd=float(chance.uniform(0, 80_000)) if chance.random() < 0.5 else None,
            state_local_tax_usd=float(chance.uniform(0, 60_000)),
            aged_65=int(chance.integers(0, 2)),
            long_carryforward_usd=float(chance.uniform(0, 50_000)),
        )
        for status in statuses
    ]


def seconds(work: Callable[[], object]) -> float:
    """Median time of a piece of work."""
    work()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times)


def measure() -> list[tuple[str, int, float]]:
    """(what, bills, seconds) of each way."""
    chance = np.random.default_rng(20260101)
    law = load_law(YEAR)
    profiles = draw_profiles(ELEMENTS, chance)
    short = chance.uniform(-200_000, 400_000, ELEMENTS)
    long = chance.uniform(-200_000, 1_500_000, ELEMENTS)

    def singly() -> None:
        for place in range(SINGLY):
            tax_bill(profiles[place], float(short[place]), float(long[place]), law=law)

    return [
        ("`tax_bill`, one at a time", SINGLY, seconds(singly)),
        ("`totals`, one taxpayer", ELEMENTS, seconds(lambda: totals(profiles[0], law, short, long))),
        ("`totals_by_profile`", ELEMENTS, seconds(lambda: totals_by_profile(profiles, law, short, long))),
    ]


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args(arguments)
    rows = "".join(f"| {what} | {count:,} | {took:.3f} | {count / took:,.0f} |\n" for what, count, took in measure())
    page = f"{HEAD}{rows}\nPython {platform.python_version()}, numpy {np.__version__}, {platform.machine()}.\n"
    sys.stdout.write(page)
    if not given.no_page:
        PAGE.write_text(page, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
