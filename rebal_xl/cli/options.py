"""The values of options as people type them, turned into ours, or refused with what to type instead."""

from datetime import date

import typer

from rebal_xl.household import Method
from rebal_xl.intake.dates import day_of_text


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


def _squeezed(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
