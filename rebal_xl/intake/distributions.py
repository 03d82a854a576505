"""Required minimum distributions that nothing in the workbook plans: told, never planned by themselves."""

from collections.abc import Mapping

from rebal_xl.household import Account, Household, Person, Policy, TaxTreatment
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.rows import Row
from rebal_xl.measure.flows import surely_taken_usd
from rebal_xl.sheets.tables import ACCOUNTS
from rebal_xl.tax.rmd import FIRST_YEAR, RequiredDistribution, much_younger, required_distribution

# Custodians round distributions to the dollar.
ROUNDING_USD = 1.0
# Roth accounts have no distributions while the owner lives, but an heir's have.
HEIRS_OWE = (TaxTreatment.TAX_DEFERRED, TaxTreatment.ROTH)


def check_distributions(household: Household, policy: Policy, sheets: Sheets) -> None:
    """A notice for every account whose required distribution the workbook neither plans nor can tell."""
    if sheets.as_of.year < FIRST_YEAR:
        return
    rows = {row.text("Account"): row for row in sheets.of(ACCOUNTS)}
    people = {person.name: person for person in household.people}
    required: dict[str, RequiredDistribution] = {}
    for account in household.accounts:
        row = rows.get(account.name)
        if row is None:
            continue
        if account.taxable and account.rmd_usd > 0.0:
            sheets.findings.notice(
                "rmd-taxable",
                row.place("RMD $"),
                f"{account.name} is taxable, so that no distribution is required from it; its RMD $ is not used.",
                "Write it in the row of the retirement account, or ask for the cash in Withdrawals.",
            )
        if account.inherited and account.treatment in HEIRS_OWE:
            _tell_inherited(account, row, sheets)
        elif account.treatment is TaxTreatment.TAX_DEFERRED:
            found = _required(account, row, people, sheets)
            if found is not None:
                required[account.name] = found
    planned = {name: surely_taken_usd(household, policy, household.account(name)) for name in required}
    for name, found in required.items():
        account = household.account(name)
        if planned[name] < found.amount_usd - ROUNDING_USD:
            mine = [each for each in required if household.account(each).owner == account.owner]
            asked = sum(required[each].amount_usd for each in mine)
            paid = sum(planned[each] for each in mine)
            _tell_short(account, found, paid >= asked - ROUNDING_USD, people, rows[name], sheets)


def _required(account: Account, row: Row, people: Mapping[str, Person], sheets: Sheets) -> RequiredDistribution | None:
    """What the owner must take this year; None where no distribution is due or the birth date is not given."""
    owner = people.get(account.owner)
    if owner is None or owner.born is None:
        return None
    found = required_distribution(account.prior_year_end_usd or 0.0, owner.born, sheets.as_of.year)
    if found is None or account.prior_year_end_usd is not None:
        return found
    if row.number_in("RMD $") is None:
        sheets.findings.notice(
            "rmd-unknown",
            row.place("Prior Year-End Balance"),
            f"{account.owner} is {found.age} this year, so {account.name} owes a distribution; its balance of last "
            "December 31 is not given, so that the distribution cannot be computed.",
            "Write the Prior Year-End Balance, or what is still to be taken in RMD $.",
        )
    return None


def _tell_short(
    account: Account,
    found: RequiredDistribution,
    elsewhere: bool,
    people: Mapping[str, Person],
    row: Row,
    sheets: Sheets,
) -> None:
    balance = account.prior_year_end_usd or 0.0
    owes = (
        f"{account.name} owes at least ${found.amount_usd:,.2f} this year: ${balance:,.2f} of last December 31 / "
        f"{found.factor:g}, {account.owner} being {found.age}."
    )
    if elsewhere:
        told = f"The other accounts of {account.owner} pay it, which is allowed among IRAs, not for a 401(k)."
    elif account.rmd_usd > 0.0:
        told = f"RMD $ plans ${account.rmd_usd:,.2f} of it."
    else:
        told = "Nothing is planned."
    spouse = people.get(people[account.owner].spouse_of)
    if spouse is not None and spouse.born and much_younger(spouse.born, people[account.owner].born or spouse.born):
        told += f" It is less if {spouse.name} is the only beneficiary (Joint Life Table)."
    if found.first:
        told += f" As the first one it may wait until April 1, {sheets.as_of.year + 1}."
    sheets.findings.notice(
        "rmd-not-planned",
        row.place("RMD $"),
        f"{owes} {told}",
        "Write what is still to be taken in RMD $. Nothing is to do where the rest has been taken already, or where it "
        "is the plan of an employer the owner still works for.",
    )


def _tell_inherited(account: Account, row: Row, sheets: Sheets) -> None:
    if row.number_in("RMD $") is None:
        sheets.findings.notice(
            "rmd-inherited",
            row.place("Inherited"),
            f"{account.name} is inherited: what must leave it, and when, is not computed.",
            "Write what is still to be taken this year in RMD $, 0 for nothing. Most heirs must empty the account "
            "within ten years.",
        )
