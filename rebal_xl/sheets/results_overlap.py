"""The Overlap sheet: what is held in several places, what holds the same, and what consolidating costs and saves."""

from openpyxl import Workbook

from rebal_xl import words
from rebal_xl.household.overlap import Consolidation, OverlapPair, OverlapReport
from rebal_xl.household.overlap import Overlap as Held
from rebal_xl.sheets import formats
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Answer, Block, add_result_sheet
from rebal_xl.sheets.schema import Column, Kind, Table

KIND = "Overlap"
# More pairs than a person reads: the largest stand on the sheet.
MOST_PAIRS = 100
NO_POSITION = "Saves no position: one security stands for another."


def _dollars(name: str, note: str) -> Column:
    return Column(name, Kind.MONEY, note, number_format=formats.WHOLE_DOLLARS)


def _count(name: str, note: str) -> Column:
    return Column(name, Kind.NUMBER, note, number_format=formats.WHOLE)


HELD = Table(
    name="OverlapHeld",
    sheet=KIND,
    is_input=False,
    note="The same security in several accounts, shares of one identical group, and funds of one index.",
    columns=(
        Column("Kind", Kind.TEXT, "Same security, substantially identical, or same index by the security master."),
        Column("Subject", Kind.TEXT, "The symbol, the identical group, or the index."),
        Column("Held As", Kind.TEXT, "The securities it is held in."),
        Column("Accounts", Kind.TEXT, "Where."),
        _dollars("Value", "Dollars of it."),
        Column("Share", Kind.PERCENT, "Of all that the household holds.", number_format=formats.PERCENT),
    ),
)

PAIRS = Table(
    name="OverlapPairs",
    sheet=KIND,
    is_input=False,
    note="Every two securities that hold the same, wholly or in part, the most dollars in common first.",
    columns=(
        Column("Kind", Kind.TEXT, "Substantially identical, same index, same class mix, or classes in common."),
        Column("Security", Kind.TEXT, "One of both."),
        Column("Other Security", Kind.TEXT, "The other."),
        Column("Accounts", Kind.TEXT, "Every account that holds one of them."),
        Column("By", Kind.TEXT, "The identical group, the index, or the classes that both have."),
        _dollars("Value", "Dollars of the first in the household."),
        _dollars("Other Value", "Dollars of the other."),
        _dollars("In Common", "Class by class the smaller of both, funds of several classes looked through."),
    ),
)

CONSOLIDATIONS = Table(
    name="OverlapConsolidations",
    sheet=KIND,
    is_input=False,
    note="What consolidating would cost and save, account by account, each by itself and before the plan; what can be "
    "done comes first, the cheapest for each position saved. The setting Consolidate does them within a tax budget.",
    columns=(
        Column("Account", Kind.TEXT, "The account."),
        Column("Sell", Kind.TEXT, "Securities sold in full."),
        Column("Keep", Kind.TEXT, "The security bought for them."),
        Column(
            "Kept As",
            Kind.TEXT,
            "Why that one: best buy rank, else has to stay, least gain realized, already held, largest position.",
        ),
        Column("Kind", Kind.TEXT, "Substantially identical, same index, or same class mix."),
        _dollars("Amount", "Dollars sold."),
        _dollars("Gain", "Gain they realize (negative: loss); empty where a basis or date is not known."),
        _dollars("Tax", "What that adds to this year's tax (negative: saves); empty where it is not known."),
        _count("Positions Saved", "Positions fewer in the account."),
        Column("Against It", Kind.TEXT, "Why it is not done; empty where it can be."),
    ),
)
TABLES = (HELD, PAIRS, CONSOLIDATIONS)


def add_overlap(workbook: Workbook, answer: Answer, report: OverlapReport) -> None:
    """Add the Overlap sheet; none where nothing is held more than once."""
    if report.nothing:
        return
    blocks = [
        Block(CONSOLIDATIONS, [_consolidation_row(one) for one in report.consolidations], _of_consolidations(report)),
        Block(HELD, [_held_row(one) for one in report.held], "What is held in several places before the plan"),
        Block(PAIRS, [_pair_row(one) for one in report.pairs[:MOST_PAIRS]], _of_pairs(report)),
    ]
    add_result_sheet(workbook, KIND, answer, [block for block in blocks if block.rows])


def _of_consolidations(report: OverlapReport) -> str:
    free = [one for one in report.consolidations if not one.refused and one.positions_saved]
    if not free:
        return "Nothing here can be consolidated to save a position"
    saved = words.count(sum(one.positions_saved for one in free), "position")
    # of the whole dollars shown below, so that the column adds up
    tax = sum(round(one.tax_usd or 0.0) for one in free)
    counted = ", without what has something against it" if len(free) < len(report.consolidations) else ""
    usd = words.dollars(tax).removesuffix(".00")
    return f"Consolidating would save {saved}{counted}; each by itself, the tax sums to {usd}"


def _of_pairs(report: OverlapReport) -> str:
    told = "Securities that hold the same"
    more = len(report.pairs) - MOST_PAIRS
    return told if more <= 0 else f"{told}: the {MOST_PAIRS} largest pairs, {more:,} more are smaller"


def _held_row(one: Held) -> Row:
    return {
        "Kind": one.kind,
        "Subject": one.subject,
        "Held As": ", ".join(one.symbols),
        "Accounts": ", ".join(one.accounts),
        "Value": one.value_usd,
        "Share": one.share,
    }


def _pair_row(one: OverlapPair) -> Row:
    return {
        "Kind": one.kind,
        "Security": one.first,
        "Other Security": one.second,
        "By": one.subject,
        "Value": one.first_usd,
        "Other Value": one.second_usd,
        "In Common": one.common_usd,
        "Accounts": ", ".join(one.accounts),
    }


def _consolidation_row(one: Consolidation) -> Row:
    return {
        "Account": one.account,
        "Sell": ", ".join(one.sold),
        "Keep": one.keep,
        "Kept As": one.keep_why,
        "Kind": one.kind,
        "Amount": one.amount_usd,
        "Gain": one.gain_usd,
        "Tax": one.tax_usd,
        "Positions Saved": float(one.positions_saved),
        "Against It": one.refused or ("" if one.positions_saved else NO_POSITION),
    }
