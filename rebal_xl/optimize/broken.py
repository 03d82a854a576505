"""Rules that a plan breaks, and by how much: withdrawals, reserves, ranges of classes, drift cap, limits on gains."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rebal_xl.household import Drift, Household, Policy
from rebal_xl.measure.flows import withdrawal_requests
from rebal_xl.measure.tradable import reserve_usd, traded
from rebal_xl.optimize.evaluated_tax import PayerResult
from rebal_xl.optimize.methods import class_goals, drift_is_capped, only_typed, sells_without_target
from rebal_xl.optimize.prices import BAND_PRICE, GAIN_LIMIT_PRICE, RESERVE_PRICE, WITHDRAWAL_PRICE, Prices
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.rules.bands import without_target
from rebal_xl.optimize.rules.tracking import tracking_limit

# Less than this is no dollar at all; whatever is more has its price, in the program as here.
NOTHING_USD = 1e-6


@dataclass(frozen=True, slots=True)
class Break:
    """A rule that is broken, and by how much."""

    # withdrawal, reserve, band, drift cap, tracking error, without target, short gains, long gains, tax budget
    rule: str
    which: str
    amount_usd: float
    price: float
    # +1 above, -1 below
    side: int = 1


def find_breaks(
    household: Household,
    policy: Policy,
    prices: Prices,
    before: Drift,
    after: Drift,
    holdings: Mapping[tuple[str, str], float],
    cash: Mapping[str, float],
    actions: Actions,
    payers: Mapping[str, PayerResult],
) -> tuple[Break, ...]:
    """Every broken rule of a plan that ends with `holdings` ((account, symbol) -> shares) and `cash`."""
    found = [*_ranges(policy, before, after), *_without_target(household, policy, holdings)]
    if not only_typed(policy):
        found += [*_unpaid(household, policy, actions), *_reserves(household, cash), *_over_limits(prices, payers)]
    return tuple(item for item in found if item.amount_usd > NOTHING_USD)


def class_usd(drift: Drift, asset_class: str) -> float:
    """Dollars of a class, 0 when nothing of it is held."""
    return next((line.actual_usd for line in drift.lines if line.asset_class == asset_class), 0.0)


def tracking_usd(drift: Drift) -> float:
    """Tracking error in dollars a year, 0 where it is not known."""
    return (drift.tracking_error or 0.0) * drift.value_usd


def _unpaid(household: Household, policy: Policy, actions: Actions) -> Iterator[Break]:
    paid: dict[int, float] = defaultdict(float)
    for (number, _), dollars in actions.paid.items():
        paid[number] += dollars
    for number, request in enumerate(withdrawal_requests(household, policy)):
        yield Break("withdrawal", request.label, request.amount_usd - paid[number], WITHDRAWAL_PRICE)


def _reserves(household: Household, cash: Mapping[str, float]) -> Iterator[Break]:
    for account in household.accounts:
        if traded(account):
            missing = reserve_usd(household, account) - cash[account.name]
            yield Break("reserve", account.name, missing, RESERVE_PRICE, -1)


def _ranges(policy: Policy, before: Drift, after: Drift) -> Iterator[Break]:
    for goal in class_goals(policy, before):
        if goal.low is not None and goal.high is not None:
            usd = class_usd(after, goal.asset_class)
            yield Break("band", goal.asset_class, usd - goal.high * before.value_usd, goal.price, 1)
            yield Break("band", goal.asset_class, goal.low * before.value_usd - usd, goal.price, -1)
    if drift_is_capped(policy):
        assert policy.most_drift is not None
        beyond = (after.household_drift - policy.most_drift) * before.value_usd
        yield Break("drift cap", "the household", beyond, BAND_PRICE)
    if policy.follows_tracking:
        beyond = tracking_usd(after) - tracking_limit(policy, before) * before.value_usd
        yield Break("tracking error", "the household", beyond, BAND_PRICE)


def _without_target(household: Household, policy: Policy, holdings: Mapping[tuple[str, str], float]) -> Iterator[Break]:
    if not sells_without_target(policy):
        return
    symbols = without_target(household, policy)
    for account, symbol in sorted(holdings):
        if symbol in symbols and traded(household.account(account)):
            left = holdings[account, symbol] * household.security(symbol).unit_usd
            yield Break("without target", f"{symbol} in {account}", left, BAND_PRICE)


def _over_limits(prices: Prices, payers: Mapping[str, PayerResult]) -> Iterator[Break]:
    for name, result in payers.items():
        profile = prices.payers[name].profile
        for rule, limit, amount in (
            ("short gains", profile.short_gain_limit_usd, result.short_gain_usd),
            ("long gains", profile.long_gain_limit_usd, result.long_gain_usd),
            ("tax budget", profile.tax_budget_usd, result.tax_usd),
        ):
            if limit is not None:
                yield Break(rule, name, amount - limit, GAIN_LIMIT_PRICE)
