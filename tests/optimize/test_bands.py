"""Bands as the public examples state them: when nothing happens, when something does, and where it stops."""

import pytest

from rebal_xl.household import Account, BandType, Household, Method, Security, Side, Target
from rebal_xl.optimize import rebalance
from tests.optimize.homes import IRA, amount, banded, bond, household, lot, policy, stock, weight_after


def ira_with(stock_usd: float, bond_usd: float) -> Household:
    """One IRA, so that tax says nothing: stock at $100 and bonds at $50 a share."""
    return household(
        [Account("IRA", IRA)],
        [lot("IRA", "STK", stock_usd / 100.0), lot("IRA", "BND", bond_usd / 50.0)],
    )


class TestRelativeTwentyPercentOnSixty:
    """Target 60 %, trigger 20 % of it (48 % to 72 %), destination half of that (66 %)."""

    def test_at_the_edge_of_72_percent_nothing_is_done(self) -> None:
        plan = rebalance(ira_with(72_000.0, 28_000.0), policy(banded(0.60)))
        assert plan.trades == ()

    def test_a_tenth_of_a_point_beyond_sells_to_66(self) -> None:
        plan = rebalance(ira_with(72_100.0, 27_900.0), policy(banded(0.60)))
        assert weight_after(plan, "Stock") == pytest.approx(0.66, abs=1e-5)
        assert amount(plan, "IRA", "STK", Side.SELL) == pytest.approx(6_100.0, abs=1.0)

    def test_with_both_classes_banded_bonds_below_32_percent_must_reach_36(self) -> None:
        targets = (Target("Stock", 0.60), Target("Bond", 0.40))
        plan = rebalance(ira_with(72_000.0, 28_000.0), policy(targets))
        assert weight_after(plan, "Stock") == pytest.approx(0.64, abs=1e-5)
        assert weight_after(plan, "Bond") == pytest.approx(0.36, abs=1e-5)

    def test_the_lower_edge_of_48_percent_is_inside_and_a_tenth_below_buys_to_54(self) -> None:
        assert rebalance(ira_with(48_000.0, 52_000.0), policy(banded(0.60))).trades == ()
        plan = rebalance(ira_with(47_900.0, 52_100.0), policy(banded(0.60)))
        assert weight_after(plan, "Stock") == pytest.approx(0.54, abs=1e-5)


class TestAbsoluteBand:
    """Target 60 %, trigger 200 basis points, destination 175."""

    targets = (
        Target("Stock", 0.60, BandType.ABSOLUTE, 0.0200, 0.0175),
        Target("Bond", 0.40, BandType.ABSOLUTE, 1.0, 1.0),
    )

    def test_62_1_percent_ends_at_61_75(self) -> None:
        plan = rebalance(ira_with(62_100.0, 37_900.0), policy(self.targets))
        assert weight_after(plan, "Stock") == pytest.approx(0.6175, abs=1e-5)

    def test_61_9_percent_stays(self) -> None:
        assert rebalance(ira_with(61_900.0, 38_100.0), policy(self.targets)).trades == ()


class TestNarrowDestination:
    """Target 10 %, trigger 20 % and destination 4 % of it: 9.6 % to 10.4 %."""

    def test_12_1_percent_ends_inside(self) -> None:
        plan = rebalance(ira_with(12_100.0, 87_900.0), policy(banded(0.10, 0.20, 0.04)))
        assert 0.096 - 1e-6 <= weight_after(plan, "Stock") <= 0.104 + 1e-6

    def test_11_9_percent_stays(self) -> None:
        assert rebalance(ira_with(11_900.0, 88_100.0), policy(banded(0.10, 0.20, 0.04))).trades == ()


def test_a_class_in_its_band_is_not_pushed_out_by_mending_another() -> None:
    # Gold is far above its band; stock sits just below its upper trigger edge (0.4 * 1.2 = 48 %).
    securities = [stock(), bond(), Security("GLD", 10.0, (("Gold", 1.0),), lot_size=0.0)]
    home = household(
        [Account("IRA", IRA)],
        [lot("IRA", "STK", 479.0), lot("IRA", "BND", 742.0), lot("IRA", "GLD", 1_500.0)],
        securities,
    )
    targets = (Target("Stock", 0.40), Target("Bond", 0.55), Target("Gold", 0.05))
    plan = rebalance(home, policy(targets))
    assert plan.relaxed == ()
    assert plan.after.line("Gold").in_destination
    assert plan.after.line("Bond").in_destination
    assert plan.after.line("Stock").actual_weight <= 0.48 + 1e-6


def test_look_through_two_funds() -> None:
    # A = 90 % developed + 10 % emerging, B = 100 % emerging, held 50/50, target 70/30.
    # 0.9 A = 0.7 -> A = 0.77778: buy 27.778 A, sell 27.778 B of every 100.
    fund_a = Security("A", 10.0, (("Developed", 0.9), ("Emerging", 0.1)), lot_size=0.0)
    fund_b = Security("B", 10.0, (("Emerging", 1.0),), lot_size=0.0)
    home = household([Account("IRA", IRA)], [lot("IRA", "A", 5_000.0), lot("IRA", "B", 5_000.0)], [fund_a, fund_b])
    plan = rebalance(home, policy((Target("Developed", 0.70), Target("Emerging", 0.30)), method=Method.FULL))
    assert amount(plan, "IRA", "A", Side.BUY) == pytest.approx(27_777.8, abs=0.5)
    assert amount(plan, "IRA", "B", Side.SELL) == pytest.approx(27_777.8, abs=0.5)


def test_a_band_that_a_locked_lot_forbids_is_relaxed_by_name_and_unlocking_it_mends_it() -> None:
    held = [lot("IRA", "STK", 900.0, locked=True), lot("IRA", "BND", 200.0)]
    plan = rebalance(household([Account("IRA", IRA)], held), policy(banded(0.60)))
    assert [item.rule for item in plan.relaxed] == ["Band of Stock"]
    # 90 % held, destination 66 %: $24,000 of $100,000 too much.
    assert plan.relaxed[0].amount_usd == pytest.approx(24_000.0, abs=0.5)
    assert "lots marked Locked ($90,000)" in plan.relaxed[0].sentence
    free = [lot("IRA", "STK", 900.0), lot("IRA", "BND", 200.0)]
    assert rebalance(household([Account("IRA", IRA)], free), policy(banded(0.60))).relaxed == ()


def test_a_class_that_nobody_may_buy_says_so_and_buying_it_mends_it() -> None:
    targets = (Target("Stock", 0.60), Target("Bond", 0.40))
    held = [lot("IRA", "STK", 900.0), lot("IRA", "BND", 200.0)]
    barred = household([Account("IRA", IRA)], held, [stock(), bond(do_not_buy=True)])
    plan = rebalance(barred, policy(targets))
    below = next(item for item in plan.relaxed if item.rule == "Band of Bond")
    assert "In the way: BND marked Do Not Buy." in below.sentence
    assert rebalance(household([Account("IRA", IRA)], held), policy(targets)).relaxed == ()
