"""The explanation of a plan, section by section."""

from collections.abc import Callable, Iterator

from rebal_xl.explain import figures
from rebal_xl.explain.cash import cash, shortfalls
from rebal_xl.explain.drift import measurable, where_you_stand
from rebal_xl.explain.following import following
from rebal_xl.explain.left import left_alone, rules
from rebal_xl.explain.losses import losses
from rebal_xl.explain.phrases import Voice
from rebal_xl.explain.proposal import changes, proposal, why_these_accounts
from rebal_xl.explain.small_print import small_print
from rebal_xl.explain.tax import tax_this_year
from rebal_xl.explain.told import Told
from rebal_xl.explain.wash import do_not_buy
from rebal_xl.household.explanation import Explanation, Headline, Section

# In the order in which a client asks.
SECTIONS: tuple[Callable[[Told, Voice], Section | None], ...] = (
    where_you_stand,
    proposal,
    changes,
    why_these_accounts,
    tax_this_year,
    losses,
    cash,
    left_alone,
    rules,
    do_not_buy,
    following,
)


def explain(told: Told) -> Explanation:
    """The plan in a client's words, in the tone and length that its policy wants."""
    voice = Voice.of(told.policy)
    sections = (build(told, voice) for build in SECTIONS)
    return Explanation(
        household=told.plan.household,
        as_of=told.plan.as_of,
        title=voice.pick("Your portfolio review", "Your portfolio, and what comes next"),
        headlines=tuple(_headlines(told)),
        sections=tuple(section for section in sections if section is not None),
        small_print=small_print(told, voice),
        firm=told.policy.firm,
        disclosure=told.policy.disclosure,
    )


def _headlines(told: Told) -> Iterator[Headline]:
    plan = told.plan
    yield Headline(
        "Household value",
        figures.usd(plan.before.value_usd, "plan.before.value_usd"),
        _flows(told),
    )
    if measurable(told):
        yield Headline("Drift today", figures.share(plan.before.household_drift, "plan.before.household_drift"))
    if plan.trades:
        if measurable(told):
            ends = figures.share(plan.after.household_drift, "plan.after.household_drift")
            yield Headline("Drift afterwards", ends)
        if plan.tax.changes:
            yield _tax(told)
        yield from _saved(told)


def _flows(told: Told) -> str:
    """What the value is counted after."""
    out = any(usd for _, usd in told.plan.withdrawals_paid) or bool(told.policy.withdrawals)
    coming = any(account.contribution_usd for account in told.household.accounts)
    if out and coming:
        return "after cash in and out"
    if out and shortfalls(told):
        return "after all withdrawals asked for"
    return "after withdrawals" if out else "after contributions" if coming else ""


def _tax(told: Told) -> Headline:
    cost = told.plan.tax.cost_usd
    estimate = "ESTIMATE" if told.plan.law_estimate else "estimate"
    label = "Tax saved this year" if cost <= -figures.TOLD_USD else "Tax added this year"
    # what withdrawals are taxed comes with or without the orders, and is told with the cash
    apart = abs(told.plan.tax.distributions_tax_usd) >= figures.TOLD_USD
    note = f"{estimate}, orders alone" if apart else estimate
    return Headline(label, figures.change(cost, "plan.tax.cost_usd"), note)


def _saved(told: Told) -> Iterator[Headline]:
    """Only where there is a saving."""
    if not told.plan.comparisons:
        return
    saved = told.plan.tax_saved_usd(told.plan.comparisons[0])
    if saved > 0 and figures.differ(told.plan.comparisons[0].tax_usd, told.plan.tax.cost_usd):
        path = "plan.comparisons[0].tax_usd - plan.tax.cost_usd"
        yield Headline("Less tax than the usual way", figures.usd(saved, path), "estimate, this year")
