"""rebal_xl: tax-aware household rebalancing for US financial advisors.

The names below are loaded when they are first used, so that asking for the version loads neither numpy nor scipy.
"""

from importlib import import_module

__version__ = "0.1.0"

_API = (
    "binding_rules",
    "check",
    "client_report",
    "dashboard_curve",
    "default_output",
    "drift",
    "explanation",
    "frontier",
    "how_often",
    "import_files",
    "location",
    "overlap",
    "read_csvs",
    "read_frames",
    "read_fills_into",
    "read_returns",
    "read_workbook",
    "rebalance",
    "value_so_far",
    "what_if",
    "write_plan",
    "write_report",
    "EvaluatorDisagrees",
    "FileRefused",
    "LawMissing",
    "SolverError",
)
_NOUNS = (
    "CASH_CLASS",
    "CASH_SYMBOL",
    "Account",
    "Against",
    "BandType",
    "BasisMethod",
    "BindingRule",
    "ClassChange",
    "Consolidation",
    "CostTerm",
    "Covariance",
    "Curve",
    "Drift",
    "DriftLine",
    "Estimate",
    "FigureChange",
    "FilingStatus",
    "Fill",
    "Frontier",
    "FrontierPoint",
    "HappenedLine",
    "Household",
    "InputErrors",
    "LeftAlone",
    "Length",
    "LocationLine",
    "LocationMove",
    "LocationReport",
    "LookRule",
    "Lot",
    "LotSale",
    "LotSource",
    "Method",
    "Notice",
    "OrderChange",
    "OrdinaryWay",
    "Overlap",
    "OverlapPair",
    "OverlapReport",
    "Percentiles",
    "Person",
    "Plan",
    "PlanTax",
    "Policy",
    "Problem",
    "RecentTrade",
    "Relaxation",
    "ReturnHistory",
    "RuleCosts",
    "RunEntry",
    "RunOrder",
    "RunStatus",
    "RunValue",
    "Security",
    "Severity",
    "Side",
    "Study",
    "StudyClass",
    "StudyLine",
    "StudyTax",
    "Target",
    "TaxBill",
    "TaxChange",
    "TaxProfile",
    "TaxTreatment",
    "Term",
    "Tone",
    "Trade",
    "TypedTrade",
    "ValueSoFar",
    "Wait",
    "WashBlock",
    "WaySum",
    "WhatIf",
    "Withdrawal",
    "WithdrawalLevel",
)
_LEDGER = (
    "ExpectedReinvestment",
    "Ledger",
    "LedgerSale",
    "OtherSale",
    "Replacement",
    "SafeDates",
    "household_ledger",
    "wash_sales",
)
# name -> module
_TAX = {"tax_bill": "rebal_xl.tax.api", "term": "rebal_xl.tax.holding"}
_HOMES = (
    dict.fromkeys(_API, "rebal_xl.api")
    | dict.fromkeys(_NOUNS, "rebal_xl.household")
    | dict.fromkeys(_LEDGER, "rebal_xl.tax.ledger")
    | _TAX
)

__all__ = ["__version__", *_API, *_LEDGER, *_NOUNS, *_TAX]


def __getattr__(name: str) -> object:
    """The public name, out of the module where it lives."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rebal_xl' has no attribute '{name}'")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
