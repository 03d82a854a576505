"""Files read back by a reader of their own, csv and decimals alone, tie to the plan to the cent: every format there is.

And a property over made-up households: what the accounts get of a block is the block, and all blocks are the plans.
"""

import csv
import io
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebal_xl.household import Side
from rebal_xl.household.execution import AccountOrders, OrderToEnter
from rebal_xl.household.plan import Trade
from rebal_xl.orders.blocks import block_rows, blocks
from rebal_xl.orders.export import make_export
from rebal_xl.orders.ready import Ready
from rebal_xl.orders.store import EXAMPLES, SHIPPED
from tests.orders.stories import JOINT, ROTH, TRUST, buy, ready_of, sell

DAY = date(2026, 11, 20)
IRA, K401 = "Alex IRA", "Alex 401(k)"
CENT = Decimal("0.01")
Key = tuple[str, str, str]


@pytest.fixture(scope="module")
def ready() -> Ready:
    """Whole shares, fractions of funds, lots of several years, and a position closed with its fraction."""
    return (
        ready_of(
            sell(JOINT, "VOO", 26, "JT-VOO-06"), sell(JOINT, "VOO", 10, "JT-VOO-07"), buy(JOINT, "VEA", 300),
            sell(K401, "FXAIX", 10.125), sell(IRA, "VTI", 200), buy(IRA, "VBTLX", 1_000.25), sell(ROTH, "VOO", 87),
            buy(TRUST, "SCHX", 50),
        )
    )  # fmt: skip


def rows(content: bytes, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


def cents(usd: Decimal) -> Decimal:
    return usd.quantize(CENT, ROUND_HALF_UP)


def planned(ready: Ready, *custodians: str) -> dict[Key, Trade]:
    """The plan's orders by account number, the first letter of the side, and symbol."""
    accounts = {one.name: one for one in ready.household.accounts}
    return {
        (accounts[trade.account].number, trade.side.value[0], trade.symbol): trade
        for trade in ready.plan.trades
        if not custodians or accounts[trade.account].custodian in custodians
    }


# separator, whether there is a header, places of account number, side, symbol and quantity, the amount, custodians
LAYOUTS = {
    "fidelity": (",", False, (0, 2, 4, 3), None, ("Fidelity",)),
    "lots": (",", True, (3, 5, 6, 8), "Amount (estimate)", ()),
    "example-positions": (",", True, (0, 1, 2, 3), None, ()),
    "example-lots": ("\t", True, (0, 1, 2, 3), None, ()),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_shares_and_dollars_of_a_format_are_those_of_the_plan(ready: Ready, name: str) -> None:
    separator, header, places, amount, custodians = LAYOUTS[name]
    made = make_export([ready], name, DAY)
    assert not made.errors
    lines = rows(made.content, separator)
    head = lines.pop(0) if header else []
    shares: dict[Key, Decimal] = defaultdict(Decimal)
    told: dict[Key, Decimal] = defaultdict(Decimal)
    for line in lines:
        account, side, symbol, quantity = (line[place] for place in places)
        key = account, side[0].upper(), symbol
        shares[key] += Decimal(quantity)
        if amount is not None:
            told[key] += Decimal(line[head.index(amount)])
    wanted = planned(ready, *custodians)
    assert set(shares) == set(wanted)
    for key, trade in wanted.items():
        price = Decimal(repr(trade.price_usd))
        # shares times price are the plan's dollars, and so is what the file says itself
        assert cents(shares[key] * price) == Decimal(repr(trade.amount_usd)).quantize(CENT), key
        assert amount is None or told[key] == Decimal(repr(trade.amount_usd)).quantize(CENT)


def test_the_layouts_above_are_all_that_come_along() -> None:
    assert set(LAYOUTS) == {*SHIPPED, *EXAMPLES}


def test_what_a_file_cannot_carry_is_told_in_dollars() -> None:
    """Fidelity takes three decimals: of 10.12345 shares at 252.31, 0.00045 are cut, which is 11 cents."""
    ready = ready_of(sell(K401, "FXAIX", 10.12345))
    made = make_export([ready], "fidelity", DAY)
    ((*_, quantity, symbol, _, _, _),) = rows(made.content)
    assert (quantity, symbol) == ("10.123", "FXAIX")
    (notice,) = (one for one in made.problems if one.code == "quantity-cut")
    cut = cents((Decimal("10.12345") - Decimal(quantity)) * Decimal("252.31"))
    assert cut == Decimal("0.11")
    assert f"${cut} less than planned" in notice.message


ACCOUNTS = (JOINT, TRUST, IRA, ROTH)
SYMBOLS = ("VEA", "VOO", "SCHX")
SHARES = st.decimals("0.001", "5000", places=3).map(float)
ORDERS = st.dictionaries(st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(SYMBOLS)), SHARES, min_size=1, max_size=8)
SOME = ready_of(buy(JOINT, "VEA", 1))


def ordering(orders: dict[tuple[str, str], float], side: Side, name: str) -> Ready:
    """A household whose accounts have these orders, dollars in whole cents."""
    accounts = []
    for account in ACCOUNTS:
        mine = []
        for (whose, symbol), quantity in sorted(orders.items()):
            if whose == account:
                price = SOME.household.security(symbol).price_usd
                usd = float(cents(Decimal(repr(quantity)) * Decimal(repr(price))))
                trade = Trade(account, symbol, side, quantity, price, usd)
                mine.append(OrderToEnter(len(mine) + 1, trade, usd, 0.0))
        custodian = SOME.household.account(account).custodian
        accounts.append(AccountOrders(account, custodian, 0.0, 0.0, tuple(mine)))
    return replace(SOME, household=replace(SOME.household, name=name), accounts=tuple(accounts))


@given(first=ORDERS, second=ORDERS, side=st.sampled_from(Side))
@settings(deadline=None)
def test_allocations_are_the_block_and_blocks_are_the_plans(first, second, side) -> None:
    made = blocks([ordering(first, side, "One"), ordering(second, side, "Two")])
    header, *lines = block_rows(made)
    read = [dict(zip(header, line, strict=True)) for line in lines]
    # whole shares alone are in a block, and its allocations are the block in shares and dollars
    for number in {line["Block"] for line in read}:
        mine = [line for line in read if line["Block"] == number]
        for column in ("Quantity", "Amount (estimate)"):
            whole = sum(Decimal(line[column]) for line in mine if line["Line"] == "Block")
            assert whole == sum(Decimal(line[column]) for line in mine if line["Line"] == "Allocation")
        assert all(Decimal(line["Quantity"]) % 1 == 0 for line in mine if line["Line"] != "Fraction")
        assert all(Decimal(line["Quantity"]) < 1 for line in mine if line["Line"] == "Fraction")
    # every account of every household gets its own order, share for share and cent for cent
    shares: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    dollars: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for line in read:
        if line["Line"] != "Block":
            key = line["Household"], line["Account"], line["Symbol"]
            shares[key] += Decimal(line["Quantity"])
            dollars[key] += Decimal(line["Amount (estimate)"])
    for name, orders in (("One", first), ("Two", second)):
        for (account, symbol), quantity in orders.items():
            price = Decimal(repr(SOME.household.security(symbol).price_usd))
            assert shares.pop((name, account, symbol)) == Decimal(repr(quantity))
            assert dollars[name, account, symbol] == cents(Decimal(repr(quantity)) * price)
    assert not shares
