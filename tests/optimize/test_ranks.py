"""Ranks: what an advisor prefers to buy, by tax treatment."""

from dataclasses import replace

import pytest

from rebal_xl.household import Account, Side, Target, TaxTreatment
from rebal_xl.optimize import rebalance
from tests.optimize.homes import amount, banded, bond, household, lot, policy, stock


@pytest.mark.parametrize(
    ("treatment", "ranks", "bought"),
    [
        # An HSA follows the rank of tax-deferred accounts.
        (TaxTreatment.HSA, {"rank_deferred": 0}, False),
        (TaxTreatment.HSA, {"rank_roth": 0}, True),
        (TaxTreatment.TAX_DEFERRED, {"rank_deferred": 0}, False),
        (TaxTreatment.TAX_DEFERRED, {"rank_roth": 0}, True),
        (TaxTreatment.ROTH, {"rank_roth": 0}, False),
        (TaxTreatment.ROTH, {"rank_deferred": 0}, True),
        (TaxTreatment.TAXABLE, {"rank_taxable": 0}, False),
        (TaxTreatment.TAXABLE, {"rank_roth": 0, "rank_deferred": 0}, True),
    ],
)
def test_rank_zero_is_never_bought_where_it_holds(treatment: TaxTreatment, ranks: dict[str, int], bought: bool) -> None:
    # Stock is 80 % of $100,000, beyond its trigger of 72 %: it is sold, and bonds are bought where they may be.
    held = [lot("Ours", "STK", 800.0, 80_000.0), lot("Ours", "BND", 400.0, 20_000.0)]
    home = household([Account("Ours", treatment)], held, [stock(), replace(bond(), **ranks)])
    assert (amount(rebalance(home, policy(banded(0.60))), "Ours", "BND", Side.BUY) > 0) == bought


HALVES = (Target("Stock", 0.5), Target("Bond", 0.5))


def test_the_better_rank_is_bought_while_it_can_be() -> None:
    account = Account("IRA", TaxTreatment.TAX_DEFERRED, cash_usd=50_000.0)
    first, second = replace(bond("ZBND"), rank_deferred=1), replace(bond("ABND"), rank_deferred=2)
    held = [lot("IRA", "STK", 500.0)]
    plan = rebalance(household([account], held, [stock(), first, second]), policy(HALVES))
    assert amount(plan, "IRA", "ZBND", Side.BUY) > 0.0
    assert amount(plan, "IRA", "ABND", Side.BUY) == 0.0
    barred = household([account], held, [stock(), replace(first, do_not_buy=True), second])
    assert amount(rebalance(barred, policy(HALVES)), "IRA", "ABND", Side.BUY) > 0.0


@pytest.mark.parametrize(("spread_bp", "bought"), [(4.9, "ZBND"), (5.1, "ABND")])
def test_one_rank_is_worth_five_basis_points(spread_bp: float, bought: str) -> None:
    account = Account("IRA", TaxTreatment.TAX_DEFERRED, cash_usd=50_000.0)
    first = replace(bond("ZBND", spread_bp=spread_bp), rank_deferred=1)
    second = replace(bond("ABND"), rank_deferred=2)
    home = household([account], [lot("IRA", "STK", 500.0)], [stock(), first, second])
    plan = rebalance(home, policy(HALVES))
    assert [trade.symbol for trade in plan.trades if trade.symbol != "STK"] == [bought]
