"""The plan beside the usual way of rebalancing: measured on the household itself, also where the plan costs more."""

from collections.abc import Iterator

from rebal_xl.explain import facts, figures
from rebal_xl.explain.phrases import Voice, joined, name, say, together
from rebal_xl.explain.told import Told
from rebal_xl.household import Comparison, Method, Side
from rebal_xl.household.explanation import Passage

# How the usual way goes about it, by method.
USUAL = {
    Method.NONE: "to make the same trades and let each custodian choose the shares to sell",
    Method.CASH_ONLY: "to raise and invest the same cash account by account, and let each custodian choose the shares",
}
ACCOUNT_BY_ACCOUNT = "to bring each account to the target on its own, and let each custodian choose the shares to sell"
CONSOLIDATING = (
    "to put the same funds together, bring each account to the target on its own, and let each custodian choose the "
    "shares to sell"
)
# What the usual way breaks, in a client's words.
BREAKS = {
    "withdrawal not paid": "leave a withdrawal unpaid",
    "reserve missing": "leave a cash reserve short",
    "short gain limit": "pass the limit on short-term gains",
    "long gain limit": "pass the limit on long-term gains",
    "tax budget": "pass the tax budget",
    "tracking error": "stray further from the target than you allow",
    "most drift": "leave more drift than you allow",
    "holding without target": "keep what has no place in the target",
    "wash sale": "waste losses by a wash sale",
    "bought back after a loss": "buy back what was sold at a loss",
    "nearly long-term": "sell gains just before they are taxed less",
    "most orders": "take more orders than you allow",
}

# How the name of the plan's own relaxed rule begins, for what the usual way may break as well.
SAME_RULE = {
    "withdrawal not paid": "Withdrawal from ",
    "reserve missing": "Cash reserve of ",
    "short gain limit": "Limit on short gains of ",
    "long gain limit": "Limit on long gains of ",
    "tax budget": "Tax budget of ",
    "tracking error": "Tracking error",
    "most drift": "Most drift",
    "holding without target": "Sell ",
}


def against_usual(told: Told, voice: Voice) -> Iterator[Passage]:
    """The usual way, what it costs, and why the plan costs less; or that it does not."""
    plan = told.plan
    if not plan.comparisons:
        return
    usual, saved = plan.comparisons[0], plan.tax_saved_usd(plan.comparisons[0])
    consolidates = any(trade.serves == facts.CONSOLIDATION for trade in plan.trades)
    way = USUAL.get(told.policy.method, CONSOLIDATING if consolidates else ACCOUNT_BY_ACCOUNT)
    usually = say(f"The usual way is {way}.")
    differ = figures.differ(usual.tax_usd, plan.tax.cost_usd)
    if differ and saved > 0:
        cost = figures.change(usual.tax_usd, "plan.comparisons[0].tax_usd")
        more = figures.usd(saved, "plan.comparisons[0].tax_usd - plan.tax.cost_usd")
        all_of_it = usual.tax_usd > 0 and cost.text == more.text
        against = (
            say(", all of which this plan avoids") if all_of_it else say(": {more} more than this plan", more=more)
        )
        yield together(
            usually,
            say(
                "On your household that would {does}{against}. " + _because(told),
                does=_does(usual),
                against=against,
            ),
        )
    elif not differ:
        yield together(
            usually, say("On your household that comes to about the same tax this year: the plan saves none.")
        )
    else:
        less = figures.usd(-saved, "plan.tax.cost_usd - plan.comparisons[0].tax_usd")
        yield together(
            usually,
            say(
                "On your household that would {does}: {less} less than this plan. In this year's tax alone, the plan "
                "is not the cheaper way.",
                does=_does(usual),
                less=less,
            ),
        )
    if voice.full or not differ or saved < 0:
        yield together(_highest_cost(told) if voice.full else None, _in_all(told), _leaves(told, usual))


def _because(told: Told) -> str:
    if facts.trades(told, Side.SELL, taxable=False) and told.policy.method is not Method.NONE:
        return "The plan looks at all accounts at once and sells where selling is taxed least."
    return "The plan chooses with care which shares to sell."


def _does(way: Comparison) -> Passage:
    """What a way does to this year's tax."""
    if abs(way.tax_usd) < figures.TOLD_USD:
        return say("leave this year's tax as it is")
    verb = "add {usd} to" if way.tax_usd > 0 else "take {usd} off"
    return say(f"{verb} this year's tax", usd=figures.change(way.tax_usd, "plan.comparisons[0].tax_usd"))


def _highest_cost(told: Told) -> Passage | None:
    """The same with the lots of highest cost, which careful sellers choose."""
    plan = told.plan
    if len(plan.comparisons) < 2:
        return None
    careful = plan.comparisons[1]
    saved = plan.tax_saved_usd(careful)
    if not figures.differ(careful.tax_usd, plan.comparisons[0].tax_usd):
        return None
    differ = figures.differ(careful.tax_usd, plan.tax.cost_usd)
    if differ and saved > 0:
        more = figures.usd(saved, "plan.comparisons[1].tax_usd - plan.tax.cost_usd")
        return say("Even if the costliest shares were sold first, it would be {more} more than this plan.", more=more)
    if not differ:
        return say("If the costliest shares were sold first, it would come to about the same tax as this plan.")
    less = figures.usd(-saved, "plan.tax.cost_usd - plan.comparisons[1].tax_usd")
    return say("If the costliest shares were sold first, though, it would be {less} less than this plan.", less=less)


def _in_all(told: Told) -> Passage | None:
    """Later tax and the cost of trading too."""
    mine, usual = told.plan.compared[:2]
    cheaper = usual.cost_usd - mine.cost_usd
    if not figures.differ(usual.cost_usd, mine.cost_usd):
        return None
    one, other = "plan.comparisons[0].cost_usd", "plan.compared[0].cost_usd"
    amount = figures.usd(abs(cheaper), f"{one} - {other}" if cheaper > 0 else f"{other} - {one}")
    verdict = "cheaper" if cheaper > 0 else "more expensive"
    return say(
        f"With the tax of later years and the cost of trading counted too, this plan is {{amount}} {verdict} than the "
        "usual way.",
        amount=amount,
    )


def _plan_breaks(told: Told, rule: str) -> bool:
    """Whether the plan breaks that rule too, so that it is no fault of the usual way alone."""
    if rule == "wash sale":
        return sum(sale.disallowed_usd for sale in told.plan.lot_sales) >= figures.TOLD_USD
    start = SAME_RULE.get(rule)
    return start is not None and any(one.rule.startswith(start) for one in told.plan.relaxed)


def _leaves(told: Told, usual: Comparison) -> Passage:
    """What the usual way leaves behind and breaks: it must do the same work to be compared."""
    here = figures.share(told.plan.after.household_drift, "plan.after.household_drift")
    there = figures.share(usual.household_drift, "plan.comparisons[0].household_drift")
    broken = [name(BREAKS.get(rule, rule)) for rule in usual.breaks if not _plan_breaks(told, rule)]
    also, its = say(""), say("")
    if broken:
        also = say("; it would also {broken}", broken=joined(broken))
        its = say("; the usual way would also {broken}", broken=joined(broken))
    if told.plan.after.followed_error is not None and usual.tracking_error is not None:
        # this is what is watched, and what the usual way is matched by
        error = figures.fine_share(told.plan.after.followed_error, "plan.after.tracking_error")
        theirs = figures.fine_share(usual.tracking_error, "plan.comparisons[0].tracking_error")
        return say(
            "With this plan your result may stray {error} a year from that of the target, the usual way "
            "{theirs}{also}.",
            error=error,
            theirs=theirs,
            also=also,
        )
    if max(told.plan.after.household_drift, usual.household_drift) < figures.TOLD_WEIGHT:
        return say("Both leave your money where the target wants it{its}.", its=its)
    if here.text == there.text:
        return say("Both leave {here} away from target{its}.", here=here, its=its)
    return say(
        "This plan leaves {here} away from target, the usual way would leave {there}{also}.",
        here=here,
        there=there,
        also=also,
    )
