"""
Which account of the workbook a file means: by its name, its number, or the last digits that a custodian shows.

Nothing is guessed: where two accounts could be meant, none is, and the advisor is told what to write where.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rebal_xl.intake.book import Spellings
from rebal_xl.intake.find import Region
from rebal_xl.intake.headers import spelling
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import clean, squeeze
from rebal_xl.sheets.tables import ACCOUNTS

NUMBER_COLUMN = "Custodian Number"
# The last digits behind a mask: Joint ...418, XXXX-5792, ****5792
_TAIL = re.compile(r"(?P<before>.*?)\s*(?:\.{2,}|[xX*•#]{2,}-?)\s*(?P<digits>\d{3,4})")
_FEWEST_OF_A_TAIL = 3
# Longer texts are no account's name, and would take long to be held against the pattern.
_LONGEST_NAME = 200
# Headers of a sheet of accounts, beside the one that names them, that hold their numbers.
_NUMBER_HEADERS = frozenset(map(spelling, ("Account Number", "Account No", "Account #", "Acct #", "Acct Number")))


@dataclass(frozen=True, slots=True)
class Listed:
    """An account of the workbook and what a custodian may call it by."""

    name: str
    # letters and digits of the whole numbers written of it
    numbers: frozenset[str]
    # last digits, where no more is known
    tails: frozenset[str]
    # its name where that is a number, and the last digits that its name ends in; "" when it has none
    own_number: str
    own_tail: str
    # its custodian without case and spaces, "" when the workbook does not say
    custodian: str

    @classmethod
    def of(cls, name: str, written: Iterable[str], custodian: str = "") -> Listed:
        """An account with the numbers or masks that are written of it; its name may be one or end in one."""
        numbers, tails = set(), set()
        for text in written:
            bare = clean(text)
            if tail := tail_of(text):
                tails.add(tail)
            elif is_number(text):
                numbers.add(squeeze(text))
            elif bare.isdigit() and len(bare) >= _FEWEST_OF_A_TAIL:
                tails.add(bare)
        own = squeeze(name) if is_number(name) else ""
        return cls(name, frozenset(numbers), frozenset(tails), own, tail_of(name), squeeze(custodian))

    def has_number(self, number: str) -> bool:
        """Whether a whole number is this account's, or ends as its last digits do."""
        plain = number.lstrip("0")
        return any(plain == own.lstrip("0") for own in (*self.numbers, self.own_number)) or any(
            number.endswith(own) for own in self.tails
        )

    def ends_in(self, called: str) -> bool:
        """Whether the last digits behind a mask are those of this account.

        Behind a name they only count where somebody wrote them under the account's number: other accounts may well
        end alike.
        """
        tail = tail_of(called)
        numbers, tails = set(self.numbers), set(self.tails)
        if not without_tail(called):
            numbers.add(self.own_number)
            tails.add(self.own_tail)
        return any(own.endswith(tail) for own in numbers) or any(
            own.endswith(tail) or tail.endswith(own) for own in tails - {""}
        )


def listed_accounts(rows: Sequence[Row]) -> tuple[Listed, ...]:
    """The accounts of an Accounts table with their numbers."""
    beside = {id(row.region): _number_columns(row.region) for row in rows}
    found = []
    for row in rows:
        cells = (row.region.grid.cells.get((row.number, column)) for column in beside[id(row.region)])
        written = [row.text(NUMBER_COLUMN), *(_text(cell.value) for cell in cells if cell is not None)]
        found.append(Listed.of(row.text("Account"), filter_blank(written), row.text("Custodian")))
    return tuple(found)


def _number_columns(region: Region) -> list[int]:
    used = set(region.columns.values())
    return [
        number
        for number, header in region.headers.items()
        if spelling(header) in _NUMBER_HEADERS and number not in used
    ]


def _text(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else value if isinstance(value, str) else ""


def filter_blank(texts: Iterable[str]) -> list[str]:
    """The texts that say something."""
    return [text for text in texts if text]


def is_number(called: str) -> bool:
    """Whether a name is an account's number: one word of five digits or more, perhaps led by letters."""
    word = clean(called).replace("-", "")
    return re.fullmatch(r"[A-Za-z]{0,3}\d{5,}", word) is not None


def tail_of(called: str) -> str:
    """The last digits behind a mask, "" when there is none."""
    match = _masked(called)
    return match["digits"] if match else ""


def without_tail(called: str) -> str:
    """A name without the masked digits behind it."""
    match = _masked(called)
    return match["before"] if match else clean(called)


def _masked(called: str) -> re.Match[str] | None:
    name = clean(called)
    return _TAIL.fullmatch(name) if len(name) <= _LONGEST_NAME else None


class Whose:
    """Finds accounts of the workbook by what files call them."""

    def __init__(self, accounts: Sequence[Listed], more_names: Iterable[str] = ()) -> None:
        """`more_names` are accounts that only Holdings names."""
        self.accounts = accounts
        self.spellings = Spellings((*(account.name for account in accounts), *more_names))

    def resolve(
        self, called: Iterable[str], numbers: Mapping[str, str], custodians: Mapping[str, str]
    ) -> dict[str, str]:
        """What the files call an account -> the workbook's name for it; names that stand for none are left out.

        `numbers` are account numbers that a file gives beside a name, `custodians` whose file it is.
        """
        written = list(dict.fromkeys(called))
        found = {name: self.spellings.find(name) for name in written}
        for name in written:
            number = numbers.get(name, name)
            if found[name] is None and is_number(number):
                found[name] = self._one(custodians.get(name, ""), Listed.has_number, squeeze(number))
        self._by_name_alone(found)
        for name in written:
            if found[name] is None and tail_of(name):
                found[name] = self._one(custodians.get(name, ""), Listed.ends_in, name)
        self._by_each_other(found)
        return {name: account for name, account in found.items() if account is not None}

    def _one(self, custodian: str, fits: Callable[[Listed, str], bool], digits: str) -> str | None:
        """The one account, at this custodian where the workbook says which, that the digits fit."""
        names = [
            one.name
            for one in self.accounts
            if fits(one, digits) and not (custodian and one.custodian and custodian not in one.custodian)
        ]
        return names[0] if len(names) == 1 else None

    def _by_name_alone(self, found: dict[str, str | None]) -> None:
        """Masked digits go where the name before them tells the account, and no other name means it."""
        taken = Counter(filter(None, found.values()))
        shorter = {
            name: self.spellings.find(before)
            for name, account in found.items()
            if account is None and tail_of(name) and (before := without_tail(name))
        }
        taken.update(filter(None, shorter.values()))
        for name, account in shorter.items():
            if account is not None and taken[account] == 1:
                found[name] = account

    def _by_each_other(self, found: dict[str, str | None]) -> None:
        """A bare mask means the account that another file gives with the same digits behind a name."""
        for name in [name for name, account in found.items() if account is None and not without_tail(name)]:
            tail = tail_of(name)
            others = {
                found[other] or other
                for other in found
                if without_tail(other) and (end := tail_of(other)) and (end.endswith(tail) or tail.endswith(end))
            }
            if len(others) == 1:
                found[name] = others.pop()


def by_own_name(row: Row, names: Mapping[str, str]) -> Row:
    """A row with its account called as the workbook does, where `names` says how."""
    called = row.text("Account")
    name = names.get(called, called)
    return row if name == called else row._replace(values={**row.values, "Account": name})


def advice_for(called: str) -> str:
    """What to write where, so that a file's account is found."""
    digits = tail_of(called)
    if digits:
        return f"Write {digits} under {NUMBER_COLUMN} in the row of this account in {ACCOUNTS.name}."
    if is_number(called):
        return f"Write {called} under {NUMBER_COLUMN} in the row of this account in {ACCOUNTS.name}."
    return f"Add the account to {ACCOUNTS.name} with its tax treatment, or write its name there as the file does."
