"""Drift: where each class is, where it should be, its band, and how far the household is from its target.

Weights are shares of the value after flows (contributions in, withdrawals out), before trading and after it alike.
"""

from collections.abc import Mapping

import numpy as np

from rebal_xl.household import CASH_CLASS, Covariance, Drift, DriftLine, Household, Policy, Target
from rebal_xl.household.plan import WEIGHT_TOLERANCE
from rebal_xl.measure.assumptions import shipped_covariance
from rebal_xl.measure.bands import band_of
from rebal_xl.measure.exposure import measure_exposure
from rebal_xl.measure.flows import value_after_flows_usd, withdrawals_owed_usd

# Less than this is rounding of a sum, not a holding.
HALF_A_CENT = 0.005
# Part of a variance by which rounding may bring a covariance below what any returns have.
ROUNDING = 1e-9


def measure_drift(
    household: Household,
    policy: Policy,
    *,
    holdings: Mapping[tuple[str, str], float] | None = None,
    cash: Mapping[str, float] | None = None,
) -> Drift:
    """Drift of what is held now, or of `holdings` ((account, symbol) -> shares) and `cash` (account -> dollars).

    Both mappings describe the end of trading: complete, contributions received, withdrawals paid. Without `cash`, the
    withdrawals still owed are taken off the household's cash, which may fall below zero by what must be raised.
    The lines by account show what lies in each account and therefore do not know of withdrawals still owed.
    The tracking error is seen by the policy's covariance, else by the shipped assumptions; where these do not know
    every class it is not known. Where the policy follows it, classes have no bands of their own.
    Raises ValueError when the covariance table lacks a class that carries drift; cash that it lacks has no risk.
    """
    exposure = measure_exposure(household, holdings=holdings, cash=cash)
    value = value_after_flows_usd(household, policy)
    dollars = dict(exposure.by_class)
    if cash is None:
        dollars[CASH_CLASS] = dollars.get(CASH_CLASS, 0.0) - withdrawals_owed_usd(household, policy)
    order = _class_order(policy, dollars)
    banded = not policy.follows_tracking
    lines = tuple(_line(name, dollars.get(name, 0.0), value, policy.target_of(name), banded=banded) for name in order)
    # An emptied household has no weights, so it cannot drift.
    drifts = {line.asset_class: line.drift if value > 0.0 else 0.0 for line in lines}
    return Drift(
        value_usd=value,
        lines=lines,
        household_drift=0.5 * sum(abs(drift) for drift in drifts.values()),
        tracking_error=_tracking_error(drifts, policy),
        tracking_trigger=policy.tracking_trigger if policy.follows_tracking else None,
        by_account=tuple(
            (account, asset_class, usd)
            for (account, asset_class), usd in sorted(exposure.by_account.items())
            if abs(usd) >= HALF_A_CENT
        ),
    )


def tracking_error(drifts: Mapping[str, float], covariance: Covariance) -> float:
    """Yearly standard deviation of (household minus target) returns: the root of d'Σd.

    `drifts` maps classes to actual minus target weight; cash without a row has no risk. Raises ValueError when another
    class that carries drift has no row, or when the table is no covariance.
    """
    size = len(covariance.classes)
    if len(covariance.rows) != size or any(len(row) != size for row in covariance.rows):
        raise ValueError(f"The covariance table names {size} classes: it needs {size} rows of {size} numbers.")
    known = {*covariance.classes, CASH_CLASS}
    missing = sorted(name for name in drifts if name not in known and abs(drifts[name]) > WEIGHT_TOLERANCE)
    if missing:
        raise ValueError(
            f"The covariance table has no row for {', '.join(missing)}, where the household differs from its target. "
            "Add the class to the table, or leave the table out."
        )
    table = np.array(covariance.rows, dtype=float).reshape(size, size)
    vector = np.array([drifts.get(name, 0.0) for name in covariance.classes])
    variance = float(vector @ table @ vector)
    rounding = ROUNDING * float(np.abs(vector) @ np.abs(table) @ np.abs(vector))
    if variance < -rounding:
        raise ValueError("The covariance table gives a negative variance: check that it is symmetric and complete.")
    return float(np.sqrt(max(0.0, variance)))


def _tracking_error(drifts: Mapping[str, float], policy: Policy) -> float | None:
    covariance = policy.covariance or shipped_covariance(tuple(sorted(drifts)))
    return None if covariance is None else tracking_error(drifts, covariance)


def _class_order(policy: Policy, dollars: Mapping[str, float]) -> list[str]:
    """Targets as the advisor wrote them, then other classes by name, cash without a target last."""
    targeted = [target.asset_class for target in policy.targets]
    held = {name for name, usd in dollars.items() if abs(usd) >= HALF_A_CENT}
    others = sorted(held - set(targeted) - {CASH_CLASS})
    cash = [CASH_CLASS] if CASH_CLASS in held and CASH_CLASS not in targeted else []
    return [*targeted, *others, *cash]


def _line(asset_class: str, usd: float, value: float, target: Target | None, *, banded: bool) -> DriftLine:
    weight = usd / value if value > 0.0 else 0.0
    if target is None:
        return DriftLine(asset_class, usd, weight, 0.0)
    if value <= 0.0 or not banded:
        return DriftLine(asset_class, usd, weight, target.weight, group=target.group)
    band = band_of(target)
    return DriftLine(
        asset_class=asset_class,
        actual_usd=usd,
        actual_weight=weight,
        target_weight=target.weight,
        trigger_low=band.trigger_low,
        trigger_high=band.trigger_high,
        destination_low=band.destination_low,
        destination_high=band.destination_high,
        group=target.group,
    )
