"""The sample's people, accounts and tax returns: Alex and Jordan Rivera of California, who do not exist.

Eight accounts at three custodians: a joint brokerage account, a revocable living trust (a grantor trust: the couple
pays its tax), two traditional IRAs, a Roth IRA, a 401(k) with a menu of eight funds, an HSA, and an old 403(b) that
the advisor may not touch.
"""

from dataclasses import replace
from datetime import date

from rebal_xl.household import Account, BasisMethod, FilingStatus, Person, TaxProfile, TaxTreatment

ALEX = "Alex Rivera"
JORDAN = "Jordan Rivera"
COUPLE = "Alex and Jordan Rivera"
TRUST_RETURN = "Rivera Living Trust"

JOINT = "Joint Brokerage"
TRUST = "Living Trust"
ALEX_IRA = "Alex IRA"
ALEX_401K = "Alex 401(k)"
HSA = "Alex HSA"
JORDAN_IRA = "Jordan IRA"
JORDAN_ROTH = "Jordan Roth IRA"
JORDAN_403B = "Jordan 403(b)"

SCHWAB = "Schwab"
FIDELITY = "Fidelity"
VANGUARD = "Vanguard"

# What the custodians call the accounts: made up.
NUMBERS = {
    JOINT: "51000418",
    TRUST: "51000902",
    ALEX_IRA: "221000418",
    ALEX_401K: "00321",
    HSA: "239000902",
    JORDAN_IRA: "10000418",
    JORDAN_ROTH: "10000426",
    JORDAN_403B: "09000321",
}

# The eight funds of the employer's plan.
MENU_401K = frozenset({"FXAIX", "FSMAX", "FSPSX", "FTIHX", "FXNAX", "FIPDX", "FSRNX", "VTTHX"})

# What Jordan's accounts buy without a transaction fee: the custodian's own funds, and ETFs of the model.
MENU_VANGUARD = frozenset(
    {"VTI", "VTSAX", "VOO", "VB", "VEA", "VWO", "VXUS", "VNQ", "BND", "VBTLX", "AGG", "SCHP", "VWEAX", "BNDX"}
)


def sample_people() -> tuple[Person, ...]:
    """The two spouses."""
    return (
        Person(ALEX, born=date(1967, 4, 18), spouse_of=JORDAN),
        Person(JORDAN, born=date(1970, 9, 2), spouse_of=ALEX),
    )


def sample_taxpayers() -> tuple[TaxProfile, ...]:
    """The couple's joint return, and the trust that is taxed on it (IRC 671)."""
    couple = TaxProfile(
        taxpayer=COUPLE,
        status=FilingStatus.MFJ,
        state="CA",
        # wages of 303,000 and taxable interest of 7,400
        ordinary_income_usd=310_400.0,
        other_investment_income_usd=7_400.0,
        qualified_dividends_usd=21_600.0,
        tax_exempt_interest_usd=7_900.0,
        # mortgage interest and charity; state and local tax apart, because it is capped
        itemized_deductions_usd=19_800.0,
        state_local_tax_usd=27_400.0,
        short_realized_usd=-1_850.0,
        long_realized_usd=12_400.0,
        long_carryforward_usd=38_500.0,
        magi_two_years_ago_usd=318_000.0,
    )
    trust = TaxProfile(TRUST_RETURN, FilingStatus.GRANTOR_TRUST, state="CA", grantor=COUPLE)
    return couple, trust


def sample_accounts() -> tuple[Account, ...]:
    """The eight accounts with their settled cash."""
    deferred = TaxTreatment.TAX_DEFERRED
    accounts = (
        Account(
            JOINT,
            TaxTreatment.TAXABLE,
            taxpayer=COUPLE,
            custodian=SCHWAB,
            cash_usd=37_412.66,
            reserve_usd=10_000.0,
        ),
        Account(
            TRUST,
            TaxTreatment.TAXABLE,
            taxpayer=TRUST_RETURN,
            custodian=SCHWAB,
            cash_usd=17_905.31,
            reserve_weight=0.01,
        ),
        Account(ALEX_IRA, deferred, owner=ALEX, custodian=FIDELITY, cash_usd=9_840.27),
        Account(
            ALEX_401K,
            deferred,
            owner=ALEX,
            custodian=FIDELITY,
            menu=MENU_401K,
            fractional=True,
            basis_method=BasisMethod.AVERAGE,
        ),
        Account(
            HSA,
            TaxTreatment.HSA,
            owner=ALEX,
            custodian=FIDELITY,
            cash_usd=2_514.08,
            reserve_usd=2_000.0,
        ),
        Account(JORDAN_IRA, deferred, owner=JORDAN, custodian=VANGUARD, menu=MENU_VANGUARD, cash_usd=4_986.50),
        Account(
            JORDAN_ROTH, TaxTreatment.ROTH, owner=JORDAN, custodian=VANGUARD, menu=MENU_VANGUARD, cash_usd=1_377.94
        ),
        Account(JORDAN_403B, deferred, owner=JORDAN, custodian=VANGUARD, locked=True),
    )
    return tuple(replace(account, number=NUMBERS[account.name]) for account in accounts)
