"""What the Riveras want: targets for ten classes and cash, bands of three types, and 60,000 dollars for the house."""

from datetime import date

from rebal_xl.household import CASH_CLASS, BandType, Policy, Side, Target, TypedTrade, Withdrawal, WithdrawalLevel
from rebal_xl.sample import securities as of
from rebal_xl.sample.accounts import ALEX_IRA
from rebal_xl.sample.prices import AS_OF

EQUITY = "Equity"
REAL_ASSETS = "Real Assets"
FIXED_INCOME = "Fixed Income"

TARGETS = (
    Target(of.LARGE, 0.30, group=EQUITY),
    Target(of.SMALL, 0.08, group=EQUITY),
    Target(of.DEVELOPED, 0.14, group=EQUITY),
    Target(of.EMERGING, 0.06, BandType.FIVE_TWENTYFIVE, group=EQUITY),
    Target(of.REAL_ESTATE, 0.04, group=REAL_ASSETS),
    Target(of.BONDS, 0.18, BandType.ABSOLUTE, trigger=0.02, destination=0.01, floor=0.08, group=FIXED_INCOME),
    Target(of.MUNIS, 0.06, BandType.RELATIVE, trigger=0.25, destination=0.10, group=FIXED_INCOME),
    Target(of.TIPS, 0.05, group=FIXED_INCOME),
    Target(of.HIGH_YIELD, 0.03, group=FIXED_INCOME),
    Target(of.INTL_BONDS, 0.04, group=FIXED_INCOME),
    Target(CASH_CLASS, 0.02, group="Cash"),
)


def sample_policy() -> Policy:
    """Targets and settings of the sample household, as of Friday 20 November 2026."""
    return Policy(
        targets=TARGETS,
        as_of=AS_OF,
        withdrawals=(Withdrawal(WithdrawalLevel.HOUSEHOLD, "", 60_000.0, by=date(2026, 12, 15)),),
        # only remembered: the plan is made without it until Keep says Yes
        my_trades=(TypedTrade(ALEX_IRA, "BNDX", Side.SELL, quantity=100.0, keep=False),),
        firm="Example Wealth Advisors",
        disclosure="Made-up household and prices, for illustration only.",
    )
