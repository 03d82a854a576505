"""The Tax sheet: every taxpayer's year without and with the plan, and what the plan costs in all."""

from openpyxl import Workbook

from rebal_xl.household import TaxBill, TaxChange
from rebal_xl.sheets import formats, looks
from rebal_xl.sheets.cells import Shown
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Answer, Block, add_result_sheet, law
from rebal_xl.sheets.schema import Column, Kind, Table

KIND = "Tax"

# (line as the sheet says it, attribute of TaxBill)
LINES: tuple[tuple[str, str], ...] = (
    ("Net short-term gain", "short_net_usd"),
    ("Net long-term gain", "long_net_usd"),
    ("Gain or allowed loss in income", "gain_in_income_usd"),
    ("Adjusted gross income", "agi_usd"),
    ("Taxable income", "taxable_income_usd"),
    ("Income tax", "income_tax_usd"),
    ("Net investment income tax", "niit_usd"),
    ("Alternative minimum tax", "amt_usd"),
    ("Federal tax", "federal_usd"),
    ("State tax on gains (estimate)", "state_usd"),
    ("Total tax", "total_usd"),
    ("Short-term loss carried forward", "short_carryforward_usd"),
    ("Long-term loss carried forward", "long_carryforward_usd"),
)
# Lines that add up the lines above them.
SUMS = frozenset({"Federal tax", "Total tax"})


def _dollars(name: str, note: str) -> Column:
    return Column(name, Kind.MONEY, note, number_format=formats.DOLLARS)


TAXPAYERS = Table(
    name="TaxByTaxpayer",
    sheet=KIND,
    is_input=False,
    note="What the plan realises and costs, one row per return.",
    columns=(
        Column("Taxpayer", Kind.TEXT, "The return."),
        Column("Type", Kind.TEXT, "Filing status."),
        Column("Law", Kind.TEXT, "Year of the tax law; ESTIMATE where an earlier year stands in."),
        _dollars("Short Gain", "Short-term gain of this plan after disallowed losses, dollars."),
        _dollars("Long Gain", "Long-term gain of this plan after disallowed losses, dollars."),
        Column("Short Rate", Kind.PERCENT, "Tax on one more dollar of short-term gain, federal and state.",
               number_format=formats.PERCENT),
        Column("Long Rate", Kind.PERCENT, "Tax on one more dollar of long-term gain, federal and state.",
               number_format=formats.PERCENT),
        _dollars("Tax of the Plan", "What the plan adds to this year's tax, dollars; negative is a saving."),
    ),
)  # fmt: skip

TAX_LINES = Table(
    name="TaxLines",
    sheet=KIND,
    is_input=False,
    note="The return line by line, for the whole year. State tax is that on the gains alone; it is negative where a "
    "loss is deducted from other income.",
    columns=(
        Column("Taxpayer", Kind.TEXT, "The return."),
        Column("Line", Kind.TEXT, "Line of the return."),
        _dollars("Without Plan", "Dollars for the year without this plan."),
        _dollars("Change", "What the plan changes, dollars."),
        _dollars("With Plan", "Dollars for the year with this plan."),
    ),
)

COST = Table(
    name="PlanCost",
    sheet=KIND,
    is_input=False,
    note="What the plan costs, term by term, and how close to the best possible it is proven to be.",
    columns=(
        Column("Term", Kind.TEXT, "Part of the cost."),
        _dollars("Cost", "Dollars; negative is a saving."),
    ),
)


def add_tax(workbook: Workbook, answer: Answer) -> None:
    """Add the Tax sheet."""
    plan = answer.plan
    changes = plan.tax.changes
    total: Row = {
        "Taxpayer": "Total",
        "Short Gain": sum(change.short_gain_usd for change in changes),
        "Long Gain": sum(change.long_gain_usd for change in changes),
        "Tax of the Plan": plan.tax.cost_usd,
    }
    cost: list[Row] = [
        {"Term": "Cost of the plan", "Cost": plan.money_usd},
        {"Term": "Proven lower bound", "Cost": plan.money_usd - plan.gap_usd},
        {"Term": "Proven gap", "Cost": plan.gap_usd},
    ]
    blocks = [
        Block(TAXPAYERS, [_taxpayer_row(change) for change in changes], "Tax of the plan", (total,)),
        Block(TAX_LINES, [row for change in changes for row in _line_rows(change)], "The year, line by line"),
        Block(
            COST,
            [{"Term": _sentence(term.name), "Cost": term.usd} for term in plan.money_terms],
            _cost_caption(answer),
            cost,
        ),
    ]
    placed = add_result_sheet(workbook, KIND, answer, blocks)[1]
    sheet = workbook[KIND]
    for row in range(placed.first_row + 1, placed.last_row + 1):
        if sheet.cell(row, placed.column_number("Line")).value in SUMS:
            for number in range(placed.first_col, placed.last_col + 1):
                sheet.cell(row, number).font = looks.BOLD_FONT


def _sentence(name: str) -> str:
    return name[:1].upper() + name[1:]


def _cost_caption(answer: Answer) -> str:
    stamp = law(answer.plan)
    return f"What the plan costs ({stamp})" if stamp else "What the plan costs"


def _taxpayer_row(change: TaxChange) -> Row:
    bill = change.after
    return {
        "Taxpayer": bill.taxpayer,
        "Type": bill.status.value,
        "Law": f"{bill.law_year}, ESTIMATE" if bill.estimate else str(bill.law_year),
        "Short Gain": change.short_gain_usd,
        "Long Gain": change.long_gain_usd,
        "Short Rate": change.short_marginal_rate,
        "Long Rate": change.long_marginal_rate,
        "Tax of the Plan": change.cost_usd,
    }


def _line_rows(change: TaxChange) -> list[Row]:
    rows: list[Row] = []
    for line, name in LINES:
        before, after = _figure(change.before, name), _figure(change.after, name)
        rows.append(
            {
                "Taxpayer": change.after.taxpayer,
                "Line": line,
                "Without Plan": before,
                "Change": Shown(after - before, formats.SIGNED_DOLLARS),
                "With Plan": after,
            }
        )
    return rows


def _figure(bill: TaxBill, name: str) -> float:
    return float(getattr(bill, name))
