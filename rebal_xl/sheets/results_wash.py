"""The Wash Sales sheet: what to wait for, what became of losses taken before the plan, and reinvestments to come."""

from collections.abc import Iterable, Iterator

from openpyxl import Workbook

from rebal_xl.household import WashBlock
from rebal_xl.sheets import formats, layout
from rebal_xl.sheets.cells import Shown, Value
from rebal_xl.sheets.columns import money
from rebal_xl.sheets.fill import share_format
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Answer, Block, add_result_sheet
from rebal_xl.sheets.schema import Column, Kind, Table
from rebal_xl.tax.entries import Ledger, LedgerSale, OtherSale, Replacement
from rebal_xl.tax.ledger import household_ledger

KIND = "Wash Sales"
NOTHING_BLOCKED = "Nothing is blocked"
# shares below which nothing is left of a sale
DUST = 1e-6
# Two columns of sentences on one sheet: narrower than usual, so that it prints legibly.
WRAP_AT = 46


def _day(name: str, note: str) -> Column:
    return Column(name, Kind.DATE, note, number_format=formats.DATE)


def _shares(name: str, note: str) -> Column:
    return Column(name, Kind.NUMBER, note, number_format=formats.SHARES)


WASH = Table(
    name="WashSales",
    sheet=KIND,
    is_input=False,
    note="What must not be bought, or not be sold at a loss, and until when.",
    columns=(
        Column("Symbol", Kind.TEXT, "The security."),
        Column("Identical Group", Kind.TEXT, "Securities of this group count as the same."),
        Column("Rule", Kind.TEXT, "Do not buy, or do not sell at a loss."),
        _day("Safe From", "First day on which it is safe again."),
        Column("Accounts", Kind.TEXT, "Where it holds: IRAs and the spouse's accounts count.", wrap_at=WRAP_AT),
        Column("Because", Kind.TEXT, "What started it.", wrap_at=WRAP_AT),
    ),
)

HISTORY = Table(
    name="WashHistory",
    sheet=KIND,
    is_input=False,
    note="What became of losses taken before the plan (IRC 1091): a row for the shares of each purchase that replaces "
    "some of those sold, and one for the rest.",
    # Words stand below the words of the table above, figures below figures.
    columns=(
        Column("Symbol", Kind.TEXT, "What was sold."),
        Column("Account", Kind.TEXT, "Account that sold."),
        Column(
            "Outcome",
            Kind.TEXT,
            "Moved: into the basis of the shares that replace them. Lost for good: an IRA, Roth, HSA or 401(k) bought "
            "them. Open: allowed unless identical shares are bought in time. Allowed. Not known: no gain is given. "
            "Smaller gain: the shares sold had taken over a loss that the custodian does not know.",
        ),
        _day("Sold", "Day of the sale."),
        Column("Replaced In", Kind.TEXT, "Account that bought identical shares."),
        Column("Replaced By", Kind.TEXT, "What it bought."),
        _day("Acquired", "Day on which it bought."),
        _shares("Quantity", "Shares of the sale that this row speaks of."),
        money("Loss", "Loss on those shares, dollars; of a gain: by how much less it is than the custodian says."),
        money("In Custodian's Basis", "Part that the custodian has added itself: same account and symbol."),
        money("Basis to Add", "Part that only the taxpayer can add to the basis of the shares bought, dollars."),
        _day("Held Since", "First day of their holding period, with that of the shares sold; blank when not known."),
        _day("Open Until", "Last day on which a purchase would wash the loss."),
    ),
)  # fmt: skip

EXPECTED = Table(
    name="ReinvestmentsExpected",
    sheet=KIND,
    is_input=False,
    note="Purchases that distributions of the next 30 days will make where they are reinvested.",
    columns=(
        Column("Symbol", Kind.TEXT, "What is bought."),
        Column("Account", Kind.TEXT, "The account."),
        money("Amount", "Dollars of the distribution."),
        _shares("Quantity", "Shares that they buy at today's price."),
        Column("Washes", Kind.FLAG, "Yes: a loss taken before the plan is still open, and this would wash it."),
    ),
)


def add_wash_sales(workbook: Workbook, answer: Answer) -> None:
    """Add the Wash Sales sheet."""
    policy = answer.policy
    ledger = household_ledger(answer.household, policy.as_of, reinvestments_count=policy.reinvestment_counts)
    rows = block_rows(answer.plan.wash_blocks)
    history, expected = list(_history_rows(ledger)), _expected_rows(ledger)
    blocks = [
        Block(WASH, rows, "" if rows else NOTHING_BLOCKED),
        Block(HISTORY, history, "Losses taken before the plan" if history else "No loss was taken before the plan"),
        Block(EXPECTED, expected, "Reinvestments to come" if expected else "No reinvestment is expected"),
    ]
    placed = add_result_sheet(workbook, KIND, answer, blocks)
    layout.stress(workbook[KIND], placed[1].cells("Outcome"), "Lost for good")
    layout.stress(workbook[KIND], placed[2].cells("Washes"), "Yes")


def block_rows(blocks: Iterable[WashBlock]) -> list[Row]:
    """What to wait for as rows of WashSales, the first to be over first."""
    return [_block_row(block) for block in sorted(blocks, key=lambda one: (one.safe_from, one.symbol))]


def _block_row(block: WashBlock) -> Row:
    return {
        "Symbol": block.symbol,
        "Identical Group": block.group,
        "Rule": f"{block.rule[:1].upper()}{block.rule[1:]}",
        "Safe From": block.safe_from,
        "Accounts": ", ".join(block.accounts),
        "Because": block.because,
    }


def _history_rows(ledger: Ledger) -> Iterator[Row]:
    others = (*ledger.unknown, *ledger.smaller_gains)
    shown = share_format([*(sale.quantity for sale in ledger.sales), *(other.quantity for other in others)])
    for sale in ledger.sales:
        for new in sale.replacements:
            yield _replaced_row(sale, new, shown)
        rest = sale.quantity - sum(new.quantity for new in sale.replacements)
        if rest > DUST:
            yield _sold_row(sale, rest, shown) | {
                "Loss": sale.allowed_usd,
                "Outcome": "Open" if sale.open_until else "Allowed",
                "Open Until": sale.open_until,
            }
    for other in others:
        known = other.gain_usd is not None
        yield _sold_row(other, other.quantity, shown) | {
            "Loss": other.carried_in_usd if known else "not known",
            "Outcome": "Smaller gain" if known else "Not known",
        }


def _sold_row(sale: LedgerSale | OtherSale, quantity: float, shown: str) -> dict[str, Value | Shown]:
    return {"Sold": sale.sold, "Account": sale.account, "Symbol": sale.symbol, "Quantity": Shown(quantity, shown)}


def _replaced_row(sale: LedgerSale, new: Replacement, shown: str) -> Row:
    return _sold_row(sale, new.quantity, shown) | {
        "Loss": new.disallowed_usd,
        "Outcome": "Lost for good" if new.permanent else "Moved",
        "Replaced In": new.account,
        "Replaced By": new.symbol,
        "Acquired": new.acquired,
        "In Custodian's Basis": new.in_custodian_basis_usd,
        "Basis to Add": new.basis_to_add_usd,
        "Held Since": new.held_since,
    }


def _expected_rows(ledger: Ledger) -> list[Row]:
    shown = share_format(one.shares for one in ledger.reinvestments)
    return [
        {
            "Account": one.account,
            "Symbol": one.symbol,
            "Amount": one.usd,
            "Quantity": Shown(one.shares, shown),
            "Washes": "Yes" if one.washes else "",
        }
        for one in ledger.reinvestments
    ]
