"""Time the study of how often to rebalance, against plain loops over paths, and write docs/benchmarks-study.md.

python -m benchmarks.study              as in the page
python -m benchmarks.study --no-page
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from rebal_xl.household import StudyTax, Target
from rebal_xl.measure import shipped_assumptions
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.study import DEFAULT_RULES, how_often
from rebal_xl.study.book import Terms
from rebal_xl.study.goals import Bands
from rebal_xl.study.paths import FloatArray, Lognormal, draw_blocks
from rebal_xl.study.simulate import Start, simulate
from tests.study.second_opinion import walk

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-study.md"
PATHS, YEARS, SEED, REPEATS = 1_000, 20, 1, 5
# Paths that the plain loops walk: their time grows with the number, so a thousand take that many times as long.
LOOP_PATHS = 10
WEIGHTS = {
    "US Large Cap": 0.30, "US Small Cap": 0.10, "International Developed": 0.15, "Emerging Markets": 0.05,
    "REIT": 0.05, "US Bonds": 0.20, "TIPS": 0.05, "High Yield": 0.04, "International Bonds": 0.04, "Cash": 0.02,
}  # fmt: skip

HEAD = f"""# Benchmarks: the study of how often to rebalance

{PATHS:,} paths of {YEARS} years, looked at month by month, {len(WEIGHTS)} classes, {len(DEFAULT_RULES)} rules.
Half of the household is taxable, with dividends, spreads, average basis, holding periods and losses carried on.

*Arrays* is the study's own simulation, *plain loops* the second opinion of its tests
(`tests/study/second_opinion.py`): one path under one rule at a time, lot by lot. Both walk the same paths by the same
rules and must end at the same dollars. *Whole study* is `how_often` on the sample household (eleven classes), from the
workbook's nouns to the sentences.

Seconds are processor time: the median of {REPEATS} runs of the arrays. The loops walk {LOOP_PATHS} paths once, and a
thousand take a hundred times as long. Reproduce with

    python -m benchmarks.study

| what | paths | seconds | seconds for {PATHS:,} paths |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds, and how far the two ways are apart."""

    whole_s: float
    arrays_s: float
    loops_s: float
    # largest difference of an after-tax value, dollars
    apart_usd: float


def household() -> tuple[list[Target], Start, Lognormal]:
    """A million dollars at target, half of it taxable with a third of gain, by the shipped assumptions."""
    known = shipped_assumptions()
    names = list(WEIGHTS)
    targets = [Target(name, weight) for name, weight in WEIGHTS.items()]
    table = known.covariance(names, {})
    assert table is not None
    order = [table.classes.index(name) for name in names]
    covariance = np.array(table.rows)[np.ix_(order, order)]
    expected = np.array([known.of(name).expected_return for name in names])  # type: ignore[union-attr]
    weights, even = np.array(list(WEIGHTS.values())), np.ones(len(names))
    tax = StudyTax(0.37, 0.238, 0.3, 3_000.0, long_carryforward_usd=10_000.0)
    start = Start(
        terms=Terms(tax, 0.02 * even, 0.005 * even, 0.0003 * even, 0.8),
        bands=Bands.of(targets),
        taxable=500_000.0 * weights,
        basis=330_000.0 * weights,
        sheltered=500_000.0 * weights,
        expected=expected,
        covariance=covariance,
    )
    return targets, start, Lognormal.of_years(expected, covariance)


def seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median processor time of a piece of work."""
    times = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return median(times)


def loops(targets: list[Target], start: Start, growth: FloatArray) -> list[list[float]]:
    """After-tax value of every path under every rule, by plain loops."""
    columns = [usd.tolist() for usd in (start.taxable, start.basis, start.sheltered)]
    paths = [growth[:, path].tolist() for path in range(growth.shape[1])]
    return [[walk(targets, start.terms, *columns, rule, path).value_usd for path in paths] for rule in DEFAULT_RULES]


def measure() -> Measured:
    """All of it in one run."""
    targets, start, market = household()
    months = 12 * YEARS
    few = next(draw_blocks(market, SEED, LOOP_PATHS, months))
    arrays = simulate(start, DEFAULT_RULES, [few]).value_usd
    found: list[list[list[float]]] = []
    loops_s = seconds(lambda: found.append(loops(targets, start, few)), 1)
    return Measured(
        whole_s=seconds(lambda: how_often(sample_household(), sample_policy())),
        arrays_s=seconds(lambda: simulate(start, DEFAULT_RULES, draw_blocks(market, SEED, PATHS, months))),
        loops_s=loops_s,
        apart_usd=float(np.abs(arrays - np.array(found[0])).max()),
    )


def page(found: Measured) -> str:
    """The page."""
    thousand = found.loops_s * PATHS / LOOP_PATHS
    rows = (
        ("Whole study", PATHS, found.whole_s, found.whole_s),
        ("Arrays", PATHS, found.arrays_s, found.arrays_s),
        ("Plain loops", LOOP_PATHS, found.loops_s, thousand),
    )
    table = "".join(f"| {what} | {paths:,} | {took:.2f} | {all_of_it:.2f} |\n" for what, paths, took, all_of_it in rows)
    return (
        f"{HEAD}{table}\n"
        f"The arrays take {thousand / found.arrays_s:,.0f} times less than the loops. After-tax values of the same\n"
        f"paths differ by ${found.apart_usd:.6f} at most.\n\n"
        f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}, {os.cpu_count()} cores, "
        "one process.\n"
    )


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args(arguments)
    text = page(measure())
    sys.stdout.write(text)
    if not given.no_page:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
