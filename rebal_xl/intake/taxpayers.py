"""Tax profiles from their rows: statuses, states, grantors, law years, and who is 65 by the end of the year."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rebal_xl.household import FilingStatus, Person, TaxProfile
from rebal_xl.intake.book import Sheets, Spellings
from rebal_xl.intake.rows import Row
from rebal_xl.intake.states import STATES, state_code
from rebal_xl.intake.values import listed, near_miss
from rebal_xl.sheets.tables import PEOPLE, TAX_PROFILE
from rebal_xl.tax import known_years

TRUSTS = frozenset({FilingStatus.GRANTOR_TRUST, FilingStatus.TRUST})
SENIOR_AGE = 65


def read_taxpayers(sheets: Sheets, people: Mapping[str, Person]) -> tuple[TaxProfile, ...]:
    """The tax profiles in the order of the sheet: the first is everybody's who names none."""
    rows: dict[str, Row] = {}
    for row in sheets.of(TAX_PROFILE):
        name = row.text("Taxpayer")
        if name in rows:
            sheets.findings.error(
                "duplicate-taxpayer",
                row.place("Taxpayer"),
                f"The taxpayer {name} is given more than once.",
                "Keep one row.",
            )
        elif name:
            rows[name] = row
    names = Spellings(rows)
    filers = _filers(sheets, names, people)
    profiles = tuple(_profile(row, names, filers.get(name, ()), sheets) for name, row in rows.items())
    for profile in profiles:
        _check_grantor(profile, profiles, rows[profile.taxpayer], sheets)
    _check_law(sheets, profiles)
    return profiles


def _profile(row: Row, names: Spellings, filers: tuple[Person, ...], sheets: Sheets) -> TaxProfile:
    values: dict[str, Any] = row.fields()
    # A type that cannot be read is a problem already; the profile stands in for itself.
    values["status"] = FilingStatus(values.get("status", FilingStatus.SINGLE))
    values["state"] = _state(row, sheets)
    values["grantor"] = _grantor(row, names, sheets)
    for field in ("law_year", "aged_65", "blind"):
        if field in values:
            values[field] = int(values[field])
    most = _most_filers(values["status"])
    if "aged_65" not in values and "Filers 65+" not in row.broken:
        seniors = sum(person.born is not None and is_65_by(person.born, sheets.as_of.year) for person in filers)
        values["aged_65"] = min(most, seniors)
    for column, field in (("Filers 65+", "aged_65"), ("Blind", "blind")):
        if values.get(field, 0) > most:
            sheets.findings.error(
                "too-many-filers",
                row.place(column),
                f"{column} is {values[field]}, but a return of type {values['status'].value} has {most or 'no'} such "
                f"filer{'' if most == 1 else 's'} at most.",
                f"Write {listed([str(number) for number in range(most + 1)])}.",
            )
    profile = TaxProfile(**values)
    if 0.0 <= profile.ordinary_income_usd < profile.other_investment_income_usd:
        sheets.findings.notice(
            "investment-income",
            row.place("Other Investment Income"),
            f"{profile.taxpayer} has more investment income than ordinary income, of which it is a part.",
            "Ordinary Income includes interest and other investment income.",
        )
    return profile


def is_65_by(born: date, year: int) -> bool:
    """True when somebody counts as 65 at the end of the year: one is 65 on the day before the birthday.

    Reg. 1.151-1(c)(2); Publication 501: born on 1 January counts for the year before.
    """
    return born <= date(year - SENIOR_AGE + 1, 1, 1)


def _most_filers(status: FilingStatus) -> int:
    if status in TRUSTS:
        return 0
    # Married filing separately may count a spouse without income (Publication 501).
    return 2 if status in (FilingStatus.MFJ, FilingStatus.MFS) else 1


def _filers(sheets: Sheets, names: Spellings, people: Mapping[str, Person]) -> dict[str, tuple[Person, ...]]:
    """Who files on which return: People says, else the profile of the same name, else the first."""
    filers: dict[str, tuple[Person, ...]] = {}
    for row in sheets.of(PEOPLE):
        person = people.get(row.text("Person"))
        if person is None or not names.names:
            continue
        written = row.text("Taxpayer")
        taxpayer = names.find(written) if written else names.find(person.name) or names.names[0]
        if taxpayer is None:
            sheets.findings.error(
                "unknown-taxpayer",
                row.place("Taxpayer"),
                f'The taxpayer "{written}" has no row in TaxProfile.{names.hint(written)}',
                "Add the tax profile, correct the name, or leave it empty for the first profile.",
            )
            continue
        filers[taxpayer] = (*filers.get(taxpayer, ()), person)
    return filers


def _state(row: Row, sheets: Sheets) -> str:
    written = row.text("State")
    if not written:
        return ""
    code = state_code(written)
    if code is None:
        near = near_miss(written, list(STATES.values()))
        sheets.findings.error(
            "unknown-state",
            row.place("State"),
            f'"{written}" is no state of the United States.{f" Did you mean {near}?" if near else ""}',
            "Write its two-letter code, such as CA, or leave it empty and give the state rates.",
        )
    return code or ""


def _grantor(row: Row, names: Spellings, sheets: Sheets) -> str:
    written = row.text("Grantor")
    if not written:
        return ""
    grantor = names.find(written)
    if grantor is None:
        sheets.findings.error(
            "unknown-taxpayer",
            row.place("Grantor"),
            f'The grantor "{written}" has no row in TaxProfile.{names.hint(written)}',
            "Add the grantor's tax profile or correct the name.",
        )
    return grantor or ""


def _check_grantor(profile: TaxProfile, profiles: tuple[TaxProfile, ...], row: Row, sheets: Sheets) -> None:
    if profile.status is not FilingStatus.GRANTOR_TRUST:
        if profile.grantor:
            sheets.findings.notice(
                "grantor-not-used",
                row.place("Grantor"),
                f"{profile.taxpayer} names a grantor but is no grantor trust, so it pays its own tax.",
            )
        return
    by_name = {each.taxpayer: each for each in profiles}
    persons = [each for each in profiles if each.status not in TRUSTS]
    grantor = by_name.get(profile.grantor) if profile.grantor else persons[0] if persons else None
    if "Grantor" in row.broken or (row.text("Grantor") and not profile.grantor):
        return
    if grantor is None or grantor.status is FilingStatus.GRANTOR_TRUST:
        sheets.findings.error(
            "no-grantor",
            row.place("Grantor"),
            f"{profile.taxpayer} is a grantor trust, but no person's tax profile pays for it.",
            "Add the tax profile of the grantor, and name it in the column Grantor.",
        )
        return
    sheets.findings.notice(
        "grantor-trust",
        row.place("Type"),
        f"{profile.taxpayer} is a grantor trust: its gains are taxed on the return of {grantor.taxpayer}.",
        "Write non-grantor trust if it files and pays for itself.",
    )


def _check_law(sheets: Sheets, profiles: tuple[TaxProfile, ...]) -> None:
    years = known_years()
    known = listed([str(year) for year in years], "and")
    chosen = [(sheets.settings.get("Law Year"), sheets.settings.place("Law Year"))]
    chosen += [(row.number_in("Law Year"), row.place("Law Year")) for row in sheets.of(TAX_PROFILE)]
    for year, place in chosen:
        if isinstance(year, float) and int(year) not in years:
            sheets.findings.error(
                "unknown-law-year",
                place,
                f"The tax law of {int(year)} is not known.",
                f"The law of {known} is; choose one of these, or leave it empty for the year of the as-of date.",
            )
        elif isinstance(year, float) and int(year) > sheets.as_of.year:
            sheets.findings.error(
                "law-year-ahead",
                place,
                f"The law of {int(year)} does not apply in {sheets.as_of.year}.",
                f"Write {sheets.as_of.year} or an earlier year, or leave it empty.",
            )
    if profiles and sheets.as_of.year not in years and not any(isinstance(year, float) for year, _ in chosen):
        sheets.findings.notice(
            "no-law",
            sheets.settings.place("As Of"),
            f"The tax law of {sheets.as_of.year} is not known, so that tax cannot be computed.",
            f"Set Law Year to an earlier year ({known}) for an estimate.",
        )
    if not profiles:
        sheets.findings.notice(
            "no-tax-profile",
            sheets.settings.place(""),
            "There is no tax profile: drift is computed, but no tax.",
            "Add a TaxProfile table with Taxpayer, Type, State and income.",
        )
