"""US tax law: holding periods, netting, the year's bill, wash sales and lot relief. Figures live in law/<year>.toml."""

from rebal_xl.tax.basis import basis_of, gain_of
from rebal_xl.tax.holding import long_term_from, term, term_of_lot
from rebal_xl.tax.law import Bracket, Law, LawMissing, StatusLaw, known_years, law_for, load_law
from rebal_xl.tax.least_tax import relieve_least_tax
from rebal_xl.tax.liability import marginal_rates, tax_bill
from rebal_xl.tax.medicare import MedicareSurcharge, surcharge_after, surcharge_now
from rebal_xl.tax.model import ModelConstants, model_constants
from rebal_xl.tax.relief import Relieved, order_lots, relieve
from rebal_xl.tax.state import StateRates, state_rates
from rebal_xl.tax.vector import totals, totals_by_profile
from rebal_xl.tax.wash import LossSale, Match, Purchase, Washed, first_safe_loss_sale, first_safe_rebuy

__all__ = [
    "Bracket",
    "Law",
    "LawMissing",
    "LossSale",
    "Match",
    "MedicareSurcharge",
    "ModelConstants",
    "Purchase",
    "Relieved",
    "StateRates",
    "StatusLaw",
    "Washed",
    "basis_of",
    "first_safe_loss_sale",
    "first_safe_rebuy",
    "gain_of",
    "known_years",
    "law_for",
    "load_law",
    "long_term_from",
    "marginal_rates",
    "model_constants",
    "order_lots",
    "relieve",
    "relieve_least_tax",
    "state_rates",
    "surcharge_after",
    "surcharge_now",
    "tax_bill",
    "term",
    "term_of_lot",
    "totals",
    "totals_by_profile",
]
