"""Questions of tax that need no household: holding periods, and what extra gains cost."""

from collections.abc import Collection, Sequence
from datetime import date

from rebal_xl.excel.asked import asked
from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.inputs import corner_of, read_number, read_one, read_taxpayers
from rebal_xl.excel.refusal import Code, Refused
from rebal_xl.excel.udf import Cells, OneCell, Result, formula
from rebal_xl.household import FilingStatus, InputErrors, Problem, TaxProfile
from rebal_xl.intake.findings import Place
from rebal_xl.sheets.schema import Kind
from rebal_xl.tax.holding import term
from rebal_xl.tax.law import known_years, law_for
from rebal_xl.tax.liability import tax_bill


@formula(NOTES)
def REBAL_TERM(acquired: Cells, sold: Cells) -> Result:
    """ "Short" or "Long": how a gain on shares bought and sold on these days is taxed. Long is held for more than one
    year. Ranges of days give a range of answers."""
    bought, gone = _days("acquired", acquired), _days("sold", sold)
    rows, columns = max(len(bought), len(gone)), max(len(bought[0]), len(gone[0]))
    for name, days in (("acquired", bought), ("sold", gone)):
        if len(days) not in (1, rows) or len(days[0]) not in (1, columns):
            raise Refused(
                Code.VALUE,
                f"The argument {name} has {len(days)} rows and {len(days[0])} columns, the other one {rows} and "
                f"{columns}: give one date, or ranges of the same shape.",
            )
    terms = [[_term(_at(bought, r, c), _at(gone, r, c)) for c in range(columns)] for r in range(rows)]
    return terms[0][0] if rows == columns == 1 else terms


def _days(argument: str, cells: Cells) -> list[list[date | None]]:
    """The days of an argument; every cell that holds none is told at once."""
    if cells is None:
        raise Refused(Code.VALUE, f"The argument {argument} is empty: give it a date such as 11/20/2026.")
    corner = corner_of(argument, asked().places.get(argument, ""))
    width = max(len(row) for row in cells)
    days: list[list[date | None]] = []
    problems: list[Problem] = []
    for number, row in enumerate(cells, corner.row):
        found: list[date | None] = [None] * width
        for column, value in enumerate(row):
            place = Place(corner.sheet, number, corner.column + column)
            try:
                day = read_one(argument, value, Kind.DATE, Place() if corner.loose else place)
            except InputErrors as wrong:
                problems += wrong.problems
            else:
                found[column] = day if isinstance(day, date) else None
        days.append(found)
    if problems:
        raise InputErrors(problems)
    return days


def _at(days: Sequence[Sequence[date | None]], row: int, column: int) -> date | None:
    line = days[row if len(days) > 1 else 0]
    return line[column if len(line) > 1 else 0]


def _term(acquired: date | None, sold: date | None) -> str:
    if acquired is None or sold is None:
        return ""
    if sold < acquired:
        raise Refused(
            Code.VALUE,
            f"Sold on {sold:%m/%d/%Y} before acquired on {acquired:%m/%d/%Y}: are the arguments the other way round?",
        )
    return term(acquired, sold).value


@formula(NOTES)
def REBAL_TAX_ON(tax: Cells, short_gain: OneCell, long_gain: OneCell, law_year: OneCell = None) -> Result:
    """Federal and state tax, in dollars, that extra capital gains add to the year of a taxpayer; negative where losses
    save tax. Grantor trusts in the range pay through their grantor."""
    profile = _payer(read_taxpayers(tax))
    gains = read_number("short_gain", short_gain) or 0.0, read_number("long_gain", long_gain) or 0.0
    year = read_number("law_year", law_year, kind=Kind.WHOLE)
    law, _ = law_for(int(year or profile.law_year or known_years()[-1]))
    if not year and not profile.law_year:
        asked().tell(f"No law year is given: the tax law of {law.year} counts, the latest known.")
    try:
        with_gains = tax_bill(profile, *gains, law=law).total_usd
        return with_gains - tax_bill(profile, law=law).total_usd
    except ValueError as wrong:
        raise Refused(Code.VALUE, str(wrong)) from wrong


def refuse_no_taxpayer(profiles: Collection[TaxProfile]) -> None:
    """Refused for a tax profile that is a header row alone."""
    if not profiles:
        raise Refused(
            Code.VALUE,
            "The argument tax has a header row and no taxpayer below it. Write one row of the tax profile, with "
            "Taxpayer and Type at least.",
        )


def _payer(profiles: Sequence[TaxProfile]) -> TaxProfile:
    """The one taxpayer whose return the gains are on."""
    payers = [profile for profile in profiles if profile.status is not FilingStatus.GRANTOR_TRUST]
    if len(payers) == 1:
        return payers[0]
    refuse_no_taxpayer(profiles)
    if not payers:
        raise Refused(Code.VALUE, "The argument tax has no taxpayer: a grantor trust's grantor pays its tax.")
    names = ", ".join(profile.taxpayer for profile in payers)
    raise Refused(
        Code.VALUE,
        f"The argument tax has several taxpayers ({names}), and nobody can say whose gains these are. Give it the "
        "header row and the row of one taxpayer alone, such as VSTACK(TaxProfile[#Headers], the row).",
    )
