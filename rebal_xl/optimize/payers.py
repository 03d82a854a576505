"""Which accounts a withdrawal asks, and which it does not though they could pay."""

from collections.abc import Mapping
from dataclasses import replace

from rebal_xl.household import Household, Policy, TaxTreatment, WithdrawalLevel
from rebal_xl.measure.flows import withdrawal_requests
from rebal_xl.measure.tradable import traded
from rebal_xl.optimize.minimums import ROUNDING_USD
from rebal_xl.optimize.ways import Rule, Way

# How measure/flows.py calls what is asked of the household as a whole.
HOUSEHOLD = "the household"
ASK_BY_NAME = "ask an account or a tax treatment by name"


def asked_accounts(household: Household, policy: Policy, label: str) -> frozenset[str]:
    """Accounts that the withdrawals of a label ask, and those that they would ask were they not locked."""
    opened = replace(household, accounts=tuple(replace(one, locked=False) for one in household.accounts))
    asked = [*withdrawal_requests(household, policy), *withdrawal_requests(opened, policy)]
    return frozenset(name for one in asked if one.label == label for name in one.accounts)


def not_asked(household: Household, policy: Policy, label: str, could_pay: Mapping[str, float]) -> list[Way]:
    """What is kept away where a withdrawal from the household or an owner leaves accounts unasked that
    `could_pay` (dollars by account)."""
    whole = label == HOUSEHOLD
    owner = any(one.level is WithdrawalLevel.OWNER and one.which == label for one in policy.withdrawals)
    if not whole and not owner:
        return []
    asked = asked_accounts(household, policy, label)
    mine = [one for one in household.accounts if traded(one) and (whole or one.owner == label)]
    usd = sum(could_pay.get(one.name, 0.0) for one in mine if one.name not in asked)
    if usd <= ROUNDING_USD:
        return []
    kinds = {one.treatment for one in household.accounts if one.name in asked}
    deferred = not whole and kinds == {TaxTreatment.TAX_DEFERRED}
    kind = "tax-deferred accounts, as no taxable one may pay" if deferred else "taxable accounts only"
    none = "" if asked else ", and there is none"
    words = f"withdrawals from {label} are paid by {kind}{none} (others hold ${usd:,.0f})"
    return [Way(usd, (Rule(words, ASK_BY_NAME, counted=False),))]
