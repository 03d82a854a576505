"""What only shows when everything is read: classes without target, targets nobody can fill, cash and reserves."""

from collections.abc import Iterable, Mapping

from rebal_xl.household import CASH_CLASS, Account, Household, Policy, Security
from rebal_xl.intake.accounts import AccountsRead
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.distributions import check_distributions
from rebal_xl.intake.findings import Place
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import plain_number
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS, TARGETS


def check_whole(household: Household, policy: Policy, read: AccountsRead, sheets: Sheets) -> None:
    """Every check that needs the whole household."""
    _check_classes(household, policy, sheets)
    for account in household.accounts:
        _check_cash(account, read, sheets)
        _check_reserve(household, account, sheets)
    check_distributions(household, policy, sheets)


def _check_classes(household: Household, policy: Policy, sheets: Sheets) -> None:
    targeted = {target.asset_class for target in policy.targets}
    counted = {account.name for account in household.accounts if account.counts_in_target}
    held = _classes(household.security(lot.symbol) for lot in household.lots if lot.account in counted)
    buyable = _classes(security for security in household.securities if not security.do_not_buy)
    for asset_class in sorted(held - targeted - {CASH_CLASS}):
        symbols = sorted(
            {lot.symbol for lot in household.lots if asset_class in _classes((household.security(lot.symbol),))}
        )
        sheets.findings.notice(
            "class-without-target",
            _first(sheets, symbols[0]),
            f"{asset_class} is held ({', '.join(symbols[:4])}) but has no target, so it has no band.",
            "Give it a target, 0 % if it is to be sold.",
        )
    for row in sheets.of(TARGETS):
        target = policy.target_of(row.text("Asset Class"))
        if target and target.weight > 0.0 and target.asset_class not in held | buyable | {CASH_CLASS}:
            sheets.findings.notice(
                "target-without-class",
                row.place("Asset Class"),
                f"{target.asset_class} has a target, but nothing of that class is held or may be bought.",
                "Add a security of the class to Securities, or correct the spelling.",
            )


def _classes(securities: Iterable[Security]) -> set[str]:
    return {name for security in securities for name, weight in security.class_mix if weight > 0.0}


def _first(sheets: Sheets, symbol: str) -> Place:
    row: Row | None = next((row for row in sheets.of(HOLDINGS) if row.text("Symbol") == symbol), None)
    return row.place("Symbol") if row else Place()


def _check_cash(account: Account, read: AccountsRead, sheets: Sheets) -> None:
    if account.cash_usd < 0.0:
        sheets.findings.notice(
            "negative-cash",
            read.places[account.name],
            f"The cash of {account.name} is {plain_number(round(account.cash_usd, 2))} dollars.",
            "A plan raises it to zero or more; check for unsettled trades.",
        )


def _check_reserve(household: Household, account: Account, sheets: Sheets) -> None:
    value = household.account_value_usd(account.name)
    if account.reserve_usd > max(value, 0.0):
        row = _account_row(sheets).get(account.name)
        sheets.findings.notice(
            "reserve-beyond-account",
            row.place("Reserve $") if row else Place(),
            f"The reserve of {account.name}, {plain_number(account.reserve_usd)} dollars, is more than all it holds "
            f"({plain_number(round(value, 2))}).",
            "Check the digits; everything in it would have to be cash.",
        )


def _account_row(sheets: Sheets) -> Mapping[str, Row]:
    return {row.text("Account"): row for row in sheets.of(ACCOUNTS)}
