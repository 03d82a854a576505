"""What leaves tax-deferred accounts is ordinary income with the plan and without it: its tax stands by itself."""

from dataclasses import replace

import pytest

from rebal_xl.household import (
    Account,
    FilingStatus,
    Household,
    Lot,
    Plan,
    Side,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.book import Book
from rebal_xl.optimize.ordinary import highest_cost
from tests.optimize.homes import IRA, ROTH, TAXABLE, banded, bond, household, lot, policy, profile, stock

# $250,000 of wages: 217,800 of taxable income, in the 24 % bracket up to 403,550 (see test_waiting).
RATE = 0.24


def planned(home: Household, *asks: Withdrawal) -> Plan:
    """The plan of a household inside its bands, which only pays what is asked."""
    return rebalance(home, policy(banded(0.60), withdrawals=asks))


def with_cash(**accounts: Account) -> Household:
    """A joint account inside its bands, and other accounts with cash."""
    held = [lot("Joint", "STK", 600.0, 30_000.0), lot("Joint", "BND", 800.0, 40_000.0)]
    return household([Account("Joint", TAXABLE), *accounts.values()], held)


def test_a_required_distribution_is_taxed_with_or_without_the_plan() -> None:
    home = with_cash(ira=Account("IRA", IRA, cash_usd=10_000.0, rmd_usd=10_000.0))
    plan = planned(home)
    (change,) = plan.tax.changes
    assert change.distributions_usd == 10_000.0
    assert change.distributions_tax_usd == pytest.approx(RATE * 10_000.0)
    assert plan.tax.distributions_tax_usd == change.distributions_tax_usd
    # it is in both bills, so it is no cost of the plan
    assert change.before.agi_usd == 260_000.0
    assert plan.tax.cost_usd == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("treatment", [ROTH, TAXABLE])
def test_what_leaves_other_accounts_is_no_income(treatment: object) -> None:
    other = Account("Other", treatment, cash_usd=10_000.0)  # type: ignore[arg-type]
    plan = planned(with_cash(other=other), Withdrawal(WithdrawalLevel.ACCOUNT, "Other", 10_000.0))
    assert plan.tax.distributions_tax_usd == 0.0
    assert {change.before.agi_usd for change in plan.tax.changes} == {250_000.0}


def test_a_taxpayer_without_taxable_accounts_is_told_too() -> None:
    # Filing apart, each with their own brackets: 30,000 - 16,100 = 13,900, of which the first 12,400 at 10 %.
    ann = profile(taxpayer="Ann", status=FilingStatus.SINGLE, ordinary_income_usd=20_000.0)
    accounts = [Account("IRA", IRA, taxpayer="Ann", cash_usd=10_000.0, rmd_usd=10_000.0)]
    held = [lot("IRA", "STK", 600.0), lot("IRA", "BND", 800.0)]
    plan = planned(household(accounts, held, taxpayers=(ann,)))
    (change,) = plan.tax.changes
    assert change.after.taxpayer == "Ann"
    # 3,900 of taxable income without it, 13,900 with it: 8,500 at 10 % and 1,500 at 12 %
    assert change.distributions_tax_usd == pytest.approx(850.0 + 180.0)
    assert change.cost_usd == 0.0


ANN, BOB = (profile(taxpayer=name, status=FilingStatus.SINGLE) for name in ("Ann", "Bob"))


def two_iras(ann: dict[str, float], bob: dict[str, float], *held: Lot) -> Household:
    """Ann and Bob, who file apart, with an IRA each; funds are sold in whole shares."""
    accounts = [
        Account("Ann IRA", IRA, owner="Ann", taxpayer="Ann", **ann),  # type: ignore[arg-type]
        Account("Bob IRA", IRA, owner="Bob", taxpayer="Bob", **bob),  # type: ignore[arg-type]
    ]
    return household(accounts, list(held), [stock(lot_size=1.0), bond(lot_size=1.0)], taxpayers=(ANN, BOB))


def of_both(usd: float) -> Withdrawal:
    """A withdrawal that either IRA may pay."""
    return Withdrawal(WithdrawalLevel.TREATMENT, IRA.value, usd)


def paid_and_taxed(plan: Plan) -> tuple[dict[str, float], dict[str, float]]:
    """What left each IRA and the income of each taxpayer, by taxpayer; they are to be the same."""
    paid = {name.removesuffix(" IRA"): usd for name, usd in plan.withdrawals_paid}
    return paid, {one.after.taxpayer: one.distributions_usd for one in plan.tax.changes if one.distributions_usd}


STOCK = lot("Bob IRA", "STK", 100.0)
BONDS = lot("Ann IRA", "BND", 10.0)


@pytest.mark.parametrize(
    ("usd", "ann", "bob"),
    [
        # Ann has $10,000 of cash, which goes before anybody sells.
        (10_000.0, 10_000.0, None),
        # $5,000 more are sold: in proportion to her $500 of bonds and his $10,000 of stock, 238.095 and 4,761.905.
        (15_000.0, 10_238.09, 4_761.91),
        # all there is
        (20_500.0, 10_500.0, 10_000.0),
        # $4,500 more than there is: nobody pays that, and nobody is taxed for it
        (25_000.0, 10_500.0, 10_000.0),
    ],
)
def test_a_withdrawal_of_two_taxpayers_is_income_of_those_who_pay_it(usd: float, ann: float, bob: float | None) -> None:
    home = two_iras({"cash_usd": 10_000.0}, {}, STOCK, BONDS)
    plan = planned(home, of_both(usd))
    expected = {"Ann": ann} if bob is None else {"Ann": ann, "Bob": bob}
    assert paid_and_taxed(plan) == (pytest.approx(expected), pytest.approx(expected))
    short = [one.amount_usd for one in plan.relaxed if one.rule == "Withdrawal from tax-deferred"]
    assert short == ([] if usd <= 20_500.0 else [pytest.approx(usd - 20_500.0)])


def test_in_proportion_to_the_cash_of_both() -> None:
    # $3,000 and $1,000 of cash: three quarters and a quarter of $2,000
    plan = planned(two_iras({"cash_usd": 3_000.0}, {"cash_usd": 1_000.0}), of_both(2_000.0))
    assert paid_and_taxed(plan) == ({"Ann": 1_500.0, "Bob": 500.0},) * 2


def test_what_is_locked_raises_nothing_and_the_other_pays() -> None:
    home = two_iras({"cash_usd": 200.0}, {}, BONDS, lot("Bob IRA", "STK", 100.0, locked=True))
    assert paid_and_taxed(planned(home, of_both(700.0))) == ({"Ann": 700.0},) * 2


def test_a_reserve_goes_last() -> None:
    # Ann keeps her $4,000 of cash as long as Bob's stock can pay: then she gives $1,000 of it.
    home = two_iras({"cash_usd": 4_000.0, "reserve_usd": 4_000.0}, {}, STOCK)
    assert paid_and_taxed(planned(home, of_both(10_000.0))) == ({"Bob": 10_000.0},) * 2
    assert paid_and_taxed(planned(home, of_both(11_000.0))) == ({"Ann": 1_000.0, "Bob": 10_000.0},) * 2


def test_what_one_must_pay_anyway_is_not_counted_on() -> None:
    # Ann's $4,000 of required distribution count towards the $6,000. Of her cash $1,000 is left, beside Bob's $3,000:
    # a quarter and three quarters of the other $2,000.
    home = two_iras({"cash_usd": 5_000.0, "rmd_usd": 4_000.0}, {"cash_usd": 3_000.0})
    assert paid_and_taxed(planned(home, of_both(6_000.0))) == ({"Ann": 4_500.0, "Bob": 1_500.0},) * 2


def test_a_purchase_of_the_advisors_own_is_not_counted_on() -> None:
    # Ann's cash buys 50 shares at $50 and cannot pay: $500 of her $3,000 is left, beside Bob's $500.
    home = two_iras({"cash_usd": 3_000.0}, {"cash_usd": 500.0})
    mine = (TypedTrade("Ann IRA", "BND", Side.BUY, 50.0),)
    plan = rebalance(home, policy(banded(0.60), withdrawals=(of_both(800.0),), my_trades=mine))
    assert paid_and_taxed(plan) == ({"Ann": 400.0, "Bob": 400.0},) * 2


def test_the_ordinary_way_pays_what_the_plan_pays() -> None:
    home = two_iras({"cash_usd": 10_000.0}, {}, STOCK, BONDS)
    book = Book(home, policy(banded(0.60), withdrawals=(of_both(15_000.0),)), highest_cost)
    assert {account: usd for (_, account), usd in book.paid.items()} == {"Ann IRA": 10_238.09, "Bob IRA": 4_761.91}


def test_a_couple_on_one_return_pays_from_wherever_it_is_cheapest() -> None:
    # Ann has the bonds above target, Bob nothing but stock: nothing is decided beforehand where one return gets it all.
    home = two_iras({}, {}, lot("Ann IRA", "BND", 200.0), lot("Bob IRA", "STK", 100.0))
    home = replace(home, taxpayers=(profile(),), accounts=tuple(replace(one, taxpayer="") for one in home.accounts))
    plan = rebalance(home, policy(banded(0.60, 0.0, 0.0), withdrawals=(of_both(3_000.0),)))
    assert dict(plan.withdrawals_paid) == {"Ann IRA": pytest.approx(3_000.0)}
