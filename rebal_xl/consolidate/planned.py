"""The plan of a policy that consolidates: the optimizer's own around the consolidations chosen.

The same household is planned without them too. Where some rule could then be kept better, or the year's tax would be
lower by more than the budget, they are left out and the plan says so.
"""

from dataclasses import replace

from rebal_xl import words
from rebal_xl.consolidate.chosen import choose, consolidated, explained
from rebal_xl.household import Household, InputErrors, Notice, Plan, Policy
from rebal_xl.household.overlap import IDENTICAL, SAME_INDEX, Consolidation
from rebal_xl.measure.overlap import HALF_A_CENT
from rebal_xl.measure.overlap_pairs import nearness
from rebal_xl.optimize.assemble import fingerprint
from rebal_xl.optimize.rebalance import rebalance, refuse_unplannable
from rebal_xl.optimize.solver import Progress

# What broken rules may cost more, in priced dollars: rounding of orders.
ROUNDING_USD = 1.0
TOPIC = "consolidation"


def best_plan(household: Household, policy: Policy, *, progress: Progress | None = None, seed: int = 0) -> Plan:
    """The plan, with consolidations where the policy asks for them. Raises as `rebalance`.

    Its fingerprint is that of the policy as it is given.
    """
    if not policy.consolidate:
        return rebalance(household, policy, progress=progress, seed=seed)
    refuse_unplannable(household, policy)
    chosen = choose(household, policy)
    if not chosen:
        return rebalance(household, policy, progress=progress, seed=seed)
    plain = rebalance(household, policy, progress=progress, seed=seed)
    try:
        plan = rebalance(household, consolidated(household, policy), progress=progress, seed=seed)
    except InputErrors:
        # Each can be done, but not all of them together with the rules and flows of the household.
        why = "They cannot all be done together with the household's rules."
    else:
        why = _washes(household, policy, plan, chosen) or _worse(household, policy, plan, plain)
        if not why:
            return replace(explained(plan, chosen), fingerprint=fingerprint(household, policy))
    sentence = f"The consolidations within the tax budget are left out of this plan. {why}"
    return replace(plain, notices=(*plain.notices, Notice(TOPIC, sentence)))


def _worse(household: Household, policy: Policy, plan: Plan, plain: Plan) -> str:
    """Why the plan without them is to be preferred, "" where it is not."""
    before = {one.rule: one.amount_usd for one in plain.relaxed}
    worse = [one.rule for one in plan.relaxed if one.amount_usd > before.get(one.rule, 0.0) + ROUNDING_USD]
    if worse or _broken_usd(plan) > _broken_usd(plain) + ROUNDING_USD:
        rules = ", ".join(worse or [one.rule for one in plan.relaxed][:1])
        return f"With them a rule could not be kept as well: {rules}."
    more = plan.tax.cost_usd - plain.tax.cost_usd
    # Both plans are proven within their gaps only; one that ran out of time excuses no more than the usual gap.
    usual = policy.gap_bp * 1e-4 * household.total_usd
    room = ROUNDING_USD + min(plan.gap_usd, usual) + min(plain.gap_usd, usual)
    if more > policy.consolidate_tax_usd + room:
        return f"With them the whole plan would cost ${words.whole(more)} more tax this year."
    return ""


def _washes(household: Household, policy: Policy, plan: Plan, chosen: tuple[Consolidation, ...]) -> str:
    """Losses of the rest of the plan that buying a fund of the same index may wash: no ruling says that it does not."""
    for sale in plan.lot_sales:
        if sale.gain_usd > -HALF_A_CENT:
            continue
        for one in chosen:
            kind, _ = nearness(
                household.security(sale.symbol), household.security(one.keep), indexes=policy.security_master
            )
            together = household.account(sale.account).wash_group == household.account(one.account).wash_group
            if together and kind in (IDENTICAL, SAME_INDEX):
                return f"The plan takes a loss on {sale.symbol}, and buying {one.keep} may make it a wash sale."
    return ""


def _broken_usd(plan: Plan) -> float:
    return sum(term.usd for term in plan.cost_terms if term.name == "relaxed rules")
