"""A plan in the shapes that people look at: what a chart draws and a heat map colours, the same on paper and screen."""

from dataclasses import dataclass

from rebal_xl.household.plan import Drift, DriftLine, LotSale, Plan
from rebal_xl.household.words import Term


@dataclass(frozen=True, slots=True)
class ClassView:
    """One asset class before and after a plan, weights 0..1 of household value."""

    asset_class: str
    target: float
    before: float
    after: float
    before_usd: float
    after_usd: float
    # edges of the trigger band as weights; None for a class without band
    low: float | None = None
    high: float | None = None
    # above band, below band, in band, in destination, no band
    status_before: str = ""
    status_after: str = ""

    @property
    def drift_before(self) -> float:
        """Actual minus target weight today."""
        return self.before - self.target

    @property
    def drift_after(self) -> float:
        """Actual minus target weight after the plan."""
        return self.after - self.target


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Dollars by account and class, before and after a plan; rows are accounts, columns classes."""

    accounts: tuple[str, ...]
    classes: tuple[str, ...]
    before_usd: tuple[tuple[float, ...], ...]
    after_usd: tuple[tuple[float, ...], ...]

    def changes_usd(self) -> tuple[tuple[float, ...], ...]:
        """After less before."""
        return tuple(
            tuple(after - before for before, after in zip(old, new, strict=True))
            for old, new in zip(self.before_usd, self.after_usd, strict=True)
        )


@dataclass(frozen=True, slots=True)
class RealisedView:
    """Gains and losses that a plan realises in one term, dollars; a loss is negative, a disallowed one positive."""

    term: Term
    gains_usd: float
    losses_usd: float
    # the part of the losses that the law disallows (IRC 1091)
    disallowed_usd: float

    @property
    def net_usd(self) -> float:
        """What enters the return."""
        return self.gains_usd + self.losses_usd + self.disallowed_usd


def class_views(plan: Plan) -> tuple[ClassView, ...]:
    """Every class of a plan in the order of the targets, classes that only the plan brings after them."""
    started = {line.asset_class: line for line in plan.before.lines}
    ended = {line.asset_class: line for line in plan.after.lines}
    names = [*started, *(name for name in ended if name not in started)]
    return tuple(_class_view(name, started.get(name), ended.get(name)) for name in names)


def _class_view(name: str, before: DriftLine | None, after: DriftLine | None) -> ClassView:
    known = before or after
    if known is None:
        raise AssertionError("a class is known before or after")
    return ClassView(
        asset_class=name,
        target=known.target_weight,
        before=before.actual_weight if before else 0.0,
        after=after.actual_weight if after else 0.0,
        before_usd=before.actual_usd if before else 0.0,
        after_usd=after.actual_usd if after else 0.0,
        low=known.trigger_low,
        high=known.trigger_high,
        status_before=before.status if before else "",
        status_after=after.status if after else "",
    )


def heat_map(plan: Plan) -> HeatMap:
    """Where the classes lie: accounts by name, classes in the order of `class_views`, others after them by name."""
    held = {(account, name) for account, name, _ in (*plan.before.by_account, *plan.after.by_account)}
    order = [view.asset_class for view in class_views(plan)]
    classes = (*order, *sorted({name for _, name in held} - set(order)))
    accounts = tuple(sorted({account for account, _ in held}))
    return HeatMap(accounts, classes, _placed(plan.before, accounts, classes), _placed(plan.after, accounts, classes))


def _placed(drift: Drift, accounts: tuple[str, ...], classes: tuple[str, ...]) -> tuple[tuple[float, ...], ...]:
    held: dict[tuple[str, str], float] = {}
    for account, name, usd in drift.by_account:
        held[account, name] = held.get((account, name), 0.0) + usd
    return tuple(tuple(held.get((account, name), 0.0) for name in classes) for account in accounts)


def realised_views(plan: Plan) -> tuple[RealisedView, ...]:
    """Gains and losses of the plan's own sales by term, short before long; both are there, also without a sale."""
    return tuple(_realised(term, plan.lot_sales) for term in (Term.SHORT, Term.LONG))


def _realised(term: Term, sales: tuple[LotSale, ...]) -> RealisedView:
    mine = [sale for sale in sales if sale.term is term]
    return RealisedView(
        term=term,
        gains_usd=sum(sale.gain_usd for sale in mine if sale.gain_usd > 0),
        losses_usd=sum(sale.gain_usd for sale in mine if sale.gain_usd < 0),
        disallowed_usd=sum(sale.disallowed_usd for sale in mine),
    )
