"""Withdrawals in whole cents, out of what an account has once its orders are in whole shares."""

from collections.abc import Mapping
from math import floor

from rebal_xl.household import Household
from rebal_xl.measure.tradable import reserve_usd
from rebal_xl.optimize.evaluate import cash_after
from rebal_xl.optimize.realised import Actions

# Part of a cent that is rounding.
CENT_DUST = 1e-4
# Number of a request, and the account that pays it.
Payment = tuple[int, str]


def in_cents(household: Household, orders: Actions, paid: Mapping[Payment, float]) -> dict[Payment, float]:
    """Dollars of each payment in whole cents, which sum to what each request gets as far as the accounts have it.

    `orders` are sales and purchases as they can be ordered, `paid` what the program would pay. No account pays a cent
    that it has not: a fee may leave part of one. What is missing from a request is paid by the account that ends with
    most beyond its reserve, of several the one that pays most anyway.
    """
    cash = cash_after(household, orders)
    left = {name: max(0, floor(usd * 100 + CENT_DUST)) for name, usd in cash.items()}
    cents: dict[Payment, int] = {}
    for key in sorted(paid):
        cents[key] = min(floor(paid[key] * 100 + CENT_DUST), left[key[1]])
        left[key[1]] -= cents[key]
    for number in sorted({number for number, _ in paid}):
        mine = [key for key in paid if key[0] == number]
        missing = floor(sum(paid[key] for key in mine) * 100 + CENT_DUST) - sum(cents[key] for key in mine)
        spare = {key: left[key[1]] - round(reserve_usd(household, household.account(key[1])) * 100) for key in mine}
        for key in sorted(mine, key=lambda key: (spare[key], paid[key], key), reverse=True):
            more = min(missing, left[key[1]])
            cents[key] += more
            left[key[1]] -= more
            missing -= more
    return {key: count / 100 for key, count in cents.items() if count > 0}
