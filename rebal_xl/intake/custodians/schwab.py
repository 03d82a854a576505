"""
Schwab: the account stands in a line above each table of positions, and so does the symbol of a file of lots.

Positions of several accounts follow each other in one file. The line above a table is "Positions for account ..." or,
in a file of all accounts, the account's name alone. An account is called by its name and last digits ("Individual
...123", formerly "Individual   XXXX-1123"), in files of one security's lots by a mask alone ("XXXX-5792").
"""

from __future__ import annotations

import re

from rebal_xl.intake.custodians.layout import Layout, Section, Shaped, as_is, check_total
from rebal_xl.intake.findings import place_in
from rebal_xl.intake.values import clean, squeeze
from rebal_xl.sheets.grid import Cell

_POSITIONS_TITLE = re.compile(r"Positions for (?:account )?(?P<account>.+?) as of ", re.IGNORECASE)
# What the title of a whole file says in the place of an account.
_ALL_ACCOUNTS = re.compile(r"all[- ]accounts", re.IGNORECASE)
_VALUES = ("mktvalmarketvalue", "marketvalue")
_CASH_KINDS = frozenset({"cash", "cashandmoneymarket"})
# A line above a table that is longer is no account's name.
_LONGEST_NAME = 80
_LOTS_TITLE = re.compile(r"(?P<symbol>\S.*?) Lot Details for (?P<account>.+?)(?: as of |$)", re.IGNORECASE)


def _positions(section: Section, shaped: Shaped) -> None:
    title = _POSITIONS_TITLE.match(section.title)
    account = clean(title["account"]) if title is not None else section.title
    if account and len(account) <= _LONGEST_NAME and not _ALL_ACCOUNTS.fullmatch(account):
        _refuse_twice(account, section, shaped)
        shaped.add_column(section, section.free_column, "Account", dict.fromkeys(section.data_rows(), account))
        # A name that a comma cuts in two would be read as a row of the table before.
        shaped.cells |= dict.fromkeys(section.title_places)
    for header in _VALUES:
        check_total(section, shaped, header)
    _more_cash(section, shaped)


def _refuse_twice(account: str, section: Section, shaped: Shaped) -> None:
    """Two tables under one name are two accounts that nobody can tell apart, or one account twice."""
    row, column = min(section.title_places, default=(section.header_row, 1))
    first = shaped.titles.setdefault(account, row)
    if first != row:
        shaped.findings.error(
            "account-twice",
            place_in(section.grid, row, column),
            f'"{account}" stands above two tables of this file, in lines {first} and {row}.',
            "If two accounts are called so, give them names of their own at the custodian and download again; if one "
            "account is in the file twice, take one of the tables out.",
        )


def _more_cash(section: Section, shaped: Shaped) -> None:
    """Cash of other names (Futures Cash, a margin balance) has a value and neither shares nor a price."""
    kinds = [header for header in ("assettype", "securitytype") if header in section.columns]
    for row in section.data_rows():
        counted = any(section.number(row, header) is not None for header in ("qtyquantity", "quantity", "price"))
        if not counted and kinds and squeeze(section.text(row, kinds[0])) in _CASH_KINDS:
            shaped.cells[row, section.columns["symbol"]] = Cell("Cash & Cash Investments")


def _lots_of_one(section: Section, shaped: Shaped) -> None:
    check_total(section, shaped, "quantity")
    title = _LOTS_TITLE.match(section.title)
    if title is not None:
        rows = section.data_rows()
        shaped.add_column(section, section.free_column, "Account", dict.fromkeys(rows, clean(title["account"])))
        shaped.add_column(section, section.free_column + 1, "Symbol", dict.fromkeys(rows, clean(title["symbol"])))


# Columns can be chosen before the download; these are what a position cannot do without.
_POSITION = {"symbol", "description"}
LAYOUTS = (
    *(
        Layout("Schwab positions", frozenset({*_POSITION, *figures, kind}), _positions)
        for figures in (("qtyquantity", "mktvalmarketvalue"), ("quantity", "marketvalue"))
        for kind in ("assettype", "securitytype")
    ),
    Layout(
        "Schwab lots",
        frozenset({"accountname", "symbol", "opendate", "quantity", "costpershare", "holdingperiod"}),
        as_is,
    ),
    Layout(
        "Schwab lots of one security",
        frozenset({"opendate", "quantity", "costshare", "costbasis", "holdingperiod"}),
        _lots_of_one,
    ),
)
