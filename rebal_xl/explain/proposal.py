"""What is proposed: the orders in sum and class by class, and why they are made in these accounts."""

from rebal_xl.explain import facts, figures
from rebal_xl.explain.drift import line_source, measurable
from rebal_xl.explain.phrases import Voice, joined, name, named, say, section, together
from rebal_xl.explain.told import Told
from rebal_xl.household import DriftLine, Method, Side, Trade
from rebal_xl.household.explanation import Passage, Section

# Classes with a line of their own, and named in short.
MOST_CLASSES, MOST_NAMED = 6, 2
ACCOUNTS = "distinct(plan.trades.account)"
VERBS = {Side.SELL: "sell", Side.BUY: "buy"}
# What a method is for, where that is not the mix.
AIMS = {
    Method.CASH_ONLY: "This plan only raises and invests cash; it does not trade for the sake of the mix.",
    Method.HARVEST: "This plan looks for losses that can lower your tax. The mix may move, but only inside its bands.",
    Method.LOCATION: "This plan changes which account holds what, so that less of your income is taxed. The mix of the "
    "whole household stays as it is.",
    Method.NONE: "These trades were decided on beforehand; what the plan adds is the choice of the shares to sell.",
}


def proposal(told: Told, voice: Voice) -> Section | None:
    """The orders in sum, and where they lead."""
    if not told.plan.trades:
        return _nothing(told, voice)
    title = voice.pick("What we propose", "What we'd like to do")
    aim = AIMS.get(told.policy.method)
    brief = not voice.full
    return section(
        "proposal",
        title,
        [
            say(aim) if aim else None,
            together(_orders(told, voice), _mainly(told) if brief else None),
            _income_saved(told),
            _consolidated(told),
            together(_afterwards(told), _tracking(told), _further(told) if voice.full else None),
            _where_sold(told, voice) if brief else None,
            _stopped(told),
        ],
    )


def changes(told: Told, voice: Voice) -> Section | None:
    """Class by class; not for a single order, which is told already."""
    if not voice.full or len(told.plan.trades) < 2:
        return None
    classes = _classes(told)
    passages = [_class_line(told, one) for one in classes[:MOST_CLASSES]]
    rest = classes[MOST_CLASSES:]
    if rest:
        passages.append(say("Smaller orders: {names}.", names=joined([name(one) for one in rest])))
    return section("changes", voice.pick("What changes, class by class", "What changes"), passages, listed=True)


def why_these_accounts(told: Told, voice: Voice) -> Section | None:
    """Where is sold and bought, and what that spares."""
    if not voice.full:
        return None
    passages = [_where_sold(told, voice), _where_bought(told), _placement(told)]
    return section("why these accounts", voice.pick("Why in these accounts", "Why these accounts"), passages)


def _nothing(told: Told, voice: Voice) -> Section | None:
    wanted = told.plan.before.needed or told.plan.relaxed
    if wanted:
        said = "The rules we agreed on leave no trade that would help. What stands in the way is said below."
        return section("proposal", "No trades today", [say(said)])
    calm = voice.pick(
        "Nothing calls for a trade today, and we leave everything as it is.",
        "Nothing needs trading today, so we'd leave everything just as it is.",
    )
    return section("proposal", "No trades are needed", [say(calm)])


def _orders(told: Told, voice: Voice) -> Passage:
    plan = told.plan
    propose = voice.pick("We propose", "We suggest")
    if len(plan.trades) == 1:
        trade = plan.trades[0]
        return say(
            f"{propose} one order: {VERBS[trade.side]} {{usd}} of {{symbol}} in {{account}}.",
            usd=figures.usd(trade.amount_usd, "plan.trades[0].amount_usd"),
            symbol=name(trade.symbol),
            account=name(trade.account),
        )
    accounts = list(dict.fromkeys(trade.account for trade in plan.trades))
    place = name(accounts[0]) if len(accounts) == 1 else figures.count(len(accounts), "account", ACCOUNTS)
    sums = [
        say(f"{'sales' if side is Side.SELL else 'purchases'} of {{usd}}", usd=facts.traded(told, side))
        for side in (Side.SELL, Side.BUY)
        if facts.trades(told, side)
    ]
    return say(
        f"{propose} {{orders}} in {{place}}: {{sums}}.",
        orders=figures.count(len(plan.trades), "order", "count(plan.trades)"),
        place=place,
        sums=joined(sums),
    )


def _mainly(told: Told) -> Passage | None:
    """The largest sales and purchases by class, for who reads no list."""
    if len(told.plan.trades) < 2:
        return None
    said = []
    for side in (Side.SELL, Side.BUY):
        classes = {_class(told, trade) for trade in facts.trades(told, side)}
        largest = sorted(classes, key=lambda one: (-_usd(told, side, one), one))[:MOST_NAMED]
        # the only class of a side has the dollars of that side, which are told already
        text = f"{VERBS[side]} {{name}}" if len(classes) == 1 else f"{VERBS[side]} {{usd}} of {{name}}"
        said += [say(text, usd=facts.traded(told, side, asset_class=one), name=name(one)) for one in largest]
    return say("Mainly, we {orders}.", orders=joined(said))


def _afterwards(told: Told) -> Passage | None:
    before, after = told.plan.before, told.plan.after
    if not measurable(told):
        return None
    was = figures.share(before.household_drift, "plan.before.household_drift")
    ends = figures.share(after.household_drift, "plan.after.household_drift")
    banded = told.policy.banded and before.outside and not after.outside
    inside = " Every class is then back inside its band." if banded else ""
    if was.text == ends.text:
        return say("The distance from the target stays at {ends}." + inside, ends=ends)
    if after.household_drift < figures.TOLD_WEIGHT:
        return say("Afterwards your money lies where the target wants it." + inside)
    if before.household_drift < figures.TOLD_WEIGHT:
        return say("Afterwards {ends} of your money lies away from target.", ends=ends)
    if after.household_drift > before.household_drift:
        return say("Afterwards {ends} of your money lies away from target, more than {was} today.", ends=ends, was=was)
    return say("Afterwards {ends} of your money lies away from target, instead of {was}." + inside, ends=ends, was=was)


def _tracking(told: Told) -> Passage | None:
    """Where the tracking error ends, where that is what is watched."""
    error = told.plan.after.tracking_error
    if not told.policy.follows_tracking or error is None:
        return None
    return say(
        "By our estimate your result may then stray {error} a year from that of the target.",
        error=figures.fine_share(error, "plan.after.tracking_error"),
    )


def _stopped(told: Told) -> Passage | None:
    """A plan of which it is not known how good it is."""
    if told.plan.status == "optimal":
        return None
    return say(
        "The search for the best plan was stopped before it was done: a plan that is up to {gap} better may exist.",
        gap=figures.at_most(told.plan.gap_usd, "plan.gap_usd"),
    )


def _income_saved(told: Told) -> Passage | None:
    """What moving classes between accounts saves a year, where the mix stays so that the two can be compared."""
    if told.policy.method is not Method.LOCATION or told.location is None or told.location[0].suspect:
        return None
    before, after = told.location
    if before.drag_usd - after.drag_usd < figures.DIFFERS_USD:
        return None
    return say(
        "By our estimate that saves about {saved} of tax on income a year.",
        saved=figures.about(before.drag_usd - after.drag_usd, "location[0].drag_usd - location[1].drag_usd"),
    )


def _consolidated(told: Told) -> Passage | None:
    """Sales that are made for the sake of fewer positions."""
    sales = [trade for trade in facts.trades(told, Side.SELL) if trade.serves == facts.CONSOLIDATION]
    bought = sorted({trade.symbol for trade in facts.trades(told, Side.BUY) if trade.serves == facts.CONSOLIDATION})
    if not sales or not bought:
        return None
    sold = sorted({trade.symbol for trade in sales})
    path = f"[serves={facts.CONSOLIDATION!r}]"
    one = len(sales) == 1
    return say(
        f"Of the orders, {{sales}} {'makes' if one else 'make'} your accounts simpler: what is sold there ({{sold}}) "
        "holds the same as what is bought for it ({bought}).",
        sales=figures.count(len(sales), "sale", f"count({facts.SALES}{path})"),
        sold=named(sold, f"distinct({facts.SALES}{path}.symbol)"),
        bought=named(bought, f"distinct({facts.PURCHASES}{path}.symbol)"),
    )


def _class(told: Told, trade: Trade) -> str:
    return told.household.security(trade.symbol).main_class


def _usd(told: Told, side: Side, asset_class: str) -> float:
    return sum(trade.amount_usd for trade in facts.trades(told, side, asset_class=asset_class))


def _classes(told: Told) -> list[str]:
    """Classes that are traded, the most dollars first."""
    found = {_class(told, trade) for trade in told.plan.trades}
    return sorted(found, key=lambda one: (-_usd(told, Side.SELL, one) - _usd(told, Side.BUY, one), one))


def _class_line(told: Told, asset_class: str) -> Passage:
    """What is done to one class, and where it leads."""
    done = [
        say(f"{VERBS[side]} {{usd}}", usd=facts.traded(told, side, asset_class=asset_class))
        for side in (Side.SELL, Side.BUY)
        if facts.trades(told, side, asset_class=asset_class)
    ]
    return say("{name}: {done}{moves}.", name=name(asset_class), done=joined(done), moves=_moves(told, asset_class))


def _moves(told: Told, asset_class: str) -> Passage:
    before = next((one for one in told.plan.before.lines if one.asset_class == asset_class), None)
    after = next((one for one in told.plan.after.lines if one.asset_class == asset_class), None)
    if after is None:
        return say("")
    ends = figures.share(after.actual_weight, line_source("after", after, "actual_weight"))
    aim = _target(told, after)
    if before is None:
        return say(", to {ends} of the household{aim}", ends=ends, aim=aim)
    was = figures.share(before.actual_weight, line_source("before", before, "actual_weight"))
    if was.text == ends.text:
        return say("; it stays at {ends} of the household{aim}", ends=ends, aim=aim)
    return say(", from {was} to {ends} of the household{aim}", was=was, ends=ends, aim=aim)


def _target(told: Told, line: DriftLine) -> Passage:
    if told.policy.target_of(line.asset_class) is None:
        return say(" (no target)")
    target = figures.share(line.target_weight, line_source("after", line, "target_weight"))
    return say(" (target {target})", target=target)


def _where_sold(told: Told, voice: Voice) -> Passage | None:
    free, taxed = (facts.trades(told, Side.SELL, taxable=taxable) for taxable in (False, True))
    where = facts.sheltered(told, free)
    if free and not taxed:
        every = "The sale is" if len(free) == 1 else "All sales are"
        return say(f"{every} in {where}, where selling costs no tax.")
    if not taxed:
        return None
    picked = voice.pick(
        "there the plan picks the shares whose sale costs the least tax",
        "there we pick the shares that cost you the least tax to sell",
    )
    if not free:
        every = "The sale is" if len(taxed) == 1 else "All sales are"
        return say(f"{every} in {facts.taxed(taxed)}; {picked}.")
    return say(
        f"Of the sales, {{free}} is in {where}, where selling costs no tax. The other {{taxed}} is in "
        f"{facts.taxed(taxed)}; {picked}.",
        free=facts.traded(told, Side.SELL, taxable=False),
        taxed=facts.traded(told, Side.SELL, taxable=True),
    )


def _where_bought(told: Told) -> Passage | None:
    free, taxed = (facts.trades(told, Side.BUY, taxable=taxable) for taxable in (False, True))
    if not free:
        return None
    where = facts.sheltered(told, free)
    relief = "where interest and dividends are not taxed each year"
    if not taxed:
        every = "The purchase is" if len(free) == 1 else "All purchases are"
        return say(f"{every} in {where}, {relief}.")
    bought = facts.traded(told, Side.BUY, taxable=False)
    return say(f"Of the purchases, {{bought}} is in {where}, {relief}.", bought=bought)


def _placement(told: Told) -> Passage | None:
    """How well the classes lie, where that changes and can."""
    if told.location is None or told.location[0].same_everywhere or not told.plan.trades:
        return None
    before, after = (figures.number(report.score, f"location[{at}].score") for at, report in enumerate(told.location))
    if before.text == after.text:
        return None
    scale = "a scale from zero (what you hold lies where it is taxed most) to one hundred (where it is taxed least)"
    return say(f"On {scale}, your accounts move from {{before}} to {{after}}.", before=before, after=after)


def _further(told: Told) -> Passage | None:
    """What going as near to the target as can be would cost in tax."""
    frontier = told.frontier
    if frontier is None or not frontier.points or not told.plan.trades:
        return None
    at = min(range(len(frontier.points)), key=lambda at: (frontier.points[at].drift, at))
    nearest = frontier.points[at]
    more = nearest.tax_usd - told.plan.tax.cost_usd
    if nearest.drift >= told.plan.after.household_drift - figures.TOLD_WEIGHT or more <= figures.TOLD_USD:
        return None
    extra = figures.usd(more, f"frontier.points[{at}].tax_usd - plan.tax.cost_usd")
    if nearest.drift < figures.TOLD_WEIGHT:
        return say("We stop there on purpose: all the way would cost {more} more tax this year.", more=extra)
    drift = figures.share(nearest.drift, f"frontier.points[{at}].drift")
    return say(
        "We stop there on purpose: as near as {drift} would cost {more} more tax this year.", drift=drift, more=extra
    )
