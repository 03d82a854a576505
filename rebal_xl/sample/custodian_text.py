"""How custodians write dollars, percentages and totals; shared by the files of all three."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from rebal_xl.household import Account, Household, Lot, Security
from rebal_xl.sample.prices import SEED

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Holding:
    """One position: what an account holds of one security."""

    account: Account
    security: Security
    lots: tuple[Lot, ...]

    @property
    def quantity(self) -> float:
        """Shares, or face of a bond."""
        return round(sum(lot.quantity for lot in self.lots), 4)

    @property
    def value_usd(self) -> float:
        """Market value in dollars and cents."""
        return round(self.quantity * self.security.unit_usd, 2)

    @property
    def basis_usd(self) -> float | None:
        """Cost basis in dollars; None when a lot's is not known."""
        known = [lot.basis_usd for lot in self.lots if lot.basis_usd is not None]
        return round(sum(known), 2) if len(known) == len(self.lots) else None

    @property
    def change_usd(self) -> float:
        """Made-up price change of the day, dollars a share."""
        stray = Random(f"{SEED} day {self.security.symbol}").uniform(-0.012, 0.012)
        return round(self.security.price_usd * stray, 2)


def holdings_of(household: Household, account: Account) -> tuple[Holding, ...]:
    """The positions of one account, in order of symbol."""
    lots = [lot for lot in household.lots if lot.account == account.name]
    return tuple(
        Holding(account, household.security(symbol), tuple(lot for lot in lots if lot.symbol == symbol))
        for symbol in sorted({lot.symbol for lot in lots})
    )


def accounts_at(household: Household, custodian: str) -> tuple[Account, ...]:
    """The accounts that one custodian holds."""
    return tuple(account for account in household.accounts if account.custodian == custodian)


def month_day_year(day: date) -> str:
    """A date as Fidelity writes it, Mar-15-2020: in English, whatever the machine's language."""
    return f"{MONTHS[day.month - 1]}-{day:%d-%Y}"


def number(quantity: float, commas: bool = True) -> str:
    """Shares with as many decimals as they need, at most four."""
    text = f"{quantity:,.4f}" if commas else f"{quantity:.4f}"
    return text.rstrip("0").rstrip(".")


def dollars(amount: float, commas: bool = True, sign: bool = False) -> str:
    """Dollars and cents the way Schwab ($1,234.50, -$3.10) and Fidelity (+$1234.50) write them."""
    lead = "-" if amount < 0 else "+" if sign else ""
    return f"{lead}${abs(amount):,.2f}" if commas else f"{lead}${abs(amount):.2f}"


def percent(part: float, whole: float, sign: bool = False) -> str:
    """A share in percent with two decimals."""
    share = 100.0 * part / whole if whole else 0.0
    return f"{share:+.2f}%" if sign else f"{share:.2f}%"


def quoted(cells: Sequence[str]) -> str:
    """One line with every cell in quotes."""
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def plain(cells: Sequence[str]) -> str:
    """One line with quotes only where a cell holds a comma or a quote."""
    return ",".join(quoted([cell]) if set(cell) & set(',"') else cell for cell in cells)
