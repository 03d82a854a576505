"""Fidelity's two exports of the sample household: positions of every account, and lots where Fidelity keeps any."""

from collections.abc import Iterator

from rebal_xl.household import Account, Household, Lot, Security
from rebal_xl.sample.accounts import ALEX_IRA, FIDELITY
from rebal_xl.sample.custodian_text import (
    Holding,
    accounts_at,
    dollars,
    holdings_of,
    month_day_year,
    number,
    percent,
    plain,
)
from rebal_xl.sample.prices import AS_OF
from rebal_xl.tax.holding import term_of_lot

POSITION_HEADER = (
    "Account Number", "Account Name", "Symbol", "Description", "Quantity", "Last Price", "Last Price Change",
    "Current Value", "Today's Gain/Loss Dollar", "Today's Gain/Loss Percent", "Total Gain/Loss Dollar",
    "Total Gain/Loss Percent", "Percent Of Account", "Cost Basis Total", "Average Cost Basis", "Type",
)  # fmt: skip
LOT_HEADER = (
    "Account Name", "Symbol", "Description", "Acquired", "Term", "Total Gain/Loss", "Total Gain/Loss (%)",
    "Current Value", "Quantity", "Average Cost Basis", "Cost Basis Total",
)  # fmt: skip
CORE_CASH = "SPAXX**"
# Dividends not yet settled: no part of the settled cash, and no part of the household's figures.
PENDING_USD = 31.40
PENDING_ACCOUNT = ALEX_IRA
BYTE_ORDER_MARK = "\ufeff"
FOOTER = (
    "\"Made-up figures in the shape of a brokerage export. They describe nobody's account, are no offer, and should "
    'not be relied on, for example for taxes."',
    "",
    '"Brokerage services would be named here, with their memberships."',
    "",
    f'"Date downloaded {month_day_year(AS_OF)} 4:31 p.m ET"',
)


def fidelity_positions(household: Household, numbers: dict[str, str]) -> str:
    """The positions file; numbers are account name -> account number."""
    lines = [plain(POSITION_HEADER)]
    for account in accounts_at(household, FIDELITY):
        # a full row ends in a comma too many, the pending row stops short
        lines += [plain((*cells, "")) for cells in _account_rows(household, account, numbers[account.name])]
        if account.name == PENDING_ACCOUNT:
            pending = dollars(PENDING_USD, commas=False)
            lines.append(
                plain((numbers[account.name], account.name, "Pending activity", *[""] * 4, pending, *[""] * 6))
            )
    return BYTE_ORDER_MARK + "\r\n".join([*lines, "", *FOOTER]) + "\r\n"


def _account_rows(household: Household, account: Account, account_number: str) -> Iterator[tuple[str, ...]]:
    holdings = holdings_of(household, account)
    total = account.cash_usd + sum(holding.value_usd for holding in holdings)
    start = (account_number, account.name)
    if account.cash_usd:
        cash = (dollars(account.cash_usd, commas=False), "", "", "", "", percent(account.cash_usd, total), "", "")
        yield (*start, CORE_CASH, "HELD IN MONEY MARKET", "", "", "", *cash, "Cash")
    for holding in holdings:
        yield (*start, *_position_cells(holding, total))


def _position_cells(holding: Holding, account_total: float) -> tuple[str, ...]:
    security, value = holding.security, holding.value_usd
    basis = holding.basis_usd
    change = round(holding.change_usd * holding.quantity, 2)
    cost = ("--", "--", percent(value, account_total), "--", "--")
    if basis is not None:
        cost = (
            dollars(value - basis, commas=False, sign=True),
            percent(value - basis, basis, sign=True),
            percent(value, account_total),
            dollars(basis, commas=False),
            dollars(basis / holding.quantity, commas=False),
        )
    return (
        security.symbol,
        security.name.upper(),
        number(holding.quantity, commas=False),
        dollars(security.price_usd, commas=False),
        dollars(holding.change_usd, commas=False, sign=True),
        dollars(value, commas=False),
        dollars(change, commas=False, sign=True),
        percent(change, value - change, sign=True),
        *cost,
        # the margin type; a workplace plan has none
        "" if holding.account.menu else "Cash",
    )


def fidelity_lots(household: Household) -> str:
    """The lots file: the IRA and the HSA. A workplace plan keeps totals only and is not in it."""
    rows = [
        _lot_row(lot, holding.security)
        for account in accounts_at(household, FIDELITY)
        for holding in holdings_of(household, account)
        for lot in holding.lots
        if lot.acquired
    ]
    return BYTE_ORDER_MARK + "\r\n".join(plain(row) for row in (LOT_HEADER, *rows)) + "\r\n"


def _lot_row(lot: Lot, security: Security) -> tuple[str, ...]:
    value = round(lot.quantity * security.unit_usd, 2)
    cost = ("--", "--")
    gain = ("--", "--")
    if lot.basis_usd is not None:
        cost = (dollars(lot.basis_usd / lot.quantity, commas=False), dollars(lot.basis_usd, commas=False))
        gained = value - lot.basis_usd
        gain = (dollars(gained, commas=False, sign=True), percent(gained, lot.basis_usd, sign=True))
    return (
        lot.account,
        lot.symbol,
        security.name.upper(),
        month_day_year(lot.acquired) if lot.acquired else "--",
        term_of_lot(lot, AS_OF).value,
        *gain,
        dollars(value, commas=False),
        number(lot.quantity, commas=False),
        *cost,
    )
