"""The options of `rebal-xl tax` that describe a return, and the tax profile that they make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from rebal_xl.cli.options import read_positive_usd, read_share, read_state, read_status, read_usd, read_year
from rebal_xl.household import FilingStatus, TaxProfile

FILE_HELP = "The household's workbook: every tax profile's year. Without it the options describe the return."
# Who files the return that the options describe.
ASKED = "this return"

# Option of the command, as its parameter is called -> the field of `TaxProfile` or `Gains` that it fills.
FIELDS = {
    "state": "state",
    "ordinary": "ordinary_income_usd",
    "qualified_dividends": "qualified_dividends_usd",
    "tax_exempt_interest": "tax_exempt_interest_usd",
    "niit_income": "other_investment_income_usd",
    "social_security": "social_security_usd",
    "itemized": "itemized_deductions_usd",
    "salt": "state_local_tax_usd",
    "aged_65": "aged_65",
    "blind": "blind",
    "short_carryforward": "short_carryforward_usd",
    "long_carryforward": "long_carryforward_usd",
    "state_short_rate": "state_short_rate",
    "state_long_rate": "state_long_rate",
    "short": "short_usd",
    "long": "long_usd",
    "collectible": "collectible_usd",
}
_GAINS = ("short", "long", "collectible")


@dataclass(frozen=True, slots=True)
class Gains:
    """Gains of a year as the options give them, dollars; negative for losses."""

    short_usd: float = 0.0
    long_usd: float = 0.0
    # the part of the long-term gain from collectibles
    collectible_usd: float = 0.0


def described(status: FilingStatus, given: Mapping[str, Any]) -> tuple[TaxProfile, Gains]:
    """The return of the options that were given."""
    profile = {FIELDS[name]: value for name, value in given.items() if name not in _GAINS}
    gains = {FIELDS[name]: value for name, value in given.items() if name in _GAINS}
    return TaxProfile(ASKED, status, **profile), Gains(**gains)


def _usd(name: str, said: str, parser: Callable[[str], float] = read_positive_usd) -> Any:
    return typer.Option(name, metavar="USD", parser=parser, show_default=False, help=said)


def _rate(name: str, said: str) -> Any:
    return typer.Option(name, metavar="RATE", parser=read_share, show_default=False, help=said)


def _count(name: str, said: str) -> Any:
    return typer.Option(name, metavar="N", min=0, max=2, show_default=False, help=said)


def _word(name: str, metavar: str, parser: Callable[[str], Any], said: str) -> Any:
    return typer.Option(name, metavar=metavar, parser=parser, show_default=False, help=said)


_Dollars = float | None
Status = Annotated[
    FilingStatus | None,
    _word("--status", "STATUS", read_status, "Filing status: single, MFJ, MFS, HoH, QSS or non-grantor trust."),
]
Year = Annotated[int | None, _word("--year", "YEAR", read_year, "Tax year; without it this one.")]
State = Annotated[str | None, _word("--state", "STATE", read_state, "State, such as CA.")]
Ordinary = Annotated[_Dollars, _usd("--ordinary", "Wages, interest and all other ordinary income.", read_usd)]
QualifiedDividends = Annotated[_Dollars, _usd("--qualified-dividends", "Qualified dividends.")]
Short = Annotated[_Dollars, _usd("--short", "Short-term gain; negative for a loss.", read_usd)]
Long = Annotated[_Dollars, _usd("--long", "Long-term gain; negative for a loss.", read_usd)]
Collectible = Annotated[_Dollars, _usd("--collectible", "The part of it from collectibles.", read_usd)]
ShortCarryforward = Annotated[_Dollars, _usd("--short-carryforward", "Short-term loss of earlier years, positive.")]
LongCarryforward = Annotated[_Dollars, _usd("--long-carryforward", "Long-term loss of earlier years, positive.")]
SocialSecurity = Annotated[_Dollars, _usd("--social-security", "Social Security benefits.")]
TaxExemptInterest = Annotated[_Dollars, _usd("--tax-exempt-interest", "Tax-exempt interest.")]
NiitIncome = Annotated[
    _Dollars, _usd("--niit-income", "The part of ordinary income that is net investment income.", read_usd)
]
Itemized = Annotated[_Dollars, _usd("--itemized", "Itemized deductions other than state and local tax.")]
Salt = Annotated[_Dollars, _usd("--salt", "State and local tax paid; counts with --itemized.")]
Aged65 = Annotated[int | None, _count("--aged-65", "Filers of 65 or more.")]
Blind = Annotated[int | None, _count("--blind", "Filers who are blind.")]
StateShortRate = Annotated[float | None, _rate("--state-short-rate", "Your own state rate on short-term gain.")]
StateLongRate = Annotated[float | None, _rate("--state-long-rate", "Your own state rate on long-term gain.")]
