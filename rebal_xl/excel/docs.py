"""The reference of the worksheet formulas in Markdown, generated from the catalog, so that it is never out of date.

`python -m rebal_xl.excel.docs docs/formulas.md` writes it.
"""

import sys
from collections.abc import Mapping, Sequence

from rebal_xl.excel.call import MOST_ANSWERS
from rebal_xl.excel.formulas import CATALOG
from rebal_xl.excel.formulas.check import NO_PROBLEMS
from rebal_xl.excel.formulas.drift import COLUMNS as DRIFT_COLUMNS
from rebal_xl.excel.formulas.holdings import NO_OVERLAP
from rebal_xl.excel.formulas.losses import NO_LOSS
from rebal_xl.excel.formulas.plan import LONGEST_SEARCH_S
from rebal_xl.excel.headers import columns_without_header
from rebal_xl.excel.inputs import TABLES
from rebal_xl.excel.tables import AFTER_TAX, HARVEST, OVERLAP
from rebal_xl.excel.udf import Formula
from rebal_xl.sheets.markdown import table_of, write_page
from rebal_xl.sheets.results_checks import FINDINGS
from rebal_xl.sheets.results_drift import CLASSES
from rebal_xl.sheets.results_tax import TAXPAYERS
from rebal_xl.sheets.results_trades import LOTS, NOTHING_SOLD, TRADES
from rebal_xl.sheets.results_wash import NOTHING_BLOCKED, WASH
from rebal_xl.sheets.schema import Table

INTRODUCTION = f"""\
# Formulas

Every worksheet formula of the add-in. This page is generated from the catalog that the add-in's wrappers and the
Function Wizard follow; the formulas stand there under Financial.

**Tables.** Arguments such as `holdings` take a range with its [header row](#header-rows): an Excel table with its
headers (`Holdings[#All]`; `Holdings` alone has none), a range (`Holdings!A4:L200`), whole columns (`Holdings!A:L`), or
a named range. Columns are found by name, in any order and any spelling that the [workbook
reference](workbook-reference.md) knows; a title above the header and notes below the table are passed over. Brackets
mark arguments that may be left out.

**Values.** Dates are Excel's dates, in the 1900 or the 1904 system of the workbook, or text such as 03/15/2020.
Numbers may be text (`1,234.50`, `60%`). Excel does not tell a formula how a cell is formatted: 0.6 in a percent column
is 60 %, and so is 60 where the column sums to 100.

**Errors.** `#VALUE!` is input to mend, `#N/A` nothing to answer (or not now), `#NUM!` numbers that cannot be.
`=REBAL_WHY(cell)` says why, with the cell to mend and what to write; the first few problems in full, the rest counted,
and `=REBAL_CHECK(…)` lists them all. Where a formula succeeds it says what was taken for granted.

**Recalculation.** No formula is volatile: each depends on its arguments and on nothing else. What needs a day takes
`as_of`; where that may be left out and neither it nor the setting As Of is given, it is today in New York. Answers are
kept by their inputs (the last {MOST_ANSWERS}), so that a recalculation with nothing changed costs next to nothing, and
formulas side by side share one household and one plan. Formulas marked *heavy* make a plan: they search no longer than
{LONGEST_SEARCH_S:g} seconds and are not computed while the Function Wizard is open. Results spill in Excel 365 and
2021; in older versions they do not spill by themselves.
"""

HEADER_ROWS = """\
## Header rows

Give every table with its header row: without it nobody can say which column is which. Only a range of these columns and
no others, side by side, in this order and with no empty cell, needs none where its values leave no doubt: numbers where
numbers belong, tax treatments and settings that are known.
"""
OTHERS_NEED_IT = """\
Accounts and symbols are both text: `holdings` without a header row need `accounts` and `securities` that name every one
of them (CASH needs no security). All other tables need their header row, and so do these with one column more, such as
bands beside the targets.
"""

# Formula -> the table it spills and the columns of it, and the text in its place where there is nothing to spill.
SPILLS: Mapping[str, tuple[Table, Sequence[str], str]] = {
    "REBAL_DRIFT": (CLASSES, DRIFT_COLUMNS, ""),
    "REBAL_TRADES": (TRADES, (), "No trade is needed: …"),
    "REBAL_LOTS": (LOTS, (), f"{NOTHING_SOLD}."),
    "REBAL_TAX": (TAXPAYERS, (), ""),
    "REBAL_HARVEST": (HARVEST, (), NO_LOSS),
    "REBAL_WASH": (WASH, (), f"{NOTHING_BLOCKED}."),
    "REBAL_OVERLAP": (OVERLAP, (), NO_OVERLAP),
    "REBAL_AFTER_TAX_VALUE": (AFTER_TAX, (), ""),
    "REBAL_CHECK": (FINDINGS, (), NO_PROBLEMS),
}
_HOUSEHOLD = "Holdings[#All], Targets[#All], Securities[#All], Accounts[#All]"
EXAMPLES: Mapping[str, str] = {
    "REBAL_DRIFT": f"=REBAL_DRIFT({_HOUSEHOLD}, ClassMix[#All])",
    "REBAL_NEEDED": f"=REBAL_NEEDED({_HOUSEHOLD})",
    "REBAL_TRACKING_ERROR": f"=REBAL_TRACKING_ERROR({_HOUSEHOLD}, ClassMix[#All], Covariance[#All])",
    "REBAL_TRADES": f"=REBAL_TRADES({_HOUSEHOLD}, TaxProfile[#All], $B$1, RecentTrades[#All])",
    "REBAL_LOTS": f"=REBAL_LOTS({_HOUSEHOLD}, TaxProfile[#All], $B$1, RecentTrades[#All])",
    "REBAL_TAX": f"=REBAL_TAX({_HOUSEHOLD}, TaxProfile[#All], $B$1, RecentTrades[#All])",
    "REBAL_TAX_ON": "=REBAL_TAX_ON(TaxProfile[#All], 0, 25000)",
    "REBAL_LOCATION_SCORE": f"=REBAL_LOCATION_SCORE({_HOUSEHOLD}, TaxProfile[#All], $B$1)",
    "REBAL_HARVEST": "=REBAL_HARVEST(Holdings[#All], Securities[#All], Accounts[#All], $B$1, RecentTrades[#All])",
    "REBAL_WASH": "=REBAL_WASH(Holdings[#All], RecentTrades[#All], $B$1, Securities[#All], Accounts[#All])",
    "REBAL_OVERLAP": "=REBAL_OVERLAP(Holdings[#All], Securities[#All], ClassMix[#All], Accounts[#All])",
    "REBAL_TERM": "=REBAL_TERM(Holdings[Acquired], $B$1)",
    "REBAL_AFTER_TAX_VALUE": "=REBAL_AFTER_TAX_VALUE(Holdings[#All], Accounts[#All], TaxProfile[#All], "
    "Securities[#All])",
    "REBAL_CHECK": f"=REBAL_CHECK({_HOUSEHOLD}, TaxProfile[#All])",
    "REBAL_WHY": "=REBAL_WHY(D4)",
    "REBAL_VERSION": "=REBAL_VERSION()",
}
# What a summary has no room for.
MORE: Mapping[str, str] = {
    "REBAL_DRIFT": "Holdings alone suffice where they have the columns Asset Class and Price.",
    "REBAL_TRACKING_ERROR": "Without `covariance` the [shipped assumptions](capital-market-assumptions.md) count.",
    "REBAL_TRADES": "The same plan as the button Rebalance makes of these tables. Tables that are no argument are not "
    "read: People, Withdrawals, MyTrades, Models and Assumptions. What holds back a class, which rule had to give, and "
    "how near the plan is to the best possible, says `=REBAL_WHY(cell)`.",
    "REBAL_TAX_ON": "`tax` holds one taxpayer; grantor trusts beside their grantor do not count. Several taxpayers are "
    "refused, because nobody can say whose gains these are: give the header row and the row of one of them.",
    "REBAL_HARVEST": "Without the settings Harvest $ and Harvest % every loss counts. Locked accounts and lots, lots "
    "marked Do Not Sell and lots without a basis are left out.",
    "REBAL_WASH": "Without `securities` a symbol is identical to itself alone, and every lot counts as held at a loss "
    "where holdings have no price either.",
    "REBAL_OVERLAP": "Every account counts, those too that are no part of the target.",
    "REBAL_AFTER_TAX_VALUE": "Money in tax-deferred accounts is taxed at the profile's Future Ordinary Rate, gains in "
    "taxable accounts at its Future Gain Rate; where these are blank, at today's rate on the next dollar, federal and "
    "state. Losses and lots without a basis count at market value. Accounts that are no part of the target are left "
    "out.",
    "REBAL_CHECK": "Without `tax` it checks what drift needs; with it, what a plan needs.",
    "REBAL_WHY": "The add-in sends the address of the cell; the formula recalculates with it.",
}


def formula_reference() -> str:
    """The whole page."""
    parts = [INTRODUCTION, _overview(), _header_rows(), *map(_formula_part, CATALOG)]
    return "\n".join(parts).rstrip() + "\n"


def signature(formula: Formula) -> str:
    """A formula with its arguments, optional ones in brackets."""
    names = (f"[{each.name}]" if each.optional else each.name for each in formula.arguments)
    return f"{formula.name}({', '.join(names)})"


def _overview() -> str:
    rows = ((f"[`{each.name}`](#{each.name.lower()})", each.summary) for each in CATALOG)
    return table_of(("Formula", "What it answers"), rows)


def _header_rows() -> str:
    columns = ((f"`{argument}`", ", ".join(columns_without_header(table))) for argument, table in TABLES.items())
    rows = table_of(("Argument", "Columns of a range without header row"), (row for row in columns if row[1]))
    return f"{HEADER_ROWS}\n{rows}\n{OTHERS_NEED_IT}"


def _formula_part(formula: Formula) -> str:
    lines = [f"## {formula.name}\n", f"```\n{signature(formula)}\n```\n"]
    lines.append(f"{formula.summary}{' *Heavy.*' if formula.heavy else ''}\n")
    if formula.name in MORE:
        lines.append(f"{MORE[formula.name]}\n")
    if formula.arguments:
        needed = ((f"`{each.name}`", "no" if each.optional else "yes", each.note) for each in formula.arguments)
        lines.append(table_of(("Argument", "Needed", "What to give"), needed))
    if formula.name in SPILLS:
        lines.append(_spill_part(*SPILLS[formula.name]))
    lines.append(f"Example: `{EXAMPLES[formula.name]}`\n")
    return "\n".join(lines)


def _spill_part(table: Table, names: Sequence[str], instead: str) -> str:
    columns = [table.column(name) for name in names] or table.columns
    text = f' Where there is nothing to show, one cell with "{instead}"' if instead else ""
    return f"Spills a header row and these columns.{text}\n\n" + table_of(
        ("Column", "Meaning"), ((column.name, column.note) for column in columns)
    )


def main(arguments: Sequence[str]) -> int:
    """Write the page to the given path; returns the exit code."""
    return write_page(arguments, formula_reference, "docs/formulas.md")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
