"""The tables of the page: classes, accounts, trades, gains and losses, other ways, and the frontier."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rebal_xl import words
from rebal_xl.household import Comparison, FrontierPoint, Household, Plan, Side, Trade
from rebal_xl.household.execution import in_order
from rebal_xl.household.views import ClassView, HeatMap, RealisedView
from rebal_xl.report.charts.money import TERMS
from rebal_xl.report.grid import Column, Line, Part, grid
from rebal_xl.report.markup import Markup, joined, name, tag
from rebal_xl.report.wording import NONE, change, money, percent, span, whole_dollars

# Accounts side by side; more of them get a table of their own below, so that names can be read on paper.
ACCOUNTS_ACROSS = 6
# Shades of the accounts' table, from nothing to the largest holding.
SHADES = 6


def classes(views: Sequence[ClassView]) -> Markup:
    """Every class in weights and dollars, before and after, with its range."""
    columns = (
        Column("Asset class"),
        *(Column(head, figures=True) for head in ("Today", "Target", "After", "Allowed range", "Today, $", "After, $")),
    )
    lines = [
        Line(
            (
                name(view.asset_class),
                _weight(view.before, view.status_before),
                percent(view.target),
                _weight(view.after, view.status_after),
                span(view.low, view.high),
                whole_dollars(view.before_usd),
                whole_dollars(view.after_usd),
            )
        )
        for view in views
    ]
    total = Line(
        (
            "All",
            *(percent(sum(weights)) for weights in zip(*((v.before, v.target, v.after) for v in views), strict=True)),
            "",
            whole_dollars(sum(view.before_usd for view in views)),
            whole_dollars(sum(view.after_usd for view in views)),
        ),
        total=True,
    )
    caption = "Class by class. Figures that stand outside the allowed range are underlined."
    return grid(caption, columns, [Part([*lines, total] if views else lines)], "classes")


def accounts(held: HeatMap) -> Markup:
    """What each account holds after the plan, shaded by its size, and what changes; so many accounts to a table."""
    number = -(-len(held.accounts) // ACCOUNTS_ACROSS)
    across = -(-len(held.accounts) // max(1, number))
    blocks = [
        range(start, min(start + across, len(held.accounts))) for start in range(0, len(held.accounts), across or 1)
    ]
    return joined(*(_block(held, block, number) for number, block in enumerate(blocks)))


def _block(held: HeatMap, block: range, number: int) -> Markup:
    largest = max((usd for row in held.after_usd for usd in row), default=0.0)
    columns = [
        Column("Asset class"),
        *(Column(held.accounts[account], figures=True, optional=True) for account in block),
    ]
    lines = []
    for place, asset_class in enumerate(held.classes):
        pairs = [(held.before_usd[account][place], held.after_usd[account][place]) for account in block]
        if not any(round(usd) for pair in pairs for usd in pair):
            continue
        cells = [_held(before, after) for before, after in pairs]
        looks = ["", *(f"shade-{shade(after, largest)}" for _, after in pairs)]
        lines.append(Line((name(asset_class), *cells), looks))
    sums = [(sum(held.before_usd[account]), sum(held.after_usd[account])) for account in block]
    totals = [_held(before, after) for before, after in sums]
    lines.append(Line(("Whole account", *totals), total=True))
    more = "More accounts: what" if number else "What"
    return grid(
        f"{more} each account holds after the trades, and what changes. The stronger the shade, the more it holds.",
        columns,
        [Part(lines)],
        "accounts",
    )


def _held(before: float, after: float) -> Markup:
    """Whole dollars of one class in one account, and what changes; empty where it never holds any."""
    if not round(before) and not round(after):
        return Markup("")
    changed = change(after - before, whole_dollars)
    return tag("span", whole_dollars(after), tag("small", changed) if changed else None, class_="held")


def shade(usd: float, largest: float) -> int:
    """0 for nothing, then 1 to SHADES by the share of the largest holding."""
    if usd <= 0 or largest <= 0 or round(usd, 2) == 0:
        return 0
    return max(1, min(SHADES, -int(-SHADES * usd // largest)))


def trades(plan: Plan, household: Household) -> Markup:
    """The orders, account by account, sells before buys."""
    ordered = in_order(plan.trades)
    write = money(trade.amount_usd for trade in ordered)
    figures = (Column("About", figures=True), Column("Shares", figures=True))
    columns = (Column("Order"), Column("Security"), *figures, Column("Why"))
    parts = [
        Part([_trade(one, household, write(one.amount_usd)) for one in group], name(account))
        for account, group in groupby(ordered, key=lambda trade: trade.account)
    ]
    sold, bought = (sum(one.amount_usd for one in ordered if one.side is side) for side in (Side.SELL, Side.BUY))
    total = joined(
        tag("p", f"Sold in all: about {write(sold)}. Bought in all: about {write(bought)}.", class_="lead"),
    )
    caption = "The proposed trades, account by account. Amounts are estimates at the prices the plan was made with."
    return joined(grid(caption, columns, parts, "trades"), total)


def _trade(trade: Trade, household: Household, amount: str) -> Line:
    decimals = words.share_decimals([trade.quantity])
    known = {security.symbol: security.name for security in household.securities}
    full = known.get(trade.symbol, "")
    more = tag("small", name(full)) if full and full != trade.symbol else None
    security = tag("span", name(trade.symbol), more, class_="security")
    order = "Sell all" if trade.closes_position and trade.side is Side.SELL else trade.side.value
    look = "sell" if trade.side is Side.SELL else "buy"
    return Line((order, security, amount, f"{trade.quantity:,.{decimals}f}", trade.reason), (look, "", "", "", "why"))


def gains(views: Sequence[RealisedView]) -> Markup:
    """Gains and losses by term."""
    write = money(usd for view in views for usd in (view.gains_usd, view.losses_usd, view.disallowed_usd, view.net_usd))
    heads = ("Gains", "Losses", "Losses that do not count now", "Net")
    lines = [
        Line(
            (
                TERMS[view.term],
                *(write(usd) for usd in (view.gains_usd, view.losses_usd, view.disallowed_usd, view.net_usd)),
            )
        )
        for view in views
    ]
    caption = (
        "Gains and losses of the proposed sales. A loss does not count now where the same security is bought too near."
    )
    return grid(caption, (Column("Held"), *(Column(head, figures=True) for head in heads)), [Part(lines)])


def comparison(ways: Sequence[Comparison]) -> Markup:
    """The plan beside ordinary ways."""
    write = money(usd for way in ways for usd in (way.tax_usd, way.cost_usd))
    followed = any(way.tracking_error is not None for way in ways)
    stray = ("May stray from the target's result, a year",) if followed else ()
    heads = ("Tax this year", "All costs, now and later", "Distance from target left", *stray, "Orders")

    def line(way: Comparison) -> Line:
        error = NONE if way.tracking_error is None else words.percent(way.tracking_error)
        ends = (percent(way.household_drift), *((error,) if followed else ()))
        return Line((way.name, write(way.tax_usd), write(way.cost_usd), *ends, f"{way.orders:,d}"))

    lines = [line(way) for way in ways]
    caption = "This plan beside ordinary ways to rebalance the same household. Every figure is an estimate."
    return grid(caption, (Column("Way"), *(Column(head, figures=True) for head in heads)), [Part(lines)])


def frontier(points: Sequence[FrontierPoint], chosen: Plan) -> Markup:
    """The points of the curve and the chosen plan."""
    plans = (chosen, *(point.plan for point in points))
    write = money(usd for plan in plans for usd in (plan.paid_usd, plan.tax.cost_usd))

    def line(first: str, plan: Plan, *, total: bool = False) -> Line:
        drift = percent(plan.after.household_drift)
        cells = (first, drift, write(plan.paid_usd), write(plan.tax.cost_usd), f"{len(plan.trades):,d}")
        return Line(cells, total=total)

    lines = [line(percent(point.drift_cap), point.plan) for point in points]
    heads = ("Distance left", "All costs, now and later", "Tax this year", "Orders")
    return grid(
        "The cheapest plan for each distance from target that is allowed, and the proposed plan.",
        (Column("Distance allowed"), *(Column(head, figures=True) for head in heads)),
        [Part([*lines, line("This plan", chosen, total=True)])],
    )


def _weight(weight: float, status: str) -> str | Markup:
    """A weight, marked where it is outside its range."""
    text = percent(weight)
    return tag("span", text, class_="outside") if status in ("above band", "below band") else text
