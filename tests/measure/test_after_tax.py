"""After-tax value: the tax that waits in each kind of account."""

import pytest

from rebal_xl.household import Account, Household, Lot, TaxTreatment, Term
from rebal_xl.measure import AfterTaxRates, after_tax_values, after_tax_weights
from rebal_xl.measure.after_tax import waiting_rates
from rebal_xl.tax.law import law_for
from tests.measure.homes import plain
from tests.optimize.homes import profile

RATES = AfterTaxRates(ordinary=0.25, short_gain=0.32, long_gain=0.15)


def always_long(lot: Lot) -> Term:
    return Term.LONG


def test_stocks_taxable_and_bonds_in_an_ira_are_fifty_seven_to_forty_three():
    home = Household(
        accounts=(Account("Joint", TaxTreatment.TAXABLE), Account("IRA", TaxTreatment.TAX_DEFERRED)),
        lots=(Lot("Joint", "Stock", 1_000.0, basis_usd=1_000.0), Lot("IRA", "Bond", 1_000.0)),
        securities=(plain("Stock"), plain("Bond")),
    )
    weights = after_tax_weights(home, RATES, always_long)
    # 1,000 against 1,000 x (1 - 0.25) = 750
    assert weights == pytest.approx({"Stock": 1_000 / 1_750, "Bond": 750 / 1_750})
    assert {name: round(100 * weight) for name, weight in weights.items()} == {"Stock": 57, "Bond": 43}


def test_stock_in_an_ira_and_bonds_taxable_at_fifteen_percent():
    # Reichenstein's example: 100,000 x 0.85 = 85,000 against 100,000 is 45.9 to 54.1
    home = Household(
        accounts=(Account("Joint", TaxTreatment.TAXABLE), Account("IRA", TaxTreatment.TAX_DEFERRED)),
        lots=(Lot("Joint", "Bond", 100_000.0, basis_usd=100_000.0), Lot("IRA", "Stock", 100_000.0)),
        securities=(plain("Stock"), plain("Bond")),
    )
    weights = after_tax_weights(home, AfterTaxRates(0.15, 0.15, 0.15), always_long)
    assert {name: round(100 * weight, 1) for name, weight in weights.items()} == {"Stock": 45.9, "Bond": 54.1}


def test_each_account_is_worth_what_its_owner_keeps():
    home = Household(
        accounts=(
            Account("HSA", TaxTreatment.HSA, cash_usd=400),
            Account("IRA", TaxTreatment.TAX_DEFERRED, cash_usd=200),
            Account("Joint", TaxTreatment.TAXABLE, cash_usd=100),
            Account("Old plan", TaxTreatment.TAX_DEFERRED, cash_usd=900, counts_in_target=False),
            Account("Roth", TaxTreatment.ROTH),
        ),
        lots=(
            Lot("Joint", "Up", 1_000.0, basis_usd=600.0, lot_id="long"),
            Lot("Joint", "Up", 500.0, basis_usd=400.0, lot_id="short"),
            Lot("Joint", "Down", 300.0, basis_usd=700.0, lot_id="loss"),
            Lot("IRA", "Up", 800.0),
            Lot("Roth", "Up", 600.0, basis_usd=10.0),
        ),
        securities=(plain("Up"), plain("Down")),
    )

    def term_of(lot: Lot) -> Term:
        return Term.SHORT if lot.lot_id == "short" else Term.LONG

    values = {value.account: value for value in after_tax_values(home, RATES, term_of)}
    assert "Old plan" not in values
    assert values["HSA"].after_tax_usd == 400
    assert values["Roth"].after_tax_usd == 600
    # 1,000 x (1 - 0.25), cash included
    assert values["IRA"].after_tax_usd == pytest.approx(750)
    # 400 x 0.15 + 100 x 0.32 = 92; the loss is worth nothing here
    assert values["Joint"].tax_usd == pytest.approx(92)
    assert values["Joint"].market_usd == pytest.approx(1_900)
    usable = AfterTaxRates(0.25, 0.32, 0.15, loss=0.15)
    # 92 - 400 x 0.15
    assert after_tax_values(home, usable, term_of)[2].tax_usd == pytest.approx(32)


def test_a_lot_without_basis_is_counted_at_market_and_named():
    home = Household(
        accounts=(Account("Joint", TaxTreatment.TAXABLE),),
        lots=(Lot("Joint", "Old", 1_000.0),),
        securities=(plain("Old"),),
    )
    (value,) = after_tax_values(home, RATES, always_long)
    assert (value.after_tax_usd, value.unknown_basis) == (1_000, ("Old",))


def test_an_empty_household_has_no_weights():
    home = Household(accounts=(Account("New", TaxTreatment.ROTH),), lots=(), securities=())
    assert after_tax_weights(home, RATES, always_long) == {}


class TestWaitingRates:
    """2026, married filing jointly, 250,000 of wages in Texas: 24 % bracket, gains at 15 %, 3.8 % NIIT on any more."""

    def test_what_leaves_the_ira_is_no_investment_income(self):
        rates = waiting_rates(profile(), law_for(2026)[0])
        assert rates.ordinary == pytest.approx(0.24)
        assert (rates.short_gain, rates.long_gain) == pytest.approx((0.278, 0.188))

    def test_a_state_takes_its_part_of_both(self):
        # Pennsylvania taxes all income at a flat 3.07 %
        rates = waiting_rates(profile(state="PA"), law_for(2026)[0])
        assert rates.ordinary == pytest.approx(0.24 + 0.0307)
        assert rates.long_gain == pytest.approx(0.188 + 0.0307)

    def test_later_rates_of_the_advisors_own_come_first(self):
        rates = waiting_rates(profile(future_ordinary_rate=0.12, future_gain_rate=0.05), law_for(2026)[0])
        assert (rates.ordinary, rates.long_gain) == (0.12, 0.05)
