"""What the figures rest on."""

from collections.abc import Iterator

from rebal_xl.explain import figures
from rebal_xl.explain.phrases import Voice, say
from rebal_xl.explain.told import Told
from rebal_xl.household.explanation import Passage

# Dollars below which two plans are equally good: half a cent.
LEAST_GAP_USD = 0.005


def small_print(told: Told, voice: Voice) -> tuple[Passage, ...]:
    """Estimates, law, horizon, and what the search proved."""
    return tuple(_said(told, voice))


def _said(told: Told, voice: Voice) -> Iterator[Passage]:
    plan, policy = told.plan, told.policy
    yield say(
        "All figures are hypothetical estimates from the holdings, prices and tax data known on {day}; what comes will "
        "differ. Nothing here promises a return, and none of it is tax or legal advice.",
        day=figures.day(plan.as_of, "plan.as_of"),
    )
    if plan.tax.changes:
        yield _law(told)
    if plan.trades and plan.tax.changes:
        yield say(
            "Later tax is counted over {years} and discounted at {rate} a year, at the future tax rates that were "
            "given or, without them, at today's.",
            years=figures.years(policy.horizon_years, "policy.horizon_years"),
            rate=figures.share(policy.discount_rate, "policy.discount_rate"),
        )
    if plan.comparisons and plan.trades:
        yield say(
            "The usual way is computed on the same holdings, prices and tax rules and, where it can, goes no nearer to "
            "the target than this plan."
        )
    if plan.trades and plan.status == "optimal":
        if plan.gap_usd < LEAST_GAP_USD:
            yield say("Under these rules and by these estimates, no plan is better than this one.")
            return
        gap = figures.at_most(plan.gap_usd, "plan.gap_usd")
        yield say("Under these rules and by these estimates, no plan is more than {gap} better than this one.", gap=gap)


def _law(told: Told) -> Passage:
    plan = told.plan
    states = any(profile.state for profile in told.household.taxpayers)
    which = "federal and state income tax" if states else "federal income tax"
    law = figures.year(plan.law_year, "plan.law_year")
    if plan.law_estimate:
        return say(
            f"Tax is {which}; {{law}} law stands in for a law that is not known yet, so that it is an ESTIMATE.",
            law=law,
        )
    return say(f"Tax is {which} by {{law}} law.", law=law)
