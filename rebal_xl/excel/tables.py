"""Result tables that formulas spill and no sheet has: what their columns are, and their rows."""

from collections.abc import Iterable, Mapping

from rebal_xl.household import Household
from rebal_xl.household.overlap import Overlap
from rebal_xl.measure.after_tax import AfterTaxValue
from rebal_xl.measure.harvest import Loss
from rebal_xl.sheets import formats
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.schema import Column, Kind, Table


def _dollars(name: str, note: str) -> Column:
    return Column(name, Kind.MONEY, note, number_format=formats.DOLLARS)


def _percent(name: str, note: str) -> Column:
    return Column(name, Kind.PERCENT, note, number_format=formats.PERCENT)


HARVEST = Table(
    name="LossesWorthTaking",
    sheet="",
    is_input=False,
    note="Lots of taxable accounts whose loss meets the settings Harvest $ and Harvest %, the largest first.",
    columns=(
        Column("Account", Kind.TEXT, "The account."),
        Column("Symbol", Kind.TEXT, "Ticker or CUSIP."),
        Column("Lot", Kind.TEXT, "The lot's name, as in Holdings."),
        Column("Acquired", Kind.DATE, "Day of purchase.", number_format=formats.DATE),
        Column("Term", Kind.TEXT, "Short is held for one year or less (IRC 1222)."),
        Column("Quantity", Kind.NUMBER, "Shares of the lot.", number_format=formats.SHARES),
        _dollars("Basis", "What they cost, dollars."),
        _dollars("Value", "What they are worth, dollars."),
        _dollars("Loss", "Basis less value, dollars."),
        _percent("Loss %", "The loss as a share of the basis."),
        Column("Days to Long", Kind.WHOLE, "Days to wait until the loss is long-term; empty when it is.",
               number_format=formats.WHOLE),
        Column("Safe From", Kind.DATE,
               "First day on which no purchase of the last 30 days washes the loss; empty for today.",
               number_format=formats.DATE),
        Column("Replacement", Kind.TEXT, "What Securities names to buy in its stead."),
    ),
)  # fmt: skip

OVERLAP = Table(
    name="Overlaps",
    sheet="",
    is_input=False,
    note="What is held in several places: the same security, substantially identical ones, funds that track one index "
    "by the security master, and asset classes that several securities carry, funds of several classes looked through.",
    columns=(
        Column("Kind", Kind.TEXT, "Same security, substantially identical, same index, or same asset class."),
        Column("Subject", Kind.TEXT, "The symbol, the identical group, the index, or the class."),
        Column("Held As", Kind.TEXT, "The securities it is held in."),
        Column("Accounts", Kind.TEXT, "Where."),
        _dollars("Value", "Dollars; of a class its part of each security."),
        _percent("Share", "Of all that the household holds."),
    ),
)

AFTER_TAX = Table(
    name="AfterTaxValues",
    sheet="",
    is_input=False,
    note="What each account is worth once the tax that waits in it is paid, and all together.",
    columns=(
        Column("Account", Kind.TEXT, "The account."),
        Column("Tax Treatment", Kind.TEXT, "Taxable, tax-deferred, Roth or HSA."),
        _dollars("Value", "Market value, cash included, dollars."),
        _dollars("Tax Waiting", "Tax on unrealized gain, and on money that leaves tax-deferred accounts, dollars."),
        _dollars("After Tax", "Value less that tax, dollars."),
        Column("Basis Not Known", Kind.TEXT, "Securities without a basis, counted at market value."),
    ),
)


def harvest_rows(household: Household, losses: Iterable[Loss]) -> list[Row]:
    """Losses as rows of LossesWorthTaking."""
    return [
        {
            "Account": loss.lot.account,
            "Symbol": loss.lot.symbol,
            "Lot": loss.lot.lot_id,
            "Acquired": loss.lot.acquired,
            "Term": loss.term.value if loss.term else "not known",
            "Quantity": loss.lot.quantity,
            "Basis": loss.basis_usd,
            "Value": loss.value_usd,
            "Loss": loss.loss_usd,
            "Loss %": loss.loss_share,
            "Days to Long": None if loss.days_to_long is None else float(loss.days_to_long),
            "Safe From": loss.safe_from,
            "Replacement": household.security(loss.lot.symbol).replacement,
        }
        for loss in losses
    ]


def overlap_rows(overlaps: Iterable[Overlap]) -> list[Row]:
    """Overlaps as rows of Overlaps."""
    return [
        {
            "Kind": one.kind,
            "Subject": one.subject,
            "Held As": ", ".join(one.symbols),
            "Accounts": ", ".join(one.accounts),
            "Value": one.value_usd,
            "Share": one.share,
        }
        for one in overlaps
    ]


def after_tax_rows(household: Household, values: Mapping[str, AfterTaxValue]) -> list[Row]:
    """Values by account name as rows of AfterTaxValues, then their total."""
    rows: list[Row] = [
        {
            "Account": name,
            "Tax Treatment": household.account(name).treatment.value,
            "Value": value.market_usd,
            "Tax Waiting": value.tax_usd,
            "After Tax": value.after_tax_usd,
            "Basis Not Known": ", ".join(value.unknown_basis),
        }
        for name, value in values.items()
    ]
    total: Row = {
        "Account": "Total",
        "Value": sum(value.market_usd for value in values.values()),
        "Tax Waiting": sum(value.tax_usd for value in values.values()),
        "After Tax": sum(value.after_tax_usd for value in values.values()),
    }
    return [*rows, total]
