"""Measures: exposure by class, drift and bands, tracking error, after-tax value, location. Nothing here decides."""

from rebal_xl.measure.after_tax import AfterTaxRates, AfterTaxValue, after_tax_values, after_tax_weights
from rebal_xl.measure.assumptions import AssumedClass, Assumptions, shipped_assumptions
from rebal_xl.measure.bands import Band, band_of
from rebal_xl.measure.drift import measure_drift, tracking_error
from rebal_xl.measure.exposure import Exposure, held_cash, held_shares, measure_exposure
from rebal_xl.measure.flows import contributions_usd, value_after_flows_usd, withdrawals_owed_usd
from rebal_xl.measure.location import IncomeRates, cash_drag, income_rates, yearly_drag, yield_given_up

__all__ = [
    "AfterTaxRates",
    "AfterTaxValue",
    "AssumedClass",
    "Assumptions",
    "Band",
    "Exposure",
    "IncomeRates",
    "after_tax_values",
    "after_tax_weights",
    "band_of",
    "cash_drag",
    "contributions_usd",
    "held_cash",
    "held_shares",
    "income_rates",
    "measure_drift",
    "measure_exposure",
    "shipped_assumptions",
    "tracking_error",
    "value_after_flows_usd",
    "withdrawals_owed_usd",
    "yearly_drag",
    "yield_given_up",
]
