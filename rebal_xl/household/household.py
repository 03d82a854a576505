"""The household: accounts, lots, securities, people and taxpayers, with the look-ups everything needs."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field

from rebal_xl.household.accounts import CASH_CLASS, Account, Lot, Person, RecentTrade
from rebal_xl.household.problems import InputErrors, Problem
from rebal_xl.household.securities import Security
from rebal_xl.household.taxpayer import TaxProfile
from rebal_xl.household.value import Fill
from rebal_xl.household.words import FilingStatus


@dataclass(frozen=True, slots=True)
class Household:
    """The accounts managed to one target, and the taxpayers who own them.

    Sequences are sorted canonically on construction, so that the order of an advisor's rows never matters.
    Raises InputErrors when lots name unknown accounts or securities, or names repeat.
    """

    accounts: tuple[Account, ...]
    lots: tuple[Lot, ...]
    securities: tuple[Security, ...]
    taxpayers: tuple[TaxProfile, ...] = ()
    people: tuple[Person, ...] = ()
    recent_trades: tuple[RecentTrade, ...] = ()
    name: str = "Household"
    # findings made while the household was read; shown in Checks
    notices: tuple[Problem, ...] = ()
    # executions of plans carried out: no plan depends on them
    fills: tuple[Fill, ...] = ()
    _account: dict[str, Account] = field(init=False, repr=False, compare=False, hash=False)
    _security: dict[str, Security] = field(init=False, repr=False, compare=False, hash=False)
    _taxpayer: dict[str, TaxProfile] = field(init=False, repr=False, compare=False, hash=False)
    # lots of each position, and dollars in each account: asked for thousands of times
    _held: dict[tuple[str, str], tuple[Lot, ...]] = field(init=False, repr=False, compare=False, hash=False)
    _value_usd: dict[str, float] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "accounts", tuple(sorted(self.accounts, key=lambda account: account.name)))
        put(self, "securities", tuple(sorted(self.securities, key=lambda security: security.symbol)))
        put(self, "lots", tuple(sorted(self.lots, key=_lot_order)))
        put(self, "people", tuple(sorted(self.people, key=lambda person: person.name)))
        put(self, "recent_trades", tuple(sorted(self.recent_trades, key=_trade_order)))
        put(self, "fills", tuple(sorted(self.fills, key=_fill_order)))
        put(self, "taxpayers", tuple(self.taxpayers))
        put(self, "_account", {account.name: account for account in self.accounts})
        put(self, "_security", {security.symbol: security for security in self.securities})
        put(self, "_taxpayer", {profile.taxpayer: profile for profile in self.taxpayers})
        problems = list(_contradictions(self))
        if problems:
            raise InputErrors(problems)
        held: dict[tuple[str, str], list[Lot]] = {}
        value = {account.name: account.cash_usd for account in self.accounts}
        for lot in self.lots:
            held.setdefault((lot.account, lot.symbol), []).append(lot)
            value[lot.account] += self.value_usd(lot)
        put(self, "_held", {key: tuple(lots) for key, lots in held.items()})
        put(self, "_value_usd", value)

    def noticed(self, notices: Iterable[Problem]) -> "Household":
        """The same household with other notices; what was checked and looked up once is not again."""
        found = copy(self)
        object.__setattr__(found, "notices", tuple(notices))
        return found

    def account(self, name: str) -> Account:
        """The account of that name; KeyError when there is none."""
        return self._account[name]

    def security(self, symbol: str) -> Security:
        """The security of that symbol; KeyError when there is none."""
        return self._security[symbol]

    def payer(self, account: Account) -> TaxProfile | None:
        """Who pays tax on gains in the account: a grantor trust's grantor pays; None when no profile was given.

        IRC 671: the grantor is taxed as the owner of a grantor trust.
        """
        if not self.taxpayers:
            return None
        profile = self._taxpayer[account.taxpayer] if account.taxpayer else self.taxpayers[0]
        if profile.status is not FilingStatus.GRANTOR_TRUST:
            return profile
        if profile.grantor:
            return self._taxpayer[profile.grantor]
        persons = [p for p in self.taxpayers if p.status not in (FilingStatus.GRANTOR_TRUST, FilingStatus.TRUST)]
        return persons[0] if persons else profile

    def value_usd(self, lot: Lot) -> float:
        """Market value of a lot in dollars."""
        return lot.quantity * self._security[lot.symbol].unit_usd

    def account_value_usd(self, name: str) -> float:
        """Cash and lots of one account in dollars."""
        return self._value_usd[name]

    def held(self, account: str, symbol: str) -> tuple[Lot, ...]:
        """Lots of one security in one account, in canonical order."""
        return self._held.get((account, symbol), ())

    @property
    def total_usd(self) -> float:
        """Value of every account that counts in the target, dollars, before any flow."""
        return sum(self._value_usd[account.name] for account in self.accounts if account.counts_in_target)

    @property
    def classes(self) -> tuple[str, ...]:
        """Every asset class that some security carries, cash last."""
        found = {name for security in self.securities for name, _ in security.class_mix}
        return (*sorted(found - {CASH_CLASS}), CASH_CLASS)


def _lot_order(lot: Lot) -> tuple[str, str, int, float, float, str]:
    day = lot.acquired.toordinal() if lot.acquired else 0
    return (lot.account, lot.symbol, day, -1.0 if lot.basis_usd is None else lot.basis_usd, lot.quantity, lot.lot_id)


def _trade_order(trade: RecentTrade) -> tuple[int, str, str, str, float]:
    return (trade.traded.toordinal(), trade.account, trade.symbol, trade.side.value, trade.quantity)


def _fill_order(fill: Fill) -> tuple[int, str, str, str, str, float, float]:
    day = fill.filled.toordinal()
    return (day, fill.account, fill.symbol, fill.side.value, fill.lot_id, fill.quantity, fill.price_usd)


def _contradictions(household: Household) -> Iterable[Problem]:
    for kind, names in (
        ("account", [account.name for account in household.accounts]),
        ("symbol", [security.symbol for security in household.securities]),
        ("taxpayer", [profile.taxpayer for profile in household.taxpayers]),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(f"The {kind} {name} is given more than once.", "Keep one.", code=f"duplicate-{kind}")
    for account in household.accounts:
        if account.taxpayer and account.taxpayer not in household._taxpayer:
            yield Problem(
                f"Account {account.name} names the taxpayer {account.taxpayer}, who has no tax profile.",
                "Add the tax profile or correct the name.",
                code="unknown-taxpayer",
            )
    for lot in household.lots:
        if lot.account not in household._account:
            yield Problem(
                f"A lot of {lot.symbol} names the unknown account {lot.account}.",
                "Add the account or correct the name.",
                code="unknown-account",
            )
        if lot.symbol not in household._security:
            yield Problem(
                f"Account {lot.account} holds {lot.symbol}, which is no known security.",
                "Add the security or correct the symbol.",
                code="unknown-symbol",
            )
