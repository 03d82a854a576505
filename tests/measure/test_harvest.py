"""Losses worth taking: what counts as one, when it turns long-term, and what would wash it."""

from dataclasses import replace
from datetime import date

import pytest

from rebal_xl.household import Account, Household, Lot, LotSource, Policy, RecentTrade, Side, TaxTreatment, Term
from rebal_xl.measure.harvest import losses_worth_taking
from tests.measure.homes import plain

AS_OF = date(2026, 11, 20)
POLICY = Policy(targets=(), as_of=AS_OF)
JOINT, IRA = Account("Joint", TaxTreatment.TAXABLE), Account("IRA", TaxTreatment.TAX_DEFERRED)
# 100 shares at $80 that cost 10,000: a loss of 2,000, a fifth of the basis
LOT = Lot("Joint", "A", 100.0, 10_000.0, date(2026, 3, 2), lot_id="1")


def home(*lots: Lot, trades: tuple[RecentTrade, ...] = ()) -> Household:
    return Household((JOINT, IRA), lots, (plain("A", 80.0),), recent_trades=trades)


def test_a_loss_with_its_share_and_its_days():
    (loss,) = losses_worth_taking(home(LOT), POLICY)
    assert (loss.value_usd, loss.basis_usd, loss.loss_usd) == (8000.0, 10_000.0, 2000.0)
    assert loss.loss_share == pytest.approx(0.2)
    # bought on 2 March 2026: long-term from 3 March 2027, 103 days from 20 November
    assert (loss.term, loss.long_from, loss.days_to_long) == (Term.SHORT, date(2027, 3, 3), 103)
    assert loss.safe_from is None


def test_a_long_term_loss_has_nothing_to_wait_for():
    (loss,) = losses_worth_taking(home(replace(LOT, acquired=date(2025, 11, 19))), POLICY)
    assert (loss.term, loss.long_from, loss.days_to_long) == (Term.LONG, None, None)


@pytest.mark.parametrize(
    "lot",
    [
        replace(LOT, basis_usd=8000.0),
        replace(LOT, basis_usd=None),
        replace(LOT, locked=True),
        replace(LOT, do_not_sell=True),
        replace(LOT, account="IRA"),
        replace(LOT, quantity=-100.0, basis_usd=None, locked=True),
    ],
)
def test_what_is_no_loss_to_take(lot):
    assert losses_worth_taking(home(lot), POLICY) == ()


@pytest.mark.parametrize(
    ("limits", "taken"),
    [
        ({"harvest_usd": 2000.0}, True),
        ({"harvest_usd": 2000.01}, False),
        ({"harvest_weight": 0.2}, True),
        ({"harvest_weight": 0.2001}, False),
        ({"harvest_usd": 1000.0, "harvest_weight": 0.25}, False),
    ],
)
def test_both_thresholds_must_be_met(limits, taken):
    assert bool(losses_worth_taking(home(LOT), replace(POLICY, **limits))) is taken


def test_a_purchase_in_the_ira_washes_the_loss_until_the_31st_day():
    bought = replace(LOT, account="IRA", quantity=10.0, acquired=date(2026, 11, 2), lot_id="2")
    trade = RecentTrade("IRA", "A", date(2026, 11, 2), Side.BUY, 10.0)
    (loss,) = losses_worth_taking(home(LOT, bought, trades=(trade,)), POLICY)
    assert loss.safe_from == date(2026, 12, 3)


def test_the_only_purchase_of_the_window_does_not_wash_itself():
    young = replace(LOT, acquired=date(2026, 11, 2))
    (loss,) = losses_worth_taking(home(young), POLICY)
    assert loss.safe_from is None


def test_a_loss_on_a_gift_counts_from_the_day_of_the_gift():
    # worth 9,000 on the day of the gift, less than its giver paid: the loss is 1,000 (IRC 1015(a))
    gift = replace(
        LOT, source=LotSource.GIFT, acquired=date(2020, 1, 2), gift_value_usd=9000.0, gifted=date(2026, 6, 1)
    )
    (loss,) = losses_worth_taking(home(gift), POLICY)
    assert loss.loss_usd == 1000.0
    assert (loss.term, loss.long_from) == (Term.SHORT, date(2027, 6, 2))
