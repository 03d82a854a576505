"""What the plan costs in tax this year."""

from collections.abc import Iterator

from rebal_xl.explain import facts, figures
from rebal_xl.explain.phrases import Voice, joined, name, say, section, together
from rebal_xl.explain.told import Told
from rebal_xl.explain.usual import against_usual
from rebal_xl.household import Side
from rebal_xl.household.explanation import Passage, Section

MOST_WAITS = 2


def tax_this_year(told: Told, voice: Voice) -> Section | None:
    """The tax of the plan, by itself and against the usual way."""
    if not told.plan.trades:
        return None
    passages = [
        together(_cost(told), _payers(told) if voice.full else None),
        *against_usual(told, voice),
        *_waits(told),
        _trading(told) if voice.full else None,
    ]
    saves = told.plan.tax.cost_usd <= -figures.TOLD_USD
    return section("tax", "What it saves in tax this year" if saves else "What it costs in tax this year", passages)


def _cost(told: Told) -> Passage:
    plan = told.plan
    taxable = facts.trades(told, Side.SELL, taxable=True)
    law = figures.year(plan.law_year, "plan.law_year")
    if not plan.tax.changes and taxable:
        return say("No tax data were given, so that the tax of the sales is not known.")
    cost = plan.tax.cost_usd
    which = " (ESTIMATE, by the law of {law})" if plan.law_estimate else ""
    one = len(plan.trades) == 1
    if abs(cost) < figures.TOLD_USD:
        why = "" if taxable else ", since nothing is sold in a taxable account"
        leave = "this order leaves" if one else "these orders leave"
        return say(f"By our estimate {leave} this year's tax practically as it is{which}{why}.", law=law)
    verb = "add" if cost > 0 else "take"
    orders = f"this order {verb}s" if one else f"these orders {verb}"
    return say(
        f"By our estimate {orders} {{usd}} {'to' if cost > 0 else 'off'} this year's tax{which}.",
        usd=figures.change(cost, "plan.tax.cost_usd"),
        law=law,
    )


def _payers(told: Told) -> Passage | None:
    """Whose tax it is, where several returns change."""
    changed = [(at, one) for at, one in enumerate(told.plan.tax.changes) if abs(one.cost_usd) >= figures.TOLD_USD]
    if len(changed) < 2:
        return None
    said = [
        say(
            f"{{usd}} {'more' if one.cost_usd > 0 else 'less'} for {{name}}",
            usd=figures.change(one.cost_usd, f"plan.tax.changes[{at}].cost_usd"),
            name=name(one.after.taxpayer),
        )
        for at, one in changed
    ]
    return say("That is {payers}.", payers=joined(said))


def _waits(told: Told) -> Iterator[Passage]:
    """Short-term gains that are sold though they soon turn long-term."""
    sold = [(at, wait) for at, wait in enumerate(told.plan.waits) if wait.sold]
    for at, wait in sold[:MOST_WAITS]:
        yield say(
            "{symbol} in {account} is sold at a gain that turns long-term, and is taxed less, from {day}. Waiting for "
            "that day would save about {saved}; tell us if you would rather wait.",
            symbol=name(wait.symbol),
            account=name(wait.account),
            day=figures.day(wait.long_from, f"plan.waits[{at}].long_from"),
            saved=figures.about(wait.saved_usd, f"plan.waits[{at}].saved_usd"),
        )


def _trading(told: Told) -> Passage | None:
    spent = sum(term.usd for term in told.plan.cost_terms if term.name == "trading")
    if spent < figures.TOLD_USD:
        return None
    return say(
        "Trading itself costs about {usd}: the gap between buying and selling prices, and the funds' own fees.",
        usd=figures.about(spent, "sum(plan.cost_terms[name='trading'].usd)"),
    )
