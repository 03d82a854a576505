"""The sample household: eight accounts, 35 securities and their lots, the same on every machine."""

from rebal_xl.household import Household
from rebal_xl.sample.accounts import sample_accounts, sample_people, sample_taxpayers
from rebal_xl.sample.lots import sample_lots, sample_recent_trades
from rebal_xl.sample.securities import sample_securities


def sample_household() -> Household:
    """The Rivera household as of Friday 20 November 2026."""
    return Household(
        name="Rivera Household",
        accounts=sample_accounts(),
        lots=sample_lots(),
        securities=sample_securities(),
        taxpayers=sample_taxpayers(),
        people=sample_people(),
        recent_trades=sample_recent_trades(),
    )
