"""What holds of the wash-sale ledger whatever was traded, in whatever order it is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.household import (
    Lot,
    LotSource,
    RecentTrade,
    Side,
)
from tests.tax.parkers import day, ledger


# Any rows: few accounts, days and sizes, so that purchases, lots and sales meet.
@st.composite
def stories(draw: st.DrawFn) -> tuple[list[RecentTrade], list[Lot]]:
    names, symbols = ("Ann", "Bob", "IRA", "Child"), ("XYZ", "XYW", "ABC")
    trades = [
        RecentTrade(
            account=draw(st.sampled_from(names)),
            symbol=draw(st.sampled_from(symbols)),
            traded=day(draw(st.integers(-45, 45))),
            side=draw(st.sampled_from(list(Side))),
            quantity=draw(st.integers(1, 40)),
            gain_usd=draw(st.none() | st.integers(-900, 300)),
            reinvested=draw(st.booleans()),
            acquired=draw(st.none() | st.integers(-60, -31).map(day)),
        )
        for _ in range(draw(st.integers(0, 8)))
    ]
    lots = [
        Lot(
            account=draw(st.sampled_from(names)),
            symbol=draw(st.sampled_from(symbols)),
            quantity=draw(st.integers(1, 40)),
            acquired=draw(st.none() | st.integers(-45, 45).map(day)),
            source=draw(st.sampled_from(list(LotSource))),
            lot_id=str(number),
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    # Most lots of a real household are purchases of its trades.
    bought = [trade for trade in trades if trade.side is Side.BUY and draw(st.booleans())]
    return trades, [*lots, *(Lot(t.account, t.symbol, t.quantity, acquired=t.traded) for t in bought)]


GROUPS = {"XYZ": "XY", "XYW": "XY"}


@given(stories())
def test_disallowed_and_allowed_are_the_loss(story):
    for sale in ledger(*story, groups=GROUPS).sales:
        assert sale.allowed_usd >= -1e-6
        assert sale.disallowed_usd + sale.allowed_usd == pytest.approx(sale.loss_usd)
        assert 0 <= sale.permanent_usd <= sale.disallowed_usd + 1e-9
        assert sum(new.quantity for new in sale.replacements) + sale.open_shares <= sale.quantity + 1e-6


@given(stories())
def test_every_realised_loss_is_entered_once(story):
    trades, _ = story
    taken = [t for t in trades if t.side is Side.SELL and t.account != "IRA" and (t.gain_usd or 0) < 0]
    own = sum(sale.loss_usd - sale.carried_in_usd for sale in ledger(*story, groups=GROUPS).sales)
    turned = [s for s in ledger(*story, groups=GROUPS).sales if s.loss_usd < s.carried_in_usd]
    # A gain that a carried-in basis turns into a loss counts against it.
    assert own - sum(s.loss_usd - s.carried_in_usd for s in turned) == pytest.approx(-sum(t.gain_usd for t in taken))


@given(stories())
def test_basis_is_kept_but_where_it_is_lost_for_good(story):
    found = ledger(*story, groups=GROUPS)
    for sale in found.sales:
        for new in sale.replacements:
            moved = new.in_custodian_basis_usd + new.basis_to_add_usd
            assert moved == pytest.approx(0.0 if new.permanent else new.disallowed_usd)
            assert new.in_custodian_basis_usd == 0.0 or (new.account, new.symbol) == (sale.account, sale.symbol)
    # What was carried into a later sale was moved there by an earlier one.
    carried = sum(each.carried_in_usd for each in (*found.sales, *found.smaller_gains, *found.unknown))
    to_add = sum(new.basis_to_add_usd for sale in found.sales for new in sale.replacements)
    assert carried <= to_add + 1e-6


@given(stories())
def test_no_share_replaces_twice(story):
    trades, lots = story
    found = ledger(*story, groups=GROUPS)
    used: dict[tuple[str, str, date], float] = {}
    for sale in found.sales:
        for new in sale.replacements:
            key = (new.account, new.symbol, new.acquired)
            used[key] = used.get(key, 0.0) + new.quantity
            assert abs((new.acquired - sale.sold).days) <= 30
    for (account, symbol, when), quantity in used.items():
        rows = sum(
            t.quantity for t in trades if (t.account, t.symbol, t.traded, t.side) == (account, symbol, when, Side.BUY)
        )
        own = sum(one.quantity for one in lots if (one.account, one.symbol, one.acquired) == (account, symbol, when))
        # a purchase may be known by the sale that says when its shares were bought
        told = sum(t.quantity for t in trades if (t.account, t.symbol, t.acquired) == (account, symbol, when))
        assert quantity <= rows + own + told + 1e-6


@given(stories(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(story, chance):
    trades, lots = story
    plain = ledger(trades, lots, groups=GROUPS)
    shuffled = list(trades), list(lots)
    chance.shuffle(shuffled[0])
    chance.shuffle(shuffled[1])
    assert ledger(*shuffled, groups=GROUPS) == plain
