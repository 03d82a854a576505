"""`rebal-xl tax`: a taxpayer's year line by line, from a workbook's tax profiles or from the options alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from rebal_xl import api, words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import ending_well
from rebal_xl.cli.returns import Gains
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, say_heading, show_problems
from rebal_xl.household import FilingStatus, Household, InputErrors, Policy, Problem, TaxProfile
from rebal_xl.intake.settings import today_in_new_york
from rebal_xl.optimize.prices import wanted_law
from rebal_xl.tax.law import load_law
from rebal_xl.tax.medicare import MedicareSurcharge
from rebal_xl.tax.picture import YearPicture, state_origin, year_picture

# Lines that add up the lines above them.
SUMS = frozenset({"federal_usd", "total_usd"})
# Measures that are shown only where there is something of them.
RARE = frozenset({"short_used", "long_used", "absorbed", "ordinary"})


@dataclass(frozen=True, slots=True)
class Year:
    """One taxpayer's year, ready to be shown."""

    profile: TaxProfile
    # year of the return; the law's own year is in the bill
    tax_year: int
    picture: YearPicture


def tax_of_file(screen: Screen, file: Path, as_of: date | None, name: str = "") -> None:
    """Every taxpayer's year as it stands in a workbook, without a plan."""
    with ending_well(screen, "tax"):
        household, policy = api.read_workbook(file, as_of, name)
        years = _years(household, policy)
        if screen.as_json:
            screen.write(documents.as_text(document(years, household, policy)))
            return
        if household.notices:
            show_problems(screen.err, household.notices)
        show(screen.out, years)


def tax_of_options(screen: Screen, described: tuple[TaxProfile, Gains], tax_year: int | None) -> None:
    """The year of the return that the options describe; without a year this one."""
    profile, gains = described
    with ending_well(screen, "tax"):
        asked = today_in_new_york().year if tax_year is None else tax_year
        picture = year_picture(
            profile,
            gains.short_usd,
            gains.long_usd,
            law=load_law(asked),
            collectible_gain_usd=gains.collectible_usd,
        )
        years = [Year(profile, asked, picture)]
        if screen.as_json:
            screen.write(documents.as_text(document(years)))
            return
        show(screen.out, years)


def _years(household: Household, policy: Policy) -> list[Year]:
    payers = [profile for profile in household.taxpayers if profile.status is not FilingStatus.GRANTOR_TRUST]
    if not payers:
        advice = "Fill the table TaxProfile, or leave FILE out and give the options of the command."
        raise InputErrors([Problem("The workbook has no tax profile.", advice, code="no-tax-profile")])
    law, estimate = wanted_law(household, policy)
    year = policy.as_of.year
    return [Year(one, year, year_picture(one, law=law, estimate=estimate, tax_year=year)) for one in payers]


def document(
    years: Sequence[Year], household: Household | None = None, policy: Policy | None = None
) -> documents.Document:
    """What --json prints."""
    head = documents.head("tax", household.notices if household else (), 0)
    return head | {
        "tax": {
            "as_of": figures.day(policy.as_of) if policy else None,
            "household": household.name if household else None,
            "taxpayers": [_taxpayer(year) for year in years],
        }
    }


def show(console: Console, years: Sequence[Year]) -> None:
    """Each year: its lines with where they come from, then what is near."""
    for year in years:
        picture = year.picture
        say_heading(console, _heading(year))
        table = plain_table()
        table.add_column("For the year")
        number_column(table, "Dollars")
        table.add_column("Source")
        for line in picture.lines:
            if round(line.usd, 2) or line.key in SUMS:
                style = "bold" if line.key in SUMS else ""
                table.add_row(line.name, words.cents(line.usd), Text(line.source, style="not bold"), style=style)
        console.print(table)
        say_heading(console, "What is near")
        near = plain_table()
        near.add_column("Measure")
        number_column(near, "")
        near.add_column("Source")
        for measure in picture.measures:
            if measure.key in RARE and not round(measure.value, 2):
                continue
            shown = words.percent(measure.value) if measure.is_rate else words.cents(measure.value)
            near.add_row(measure.name, shown, measure.source)
        console.print(near)


def _heading(year: Year) -> str:
    profile, bill = year.profile, year.picture.bill
    law = f"{bill.law_year} law, ESTIMATE" if bill.estimate else f"{bill.law_year} law"
    parts = [profile.status.value, *([profile.state] if profile.state else []), law]
    return f"Tax of {profile.taxpayer} for {year.tax_year} ({', '.join(parts)})"


def _taxpayer(year: Year) -> documents.Document:
    profile, picture = year.profile, year.picture
    bill, room, state = picture.bill, picture.room, picture.state
    return {
        "bill": documents.bill_figures(bill),
        "carryforward_used": {
            "long_usd": figures.usd(picture.long_carryforward_used_usd),
            "short_usd": figures.usd(picture.short_carryforward_used_usd),
        },
        "law": {"estimate": bill.estimate, "year": bill.law_year},
        "lines": [
            {"key": line.key, "name": line.name, "source": line.source, "usd": figures.usd(line.usd)}
            for line in picture.lines
        ],
        "marginal_rates": {
            "long": figures.weight(picture.long_marginal_rate),
            "short": figures.weight(picture.short_marginal_rate),
        },
        "medicare": _medicare(picture.medicare) if picture.medicare else None,
        "room": {
            "absorbed_usd": figures.usd(room.absorbed_usd),
            "at_low_rate_usd": figures.usd(room.at_low_rate_usd),
            "at_middle_rate_usd": figures.usd(room.at_middle_rate_usd),
            "before_niit_usd": figures.usd(room.before_niit_usd),
            "ordinary_usd": figures.usd(room.ordinary_usd),
        },
        "state": profile.state or None,
        "state_rates": {
            "long": figures.weight(state.long),
            "origin": state_origin(profile),
            "short": figures.weight(state.short),
            "source": state.source,
        },
        "status": profile.status.value,
        "tax_year": year.tax_year,
        "taxpayer": profile.taxpayer,
    }


def _medicare(found: MedicareSurcharge) -> documents.Document:
    return {
        "estimate": found.estimate,
        "income_usd": figures.usd(found.income_usd),
        "next_step_over_usd": figures.usd(found.next_step_over_usd),
        "people": found.people,
        "premium_year": found.premium_year,
        "step": found.step,
        "steps_of": found.steps_of,
        "yearly_usd": figures.usd(found.yearly_usd),
    }
