"""Tracking error: the yearly standard deviation of (household minus target) returns stays within its limit.

In dollars it is the length of F d, where d are the dollars of each class off target and F'F is the covariance of class
returns. The rows here set up that cone (optimize/cone.py); optimize/tangents.py solves with it.
"""

import numpy as np

from rebal_xl.household import CASH_CLASS, Drift, Household, InputErrors, Method, Policy, Problem
from rebal_xl.measure.assumptions import shipped_assumptions, shipped_covariance
from rebal_xl.optimize.cone import Cone
from rebal_xl.optimize.model import Model, Slack
from rebal_xl.optimize.prices import BAND_PRICE, DISTANCE_PRICE
from rebal_xl.optimize.program import INFINITY, UNIT_USD, FloatArray, Term
from rebal_xl.optimize.rules.bands import class_column

# Slopes at which each part touches the cone from the start; 1 is a length that lies in one entry alone.
FIRST_SLOPES = (-1.0, -0.7, -0.4, -0.15, 0.15, 0.4, 0.7, 1.0)
# Part of the greatest variance below which an eigenvalue of the covariance is rounding.
NO_VARIANCE = 1e-12


def tracking_limit(policy: Policy, before: Drift) -> float:
    """Tracking error (yearly, 0..1) to end within: the destination once it is beyond its trigger, else the trigger."""
    if not before.needed:
        return policy.tracking_trigger
    wanted = policy.tracking_destination
    return policy.tracking_trigger / 2 if wanted is None else min(wanted, policy.tracking_trigger)


def tracking_price(policy: Policy) -> float:
    """Price of a dollar of tracking error within the limit too: method Full goes as near to its target as it can."""
    return DISTANCE_PRICE if policy.follows_tracking and policy.method is Method.FULL else 0.0


def reachable_classes(household: Household, policy: Policy) -> tuple[str, ...]:
    """Classes that have a target, are held, or may come to be held by a purchase, and cash; by name."""
    targeted = {target.asset_class for target in policy.targets if target.weight > 0}
    counted = {account.name for account in household.accounts if account.counts_in_target}
    held = {lot.symbol for lot in household.lots if lot.account in counted}
    mixes = [
        security.class_mix
        for security in household.securities
        if security.symbol in held or (security.main_class in targeted and not security.do_not_buy)
    ]
    found = {name for mix in mixes for name, weight in mix if weight}
    return tuple(sorted({*found, *(target.asset_class for target in policy.targets), CASH_CLASS}))


def refuse_unknown_classes(household: Household, policy: Policy) -> None:
    """Raise InputErrors when drift is to be measured as tracking error and a class has no covariance."""
    if not policy.follows_tracking:
        return
    classes = reachable_classes(household, policy)
    if policy.covariance is None:
        unknown = shipped_assumptions().unknown(classes)
        where = "the assumptions that come with rebal_xl do not know"
    else:
        # cash that a table leaves out has no risk
        known = {*policy.covariance.classes, CASH_CLASS}
        unknown, where = tuple(name for name in classes if name not in known), "the covariance table has no row for"
    if unknown:
        raise InputErrors(
            [
                Problem(
                    f"Drift is to be measured as tracking error, but {where} {', '.join(unknown)}.",
                    "Call the class by a common name, fill in the Covariance table, or measure drift by class.",
                    code="no-tracking-error",
                )
            ]
        )


def add_tracking_rows(model: Model, like: Model | None = None) -> None:
    """Columns of the tracking error, its limit and its first tangents; those found for a model `like` it are shared."""
    if not model.policy.follows_tracking or model.before.value_usd <= 0:
        return
    names, value = reachable_classes(model.household, model.policy), model.before.value_usd / UNIT_USD
    factor = _factor(_covariance(model.policy, names))
    targets = [model.policy.target_of(name) for name in names]
    wanted = factor @ np.array([0.0 if target is None else target.weight * value for target in targets])
    classes = np.array([class_column(model, name) for name in names])
    program, count = model.program, len(factor)
    rows, places = np.nonzero(factor)
    entries = program.add_columns("risk entry", count, -INFINITY)
    program.add_rows(
        "risk entry", count, -wanted, -wanted,
        Term(np.arange(count), entries), Term(rows, classes[places], -factor[rows, places]),
    )  # fmt: skip
    price = tracking_price(model.policy)
    length = program.add_column("tracking error", 0.0, INFINITY, price)
    beyond = program.add_column("tracking error beyond", 0.0, INFINITY, BAND_PRICE)
    model.slacks.append(Slack("tracking error", "the household", beyond))
    parts = program.add_columns("risk part", count)
    program.add_row("risk parts", -INFINITY, 0.0, (parts, 1.0), (length, -1.0))
    # Rounding by so many dollars adds at most so much to the length.
    room = model.margin * float(np.linalg.norm(factor, 2)) if count else 0.0
    limit = max(0.0, tracking_limit(model.policy, model.before) * value - room)
    program.add_row("tracking limit", -INFINITY, limit, (length, 1.0), (beyond, -1.0))
    rows = np.arange(count)
    for slope in FIRST_SLOPES:
        program.add_rows(
            f"tangent {slope}", count, 0.0, INFINITY,
            Term(rows, parts), Term(rows, entries, -2.0 * slope), Term(rows, np.full(count, length), slope**2),
        )  # fmt: skip
    slopes: list[FloatArray] = [] if like is None or like.program.cone is None else like.program.cone.slopes
    program.cone = Cone(entries, parts, length, beyond, limit, price, BAND_PRICE, slopes)


def _covariance(policy: Policy, names: tuple[str, ...]) -> FloatArray:
    """Covariance of the classes in their order; cash that a table leaves out has no risk."""
    covariance = policy.covariance or shipped_covariance(names)
    assert covariance is not None, "refused before"
    place, table = {name: index for index, name in enumerate(covariance.classes)}, np.array(covariance.rows)
    return np.array([[table[place[a], place[b]] if a in place and b in place else 0.0 for b in names] for a in names])


def _factor(covariance: FloatArray) -> FloatArray:
    """F with F'F the covariance, a row for each direction that has variance."""
    variances, directions = np.linalg.eigh(covariance)
    kept = variances > NO_VARIANCE * max(float(variances[-1]), NO_VARIANCE)
    factor: FloatArray = np.sqrt(variances[kept])[:, None] * directions[:, kept].T
    return factor
