"""The tables of the Dashboard: what its charts draw and its heat map colours, with the smallest of many put together.

Everything is the plan's own, in the shapes of `household.views`; the sheets Drift, Tax and Frontier have it in full.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rebal_xl.household import Curve, Plan, Term
from rebal_xl.household.views import ClassView, HeatMap, class_views, heat_map, realised_views
from rebal_xl.sheets import formats
from rebal_xl.sheets.cells import Shown
from rebal_xl.sheets.columns import rate, whole_money
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_drift import unlike
from rebal_xl.sheets.schema import Column, Kind, Table

KIND = "Dashboard"
# More classes or accounts than these are not legible on one page: the smallest are put together.
MOST_CLASSES = 12
MOST_ACCOUNTS = 12
# Dollars that are no change worth an arrow.
NOTHING_USD = 0.5
# From here on, dollars of the heat map are shown in thousands, and in millions.
THOUSANDS_FROM_USD, MILLIONS_FROM_USD = 10e6, 10e9
THOUSANDS, MILLIONS = '$#,##0,"K";-$#,##0,"K"', '$#,##0,,"M";-$#,##0,,"M"'
# Smaller amounts are not shown so.
LEAST_THOUSANDS_USD, LEAST_MILLIONS_USD = 1e5, 1e8
OUTSIDE = ("above band", "below band")
WAYS_BEGIN = "Account by account, "


def _table(name: str, note: str, *columns: Column, square: bool = False) -> Table:
    return Table(name=name, sheet=KIND, is_input=False, note=note, columns=columns, square=square)


HEAT = _table(
    "DashboardHeat",
    "Dollars by account and class after the plan. An arrow up says that the plan brings more there, an arrow down that "
    "it takes some away. The smallest of many accounts and classes are put together; the sheet Drift has them all.",
    Column("Account", Kind.TEXT, "The account; one column per asset class follows, in dollars, then the total."),
    square=True,
)

FIGURES = _table(
    "DashboardFigures",
    "The figures on top of the page, for formulas of your own.",
    Column("Measure", Kind.TEXT, "What is measured."),
    Column("Before", Kind.NUMBER, "Before the plan's trades, after withdrawals and contributions."),
    Column("After", Kind.NUMBER, "After them, or of the plan itself."),
)

CLASSES = _table(
    "DashboardClasses",
    "What the pictures of the mix and of drift show. Percents are of the household's counted value.",
    Column("Asset Class", Kind.TEXT, "The class; with many classes the smallest are put together."),
    rate("Before", "Weight before the plan."),
    rate("Target", "Wanted weight."),
    rate("After", "Weight after the plan."),
    rate("Drift Before", "Before minus target.", signed=True),
    rate("Drift After", "After minus target.", signed=True),
    rate("Band Below", "The lower trigger minus target.", signed=True),
    rate("Band Above", "The upper trigger minus target.", signed=True),
)

REALISED = _table(
    "DashboardRealised",
    "Gains and losses that the plan realizes, dollars. What enters the tax return is their sum without the disallowed "
    "losses.",
    Column("Term", Kind.TEXT, "Short-term: held for a year or less."),
    whole_money("Gains", "Gains realized."),
    whole_money("Losses", "Losses realized that count, negative."),
    whole_money("Disallowed", "Losses that the wash-sale rule disallows, negative."),
    whole_money("Net", "What enters the return: gains and the losses that count."),
)

WAYS = _table(
    "DashboardWays",
    "This year's tax of the plan beside ordinary rebalancing, each account on its own; the sheet Tax has more of it.",
    Column("Way", Kind.TEXT, "This plan, or how an ordinary rebalance chooses the lots it sells."),
    whole_money("Tax", "What it adds to this year's tax, dollars; negative is a saving."),
    rate("Drift After", "Household drift it ends with."),
)

CURVE = _table(
    "DashboardCurve",
    "The cheapest plan for each of several caps on household drift.",
    rate("Drift Allowed", "Most household drift allowed."),
    rate("Drift After", "Household drift that the plan leaves."),
    whole_money("Cost", "What is paid for the plan now and later, dollars."),
    whole_money("Tax", "What it adds to this year's tax, dollars; negative is a saving."),
    Column("Orders", Kind.WHOLE, "Number of orders.", number_format=formats.WHOLE),
)

CHOSEN = replace(CURVE, name="DashboardChosen", note="The plan of this run, beside the curve.")

TABLES = (HEAT, FIGURES, CLASSES, REALISED, WAYS, CURVE, CHOSEN)


@dataclass(frozen=True, slots=True)
class Shortened:
    """Which names are shown by themselves; the others are put together under one name."""

    shown: tuple[str, ...]
    # "7 other classes"; empty when all are shown
    others: str = ""


def shorten(names: Sequence[str], weights: Sequence[tuple[float, ...]], most: int, nouns: str) -> Shortened:
    """The first `most` names by weight, in their own order; where they are more, the last place is of the others."""
    if len(names) <= most:
        return Shortened(tuple(names))
    ranked = sorted(range(len(names)), key=lambda index: (tuple(-each for each in weights[index]), index))
    kept = sorted(ranked[: most - 1])
    return Shortened(tuple(names[index] for index in kept), f"{len(names) - len(kept)} other {nouns}")


def shown_classes(plan: Plan) -> Shortened:
    """The classes of charts and heat map: those outside their band first, then the largest."""
    views = class_views(plan)
    order = {view.asset_class: view for view in views}
    names = heat_map(plan).classes
    weights = [_weights(order.get(name)) for name in names]
    return shorten(names, weights, MOST_CLASSES, "classes")


def _weights(view: ClassView | None) -> tuple[float, ...]:
    if view is None:
        return (0.0, 0.0)
    outside = any(status in OUTSIDE for status in (view.status_before, view.status_after))
    return (float(outside), max(view.target, view.before, view.after))


def class_rows(plan: Plan, shown: Shortened) -> list[Row]:
    """One row per class shown, and one for the others, which have no band together."""
    views = {view.asset_class: view for view in class_views(plan)}
    rows: list[Row] = [_class_row(views[name]) for name in shown.shown if name in views]
    rest = [view for name, view in views.items() if name not in shown.shown]
    if rest:
        rows.append(
            {
                "Asset Class": shown.others,
                "Before": sum(view.before for view in rest),
                "Target": sum(view.target for view in rest),
                "After": sum(view.after for view in rest),
            }
        )
    return rows


def _class_row(view: ClassView) -> Row:
    return {
        "Asset Class": view.asset_class,
        "Before": view.before,
        "Target": view.target,
        "After": view.after,
        "Drift Before": view.drift_before,
        "Drift After": view.drift_after,
        "Band Below": None if view.low is None else view.low - view.target,
        "Band Above": None if view.high is None else view.high - view.target,
    }


def realises(plan: Plan) -> bool:
    """Whether the plan realises any gain or loss."""
    return any(abs(view.gains_usd) + abs(view.losses_usd) > NOTHING_USD for view in realised_views(plan))


def taxed(plan: Plan) -> bool:
    """Whether any of the compared ways changes this year's tax."""
    return any(abs(way.tax_usd) > NOTHING_USD for way in plan.compared)


def realised_rows(plan: Plan) -> list[Row]:
    """Short and long, always both."""
    names = {Term.SHORT: "Short-term", Term.LONG: "Long-term"}
    return [
        {
            "Term": names[view.term],
            "Gains": view.gains_usd,
            "Losses": view.losses_usd + view.disallowed_usd,
            "Disallowed": -view.disallowed_usd,
            "Net": view.net_usd,
        }
        for view in realised_views(plan)
    ]


def way_rows(plan: Plan) -> list[Row]:
    """The plan's row first, then one per ordinary way; none where nothing was compared."""
    return [
        {"Way": short_way(way.name), "Tax": way.tax_usd, "Drift After": way.household_drift} for way in plan.compared
    ]


def short_way(name: str) -> str:
    """The name of a way without what all ordinary ways share."""
    short = name.removeprefix(WAYS_BEGIN)
    return short[:1].upper() + short[1:]


def curve_rows(curve: Curve) -> list[Row]:
    """The points, the loosest cap first."""
    return [
        {
            "Drift Allowed": point.drift_cap,
            "Drift After": point.drift,
            "Cost": point.plan.paid_usd,
            "Tax": point.tax_usd,
            "Orders": float(point.orders),
        }
        for point in curve.points
    ]


def chosen_row(plan: Plan) -> Row:
    """The plan in the terms of the curve; no cap was set on its drift."""
    return {
        "Drift After": plan.after.household_drift,
        "Cost": plan.paid_usd,
        "Tax": plan.tax.cost_usd,
        "Orders": float(len(plan.trades)),
    }


@dataclass(frozen=True, slots=True)
class Heat:
    """The heat map."""

    table: Table
    rows: list[Row]
    # the household's, below the rows
    total: Row
    # rows and columns of single accounts and classes, which alone are coloured
    accounts: int
    classes: int


def heat_of(plan: Plan, classes: Shortened) -> Heat:
    """The table of accounts and classes with its own columns."""
    whole = heat_map(plan)
    weights = [(max(sum(old), sum(new)),) for old, new in zip(whole.before_usd, whole.after_usd, strict=True)]
    accounts = shorten(whole.accounts, weights, MOST_ACCOUNTS, "accounts")
    before, after = (_gathered(whole, usd, accounts, classes) for usd in (whole.before_usd, whole.after_usd))
    names = [*classes.shown, *([classes.others] if classes.others else [])]
    headers = unlike(names, ("Account", "Total"))
    code = _scale(max((abs(sum(row)) for row in after), default=0.0), sum(sum(row) for row in after))
    labels = [*accounts.shown, *([accounts.others] if accounts.others else [])]
    rows: list[Row] = []
    for label, old, new in zip(labels, before, after, strict=True):
        cells = {header: _arrowed(a, b, code) for header, a, b in zip(headers, old, new, strict=True)}
        rows.append({"Account": label, **cells, "Total": Shown(sum(new), _code(sum(new), code))})
    sums = [sum(row[index] for row in after) for index in range(len(headers))]
    total: Row = {
        "Account": "Household",
        **{header: Shown(usd, _code(usd, code)) for header, usd in zip(headers, sums, strict=True)},
        "Total": Shown(sum(sums), code),
    }
    columns = (*HEAT.columns, *(whole_money(header, "Dollars after the plan.") for header in headers))
    table = replace(HEAT, columns=(*columns, whole_money("Total", "All classes of the account.")))
    return Heat(table, rows, total, len(accounts.shown), len(classes.shown))


def _gathered(
    whole: HeatMap, usd: tuple[tuple[float, ...], ...], accounts: Shortened, classes: Shortened
) -> list[list[float]]:
    """Dollars by what is shown, what is not shown put together."""
    width = len(classes.shown) + bool(classes.others)
    rows = [[0.0] * width for _ in range(len(accounts.shown) + bool(accounts.others))]
    for account, held in zip(whole.accounts, usd, strict=True):
        row = rows[accounts.shown.index(account) if account in accounts.shown else -1]
        for name, dollars in zip(whole.classes, held, strict=True):
            row[classes.shown.index(name) if name in classes.shown else -1] += dollars
    return rows


def _scale(most_usd: float, total_usd: float) -> str:
    """Whole dollars, or thousands or millions where whole dollars are too wide for a page."""
    usd = max(most_usd, abs(total_usd))
    if usd < THOUSANDS_FROM_USD:
        return formats.WHOLE_DOLLARS
    return THOUSANDS if usd < MILLIONS_FROM_USD else MILLIONS


def _code(usd: float, code: str) -> str:
    """Thousands and millions only where they say something: $8 instead of $0K, $1,200K instead of $1M."""
    if abs(usd) < LEAST_THOUSANDS_USD:
        return formats.WHOLE_DOLLARS
    return THOUSANDS if code == MILLIONS and abs(usd) < LEAST_MILLIONS_USD else code


def _arrowed(before: float, after: float, code: str) -> Shown:
    """The dollars, with an arrow where the plan changes them; nothing for an empty place."""
    change, code = after - before, _code(after, code)
    if abs(change) <= NOTHING_USD:
        return Shown(after if abs(after) > NOTHING_USD else None, code)
    arrow = "▲" if change > 0 else "▼"
    return Shown(after, ";".join(f'"{arrow} "{part}' for part in code.split(";")))
