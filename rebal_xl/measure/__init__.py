"""Measures: exposure by class, drift and bands, tracking error, after-tax value. Nothing here decides."""

from rebal_xl.measure.after_tax import AfterTaxRates, AfterTaxValue, after_tax_values, after_tax_weights
from rebal_xl.measure.bands import Band, band_of
from rebal_xl.measure.drift import measure_drift, tracking_error
from rebal_xl.measure.exposure import Exposure, held_cash, held_shares, measure_exposure
from rebal_xl.measure.flows import contributions_usd, value_after_flows_usd, withdrawals_owed_usd

__all__ = [
    "AfterTaxRates",
    "AfterTaxValue",
    "Band",
    "Exposure",
    "after_tax_values",
    "after_tax_weights",
    "band_of",
    "contributions_usd",
    "held_cash",
    "held_shares",
    "measure_drift",
    "measure_exposure",
    "tracking_error",
    "value_after_flows_usd",
    "withdrawals_owed_usd",
]
