"""The Tax sheet: every taxpayer's year without and with the plan, and what the plan costs in all."""

from dataclasses import replace

from openpyxl import Workbook

from rebal_xl.household import Plan, TaxChange, Term
from rebal_xl.sheets import formats, layout, looks
from rebal_xl.sheets.cells import Shown
from rebal_xl.sheets.columns import money
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_comparison import comparison_block
from rebal_xl.sheets.results_sheet import Answer, Block, add_result_sheet, law
from rebal_xl.sheets.schema import Column, Kind, Table
from rebal_xl.tax.law import load_law
from rebal_xl.tax.picture import YearPicture, year_picture

KIND = "Tax"

# Where an estimate comes from, for readers who do not know our files.
SOURCES = {
    "default: marginal estimate of law/states.toml": "estimate by the state's built-in marginal rates",
    "one rate of the tax profile, else the default of law/states.toml": "one rate of Tax Profile, else the state's own",
}
# What each part of the cost is.
MEANINGS = {
    "tax": "what the plan adds to this year's tax",
    "carried losses": "credit for losses left for later years",
    "basis given up": "later tax that the losses taken now would have saved then",
    "unasked losses": "savings by losses that no harvesting asks for: nearly all of them are taken back",
    "trading": "half the spread of each order, and redemption fees",
    "orders": "Cost per Order, for each",
    "wash sales": "Wash Sale Cost $, for each identical group with a disallowed loss",
    "location": "later tax on what is bought in taxable accounts less what is sold there; a net saving hardly counts, "
    "unless Location $ asks for it",
    "buy ranks": "purchases of a security of lower rank",
    "idle cash": "cash left uninvested",
}
# Lines that add up the lines above them.
SUMS = frozenset({"Federal tax", "Total tax"})


TAXPAYERS = Table(
    name="TaxByTaxpayer",
    sheet=KIND,
    is_input=False,
    note="What the plan realizes and costs, one row per return.",
    columns=(
        Column("Taxpayer", Kind.TEXT, "The return."),
        Column("Type", Kind.TEXT, "Filing status."),
        money("Short Gain", "Short-term gain of this plan after disallowed losses, dollars."),
        money("Long Gain", "Long-term gain of this plan after disallowed losses, dollars."),
        money("Tax of the Plan", "What the plan adds to this year's tax, dollars; negative is a saving."),
        Column("Law", Kind.TEXT, "Year of the tax law; ESTIMATE where an earlier year stands in."),
        Column("Short Rate", Kind.PERCENT, "Tax on one more dollar of short-term gain, federal and state.",
               number_format=formats.PERCENT),
        Column("Long Rate", Kind.PERCENT, "Tax on one more dollar of long-term gain, federal and state.",
               number_format=formats.PERCENT),
        money(
            "Tax of Withdrawals",
            "Federal tax that withdrawals from tax-deferred accounts bring, with or without the plan, dollars.",
        ),
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
        money("Without Plan", "Dollars for the year without this plan."),
        money("Change", "What the plan changes, dollars."),
        money("With Plan", "Dollars for the year with this plan."),
        Column("Source", Kind.TEXT, "Form or worksheet and line, or where an estimate comes from."),
    ),
)

ROOM = Table(
    name="TaxRoom",
    sheet=KIND,
    is_input=False,
    note="What is near: tax on the next dollar of gain, room in the bands of long-term gain, income before a further "
    "tax begins, losses of earlier years used up, and Medicare premiums two years on, which are no part of the tax.",
    columns=(
        Column("Taxpayer", Kind.TEXT, "The return."),
        Column("Measure", Kind.TEXT, "What is measured."),
        money("Without Plan", "Dollars, or the rate, without this plan."),
        money("Change", "What the plan changes."),
        money("With Plan", "Dollars, or the rate, with this plan."),
        Column("Source", Kind.TEXT, "The rule behind it."),
    ),
)

COST = Table(
    name="PlanCost",
    sheet=KIND,
    is_input=False,
    note="What the plan costs, term by term, and how close to the best possible it is proven to be.",
    columns=(
        Column("Term", Kind.TEXT, "Part of the cost."),
        money("Cost", "Dollars; negative is a saving."),
    ),
)


def add_tax(workbook: Workbook, answer: Answer) -> None:
    """Add the Tax sheet."""
    plan = answer.plan
    pictures = [(change, *_pictures(answer, change)) for change in plan.tax.changes]
    cost: list[Row] = [
        {"Term": "Cost of the plan", "Cost": plan.money_usd},
        {"Term": "Proven lower bound", "Cost": plan.money_usd - plan.gap_usd},
        {"Term": "Proven gap", "Cost": plan.gap_usd},
        {"Term": "Of the cost is paid, now or later", "Cost": plan.paid_usd},
    ]
    blocks = [
        Block(TAXPAYERS, taxpayer_rows(plan), "Tax of the plan", (taxpayer_total(plan),)),
        Block(
            TAX_LINES, [row for each in pictures for row in _line_rows(*each)], _stamped("The year, line by line", plan)
        ),
        Block(ROOM, [row for _, *each in pictures for row in _room_rows(*each)], _stamped("Room left", plan)),
        Block(
            COST,
            [{"Term": _sentence(term.name), "Cost": term.usd} for term in plan.money_terms],
            _stamped("What the plan costs", plan),
            cost,
        ),
        comparison_block(plan),
    ]
    taxpayers, placed, _, parts, _ = add_result_sheet(workbook, KIND, answer, blocks)
    sheet = workbook[KIND]
    for row, term in enumerate(plan.money_terms, parts.first_row + 1):
        layout.write_remark(sheet, MEANINGS.get(term.name, ""), row, parts.last_col + 1)
    for name in ("Short Gain", "Long Gain"):
        layout.colour_losses(sheet, taxpayers.cells(name))
    for row in range(placed.first_row + 1, placed.last_row + 1):
        if sheet.cell(row, placed.column_number("Line")).value in SUMS:
            for number in range(placed.first_col, placed.last_col + 1):
                sheet.cell(row, number).font = looks.BOLD_FONT


def _sentence(name: str) -> str:
    return name[:1].upper() + name[1:]


def _stamped(caption: str, plan: Plan) -> str:
    """The caption with the law that its figures follow, stamped as an estimate where it is one."""
    stamp = law(plan)
    return f"{caption} ({stamp})" if stamp else caption


def taxpayer_rows(plan: Plan) -> list[Row]:
    """What the plan realises and costs as rows of TaxByTaxpayer, one for each return."""
    return [_taxpayer_row(change) for change in plan.tax.changes]


def taxpayer_total(plan: Plan) -> Row:
    """All returns together, as a row of TaxByTaxpayer."""
    changes = plan.tax.changes
    return {
        "Taxpayer": "Total",
        "Short Gain": sum(change.short_gain_usd for change in changes),
        "Long Gain": sum(change.long_gain_usd for change in changes),
        "Tax of the Plan": plan.tax.cost_usd,
        "Tax of Withdrawals": plan.tax.distributions_tax_usd,
    }


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
        "Tax of Withdrawals": change.distributions_tax_usd,
    }


def _pictures(answer: Answer, change: TaxChange) -> tuple[YearPicture, YearPicture]:
    """The taxpayer's year without and with the plan."""
    household, plan = answer.household, answer.plan
    name = change.after.taxpayer
    profile = next(each for each in household.taxpayers if each.taxpayer == name)
    profile = replace(profile, ordinary_income_usd=profile.ordinary_income_usd + change.distributions_usd)
    collectible = 0.0
    for sale in plan.lot_sales:
        payer = household.payer(household.account(sale.account))
        if payer and payer.taxpayer == name and sale.term is Term.LONG and household.security(sale.symbol).collectible:
            collectible += sale.gain_usd + sale.disallowed_usd
    year, figures = plan.as_of.year, load_law(change.after.law_year)
    return (
        year_picture(profile, law=figures, tax_year=year, bill=change.before),
        year_picture(
            profile,
            change.short_gain_usd,
            change.long_gain_usd,
            law=figures,
            collectible_gain_usd=collectible,
            tax_year=year,
            bill=change.after,
        ),
    )


def _line_rows(change: TaxChange, before: YearPicture, after: YearPicture) -> list[Row]:
    rows: list[Row] = []
    for line in after.lines:
        held = before.line(line.key).usd
        # Most returns have no benefits: their line would only say nothing.
        if line.key == "taxable_benefits_usd" and not held and not line.usd:
            continue
        rows.append(_row(change.after.taxpayer, "Line", line.name, held, line.usd, line.source))
    return rows


def _room_rows(before: YearPicture, after: YearPicture) -> list[Row]:
    rows: list[Row] = []
    held = {measure.key: measure for measure in before.measures}
    for measure in after.measures:
        # On Medicare's last step there is no next one.
        if measure.key not in held:
            continue
        shown = (formats.PERCENT, formats.SIGNED_PERCENT) if measure.is_rate else None
        was = held[measure.key].value
        rows.append(_row(after.bill.taxpayer, "Measure", measure.name, was, measure.value, measure.source, shown))
    return rows


def _row(
    taxpayer: str,
    column: str,
    name: str,
    before: float,
    after: float,
    source: str,
    shown: tuple[str, str] | None = None,
) -> Row:
    number, signed = shown or (formats.DOLLARS, formats.SIGNED_DOLLARS)
    return {
        "Taxpayer": taxpayer,
        column: name,
        "Without Plan": Shown(before, number),
        "Change": Shown(after - before, signed),
        "With Plan": Shown(after, number),
        "Source": SOURCES.get(source, source),
    }
