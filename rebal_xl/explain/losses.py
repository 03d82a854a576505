"""Losses that are taken: what they are good for this year, and that most of that is tax put off."""

from rebal_xl.explain import figures
from rebal_xl.explain.phrases import Voice, say, section, together
from rebal_xl.explain.told import Told
from rebal_xl.household.explanation import Passage, Section

# Cost terms that losses and gains change, now and later.
LATER = ("carried losses", "basis given up")
TAKEN = "plan.lot_sales[gain_usd<0]"


def losses(told: Told, voice: Voice) -> Section | None:
    """What the plan's losses do; None where it takes none."""
    taken = -sum(sale.gain_usd for sale in told.plan.lot_sales if sale.gain_usd < 0)
    if taken < figures.TOLD_USD:
        return None
    passages = [
        together(_taken(taken), _disallowed(told), _carried(told) if voice.full else None),
        _put_off(told, voice),
    ]
    return section("losses", voice.pick("Losses, and what they are good for", "The losses we take"), passages)


def _taken(taken: float) -> Passage:
    return say(
        "The sales take losses of {taken}. Losses are first set against gains; what is left may lower other income a "
        "little, and the rest waits for later years.",
        taken=figures.usd(taken, f"-sum({TAKEN}.gain_usd)"),
    )


def _disallowed(told: Told) -> Passage | None:
    sales = told.plan.lot_sales
    refused, lost = sum(sale.disallowed_usd for sale in sales), sum(sale.permanent_usd for sale in sales)
    if refused < figures.TOLD_USD:
        return None
    amount = figures.usd(refused, "sum(plan.lot_sales.disallowed_usd)")
    gone = figures.usd(lost, "sum(plan.lot_sales.permanent_usd)")
    bought = "does not count, because the same shares were bought too close to the sale (a wash sale)"
    if lost < figures.TOLD_USD:
        later = "it counts when those shares are sold"
        return say(f"Of that, {{amount}} {bought}; {later}.", amount=amount)
    if gone.text == amount.text:
        return say(f"Of that, {{amount}} {bought}; it is lost for good.", amount=amount)
    return say(f"Of that, {{amount}} {bought}; {{gone}} of it is lost for good.", amount=amount, gone=gone)


def _carried(told: Told) -> Passage | None:
    after = [one.after for one in told.plan.tax.changes]
    left = sum(bill.short_carryforward_usd + bill.long_carryforward_usd for bill in after)
    if left < figures.TOLD_USD:
        return None
    path = "plan.tax.changes.after"
    profiles = told.household.taxpayers
    earlier = any(one.short_carryforward_usd or one.long_carryforward_usd for one in profiles)
    return say(
        ("Together with losses of earlier years, " if earlier else "Of losses, ")
        + "{left} is then left for later years.",
        left=figures.usd(left, f"sum({path}.short_carryforward_usd) + sum({path}.long_carryforward_usd)"),
    )


def _put_off(told: Told, voice: Voice) -> Passage:
    """That harvesting defers: this year against the whole horizon."""
    mostly = say(
        voice.pick(
            "Taking a loss mostly puts tax off rather than doing away with it: the money goes back to work at a lower "
            "cost, so that a later sale shows a larger gain.",
            "A loss mostly puts tax off, it doesn't make it go away: what we buy instead starts at a lower cost, so a "
            "later sale shows a bigger gain.",
        )
    )
    return together(mostly, _worth(told))


def _worth(told: Told) -> Passage | None:
    terms = {name: sum(term.usd for term in told.plan.cost_terms if term.name == name) for name in ("tax", *LATER)}
    now, later = terms["tax"], sum(terms[name] for name in LATER)
    if abs(now) < figures.TOLD_USD and abs(later) < figures.TOLD_USD:
        return say("In sum, by our estimate, this year's tax and that of later years stay as they are.")
    net, horizon = now + later, figures.years(told.policy.horizon_years, "policy.horizon_years")
    path = " + ".join(f"sum(plan.cost_terms[name={name!r}].usd)" for name in LATER)
    all_path = f"sum(plan.cost_terms[name='tax'].usd) + {path}"
    return say(
        "By our estimate all sales together {now} this year and {later} in later years ({horizon} are counted, in "
        "today's dollars). {net}",
        now=_changes(now, "plan.tax.cost_usd", "leave tax as it is"),
        later=_changes(later, path, "leave it as it is"),
        horizon=horizon,
        net=_comes_to(net, all_path),
    )


def _changes(value: float, source: str, nothing: str) -> Passage:
    if abs(value) < figures.TOLD_USD:
        return say(nothing)
    return say("cost {usd}" if value > 0 else "save {usd}", usd=figures.change(value, source))


def _comes_to(value: float, source: str) -> Passage:
    if abs(value) < figures.TOLD_USD:
        return say("In all that comes to nothing.")
    return say("In all they cost {usd}." if value > 0 else "In all they save {usd}.", usd=figures.change(value, source))
