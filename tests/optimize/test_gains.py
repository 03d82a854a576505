"""Gains: the right lots, limits inside and outside their edge, and losses that nobody asked for."""

from dataclasses import replace

import pytest

from rebal_xl.household import Account, BandType, FilingStatus, Household, LotSource, Target, Term
from rebal_xl.optimize import rebalance
from tests.optimize.homes import IRA, ROTH, TAXABLE, banded, bond, days_ago, household, lot, policy, profile, stock

WIDE = (Target("Stock", 0.6, BandType.ABSOLUTE, 1.0, 1.0), Target("Bond", 0.4, BandType.ABSOLUTE, 1.0, 1.0))


def mixed_lots(**more: object) -> Household:
    """A taxable account with a cheap old lot, a dear old lot and a young lot of the same stock, and too much of it."""
    held = [
        lot("Joint", "STK", 300.0, 9_000.0),
        lot("Joint", "STK", 300.0, 29_000.0, acquired=days_ago(900)),
        lot("Joint", "STK", 200.0, 16_000.0, acquired=days_ago(200)),
        lot("Joint", "BND", 400.0, 20_000.0),
    ]
    return household([Account("Joint", TAXABLE)], held, **more)  # type: ignore[arg-type]


def test_the_dearest_lot_is_sold() -> None:
    plan = rebalance(mixed_lots(), policy(banded(0.60)))
    assert {sale.acquired for sale in plan.lot_sales if sale.symbol == "STK"} == {days_ago(900)}
    # 80 % to 66 % of $100,000 is $14,000; the lot's gain is $1,000 on $30,000.
    assert plan.tax.changes[0].long_gain_usd == pytest.approx(14_000 / 30, abs=1.0)


@pytest.mark.parametrize(
    ("wages", "gold_rate", "stock_rate"),
    [(90_000.0, 0.22, 0.15), (250_000.0, 0.24 + 0.038, 0.188), (700_000.0, 0.28 + 0.038, 0.238)],
)
def test_gold_with_less_gain_stays_where_its_rate_makes_it_dearer(
    wages: float, gold_rate: float, stock_rate: float
) -> None:
    """A dollar of gold has 40 cents of gain, one of stock 45. At the couple's brackets gold is the dearer one."""
    assert 0.40 * gold_rate > 0.45 * stock_rate
    held = [
        lot("Joint", "STK", 500.0, 500.0 * 55.0),
        lot("Joint", "GLD", 500.0, 500.0 * 60.0),
        lot("Joint", "BND", 1_400.0, 70_000.0),
    ]
    securities = [stock(), stock("GLD", collectible=True), bond()]
    couple = profile(ordinary_income_usd=wages, long_realized_usd=60_000.0)
    home = household([Account("Joint", TAXABLE)], held, securities, taxpayers=(couple,))
    plan = rebalance(home, policy(banded(0.40, 0.1, 0.0)))
    assert {sale.symbol for sale in plan.lot_sales} == {"STK"}
    assert plan.gap_usd < 0.1
    # without it, the one with less gain
    plain = rebalance(replace(home, securities=(stock(), stock("GLD"), bond())), policy(banded(0.40, 0.1, 0.0)))
    assert {sale.symbol for sale in plain.lot_sales} == {"GLD"}


def test_a_gift_between_its_two_bases_is_sold_without_gain_or_loss() -> None:
    # 300 shares worth 30,000; the giver paid 40,000, and they were worth 25,000 when given: neither basis is reached.
    given = lot("Joint", "STK", 300.0, 40_000.0, source=LotSource.GIFT, gift_value_usd=25_000.0, gifted=days_ago(90))
    held = [lot("Joint", "STK", 500.0, 45_000.0), given, lot("Joint", "BND", 400.0, 20_000.0)]
    plan = rebalance(household([Account("Joint", TAXABLE)], held), policy(banded(0.60)))
    (sale,) = [sale for sale in plan.lot_sales if sale.symbol == "STK"]
    assert (sale.gain_usd, sale.basis_usd, sale.disallowed_usd) == (0.0, sale.proceeds_usd, 0.0)
    assert plan.tax.cost_usd == 0.0
    # Shares of the same cost that were bought would have realised a loss of a quarter of it.
    bought = [held[0], replace(given, source=LotSource.BUY), held[2]]
    plan = rebalance(household([Account("Joint", TAXABLE)], bought), policy(banded(0.60)))
    assert plan.tax.changes[0].long_gain_usd == pytest.approx(-plan.lot_sales[0].proceeds_usd / 3)


def test_nothing_is_harvested_unasked_even_with_gains_to_set_losses_against() -> None:
    held = [lot("Joint", "STK", 600.0, 90_000.0), lot("Joint", "BND", 800.0, 40_000.0)]
    home = household([Account("Joint", TAXABLE)], held, taxpayers=(profile(short_realized_usd=40_000.0),))
    assert rebalance(home, policy(banded(0.60))).trades == ()


def test_losses_beyond_use_are_not_harvested_when_harvesting_is_on() -> None:
    # No gains and far more than 3,000 of losses already: another dollar of loss is only carried forward.
    held = [lot("Joint", "STK", 600.0, 90_000.0), lot("Joint", "BND", 800.0, 40_000.0)]
    home = household([Account("Joint", TAXABLE)], held, taxpayers=(profile(long_realized_usd=-50_000.0),))
    assert rebalance(home, policy(banded(0.60), harvest_usd=0.0)).trades == ()


def test_among_equal_orders_the_lot_with_the_loss_is_sold_even_when_losses_are_not_asked_for() -> None:
    held = [
        lot("Joint", "STK", 400.0, 40_000.0),
        lot("Joint", "STK", 400.0, 48_000.0, acquired=days_ago(100)),
        lot("Joint", "BND", 400.0, 20_000.0),
    ]
    home = household([Account("Joint", TAXABLE)], held, taxpayers=(profile(short_realized_usd=40_000.0),))
    plan = rebalance(home, policy(banded(0.60)))
    assert {sale.term for sale in plan.lot_sales} == {Term.SHORT}


@pytest.mark.parametrize(
    "other_gains",
    [{}, {"long_realized_usd": 10_000.0}, {"long_realized_usd": -10_000.0}, {"long_carryforward_usd": 10_000.0}],
)
@pytest.mark.parametrize(("limit", "over_usd"), [(466.67, 0.0), (466.00, 0.67)])
def test_a_long_gain_limit_is_of_this_plan_alone_and_holds_until_the_band_needs_more(
    limit: float, over_usd: float, other_gains: dict[str, float]
) -> None:
    # The cheapest way to the band realises 14,000 / 30 = $466.67 of long gain; no other lot is cheaper in gain. What
    # was realised before, or is carried in, neither uses the limit up nor adds to it.
    limited = profile(long_gain_limit_usd=limit, short_gain_limit_usd=0.0, **other_gains)
    plan = rebalance(mixed_lots(taxpayers=(limited,)), policy(banded(0.60)))
    assert [item.rule for item in plan.relaxed] == (["Limit on long gains of Couple"] if over_usd else [])
    assert sum(item.amount_usd for item in plan.relaxed) == pytest.approx(over_usd, abs=0.01)


@pytest.mark.parametrize(("budget", "over_usd"), [(87.74, 0.0), (87.00, 0.73)])
def test_a_tax_budget_holds_to_the_cent_and_is_named_where_it_cannot(budget: float, over_usd: float) -> None:
    # $466.67 of long gain on top of $250,000, where NIIT begins: 15 % and 3.8 % of it are $87.73.
    plan = rebalance(mixed_lots(taxpayers=(profile(tax_budget_usd=budget),)), policy(banded(0.60)))
    assert [item.rule for item in plan.relaxed] == (["Tax budget of Couple"] if over_usd else [])
    assert sum(item.amount_usd for item in plan.relaxed) == pytest.approx(over_usd, abs=0.01)


@pytest.mark.parametrize(("carried", "tax_usd"), [(3_466.67, 0.0), (3_400.0, 16.0)])
def test_a_loss_carried_in_frees_gains_up_to_what_wages_do_not_use_of_it(carried: float, tax_usd: float) -> None:
    # $3,000 of it are deducted from wages in any case, the next $466.67 meet the gain. Of $3,400 only $400 are left,
    # and the other $66.67 of gain use up a deduction from wages: $250,000 less the standard deduction of $32,200 and
    # the loss are $214,800, taxed at 24 % (2026, from $211,400 on): $16.00.
    payer = profile(tax_budget_usd=0.0, long_carryforward_usd=carried)
    plan = rebalance(mixed_lots(taxpayers=(payer,)), policy(banded(0.60)))
    assert plan.tax.cost_usd == pytest.approx(tax_usd, abs=0.01)
    assert [item.rule for item in plan.relaxed] == (["Tax budget of Couple"] if tax_usd else [])


def test_selling_in_the_ira_is_preferred_to_realising_a_gain() -> None:
    accounts = [Account("Joint", TAXABLE), Account("IRA", IRA)]
    held = [lot("Joint", "STK", 400.0, 10_000.0), lot("IRA", "STK", 400.0), lot("Joint", "BND", 400.0, 20_000.0)]
    plan = rebalance(household(accounts, held), policy(banded(0.60)))
    assert {trade.account for trade in plan.trades} == {"IRA"}
    assert plan.tax.cost_usd == 0.0


def test_a_non_grantor_trust_pays_by_itself_and_a_grantor_trust_through_its_grantor() -> None:
    trust = profile(taxpayer="Trust", status=FilingStatus.TRUST, ordinary_income_usd=0.0)
    accounts = [Account("Trust", TAXABLE, taxpayer="Trust")]
    held = [lot("Trust", "STK", 800.0, 20_000.0), lot("Trust", "BND", 400.0, 20_000.0)]
    own = rebalance(household(accounts, held, taxpayers=(profile(), trust)), policy(banded(0.60)))
    # $14,000 sold at a gain of 75 %: $10,500 of long gain, taxed in the trust's own bands.
    assert [change.after.taxpayer for change in own.tax.changes] == ["Trust"]
    # 2026, exemption 100: 10,400 taxable, 3,300 at 0 %, the rest at 15 %: 1,065. No NIIT below 16,000.
    assert own.tax.cost_usd == pytest.approx(0.15 * (10_500.0 - 100.0 - 3_300.0), abs=2.0)
    grantor = replace(trust, status=FilingStatus.GRANTOR_TRUST, grantor="Couple")
    through = rebalance(household(accounts, held, taxpayers=(profile(), grantor)), policy(banded(0.60)))
    assert [change.after.taxpayer for change in through.tax.changes] == ["Couple"]
    # The couple pays 15 % and, above 250,000 of income, 3.8 %.
    assert through.tax.cost_usd == pytest.approx(0.188 * 10_500.0, abs=2.0)


def test_a_lot_without_basis_is_not_sold_at_a_guess() -> None:
    held = [lot("Joint", "STK", 800.0, None), lot("Joint", "BND", 400.0, 20_000.0)]
    plan = rebalance(household([Account("Joint", TAXABLE)], held), policy(banded(0.60)))
    assert plan.trades == ()
    assert any("whose basis or date is unknown" in notice.sentence for notice in plan.notices)


def test_nothing_is_paid_for_moving_stock_into_a_roth() -> None:
    # In band and on target: stock in the taxable account and bonds in the Roth is left as it is.
    accounts = [Account("Joint", TAXABLE), Account("Roth", ROTH)]
    held = [lot("Joint", "STK", 600.0, 60_000.0), lot("Roth", "BND", 800.0)]
    assert rebalance(household(accounts, held), policy(WIDE)).trades == ()
