"""docs/acceptance-checklist.md: twenty minutes for a person with Excel, with what should be seen.

`python docs/make_acceptance_checklist.py` writes it anew. The expected figures are those of the sample household, given
by the Python interface, so that they follow the program; a test holds the page to them.
"""

import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from rebal_xl import __version__, tax_bill  # noqa: E402
from rebal_xl.api import check, drift, location, overlap, read_workbook, rebalance  # noqa: E402
from rebal_xl.excel.call import call  # noqa: E402
from rebal_xl.household import Drift, FilingStatus, Household, Policy  # noqa: E402
from rebal_xl.sample.workbook import write_sample_workbook  # noqa: E402
from tests.excel.asking import NA_ERROR, changed, sample_tables  # noqa: E402
from tests.excel_hosts.examples import EXAMPLES  # noqa: E402

PAGE = Path(__file__).resolve().parent / "acceptance-checklist.md"
TEMPLATE = Path(__file__).resolve().parent / "acceptance-checklist.template"

# What the checklist has the reader change: the quantity of the sample's first lot, Holdings!C5.
FIRST_LOT = ("Alex 401(k)", "FIPDX")
ONE_CLASS = "TIPS"
EXTRA_GAIN = 100_000


@dataclass(frozen=True)
class Sample:
    """The sample workbook as formulas see it: without people, withdrawals and typed trades."""

    household: Household
    policy: Policy
    # the whole of it, as the ribbon sees it
    all_of_it: tuple[Household, Policy]
    path: Path

    @classmethod
    def written(cls, folder: Path) -> "Sample":
        """Write it and read it back."""
        path = write_sample_workbook(folder / "household.xlsx")
        household, policy = read_workbook(path)
        lean = replace(household, people=()), replace(policy, withdrawals=(), my_trades=())
        return cls(*lean, (household, policy), path)


def figures(sample: Sample) -> dict[str, str]:
    """What the page says in the place of each {name}."""
    before = drift(sample.household, sample.policy)
    plan, whole = rebalance(sample.household, sample.policy), rebalance(*sample.all_of_it)
    large, one = before.line("US Large Cap"), before.line(ONE_CLASS)
    assert before.tracking_error is not None
    problems = check(sample.path)
    twice = overlap(*sample.all_of_it)
    return {
        **formulas(),
        "version": __version__,
        "classes": str(len(before.lines)),
        "spill": f"{len(before.lines) + 1} rows and 7 columns",
        "large": percent(large.actual_weight),
        "large_target": percent(large.target_weight),
        "large_status": large.status,
        "one": ONE_CLASS,
        "one_before": percent(one.actual_weight),
        "one_after": percent(without_first_lot(sample).line(ONE_CLASS).actual_weight),
        "tracking": percent(before.tracking_error),
        "score": f"{location(sample.household, sample.policy).score:.2f}",
        "tax_on": f"{tax_on(sample.household):,.2f}",
        "orders": str(len(plan.trades)),
        "lots": str(len(plan.lot_sales)),
        "reason": first_words(reason_without_header()),
        "error_cell": first_words(reason_of_error_cell()),
        "button_orders": str(len(whole.trades)),
        "button_drift": f"{percent(whole.before.household_drift)} to {percent(whole.after.household_drift)}",
        "overlap_held": str(len(twice.held)),
        "overlap_first": f"{twice.pairs[0].first} with {twice.pairs[0].second}",
        "notices": str(len(problems)),
        "first_notice": f"{problems[0].sheet}!{problems[0].cell}",
        "as_of": f"{sample.policy.as_of:%m/%d/%Y}",
    }


def formulas() -> dict[str, str]:
    """Each formula to type, by the last part of its name."""
    return {f"f_{name.removeprefix('REBAL_').lower()}": text for name, text in EXAMPLES.items()}


def percent(weight: float) -> str:
    """A weight as Excel shows it with two decimals."""
    return f"{100 * weight:.2f}%"


def without_first_lot(sample: Sample) -> Drift:
    """The drift once the first lot's quantity is 0."""
    lots = tuple(lot for lot in sample.household.lots if (lot.account, lot.symbol) != FIRST_LOT)
    assert len(lots) == len(sample.household.lots) - 1
    return drift(replace(sample.household, lots=lots), sample.policy)


def tax_on(household: Household) -> float:
    """Tax on more long-term gain, dollars."""
    couple = next(profile for profile in household.taxpayers if profile.status is FilingStatus.MFJ)
    return tax_bill(couple, 0.0, EXTRA_GAIN).total_usd - tax_bill(couple).total_usd


def reason_without_header() -> str:
    """What =REBAL_WHY() says of a table of holdings that was given without its header row."""
    rows = (("Joint Brokerage", "VTI", 60.0), ("Joint Brokerage", "BND", 40.0))
    targets = (("Asset Class", "Target %"), ("US Large Cap", 1.0))
    answer = call("REBAL_NEEDED", (rows, targets), ("[household.xlsx]Holdings!$A$5:$C$189", ""))
    return str(answer).partition("|")[2]


def reason_of_error_cell() -> str:
    """What =REBAL_WHY() says once the quantity of the sample's first lot is #N/A."""
    tables = sample_tables()
    place, lots = tables["holdings"]
    _, targets = tables["targets"]
    quantity = lots[0].index("Quantity")
    answer = call("REBAL_NEEDED", (changed(lots, 1, quantity, NA_ERROR), targets), (place, ""))
    return str(answer).partition("|")[2]


def first_words(sentence: str) -> str:
    """The first sentence."""
    return sentence.split(". ")[0] + "."


def page(sample: Sample) -> str:
    """The page."""
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in figures(sample).items():
        text = text.replace(f"{{{name}}}", value)
    return text


def main() -> int:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(page(Sample.written(Path(folder))), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
