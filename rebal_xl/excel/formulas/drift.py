"""Where the household is and where it should be: drift, whether trades are called for, tracking error."""

from rebal_xl.excel.answers import spilled
from rebal_xl.excel.asked import asked
from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.inputs import read_household, tell_notices
from rebal_xl.excel.refusal import Code, Refused
from rebal_xl.excel.udf import Cells, Result, formula
from rebal_xl.household import Drift, Household, Policy
from rebal_xl.measure.drift import measure_drift
from rebal_xl.sheets.results_drift import CLASSES, class_row

# What was noticed about the input and may change these answers; the rest is about trading.
TOLD = frozenset(
    {"percent-reading", "targets-rounded", "target-without-class", "band-not-used", "class-not-in-model"}
    | {"class-differs", "value-differs", "price-differs", "price-from-value", "price-ahead", "stale-price"}
    | {"class-from-master", "money-market-price", "example-model", "model-override", "model-over-targets", "group-band"}
    | {"row-not-read", "column-not-read", "zero-quantity", "negative-cash", "unknown-setting"}
)
COLUMNS = ("Asset Class", "Actual %", "Target %", "Drift", "Trigger Low", "Trigger High", "Status")


@formula(NOTES)
def REBAL_DRIFT(
    holdings: Cells,
    targets: Cells,
    securities: Cells = None,
    accounts: Cells = None,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """Where each asset class of the household is, where it should be, its band, and whether it is inside. Spills a
    table with a header row."""
    drift = _drift(holdings, targets, securities, accounts, classmix, settings)
    return spilled(CLASSES, (class_row(line.asset_class, line, None) for line in drift.lines), COLUMNS)


@formula(NOTES)
def REBAL_NEEDED(
    holdings: Cells,
    targets: Cells,
    securities: Cells = None,
    accounts: Cells = None,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """TRUE when some asset class is outside its trigger band, so that trades are called for."""
    return _drift(holdings, targets, securities, accounts, classmix, settings).needed


@formula(NOTES)
def REBAL_TRACKING_ERROR(
    holdings: Cells,
    targets: Cells,
    securities: Cells = None,
    accounts: Cells = None,
    classmix: Cells = None,
    covariance: Cells = None,
    settings: Cells = None,
) -> Result:
    """How far the household's yearly return may stray from its target's: the standard deviation of their difference,
    0.02 being 2 % a year."""
    tables = {
        "holdings": holdings,
        "targets": targets,
        "securities": securities,
        "accounts": accounts,
        "classmix": classmix,
        "covariance": covariance,
        "settings": settings,
    }
    error = _measured(*read_household(tables)).tracking_error
    if error is None:
        raise Refused(
            Code.NA,
            "No covariance is given, and the shipped assumptions do not know every class of the household. Give the "
            "argument covariance a table with a row and a column for each class.",
        )
    if covariance is None:
        asked().tell("No covariance is given: the shipped capital-market assumptions count.")
    return error


def _drift(
    holdings: Cells, targets: Cells, securities: Cells, accounts: Cells, classmix: Cells, settings: Cells
) -> Drift:
    tables = {
        "holdings": holdings,
        "targets": targets,
        "securities": securities,
        "accounts": accounts,
        "classmix": classmix,
        "settings": settings,
    }
    return _measured(*read_household(tables))


def _measured(household: Household, policy: Policy) -> Drift:
    tell_notices(household, TOLD)
    try:
        return measure_drift(household, policy)
    except ValueError as wrong:
        # A covariance table that lacks a class, or is none.
        raise Refused(Code.NUM, str(wrong)) from wrong
