"""The values of options as people type them, turned into ours, or refused with what to type instead."""

import re
from datetime import date

import typer

from rebal_xl.household import FilingStatus, Method
from rebal_xl.intake.dates import day_of_text
from rebal_xl.intake.states import STATES, state_code
from rebal_xl.intake.values import near_miss, read_number_text
from rebal_xl.sheets.inputs_tax import STATUS_SYNONYMS


def read_method(typed: str) -> Method:
    """A method by its name, however it is spelt: "Cash only", cash-only, CASHONLY."""
    known = {_squeezed(method.value): method for method in Method}
    method = known.get(_squeezed(typed))
    if method is None:
        names = ", ".join(one.value for one in Method)
        raise typer.BadParameter(f"there is no method '{typed}'. Write one of: {names}.")
    return method


def read_day(typed: str) -> date:
    """A day such as 2026-11-20 or 11/20/2026."""
    day = day_of_text(typed.strip())
    if not isinstance(day, date):
        raise typer.BadParameter(f"{day[0]} Write it as 2026-11-20 or 11/20/2026.")
    return day


def read_status(typed: str) -> FilingStatus:
    """A filing status in any of the words that a workbook may use: MFJ, married filing jointly, head of household."""
    known = {_squeezed(status.value): status for status in FilingStatus}
    known |= {_squeezed(word): FilingStatus(meaning) for word, meaning in STATUS_SYNONYMS}
    status = known.get(_squeezed(typed))
    if status is None:
        names = ", ".join(one.value for one in FilingStatus if one is not FilingStatus.GRANTOR_TRUST)
        raise typer.BadParameter(f"there is no filing status '{typed}'. Write one of: {names}.")
    if status is FilingStatus.GRANTOR_TRUST:
        raise typer.BadParameter(f"'{typed}' has no tax of its own: write the filing status of its grantor, who pays.")
    return status


def read_state(typed: str) -> str:
    """A state by its code or name."""
    code = state_code(typed)
    if code is None:
        near = near_miss(typed, list(STATES.values()))
        hint = f" Did you mean {near}?" if near else ""
        raise typer.BadParameter(f"'{typed}' is no state of the United States.{hint} Write its code, such as CA.")
    return code


def read_year(typed: str) -> int:
    """A tax year, in four digits."""
    if not re.fullmatch(r"(19|20)\d\d", typed.strip()):
        raise typer.BadParameter(f"'{typed}' is no tax year. Write four digits, such as 2026.")
    return int(typed)


def read_usd(typed: str) -> float:
    """Dollars, with or without a dollar sign and commas; negative for a loss."""
    number = read_number_text(typed.strip())
    if not isinstance(number, float):
        raise typer.BadParameter(f"'{typed}' is no amount of dollars. Write it as 250000 or -1200.50.")
    return number


def read_positive_usd(typed: str) -> float:
    """Dollars that cannot be negative."""
    number = read_usd(typed)
    if number < 0.0:
        raise typer.BadParameter(
            f"'{typed}' must not be negative. Losses of earlier years are written as positive dollars, too."
        )
    return number


def read_share(typed: str) -> float:
    """A rate as 9.3% or 0.093."""
    text = typed.strip()
    number = read_number_text(text.removesuffix("%"))
    rate = number / 100.0 if isinstance(number, float) and text.endswith("%") else number
    if not isinstance(rate, float) or not 0.0 <= rate <= 1.0:
        raise typer.BadParameter(f"'{typed}' is no rate. Write it as 9.3% or 0.093.")
    return rate


def _squeezed(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
