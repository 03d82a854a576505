"""What the household holds, seen in other ways: location, overlap, value after tax."""

from rebal_xl.excel.answers import spilled
from rebal_xl.excel.asked import asked
from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.formulas.tax import refuse_no_taxpayer
from rebal_xl.excel.inputs import read_household, tell_day, tell_notices
from rebal_xl.excel.refusal import Code, Refused
from rebal_xl.excel.stand_ins import CLASS
from rebal_xl.excel.tables import AFTER_TAX, OVERLAP, after_tax_rows, overlap_rows
from rebal_xl.excel.udf import Cells, OneCell, Result, formula
from rebal_xl.household import Household, Lot, Policy, TaxProfile, Term
from rebal_xl.measure.after_tax import AfterTaxValue, after_tax_values, waiting_rates
from rebal_xl.measure.overlap import measure_overlap
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS, SECURITIES, TAX_PROFILE
from rebal_xl.tax.basis import term_of_sale
from rebal_xl.tax.law import Law, law_for

NO_OVERLAP = "Nothing is held in several places."


@formula(NOTES)
def REBAL_LOCATION_SCORE(
    holdings: Cells,
    targets: Cells,
    securities: Cells,
    accounts: Cells,
    tax: Cells,
    as_of: OneCell,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """How well the classes are placed among taxable and other accounts: 0 is the worst and 100 the best placement of
    this mix by its yearly tax."""
    tables = {
        "holdings": holdings,
        "targets": targets,
        "securities": securities,
        "accounts": accounts,
        "tax": tax,
        "classmix": classmix,
        "settings": settings,
    }
    household, policy = read_household(tables, as_of)
    tell_day(tables, as_of, policy)
    tell_notices(household)
    # Imported late: it brings the solver.
    from rebal_xl.optimize.location import find_location, suspect_input
    from rebal_xl.optimize.rebalance import refuse_unplannable

    refuse_unplannable(household, policy)
    report = find_location(household, policy, moves=False)
    if report.same_everywhere:
        asked().tell("Every placement of this mix that the rules allow costs the same.")
    for doubt in suspect_input(report):
        asked().tell(str(doubt))
    return report.score


@formula(NOTES)
def REBAL_OVERLAP(holdings: Cells, securities: Cells, classmix: Cells = None, accounts: Cells = None) -> Result:
    """What is held in several places: the same security, substantially identical ones, funds of one index, and asset
    classes that several funds share; with value and share of the household. Spills a table with a header row."""
    tables = {"holdings": holdings, "securities": securities, "classmix": classmix, "accounts": accounts}
    household, _ = read_household(tables, needed=(HOLDINGS, SECURITIES))
    found = measure_overlap(household)
    return spilled(OVERLAP, overlap_rows(found)) if found else [[NO_OVERLAP]]


@formula(NOTES)
def REBAL_AFTER_TAX_VALUE(
    holdings: Cells,
    accounts: Cells,
    tax: Cells,
    securities: Cells = None,
    as_of: OneCell = None,
    settings: Cells = None,
) -> Result:
    """What each account is worth once the tax that waits in it is paid, and the household's total. Spills a table with
    a header row."""
    tables = {
        "holdings": holdings,
        "accounts": accounts,
        "tax": tax,
        "securities": securities,
        "settings": settings,
    }
    household, policy = read_household(tables, as_of, needed=(HOLDINGS, ACCOUNTS, TAX_PROFILE), stand_ins=(CLASS,))
    refuse_no_taxpayer(household.taxpayers)
    tell_day(tables, as_of, policy)
    years = {profile.law_year for profile in household.taxpayers if profile.law_year}
    law, estimate = law_for(policy.as_of.year, policy.law_year or min(years, default=None))
    if estimate:
        asked().tell(f"Taxes are by {law.year} law, ESTIMATE.")
    return spilled(AFTER_TAX, after_tax_rows(household, _values(household, policy, law)))


def _values(household: Household, policy: Policy, law: Law) -> dict[str, AfterTaxValue]:
    """Every account that counts, at the rates of the taxpayer who pays for it."""
    found: dict[str, AfterTaxValue] = {}
    payers: dict[str, TaxProfile] = {}
    for account in household.accounts:
        payer = household.payer(account)
        if payer is not None:
            payers[account.name] = payer
    for profile in {payer.taxpayer: payer for payer in payers.values()}.values():
        try:
            rates = waiting_rates(profile, law)
        except ValueError as wrong:
            raise Refused(Code.VALUE, str(wrong)) from wrong
        for value in after_tax_values(household, rates, lambda lot: _term(lot, household, policy)):
            if payers[value.account].taxpayer == profile.taxpayer:
                found[value.account] = value
    return {account.name: found[account.name] for account in household.accounts if account.name in found}


def _term(lot: Lot, household: Household, policy: Policy) -> Term:
    """A gain whose holding period nobody knows is taken for long-term, as most old lots are."""
    return term_of_sale(lot, household.value_usd(lot) - (lot.basis_usd or 0.0), policy.as_of) or Term.LONG
