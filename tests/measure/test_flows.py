"""Money that leaves: who is asked for what, and required distributions that are never paid on top of it."""

from dataclasses import replace

import pytest

from rebal_xl.household import (
    Account,
    FilingStatus,
    Household,
    Lot,
    Method,
    Policy,
    TaxProfile,
    TaxTreatment,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.measure.flows import distributions_usd, surely_taken_usd, withdrawal_requests
from tests.measure.homes import plain, policy_of

IRA, ROTH, TAXABLE = TaxTreatment.TAX_DEFERRED, TaxTreatment.ROTH, TaxTreatment.TAXABLE
TREATMENT, OWNER, NAMED = WithdrawalLevel.TREATMENT, WithdrawalLevel.OWNER, WithdrawalLevel.ACCOUNT


def home_of(*accounts: Account) -> Household:
    """A couple on one return whose accounts hold cash alone."""
    pat = TaxProfile("Pat", FilingStatus.MFJ)
    return Household(accounts=accounts, lots=(), securities=(), taxpayers=(pat, replace(pat, taxpayer="Lee")))


def ira(name: str, owner: str = "Ann", rmd: float = 0.0, cash: float = 50_000.0, **more: object) -> Account:
    return Account(name, IRA, owner=owner, rmd_usd=rmd, cash_usd=cash, **more)  # type: ignore[arg-type]


def asked(home: Household, *asks: Withdrawal) -> list[tuple[float, tuple[str, ...]]]:
    """Dollars and who may pay them."""
    requests = withdrawal_requests(home, policy_of(withdrawals=asks))
    return [(request.amount_usd, request.accounts) for request in requests]


@pytest.mark.parametrize(("level", "which"), [(TREATMENT, IRA.value), (OWNER, "Ann"), (NAMED, "IRA")])
@pytest.mark.parametrize(
    ("usd", "leaves"),
    # $8,000 are required: they are part of $10,000, and what $5,000 leave of them comes on top
    [(10_000.0, 10_000.0), (8_000.0, 8_000.0), (5_000.0, 8_000.0)],
)
def test_whatever_only_one_account_may_pay_counts_towards_its_required_distribution(
    level: WithdrawalLevel, which: str, usd: float, leaves: float
) -> None:
    home = home_of(ira("IRA", rmd=8_000.0), Account("Joint", TAXABLE, owner="Bob", cash_usd=20_000.0))
    requests = asked(home, Withdrawal(level, which, usd))
    assert sum(amount for amount, _ in requests) == leaves
    assert {accounts for _, accounts in requests} == {("IRA",)}


@pytest.mark.parametrize(
    ("usd", "requests"),
    [
        # A pays $8,000 at least: they are part of $10,000, the rest of which either pays
        (10_000.0, [(8_000.0, ("A",)), (2_000.0, ("A", "B"))]),
        (8_000.0, [(8_000.0, ("A",))]),
        (5_000.0, [(8_000.0, ("A",))]),
    ],
)
def test_of_a_withdrawal_that_several_may_pay_what_is_required_is_paid_first(
    usd: float, requests: list[tuple[float, tuple[str, ...]]]
) -> None:
    home = home_of(ira("A", rmd=8_000.0), ira("B", owner="Bob"))
    assert asked(home, Withdrawal(TREATMENT, IRA.value, usd)) == requests


def test_what_is_required_and_cannot_be_paid_is_left_to_the_other() -> None:
    # A has $5,000 of the $8,000 it must pay: of the $10,000 B pays what A cannot.
    home = home_of(ira("A", rmd=8_000.0, cash=5_000.0), ira("B", owner="Bob"))
    assert asked(home, Withdrawal(TREATMENT, IRA.value, 10_000.0)) == [(8_000.0, ("A",)), (5_000.0, ("A", "B"))]


def test_what_is_required_of_both_counts() -> None:
    home = home_of(ira("A", rmd=8_000.0), ira("B", owner="Bob", rmd=3_000.0))
    assert asked(home, Withdrawal(TREATMENT, IRA.value, 12_000.0)) == [
        (8_000.0, ("A",)),
        (3_000.0, ("B",)),
        (1_000.0, ("A", "B")),
    ]


def test_the_withdrawal_with_the_fewest_payers_is_lowered_first() -> None:
    # Ann asks for $3,000 of her two IRAs, and $10,000 shall come from any: $13,000 in all. Her first IRA must pay
    # $8,000: $3,000 of them are what she asks for, and $5,000 are part of the other, of which $5,000 are left.
    home = home_of(ira("A1", rmd=8_000.0), ira("A2"), ira("B", owner="Bob"))
    asks = (Withdrawal(TREATMENT, IRA.value, 10_000.0), Withdrawal(OWNER, "Ann", 3_000.0))
    assert asked(home, *asks) == [(8_000.0, ("A1",)), (5_000.0, ("A1", "A2", "B"))]


def test_what_a_locked_account_must_pay_is_part_of_nothing_that_others_can() -> None:
    home = home_of(ira("A", rmd=8_000.0, locked=True), ira("B", owner="Bob"))
    assert asked(home, Withdrawal(TREATMENT, IRA.value, 10_000.0)) == [(10_000.0, ("B",)), (8_000.0, ())]


def test_the_total_of_the_household_holds_what_is_required_once() -> None:
    # $12,000 in all, of which $10,000 from the IRA, $8,000 of them required: $2,000 from the taxable account
    home = home_of(ira("IRA", rmd=8_000.0), Account("Joint", TAXABLE, cash_usd=20_000.0))
    asks = (Withdrawal(WithdrawalLevel.HOUSEHOLD, "", 12_000.0), Withdrawal(TREATMENT, IRA.value, 10_000.0))
    assert sorted(asked(home, *asks)) == [(2_000.0, ("Joint",)), (10_000.0, ("IRA",))]


def test_an_inherited_roth_counts_its_distribution_too() -> None:
    home = home_of(Account("Roth", ROTH, rmd_usd=2_000.0, cash_usd=5_000.0, inherited=True))
    assert asked(home, Withdrawal(TREATMENT, ROTH.value, 3_000.0)) == [(3_000.0, ("Roth",))]


def test_what_surely_leaves_an_account() -> None:
    home = home_of(ira("A", rmd=8_000.0), ira("B", owner="Bob"))
    asks = (Withdrawal(OWNER, "Bob", 4_000.0), Withdrawal(TREATMENT, IRA.value, 50_000.0))
    policy = policy_of(withdrawals=asks)
    # either may pay the $50,000, and so neither surely does
    assert {one.name: surely_taken_usd(home, policy, one) for one in home.accounts} == {"A": 8_000.0, "B": 4_000.0}


def test_method_none_pays_nothing() -> None:
    home = home_of(ira("A", rmd=8_000.0))
    policy = replace(policy_of(withdrawals=(Withdrawal(NAMED, "A", 1_000.0),)), method=Method.NONE)
    assert withdrawal_requests(home, policy) == ()


class TestTwoReturns:
    """IRAs of Pat and of Lee, who file apart: each is asked for what is on the own return."""

    def asked(self, home: Household, usd: float, **more: object) -> dict[tuple[str, ...], float]:
        """Who may pay -> dollars."""
        asks = (Withdrawal(TREATMENT, IRA.value, usd),)
        policy: Policy = replace(policy_of(withdrawals=asks), **more)  # type: ignore[arg-type]
        found = withdrawal_requests(home, policy)
        taxed = distributions_usd(home, policy)
        for request in found:
            for payer in {home.account(name).taxpayer for name in request.accounts}:
                theirs = [one for one in found if any(home.account(n).taxpayer == payer for n in one.accounts)]
                assert taxed[payer] == sum(one.amount_usd for one in theirs)
        return {request.accounts: request.amount_usd for request in found}

    def test_two_of_one_taxpayer_share_their_part(self) -> None:
        # $6,000 of the $8,000 of cash are Pat's, in two accounts: $3,000 of $4,000, from whichever is cheaper
        home = home_of(
            ira("P1", cash=5_000.0, taxpayer="Pat"),
            ira("L", cash=2_000.0, taxpayer="Lee"),
            ira("P2", cash=1_000.0, taxpayer="Pat"),
        )
        assert self.asked(home, 4_000.0) == {("P1", "P2"): 3_000.0, ("L",): 1_000.0}

    def test_odd_cents_are_paid_by_who_has_most_to_spare(self) -> None:
        # a third of $100 is 33.333..., and two thirds are 66.666...
        home = home_of(ira("P", cash=1_000.0, taxpayer="Pat"), ira("L", cash=2_000.0, taxpayer="Lee"))
        assert self.asked(home, 100.0) == {("P",): 33.33, ("L",): 66.67}

    @pytest.mark.parametrize(
        ("lot", "able"),
        [
            # 10.5 shares at $100, all of which may go; net of a fee of 1 %
            (Lot("L", "FEE", 10.5), 1_039.50),
            # one share stays, and nine and a half are no order: nine
            (Lot("L", "FEE", 10.5, min_hold=1.0), 891.00),
            # of three whole shares only two may go: less than the smallest order of $250
            (Lot("L", "FEE", 3.0, min_hold=1.0), 0.0),
            (Lot("L", "FEE", 10.0, locked=True), 0.0),
            (Lot("L", "FEE", 10.0, do_not_sell=True), 0.0),
        ],
    )
    def test_what_orders_can_raise(self, lot: Lot, able: float) -> None:
        # Pat has $1,000 of cash, which goes first; Lee pays what he can of $2,000 more, and nobody the rest.
        fee = replace(plain("FEE", 100.0), redemption_fee=0.01, lot_size=1.0)
        home = home_of(ira("P", cash=1_000.0, taxpayer="Pat"), ira("L", cash=0.0, taxpayer="Lee"))
        home = replace(home, securities=(fee,), lots=(lot,))
        lees = {("L",): able} if able else {}
        expected = {("P",): 1_000.0, **lees, (): 2_000.0 - able}
        assert self.asked(home, 3_000.0, min_trade_usd=250.0) == pytest.approx(expected)
