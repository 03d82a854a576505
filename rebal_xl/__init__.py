"""rebal_xl: tax-aware household rebalancing for US financial advisors.

The names below are loaded when they are first used, so that asking for the version loads neither numpy nor scipy.
"""

from importlib import import_module

__version__ = "0.1.0"

_API = (
    "binding_rules",
    "check",
    "default_output",
    "drift",
    "frontier",
    "location",
    "read_workbook",
    "rebalance",
    "what_if",
    "write_plan",
    "EvaluatorDisagrees",
    "FileRefused",
    "LawMissing",
    "SolverError",
)
_NOUNS = (
    "CASH_CLASS",
    "CASH_SYMBOL",
    "Account",
    "BandType",
    "BasisMethod",
    "BindingRule",
    "ClassChange",
    "CostTerm",
    "Covariance",
    "Drift",
    "DriftLine",
    "FigureChange",
    "FilingStatus",
    "Frontier",
    "FrontierPoint",
    "Household",
    "InputErrors",
    "LeftAlone",
    "LocationLine",
    "LocationMove",
    "LocationReport",
    "Lot",
    "LotSale",
    "LotSource",
    "Method",
    "Notice",
    "OrderChange",
    "Person",
    "Plan",
    "PlanTax",
    "Policy",
    "Problem",
    "RecentTrade",
    "Relaxation",
    "RuleCosts",
    "Security",
    "Severity",
    "Side",
    "Target",
    "TaxBill",
    "TaxChange",
    "TaxProfile",
    "TaxTreatment",
    "Term",
    "Trade",
    "TypedTrade",
    "Wait",
    "WashBlock",
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
