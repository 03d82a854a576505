"""Household and policy as rows of the input tables: the inverse of reading them.

A value that a blank cell already means is left blank, so that what somebody chose stands out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import MISSING, fields
from enum import Enum
from typing import Any

from rebal_xl.household import CASH_CLASS, CASH_SYMBOL, Household, Policy, Security
from rebal_xl.sheets import formats
from rebal_xl.sheets.cells import Shown, Value
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.schema import Kind, Table
from rebal_xl.sheets.settings import DRIFT_MEASURE, DRIFT_MEASURES
from rebal_xl.sheets.tables import (
    ACCOUNTS,
    ASSUMPTIONS,
    CLASS_MIX,
    COVARIANCE,
    FILLS,
    HOLDINGS,
    MY_TRADES,
    PEOPLE,
    RECENT_TRADES,
    SECURITIES,
    SETTINGS,
    SETTINGS_ROWS,
    TARGETS,
    TAX_PROFILE,
    WITHDRAWALS,
)

# Written even where they equal the default: a blank would be counted from birth dates, or hides a choice worth seeing.
ALWAYS_WRITTEN = frozenset({"Filers 65+", "Counts in Target", "Basis Method", "Band Type"})
# What an empty fund menu is written as: nothing but cash may be held. A blank menu would allow everything.
EMPTY_MENU = CASH_SYMBOL

Rows = Sequence[Row]


def household_rows(household: Household) -> dict[str, Rows]:
    """Table name -> rows, for the tables a household fills."""
    return {
        PEOPLE.name: _noun_rows(PEOPLE, household.people),
        ACCOUNTS.name: _noun_rows(ACCOUNTS, household.accounts),
        HOLDINGS.name: _noun_rows(HOLDINGS, household.lots),
        SECURITIES.name: [_security_row(security) for security in household.securities],
        CLASS_MIX.name: [
            {"Symbol": security.symbol, "Asset Class": asset_class, "Weight": weight}
            for security in household.securities
            if len(security.class_mix) > 1
            for asset_class, weight in security.class_mix
        ],
        TAX_PROFILE.name: _noun_rows(TAX_PROFILE, household.taxpayers),
        RECENT_TRADES.name: _noun_rows(RECENT_TRADES, household.recent_trades),
        FILLS.name: _noun_rows(FILLS, household.fills),
    }


def policy_rows(policy: Policy) -> dict[str, Rows]:
    """Table name -> rows, for the tables a policy fills; Settings apart."""
    rows: dict[str, Rows] = {
        TARGETS.name: _noun_rows(TARGETS, policy.targets),
        WITHDRAWALS.name: _noun_rows(WITHDRAWALS, policy.withdrawals),
        MY_TRADES.name: _noun_rows(MY_TRADES, policy.my_trades),
    }
    if policy.covariance is not None:
        label = COVARIANCE.columns[0].name
        rows[COVARIANCE.name] = [
            {label: name, **dict(zip(policy.covariance.classes, numbers, strict=True))}
            for name, numbers in zip(policy.covariance.classes, policy.covariance.rows, strict=True)
        ]
    if policy.cash_yield:
        rows[ASSUMPTIONS.name] = [{"Asset Class": CASH_CLASS, "Yield": policy.cash_yield}]
    return rows


def settings_rows(household: Household | None, policy: Policy | None) -> Rows:
    """Every setting with its value, or its default where nothing is given."""
    name, value, note = (column.name for column in SETTINGS.columns)
    rows: list[Row] = []
    for row in SETTINGS_ROWS:
        held: Any = row.default
        if row.name == "Household Name" and household is not None:
            held = household.name
        elif row.name == DRIFT_MEASURE and policy is not None:
            held = DRIFT_MEASURES[policy.tracking]
        elif row.policy_field and policy is not None:
            held = getattr(policy, row.policy_field)
        rows.append({name: row.name, value: Shown(_plain(held), row.number_format), note: row.note})
    return rows


def _noun_rows(table: Table, nouns: Iterable[Any]) -> Rows:
    return [_noun_row(table, noun) for noun in nouns]


def _noun_row(table: Table, noun: Any) -> dict[str, Value | Shown]:
    defaults = {field.name: field.default for field in fields(noun) if field.default is not MISSING}
    row: dict[str, Value | Shown] = {}
    for column in table.columns:
        if not column.field:
            continue
        held = getattr(noun, column.field)
        if column.kind is Kind.SYMBOLS and held is not None:
            row[column.name] = ", ".join(sorted(held)) or EMPTY_MENU
        elif column.name in ALWAYS_WRITTEN or held != defaults.get(column.field, MISSING):
            row[column.name] = _plain(held)
    return row


def _security_row(security: Security) -> Row:
    row = _noun_row(SECURITIES, security)
    if len(security.class_mix) == 1:
        row["Asset Class"] = security.class_mix[0][0]
    if security.lot_size == 0:
        row["Whole Shares"], row["Lot Size"] = formats.FLAG_WORDS[1], None
    return row


def _plain(held: Any) -> Value:
    if isinstance(held, Enum):
        return str(held.value)
    if isinstance(held, bool):
        return formats.FLAG_WORDS[0] if held else formats.FLAG_WORDS[1]
    value: Value = held
    return value


def share_format(quantities: Iterable[float]) -> str:
    """Format of a column of shares: thousandths only where one of them has a fraction."""
    whole = all(quantity == round(quantity) for quantity in quantities)
    return formats.WHOLE_SHARES if whole else formats.SHARES
