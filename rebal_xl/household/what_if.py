"""What-if: a plan, the same plan after an advisor's edits, and what the edits change."""

from dataclasses import dataclass

from rebal_xl.household.plan import Plan
from rebal_xl.household.words import Side

# Shares by which the same order may differ through rounding.
SAME_SHARES = 1e-6


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure in both plans."""

    # taxpayer or cost term
    name: str
    base_usd: float
    edited_usd: float

    @property
    def change_usd(self) -> float:
        """What the edits add (or take off), dollars."""
        return self.edited_usd - self.base_usd


@dataclass(frozen=True, slots=True)
class ClassChange:
    """Where one asset class ends in both plans; weights 0..1 of the household."""

    asset_class: str
    base_target: float
    edited_target: float
    base_weight: float
    edited_weight: float

    @property
    def base_drift(self) -> float:
        """Drift that the base plan leaves."""
        return self.base_weight - self.base_target

    @property
    def edited_drift(self) -> float:
        """Drift from its own target that the edited plan leaves."""
        return self.edited_weight - self.edited_target


@dataclass(frozen=True, slots=True)
class OrderChange:
    """An order that is not the same in both plans; shares and dollars are 0 where a plan does not have it."""

    account: str
    symbol: str
    side: Side
    base_quantity: float
    edited_quantity: float
    base_usd: float
    edited_usd: float

    @property
    def kind(self) -> str:
        """Added, removed or changed."""
        if self.base_quantity == 0.0:
            return "added"
        return "removed" if self.edited_quantity == 0.0 else "changed"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Two plans of one household and their differences."""

    base: Plan
    edited: Plan
    # what was edited, a sentence each
    edits: tuple[str, ...] = ()

    @property
    def tax(self) -> tuple[FigureChange, ...]:
        """What each plan adds to the year's tax, by taxpayer."""
        costs = [{change.after.taxpayer: change.cost_usd for change in plan.tax.changes} for plan in self._plans]
        return _changes(*costs)

    @property
    def terms(self) -> tuple[FigureChange, ...]:
        """The terms of both plans' cost."""
        base, edited = ({term.name: term.usd for term in plan.cost_terms} for plan in self._plans)
        return _changes(base, edited)

    @property
    def classes(self) -> tuple[ClassChange, ...]:
        """Where every class ends, in the order of the edited plan."""
        base, edited = ({line.asset_class: line for line in plan.after.lines} for plan in self._plans)
        names = [*edited, *(name for name in base if name not in edited)]
        return tuple(
            ClassChange(
                name,
                base[name].target_weight if name in base else 0.0,
                edited[name].target_weight if name in edited else 0.0,
                base[name].actual_weight if name in base else 0.0,
                edited[name].actual_weight if name in edited else 0.0,
            )
            for name in names
        )

    @property
    def orders(self) -> tuple[OrderChange, ...]:
        """Orders that the edits add, remove or change, by account, sales first."""
        base, edited = (
            {(trade.account, trade.side, trade.symbol): trade for trade in plan.trades} for plan in self._plans
        )
        found = []
        for key in sorted({*base, *edited}, key=lambda key: (key[0], key[1] is Side.BUY, key[2])):
            before, after = base.get(key), edited.get(key)
            shares = [trade.quantity if trade else 0.0 for trade in (before, after)]
            if abs(shares[1] - shares[0]) > SAME_SHARES:
                dollars = [trade.amount_usd if trade else 0.0 for trade in (before, after)]
                account, side, symbol = key
                found.append(OrderChange(account, symbol, side, *shares, *dollars))
        return tuple(found)

    @property
    def _plans(self) -> tuple[Plan, Plan]:
        return self.base, self.edited


def _changes(base: dict[str, float], edited: dict[str, float]) -> tuple[FigureChange, ...]:
    names = [*base, *(name for name in edited if name not in base)]
    return tuple(FigureChange(name, base.get(name, 0.0), edited.get(name, 0.0)) for name in names)
