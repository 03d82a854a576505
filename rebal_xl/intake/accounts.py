"""People and accounts from their rows; where a book has no Accounts table, accounts from the names in Holdings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rebal_xl.household import CASH_SYMBOL, Account, BasisMethod, Person, TaxTreatment
from rebal_xl.intake.book import Sheets, Spellings
from rebal_xl.intake.candidates import NAMES
from rebal_xl.intake.findings import Place, how_to_ask
from rebal_xl.intake.rows import Row
from rebal_xl.intake.tells import NAME_TELLS
from rebal_xl.intake.values import clean, squeeze
from rebal_xl.sheets.inputs_accounts import TREATMENT_SYNONYMS
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS, PEOPLE

# Words for a treatment, without case and spaces. Cash and margin are no treatment where they stand beside a lot.
_TREATMENTS = {
    squeeze(word): TaxTreatment(meant)
    for word, meant in (*TREATMENT_SYNONYMS, *((each.value, each.value) for each in TaxTreatment))
    if squeeze(word) not in ("margin", "cashaccount")
}
# What a menu says when nothing may be bought.
EMPTY_MENU = frozenset({CASH_SYMBOL, "NONE", "NOTHING"})


@dataclass(frozen=True, slots=True)
class AccountsRead:
    """The accounts, and how other tables may spell their names."""

    accounts: Mapping[str, Account]
    spellings: Spellings
    # where each account stands
    places: Mapping[str, Place]
    # accounts whose cash the Accounts table gives
    cash_given: frozenset[str]


def read_people(sheets: Sheets) -> dict[str, Person]:
    """Everybody of the household by name."""
    rows = [row for row in sheets.of(PEOPLE) if row.text("Person")]
    people: dict[str, Person] = {}
    names = Spellings(row.text("Person") for row in rows)
    for row in rows:
        name = row.text("Person")
        if name in people:
            sheets.findings.error(
                "duplicate-person", row.place("Person"), f"{name} stands in People twice.", "Keep one row."
            )
            continue
        people[name] = Person(name, _born(row, sheets), _spouse(row, names, sheets))
    for row in rows:
        _check_marriage(row, people, sheets)
    return people


def _born(row: Row, sheets: Sheets) -> date | None:
    born = row.day("Birth Date")
    if born is not None and born > sheets.as_of:
        sheets.findings.error(
            "born-after-as-of",
            row.place("Birth Date"),
            f"{row.text('Person')} is born after {sheets.as_of:%m/%d/%Y}.",
            "Correct the birth date.",
        )
    return born


def _spouse(row: Row, names: Spellings, sheets: Sheets) -> str:
    written = row.text("Spouse Of")
    if not written:
        return ""
    spouse = names.find(written)
    if spouse is None or spouse == row.text("Person"):
        wrong = "married to themselves" if spouse else f'the spouse of "{written}", who is not in People'
        sheets.findings.error(
            "unknown-person",
            row.place("Spouse Of"),
            f"{row.text('Person')} is {wrong}.{names.hint(written) if spouse is None else ''}",
            "Write the husband or wife as in the Person column, or leave it empty.",
        )
        return ""
    return spouse


def _check_marriage(row: Row, people: Mapping[str, Person], sheets: Sheets) -> None:
    person = people[row.text("Person")]
    spouse = people.get(person.spouse_of)
    if spouse is not None and spouse.spouse_of not in ("", person.name):
        sheets.findings.error(
            "spouse-mismatch",
            row.place("Spouse Of"),
            f"{person.name} is the spouse of {spouse.name}, who is the spouse of {spouse.spouse_of}.",
            "Let the two rows name each other.",
        )


def read_accounts(sheets: Sheets, people: Mapping[str, Person], taxpayers: Spellings) -> AccountsRead:
    """The accounts of the Accounts table, or those that Holdings names when there is none."""
    if not sheets.of(ACCOUNTS) and not sheets.regions.get(ACCOUNTS.name):
        return _from_holdings(sheets)
    accounts: dict[str, Account] = {}
    places: dict[str, Place] = {}
    given: set[str] = set()
    owners = Spellings(people)
    for row in sheets.of(ACCOUNTS):
        name = row.text("Account")
        if not name:
            continue
        if name in accounts:
            sheets.findings.error(
                "duplicate-account",
                row.place("Account"),
                f"The account {name} is given more than once.",
                "Keep one row, or give the other account a name of its own.",
            )
            continue
        accounts[name] = _account(row, owners, taxpayers, sheets)
        places[name] = row.place("Account")
        if row.number_in("Cash") not in (None, 0.0):
            given.add(name)
    return AccountsRead(accounts, Spellings(accounts), places, frozenset(given))


def _account(row: Row, owners: Spellings, taxpayers: Spellings, sheets: Sheets) -> Account:
    values: dict[str, Any] = row.fields()
    # A treatment that cannot be read is a problem already; the account stands in for itself.
    values["treatment"] = TaxTreatment(values.get("treatment", TaxTreatment.TAXABLE))
    if "basis_method" in values:
        values["basis_method"] = BasisMethod(values["basis_method"])
    if "menu" in values:
        values["menu"] = frozenset(values["menu"]) - EMPTY_MENU
    values["owner"] = _owner(row, owners, sheets)
    values["taxpayer"] = _taxpayer(row, taxpayers, sheets)
    return Account(**values)


def _owner(row: Row, owners: Spellings, sheets: Sheets) -> str:
    written = row.text("Owner")
    if not written or not owners.names:
        return written
    owner = owners.find(written)
    if owner is None:
        sheets.findings.error(
            "unknown-owner",
            row.place("Owner"),
            f'The owner "{written}" is not in People.{owners.hint(written)}',
            "Add the person to People, correct the name, or leave it empty for a joint account.",
        )
        return ""
    return owner


def _taxpayer(row: Row, taxpayers: Spellings, sheets: Sheets) -> str:
    written = row.text("Taxpayer")
    if not written or not taxpayers.names:
        return ""
    taxpayer = taxpayers.find(written)
    if taxpayer is None:
        sheets.findings.error(
            "unknown-taxpayer",
            row.place("Taxpayer"),
            f'The taxpayer "{written}" has no row in TaxProfile.{taxpayers.hint(written)}',
            "Add the tax profile, correct the name, or leave it empty for the first profile.",
        )
        return ""
    return taxpayer


def _from_holdings(sheets: Sheets) -> AccountsRead:
    accounts: dict[str, Account] = {}
    places: dict[str, Place] = {}
    for row in sheets.of(HOLDINGS):
        name = row.text("Account")
        if not name or name in accounts:
            continue
        beside = _treatment_beside(row)
        treatment, told = treatment_of_name(name)
        why = "as its name says" if told else "because its name says nothing else"
        # An IRA beside a name that says Roth is a Roth IRA.
        roth = treatment is TaxTreatment.ROTH and beside is not None and beside[0] is TaxTreatment.TAX_DEFERRED
        if beside is not None and not roth:
            treatment, why = beside[0], f'as "{beside[1]}" beside it says'
        accounts[name] = Account(name, treatment)
        places[name] = row.place("Account")
        sheets.findings.notice(
            "treatment-from-name",
            row.place("Account"),
            f"There is no Accounts table, so the account {name} was taken to be {treatment.value}, {why}.",
            "Add an Accounts table with the columns Account and Tax Treatment if that is wrong.",
        )
    return AccountsRead(accounts, Spellings(accounts), places, frozenset())


def _treatment_beside(row: Row) -> tuple[TaxTreatment, str] | None:
    """The treatment that a column of the list of holdings tells, such as Account Type, with its words."""
    ours = set(row.region.columns.values())
    for number, header in row.region.headers.items():
        found = None if number in ours else NAMES[ACCOUNTS.name].column_of(header)
        if found is None or found[1].name != "Tax Treatment":
            continue
        cell = row.region.grid.cells.get((row.number, number))
        words = clean(cell.value) if cell is not None and isinstance(cell.value, str) else ""
        meant = _TREATMENTS.get(squeeze(words))
        if meant is not None:
            return meant, words
        treatment, told = treatment_of_name(words)
        if told:
            return treatment, words
    return None


def treatment_of_name(name: str) -> tuple[TaxTreatment, bool]:
    """The treatment that an account's name tells, and whether it told any."""
    words = clean(name).replace("_", " ").replace("-", " ")
    for treatment, tells in NAME_TELLS:
        if tells.search(words):
            return treatment, True
    return TaxTreatment.TAXABLE, False


def household_name(sheets: Sheets) -> str:
    """What the household is called; a book with accounts of several households is refused."""
    written: dict[str, Row] = {}
    for row in sheets.of(ACCOUNTS):
        if row.text("Household"):
            written.setdefault(row.text("Household"), row)
    if len(Spellings(written).names) > 1:
        row = list(written.values())[1]
        sheets.findings.error(
            "several-households",
            row.place("Household"),
            f"The accounts belong to several households: {', '.join(sorted(written))}.",
            how_to_ask(min(written)),
        )
    named = sheets.settings.get("Household Name")
    # The template writes its default name; a name in Accounts says more.
    if isinstance(named, str) and (named != "Household" or not written):
        return named
    return next(iter(written), "Household")


def with_cash(read: AccountsRead, cash: Mapping[str, float]) -> tuple[Account, ...]:
    """The accounts with the cash that Holdings gives them."""
    return tuple(
        replace(account, cash_usd=account.cash_usd + cash[name]) if name in cash else account
        for name, account in read.accounts.items()
    )


def check_menus(read: AccountsRead, symbols: Iterable[str], sheets: Sheets) -> None:
    """Every symbol of a menu must be a security."""
    known = Spellings(symbols)
    for row in sheets.of(ACCOUNTS):
        account = read.accounts.get(row.text("Account"))
        for symbol in sorted((account.menu or frozenset()) if account else ()):
            if symbol not in known.names:
                sheets.findings.error(
                    "unknown-symbol",
                    row.place("Menu"),
                    f"{row.text('Account')} has {symbol} on its menu, which is no known security.{known.hint(symbol)}",
                    "Add it to Securities with its asset class and price, or correct the symbol.",
                )
