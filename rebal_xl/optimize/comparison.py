"""The plan beside ordinary account-by-account rebalancing of the same household, priced by the same evaluator.

At no more drift: each account goes towards the target; where that would leave the household nearer than the plan does,
all its trades are scaled down alike until it does not, so that the ordinary way never pays for more work than the
plan's. Where accounts cannot come so near one by one, they stop at their target. Both drifts are shown, and both
tracking errors where these are followed, for it is they that are matched then.

Under method Cash only the ordinary way raises and invests the same cash account by account; under method None it does
the advisor's trades with other lots. There is nothing to scale then, and it may end nearer than the plan. Methods
Harvest and Location have no ordinary counterpart.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from rebal_xl.household import Comparison, Drift, Household, Method, Notice, Plan, Policy
from rebal_xl.household.plan import paid_usd
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize.book import NOT_LOOKED_AT, Book, Relief
from rebal_xl.optimize.choices import family, not_for_sale, recent_loss_sales
from rebal_xl.optimize.evaluate import CENT, Evaluation, cash_after, evaluate, shares_after
from rebal_xl.optimize.ordinary import averaged, carried_on, highest_cost, own_method
from rebal_xl.optimize.prices import Prices
from rebal_xl.optimize.realised import Actions

# What an ordinary way does, by method, and the method by which it sells lots.
DOES = {Method.NONE: "The same trades", Method.CASH_ONLY: "Cash account by account"}
LOTS: tuple[tuple[str, Relief], ...] = (
    ("each account's own lot method", own_method),
    ("highest cost first (HIFO)", highest_cost),
)
# Methods for which there is no ordinary way to compare with, and why.
NO_ORDINARY_WAY = {
    Method.HARVEST: "method Harvest takes losses, which ordinary rebalancing does not",
    Method.LOCATION: "method Location moves classes between accounts, which ordinary rebalancing does not",
}
# Halvings of the share of trades: it is found to a thousandth.
HALVINGS = 10
# Drift below this (0..1) is rounding.
SAME_DRIFT = 1e-9
# What the evaluator calls a rule, and what the comparison says; bands are shown by the classes left out.
SAID = {
    "withdrawal": "withdrawal not paid",
    "reserve": "reserve missing",
    "short gains": "short gain limit",
    "long gains": "long gain limit",
    "tax budget": "tax budget",
    "tracking error": "tracking error",
    "drift cap": "most drift",
    "without target": "holding without target",
}


def compare(
    household: Household,
    policy: Policy,
    prices: Prices,
    before: Drift,
    drift: float,
    lost: Collection[tuple[str, str]] | None = None,
) -> tuple[Comparison, ...]:
    """The ordinary ways at no less than `drift` (0..1): household drift, or tracking error where that is followed.

    Under the methods of `DOES` they do the same flows or trades, wherever these end.
    `lost` are the families sold at a loss of late, where they are known already.
    """
    does = DOES.get(policy.method, "Account by account")
    lost = recent_loss_sales(household, policy) if lost is None else lost
    return tuple(
        _comparison(f"{does}, {lots}", relief, household, policy, prices, before, drift, lost) for lots, relief in LOTS
    )


def with_comparisons(
    plan: Plan,
    household: Household,
    policy: Policy,
    prices: Prices,
    lost: Collection[tuple[str, str]] | None = None,
) -> Plan:
    """The plan with its comparisons; where they cannot be made, with a notice instead: they never cost a plan.

    `lost` as in `compare`.
    """
    if policy.method in NO_ORDINARY_WAY:
        sentence = f"The plan is not compared with ordinary rebalancing: {NO_ORDINARY_WAY[policy.method]}."
        return replace(plan, notices=(*plan.notices, Notice("comparison", sentence)))
    try:
        found = compare(household, policy, prices, plan.before, _far(plan.after), lost)
    except (ArithmeticError, LookupError, ValueError) as failure:
        sentence = f"The plan is not compared with ordinary rebalancing, since that could not be computed: {failure}."
        return replace(plan, notices=(*plan.notices, Notice("comparison", sentence)))
    return replace(plan, comparisons=found)


def _comparison(
    name: str,
    relief: Relief,
    household: Household,
    policy: Policy,
    prices: Prices,
    before: Drift,
    drift: float,
    lost: Collection[tuple[str, str]],
) -> Comparison:
    told = averaged(household, relief)
    actions = at_no_less_drift(told, policy, relief, drift)
    evaluation = evaluate(told, policy, prices, before, actions)
    sold = {(told.lots[index].account, told.lots[index].symbol) for index in actions.sales}
    return Comparison(
        name=name,
        tax_usd=sum(result.after.total_usd - result.before.total_usd for result in evaluation.payers.values()),
        cost_usd=paid_usd(evaluation.cost_terms),
        household_drift=evaluation.after.household_drift,
        orders=len(sold | set(actions.purchases)),
        disallowed_usd=sum(sale.disallowed_usd for sale in evaluation.lot_sales),
        permanent_usd=sum(sale.permanent_usd for sale in evaluation.lot_sales),
        classes_out=evaluation.after.outside,
        breaks=tuple(_breaks(told, policy, actions, evaluation, lost)),
        tracking_error=evaluation.after.followed_error,
    )


def at_no_less_drift(household: Household, policy: Policy, relief: Relief, drift: float) -> Actions:
    """Account by account, all the way or as far as leaves the household no nearer to its target than `drift` (0..1).

    Under the methods of `DOES` all the way, whatever that leaves.
    """
    start = Book(household, policy, relief)
    far = carried_on(start, 1.0)
    if policy.method in DOES:
        # the same flows, or the same trades: there is nothing to scale
        return far
    if _drift(household, policy, far) >= drift - SAME_DRIFT:
        return far
    # withdrawals paid and reserves raised: nothing less can be done
    best = carried_on(start, 0.0)
    if _drift(household, policy, best) <= drift + SAME_DRIFT:
        return best
    least, most = 0.0, 1.0
    for _ in range(HALVINGS):
        share = 0.5 * (least + most)
        tried = carried_on(start, share)
        if _drift(household, policy, tried) >= drift - SAME_DRIFT:
            least, best = share, tried
        else:
            most = share
    return best


def _drift(household: Household, policy: Policy, actions: Actions) -> float:
    holdings, cash = shares_after(household, actions), cash_after(household, actions)
    return _far(measure_drift(household, policy, holdings=holdings, cash=cash))


def _far(drift: Drift) -> float:
    """How far from target, 0..1: the household drift, or the tracking error where that is what drift is measured by."""
    error = drift.followed_error
    return drift.household_drift if error is None else error


def _breaks(
    household: Household,
    policy: Policy,
    actions: Actions,
    evaluation: Evaluation,
    lost: Collection[tuple[str, str]],
) -> Iterator[str]:
    """Rules of the plan that the ordinary way does not keep; `lost` are the families sold at a loss of late."""
    broken = {item.rule for item in evaluation.broken}
    yield from (said for rule, said in SAID.items() if rule in broken)
    if any(sale.disallowed_usd > CENT for sale in evaluation.lot_sales):
        yield "wash sale"
    early = (household.lots[index] for index in actions.sales)
    if any(not_for_sale(household, policy, lot) == NOT_LOOKED_AT for lot in early):
        yield NOT_LOOKED_AT
    orders = {(household.lots[index].account, household.lots[index].symbol) for index in actions.sales}
    if policy.most_orders is not None and len(orders | set(actions.purchases)) > policy.most_orders:
        yield "most orders"
    if any(family(household, account, symbol) in lost for account, symbol in actions.purchases):
        yield "bought back after a loss"
