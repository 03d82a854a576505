"""Cash on its way in and out of a household: contributions, withdrawals, and the value they leave.

The value after flows is the denominator of every weight, before trading and after it, so that the two can be compared.
"""

from rebal_xl.household import Household, Policy, Withdrawal, WithdrawalLevel


def contributions_usd(household: Household) -> float:
    """Dollars coming into the accounts that count."""
    return sum(account.contribution_usd for account in household.accounts if account.counts_in_target)


def withdrawals_owed_usd(household: Household, policy: Policy) -> float:
    """Dollars that must leave the accounts that count.

    The household's own amount is a total, not an addition: what treatments, owners and accounts are asked for counts
    towards it, so the sum is the greater of the two.
    """
    counted = [ask for ask in policy.withdrawals if _leaves_counted_accounts(household, ask)]
    total = sum(ask.amount_usd for ask in counted if ask.level is WithdrawalLevel.HOUSEHOLD)
    below = sum(ask.amount_usd for ask in counted if ask.level is not WithdrawalLevel.HOUSEHOLD)
    return max(total, below)


def value_after_flows_usd(household: Household, policy: Policy) -> float:
    """Counted value plus contributions less withdrawals, dollars; never below zero."""
    return max(0.0, household.total_usd + contributions_usd(household) - withdrawals_owed_usd(household, policy))


def _leaves_counted_accounts(household: Household, ask: Withdrawal) -> bool:
    match ask.level:
        case WithdrawalLevel.HOUSEHOLD:
            return True
        case WithdrawalLevel.TREATMENT:
            payers = [account for account in household.accounts if account.treatment.value == ask.which]
        case WithdrawalLevel.OWNER:
            payers = [account for account in household.accounts if account.owner == ask.which]
        case WithdrawalLevel.ACCOUNT:
            payers = [account for account in household.accounts if account.name == ask.which]
    return any(account.counts_in_target for account in payers)
