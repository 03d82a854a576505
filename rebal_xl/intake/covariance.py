"""How class returns move together: the covariance table, a square of which one half may stay blank.

Without the table, the shipped assumptions speak, with the volatilities of the Assumptions table where it has some.
"""

from collections.abc import Mapping

import numpy as np

from rebal_xl.household import CASH_CLASS, Covariance, Household, Policy
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.classes import ClassNames
from rebal_xl.intake.findings import Place, place_in
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import Fault, Want, listed, read_cell
from rebal_xl.measure.assumptions import shipped_assumptions
from rebal_xl.measure.exposure import reachable_classes
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import ASSUMPTIONS, COVARIANCE, TARGETS

# Rounding of covariances typed with six decimals.
COVARIANCE_TOLERANCE = 1e-6


def read_covariance(classes: ClassNames, sheets: Sheets) -> Covariance | None:
    """The covariance table, classes in the order of their names; None when there is none or it is wrong."""
    rows = sheets.of(COVARIANCE)
    if not rows:
        return None
    region = rows[0].region
    label = region.columns["Asset Class"]
    across = {classes.of(text): number for number, text in region.headers.items() if number != label}
    down = {classes.of(row.text("Asset Class")): row for row in rows}
    names = sorted(down)
    missing = sorted((set(down) ^ set(across)) - {""})
    if missing or len(down) < len(rows):
        sheets.findings.error(
            "covariance-not-square",
            region.place(),
            f"Covariance needs every class once down and once across; {listed(missing, 'and') or 'a class'} "
            f"{'stands only one way' if missing else 'stands twice'}.",
            "Use the same classes in the first column and in the header.",
        )
        return None
    before = len(sheets.findings.errors)
    entries = {
        (one, other): _entry(down[one], across[other], f"{one} and {other}", sheets) for one in names for other in names
    }
    if len(sheets.findings.errors) > before:
        return None
    return _symmetric(names, entries, region.place(), sheets)


def assumed_covariance(household: Household, policy: Policy, classes: ClassNames, sheets: Sheets) -> Covariance | None:
    """What the Assumptions table's volatilities make of the shipped correlations; None where nothing is to be changed.

    Classes that the shipped assumptions do not know are a notice: then no tracking error is known. A covariance table
    must know all; only cash that it leaves out is taken to have no risk.
    """
    reached = reachable_classes(household, policy)
    if policy.covariance is not None:
        missing = [name for name in reached if name not in policy.covariance.classes and name != CASH_CLASS]
        if missing:
            sheets.findings.error(
                "covariance-class",
                sheets.of(COVARIANCE)[0].region.place(),
                f"The covariance table has no row for {listed(missing, 'and')}.",
                "Add the class, or leave the table out.",
            )
        return policy.covariance
    unknown = shipped_assumptions().unknown(reached)
    if unknown:
        sheets.findings.notice(
            "no-tracking-error",
            Place(TARGETS.sheet),
            f"The tracking error is not known: the assumptions that come with rebal_xl do not know "
            f"{listed(unknown, 'and')}.",
            "Call the class by a common name, such as US Large Cap, or fill in the Covariance table.",
        )
        return None
    given = {classes.of(row.text("Asset Class")): row.number_in("Volatility") for row in sheets.of(ASSUMPTIONS)}
    volatilities = {name: value for name, value in given.items() if value is not None}
    if not volatilities:
        return None
    return shipped_assumptions().covariance(reached, volatilities)


def _entry(row: Row, column: int, pair: str, sheets: Sheets) -> float | None:
    """One covariance; None when its cell is blank or cannot be read."""
    read = read_cell(row.region.grid.cells.get((row.number, column)), Want(Kind.NUMBER))
    if isinstance(read, Fault):
        place = place_in(row.region.grid, row.number, column)
        sheets.findings.error(read.code, place, f"{pair}: {read.message}", read.advice)
    return read if isinstance(read, float) else None


def _symmetric(
    names: list[str], entries: Mapping[tuple[str, str], float | None], place: Place, sheets: Sheets
) -> Covariance | None:
    matrix = np.zeros((len(names), len(names)))
    for i, one in enumerate(names):
        for j, other in enumerate(names):
            here, there = entries[one, other], entries[other, one]
            value = here if here is not None else there
            if value is None:
                sheets.findings.error(
                    "covariance-missing", place, f"The covariance of {one} and {other} is missing.", "Fill it in."
                )
                return None
            if here is not None and there is not None and abs(here - there) > COVARIANCE_TOLERANCE:
                sheets.findings.error(
                    "covariance-not-symmetric",
                    place,
                    f"The covariance of {one} and {other} is {here:g} one way and {there:g} the other.",
                    "Both halves must agree; one may stay blank.",
                )
                return None
            matrix[i, j] = value
    variances, directions = np.linalg.eigh(matrix)
    if variances[0] < -COVARIANCE_TOLERANCE:
        sheets.findings.error(
            "covariance-impossible",
            place,
            "No set of returns has these covariances: some mix of the classes would have a negative variance.",
            "Check for wrong signs, and that the diagonal holds variances (0.0225 for a volatility of 15 %).",
        )
        return None
    if variances[0] < 0.0:
        # Typed with a few decimals: the nearest table that some returns have.
        matrix = directions @ np.diag(np.maximum(variances, 0.0)) @ directions.T
    return Covariance(tuple(names), tuple(tuple(float(value) for value in line) for line in matrix))
