"""Tracking error: the yearly standard deviation of (household minus target) returns stays within its limit.

In dollars it is the length of F d, where d are the dollars of each class off target and F'F is the covariance of class
returns. The rows here set up that cone (optimize/cone.py); optimize/tangents.py solves with it.
"""

from collections.abc import Iterator

import numpy as np

from rebal_xl.household import CASH_CLASS, Covariance, Drift, Household, Method, Policy, Problem
from rebal_xl.measure.assumptions import shipped_assumptions, shipped_covariance
from rebal_xl.measure.drift import ROUNDING
from rebal_xl.measure.exposure import reachable_classes
from rebal_xl.optimize.cone import Cone
from rebal_xl.optimize.model import Model, Slack
from rebal_xl.optimize.prices import BAND_PRICE, DISTANCE_PRICE
from rebal_xl.optimize.program import INFINITY, UNIT_USD, FloatArray, Term
from rebal_xl.optimize.rules.bands import class_column

# Slopes at which each part touches the cone from the start; 1 is a length that lies in one entry alone.
FIRST_SLOPES = (-1.0, -0.3, 0.3, 1.0)
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


def covariance_problems(household: Household, policy: Policy) -> Iterator[Problem]:
    """Classes without covariance, which a table must all know and the shipped assumptions where it matters, and tables
    that no returns have. Cash that a table leaves out has no risk.
    """
    classes = reachable_classes(household, policy)
    if policy.covariance is not None:
        missing = [name for name in classes if name not in policy.covariance.classes and name != CASH_CLASS]
        if missing:
            message = f"The covariance table has no row for {', '.join(missing)}."
            yield Problem(message, "Add the class, or leave the table out.", code="covariance-class")
        if not _possible(policy.covariance):
            yield Problem(
                "No returns have these covariances: the table is not symmetric, or some mix of classes would have a "
                "negative variance.",
                "Check for wrong signs, and that the diagonal holds variances.",
                code="covariance-impossible",
            )
    elif policy.follows_tracking and (unknown := shipped_assumptions().unknown(classes)):
        yield Problem(
            "Drift is to be measured as tracking error, but the assumptions that come with rebal_xl do not know "
            f"{', '.join(unknown)}.",
            "Call the class by a common name, fill in the Covariance table, or measure drift by class.",
            code="no-tracking-error",
        )


def _possible(covariance: Covariance) -> bool:
    """Whether some set of returns has these covariances: symmetric, no mix of negative variance."""
    size, table = len(covariance.classes), covariance.rows
    if len(table) != size or any(len(row) != size for row in table):
        return False
    matrix = np.array(table).reshape(size, size)
    greatest = float(np.abs(matrix).max(initial=0.0))
    if float(np.abs(matrix - matrix.T).max(initial=0.0)) > ROUNDING * greatest:
        return False
    return size == 0 or float(np.linalg.eigvalsh(matrix)[0]) >= -ROUNDING * size * greatest


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
