"""The nouns: what a household is, what is wanted of it, and what a plan says. No I/O, nothing of ours imported."""

from rebal_xl.household.accounts import CASH_CLASS, CASH_SYMBOL, Account, Lot, Person, RecentTrade
from rebal_xl.household.frontier import Frontier, FrontierPoint
from rebal_xl.household.household import Household
from rebal_xl.household.location import LocationLine, LocationMove, LocationReport
from rebal_xl.household.plan import (
    Comparison,
    CostTerm,
    Drift,
    DriftLine,
    LotSale,
    Notice,
    Plan,
    PlanTax,
    Relaxation,
    TaxBill,
    TaxChange,
    Trade,
    WashBlock,
)
from rebal_xl.household.policy import Covariance, Policy, TypedTrade, Withdrawal
from rebal_xl.household.problems import InputErrors, Problem, Severity
from rebal_xl.household.reasons import BindingRule, LeftAlone, RuleCosts, Wait
from rebal_xl.household.scan import Scanned, ScanReport, Skipped
from rebal_xl.household.securities import Security
from rebal_xl.household.targets import Target
from rebal_xl.household.taxpayer import TaxProfile
from rebal_xl.household.what_if import ClassChange, FigureChange, OrderChange, WhatIf
from rebal_xl.household.words import (
    BandType,
    BasisMethod,
    FilingStatus,
    LotSource,
    Method,
    Side,
    TaxTreatment,
    Term,
    WithdrawalLevel,
)

__all__ = [
    "CASH_CLASS",
    "CASH_SYMBOL",
    "Account",
    "BandType",
    "BasisMethod",
    "BindingRule",
    "ClassChange",
    "Comparison",
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
    "ScanReport",
    "Scanned",
    "Security",
    "Severity",
    "Side",
    "Skipped",
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
]
