"""Each check at its edge: the day, the cent and the share on which it speaks, and those on which it does not."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Household, Problem, Severity
from rebal_xl.orders import checks
from rebal_xl.orders.export import make_export, save_export
from rebal_xl.orders.ready import Ready
from rebal_xl.sample import sample_household
from tests.orders.stories import JOINT, ROTH, TRUST, buy, planned_again, ready_of, sell

DAY = date(2026, 11, 20)
K401 = "Alex 401(k)"


def found(ready: Ready, code: str, today: date = DAY) -> list[Problem]:
    return [one for one in checks.check(ready, today, "lots") if one.code == code]


def with_cash(household: Household, name: str, usd: float) -> Household:
    accounts = (replace(one, cash_usd=usd) if one.name == name else one for one in household.accounts)
    return replace(household, accounts=tuple(accounts))


def with_price_of(household: Household, symbol: str, day: date) -> Household:
    securities = (replace(one, price_as_of=day) if one.symbol == symbol else one for one in household.securities)
    return replace(household, securities=tuple(securities))


@pytest.mark.parametrize(("today", "told"), [(date(2026, 12, 2), True), (date(2026, 12, 3), False)])
def test_a_purchase_inside_the_window_of_a_loss_is_told_up_to_its_last_day(today: date, told: bool) -> None:
    """VNQ was sold at a loss on 11/02: 30 days later, 12/02, is still inside (IRC 1091(a)), 12/03 is not."""
    assert bool(found(ready_of(buy(JOINT, "VNQ", 10)), "wash-window", today)) is told


def test_the_window_reaches_the_spouses_roth_account_and_no_sale() -> None:
    """A purchase in the IRA of either spouse washes the loss (Rev. Rul. 2008-5); a sale washes nothing."""
    (problem,) = found(ready_of(buy(ROTH, "VNQ", 10)), "wash-window")
    assert problem.severity is Severity.ERROR
    assert f"Buying VNQ in {ROTH} before 12/03/2026" in problem.message
    assert "$1,240.55" in problem.message
    assert not found(ready_of(sell(ROTH, "VNQ", 1)), "wash-window")


def test_the_window_can_be_accepted_and_is_told_all_the_same() -> None:
    ready = ready_of(buy(JOINT, "VNQ", 10))
    told = [one for one in checks.check(ready, DAY, "lots", ["wash-window"]) if one.code == "wash-window"]
    assert [(one.severity, one.message.split(":")[0]) for one in told] == [(Severity.NOTICE, "Accepted")]


@pytest.mark.parametrize(("usd", "short"), [(6_122.00, False), (6_121.99, True)])
def test_a_purchase_that_takes_the_last_cent_is_paid_and_one_cent_more_is_not(usd: float, short: bool) -> None:
    """100 VEA at 61.22 are 6,122.00."""
    ready = ready_of(buy(JOINT, "VEA", 100))
    told = found(planned_again(ready, with_cash(ready.household, JOINT, usd)), "cash-negative")
    assert bool(told) is short
    assert not short or "-$0.01 of cash after order 1 (Buy VEA)" in told[0].message


@pytest.mark.parametrize(("cash", "told"), [(6_122.00, False), (6_121.00, True)])
def test_buys_that_only_sells_can_pay_are_told(cash: float, told: bool) -> None:
    """The sale of 10 VOO brings 6,682.00, a business day later."""
    ready = ready_of(sell(JOINT, "VOO", 10, "JT-VOO-01"), buy(JOINT, "VEA", 100))
    notices = found(planned_again(ready, with_cash(ready.household, JOINT, cash)), "buys-from-sells")
    assert bool(notices) is told
    assert not told or "Sells pay $1.00 of the buys" in notices[0].message


@pytest.mark.parametrize(("held", "codes"), [(26.0, []), (25.999, ["more-than-lot"])])
def test_no_more_is_sold_of_a_lot_than_it_holds(held: float, codes: list[str]) -> None:
    ready = ready_of(sell(JOINT, "VOO", 26, "JT-VOO-06"))
    lots = tuple(replace(lot, quantity=held) if lot.lot_id == "JT-VOO-06" else lot for lot in ready.household.lots)
    told = checks.check(planned_again(ready, replace(ready.household, lots=lots)), DAY, "lots")
    assert [one.code for one in told if one.severity is Severity.ERROR] == codes


def test_no_more_is_sold_than_the_whole_position() -> None:
    """47 and 40 shares are 87; of one share less 87 cannot be sold."""
    ready = ready_of(sell(ROTH, "VOO", 87))
    assert not found(ready, "more-than-held")
    lots = tuple(replace(lot, quantity=39.0) if lot.lot_id == "JR-VOO-02" else lot for lot in ready.household.lots)
    (problem,) = found(planned_again(ready, replace(ready.household, lots=lots)), "more-than-held")
    assert "87 shares, and 86 are held" in problem.message


@pytest.mark.parametrize(("off_usd", "told"), [(0.004, False), (-0.004, False), (0.01, True), (-0.01, True)])
def test_an_amount_is_its_shares_times_the_price_to_the_cent(off_usd: float, told: bool) -> None:
    ready = ready_of(buy(JOINT, "VEA", 100))
    trades = tuple(replace(trade, amount_usd=trade.amount_usd + off_usd) for trade in ready.plan.trades)
    changed = planned_again(replace(ready, plan=replace(ready.plan, trades=trades)), ready.household)
    assert bool(found(changed, "amount-differs")) is told


@pytest.mark.parametrize(("days", "told"), [(5, False), (6, True)])
def test_a_price_may_be_five_days_old(days: int, told: bool) -> None:
    household = with_price_of(sample_household(), "VEA", DAY - timedelta(days))
    problems = found(ready_of(buy(JOINT, "VEA", 100), household=household), "stale-price")
    assert bool(problems) is told
    assert not told or "6 days old; up to 5 are allowed" in problems[0].message


def test_the_price_of_what_is_not_traded_may_be_as_old_as_it_likes() -> None:
    household = with_price_of(sample_household(), "VB", date(2026, 1, 2))
    assert not found(ready_of(buy(JOINT, "VEA", 100), household=household), "stale-price")


def test_a_plan_without_orders_is_no_error_and_an_empty_file() -> None:
    ready = ready_of(buy(JOINT, "VEA", 1))
    none = planned_again(replace(ready, plan=replace(ready.plan, trades=(), lot_sales=())), ready.household)
    told = checks.check(none, DAY, "lots")
    assert [(one.code, one.severity) for one in told] == [("no-orders", Severity.NOTICE)]
    made = make_export([none], "lots", DAY)
    assert [(part.orders, part.lines) for part in made.parts] == [(0, 0)]
    assert made.content.decode("utf-8-sig").count("\r\n") == 1


def test_fractions_of_a_share_pass_where_the_account_trades_them() -> None:
    """10.12345 FXAIX at 252.31 are 2,554.2477: 2,554.25 in whole cents."""
    ready = ready_of(sell(K401, "FXAIX", 10.12345))
    assert not [one for one in checks.check(ready, DAY, "lots") if one.severity is Severity.ERROR]
    (part,) = make_export([ready], "lots", DAY).parts
    assert part.sold_usd == 2_554.25


def test_a_position_that_is_closed_goes_with_its_fraction() -> None:
    """All of Joint Brokerage's VTI, reinvested fractions included, whole lots every one."""
    held = sample_household().held(JOINT, "VTI")
    shares = round(sum(lot.quantity for lot in held), 4)
    ready = ready_of(sell(JOINT, "VTI", shares))
    (trade,) = ready.plan.trades
    assert trade.closes_position
    assert not [one for one in checks.check(ready, DAY, "lots") if one.severity is Severity.ERROR]
    (order,) = (order for _, order in ready.orders)
    assert {lot.lot_id: lot.quantity for lot in order.lots} == {lot.lot_id: lot.quantity for lot in held}


def test_an_account_in_two_workbooks_is_not_traded_twice() -> None:
    numbers = [replace(one, number="Z1" if one.name == JOINT else "") for one in sample_household().accounts]
    household = replace(sample_household(), accounts=tuple(numbers))
    one = ready_of(buy(JOINT, "VEA", 1), household=household)
    two = ready_of(buy(JOINT, "VEA", 1), household=household, path="copy.xlsx")
    assert [problem.code for problem in checks.same_twice([one, two])] == ["account-twice"]
    assert not list(checks.same_twice([one]))


def test_orders_with_errors_are_never_written(tmp_path: Path) -> None:
    made = make_export([ready_of(buy(TRUST, "SCHX", 1))], "lots", DAY + timedelta(30))
    assert "stale-plan" in {one.code for one in made.errors}
    with pytest.raises(FileRefused, match="Orders with errors are not written"):
        save_export(made, tmp_path / "orders.csv", datetime.combine(DAY, time(12)))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("custodian", "told"), [("", ["custodian-not-given"]), ("Fidelity", [])])
def test_a_file_for_one_custodian_says_which_of_its_accounts_name_none(custodian: str, told: list[str]) -> None:
    ready = ready_of(buy(JOINT, "VEA", 100))
    accounts = tuple(replace(one, custodian=custodian) for one in ready.household.accounts)
    ready = planned_again(ready, replace(ready.household, accounts=accounts))
    found = list(checks.custodians_not_given(ready, ("Fidelity",), {JOINT}))
    assert [one.code for one in found] == told
    assert all(JOINT in one.message for one in found)
    # a file for any custodian asks for none
    assert list(checks.custodians_not_given(ready, (), {JOINT})) == []
