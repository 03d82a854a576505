"""Households of every size, and the plans made by hand for them, for the Dashboard to draw."""

from dataclasses import replace

from rebal_xl.household import Drift, DriftLine, Frontier, Plan, PlanTax
from tests.sheets.miller import PLAN

IDLE = replace(
    PLAN,
    trades=(),
    lot_sales=(),
    comparisons=(),
    after=PLAN.before,
    relaxed=(),
    notices=(),
    left_alone=(),
    tax=PlanTax(),
    cost_terms=(),
)


def held(classes: dict[str, dict[str, float]], targets: dict[str, float], drift: float = 0.0) -> Drift:
    """Drift of dollars by class and account; every target has a band of a fifth of it, but cash has none."""
    total = sum(sum(accounts.values()) for accounts in classes.values())
    lines = tuple(
        DriftLine(
            name,
            sum(accounts.values()),
            sum(accounts.values()) / total,
            targets[name],
            *(() if name == "Cash" else (0.8 * targets[name], 1.2 * targets[name], 0.9 * targets[name],
                                         1.1 * targets[name])),
        )
        for name, accounts in classes.items()
    )  # fmt: skip
    by_account = tuple((account, name, usd) for name, accounts in classes.items() for account, usd in accounts.items())
    return Drift(total, lines, drift, None, by_account)


def even(classes: int, accounts: int, usd: float = 1_000.0) -> Drift:
    """So many classes in so many accounts: class number n has n + 1 times `usd` in each; all targets are alike."""
    names = [f"Class {number}" for number in range(classes)]
    return held(
        {
            name: {f"Account number {one:02d}": usd * (number + 1) for one in range(accounts)}
            for number, name in enumerate(names)
        },
        dict.fromkeys(names, 1.0 / classes),
    )


def plan_of(drift: Drift, base: Plan = PLAN) -> Plan:
    """A plan that leaves the household as it is."""
    return replace(base, before=drift, after=drift)


CASH_ONLY = plan_of(held({"Cash": {"Joint": 1_234.56}}, {"Cash": 1.0}), IDLE)
ONE_CLASS = plan_of(even(1, 3))
ONE_ACCOUNT = plan_of(even(5, 1))
MANY = plan_of(even(40, 30))
WEALTHY = plan_of(even(12, 12, 9_000_000.0))
NOBODY = plan_of(Drift(0.0, (), 0.0, None, ()), IDLE)

PLANS: dict[str, tuple[Plan, Frontier | None]] = {
    "no trade": (IDLE, None),
    "cash only": (CASH_ONLY, None),
    "one class": (ONE_CLASS, None),
    "one account": (ONE_ACCOUNT, None),
    "40 classes in 30 accounts": (MANY, None),
    "wealthy": (WEALTHY, None),
    "nothing": (NOBODY, None),
}
