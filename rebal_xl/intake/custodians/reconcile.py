"""
Positions and lots together: every share once.

A custodian offers one file of positions and one of lots. The lots count where they add up to the position; the
position counts where there are no lots, and hands its price to lots that come without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rebal_xl.intake.findings import Findings
from rebal_xl.intake.holdings import CASH_WORDS, PENDING_WORDS
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import CORE_MARK, Value, clean, plain_number, squeeze

# Shares in a file may be rounded to thousandths.
ROUNDING = 0.0005
CASH = "cash"
# What a position says of each of its lots.
_HANDED_ON = ("Price", "Reinvest")

# (account, symbol), the cash of an account together
Position = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Lots that do not make their position."""

    position: Position
    lots: tuple[Row, ...]
    # empty when the file of positions has none
    totals: tuple[Row, ...]
    # a row of the file that gives the account's positions
    whole: Row

    @property
    def sentence(self) -> str:
        """What is added up, and what should come out."""
        account, symbol = self.position
        added, held = (plain_number(round(sum(map(amount, rows)), 4)) for rows in (self.lots, self.totals))
        other = self.whole.region.grid.name
        stands = f"{other} has {held}" if self.totals else f"{other} has none"
        return f"{symbol} in {account}: lots of {added} in {files_of(self.lots)[0]}, {stands}"


@dataclass(slots=True)
class Reconciled:
    """Rows of holdings, each share once, and what stood in the way."""

    rows: tuple[Row, ...] = ()
    # (one file, another) -> positions that both tell in the same way
    twice: dict[tuple[str, str], list[Position]] = field(default_factory=dict)
    wrong: list[Difference] = field(default_factory=list)
    # positions without lots in an account of which a file gives lots
    without_lots: list[Row] = field(default_factory=list)


def is_cash(row: Row) -> bool:
    """Whether the row is an account's cash."""
    cell = row.cell("Symbol")
    if cell is None or not isinstance(cell.value, str):
        return False
    written = clean(cell.value)
    return written.endswith(CORE_MARK) or squeeze(written) in CASH_WORDS | PENDING_WORDS


def is_pending(row: Row) -> bool:
    """Whether the row is money that is not settled yet."""
    cell = row.cell("Symbol")
    return cell is not None and isinstance(cell.value, str) and squeeze(clean(cell.value)) in PENDING_WORDS


def has_lots(row: Row) -> bool:
    """Whether the row's table is one of lots; a file of positions has no column for the day they were acquired."""
    return "Acquired" in row.region.columns


def amount(row: Row) -> float:
    """Shares, or dollars of cash, which custodians may give as a value only."""
    quantity = row.number_in("Quantity")
    if quantity is None and is_cash(row):
        quantity = row.number_in("Market Value")
    return quantity or 0.0


def add_up(lots: Iterable[Row], position: Iterable[Row]) -> bool:
    """Whether lots make a position, each figure rounded as custodians do."""
    figures = [*(amount(row) for row in lots), *(-amount(row) for row in position)]
    return abs(sum(figures)) <= ROUNDING * (len(figures) + 1)


def files_of(rows: Iterable[Row]) -> list[str]:
    """The files that rows come from, in their order."""
    return list(dict.fromkeys(row.region.grid.name for row in rows))


def reconcile(rows: Sequence[Row], names: Mapping[str, str]) -> Reconciled:
    """The rows without positions that lots of another file make up; `names` are the accounts' names by the files'."""
    positions: dict[Position, list[Row]] = {}
    for row in rows:
        account = names.get(row.text("Account"), row.text("Account"))
        positions.setdefault((account, CASH if is_cash(row) else row.text("Symbol")), []).append(row)
    # accounts of which a file gives whole positions, and that file
    whole = {account: row for (account, _), held in positions.items() for row in held if not has_lots(row)}
    in_lots = {account for (account, _), held in positions.items() if any(map(has_lots, held))}
    done = Reconciled()
    dropped: set[tuple[str, int]] = set()
    handed: dict[tuple[str, int], Mapping[str, Value]] = {}
    for position, held in positions.items():
        lots, totals = [row for row in held if has_lots(row)], [row for row in held if not has_lots(row)]
        for kind in (lots, totals):
            files = files_of(kind)
            if len(files) > 1:
                done.twice.setdefault((files[0], files[1]), []).append(position)
        account, symbol = position
        if lots and (totals or (account in whole and symbol != CASH)):
            if not add_up(lots, totals):
                done.wrong.append(Difference(position, tuple(lots), tuple(totals), whole[account]))
            dropped |= {_key(row) for row in totals}
            given = {name: row.values[name] for row in totals for name in _HANDED_ON if name in row.values}
            handed |= {_key(row): given for row in lots if given}
        elif totals and account in in_lots and symbol != CASH:
            done.without_lots += totals
    done.rows = tuple(_with(row, handed.get(_key(row))) for row in rows if _key(row) not in dropped)
    return done


def _key(row: Row) -> tuple[str, int]:
    return row.region.grid.name, row.number


def _with(row: Row, given: Mapping[str, Value] | None) -> Row:
    """A lot with what its position says of it, where it says nothing itself."""
    return row._replace(values={**given, **row.values}) if given else row


def report(done: Reconciled, findings: Findings) -> None:
    """What does not agree as problems, and what is missing as notices, each at its line."""
    for (one, other), positions in done.twice.items():
        account, symbol = positions[0]
        more = f", and so do {len(positions) - 1} more positions" if len(positions) > 1 else ""
        place = next(row for row in done.rows if row.region.grid.name == other).place()
        findings.error(
            "position-twice",
            place,
            f"{symbol} in {account} stands in {one} and in {other}{more}; together they would count twice.",
            "Leave one of the two files out.",
        )
    for difference in done.wrong:
        findings.error(
            "lots-differ",
            difference.lots[0].place("Quantity"),
            f"{difference.sentence}.",
            "Download both files on the same day, or leave out the one with the positions.",
        )
    for row in done.without_lots:
        findings.notice(
            "no-lots",
            row.place("Symbol"),
            f"No file gives the lots of {row.text('Symbol')} in {row.text('Account')}; its position counts as one lot "
            "whose day of purchase is not known.",
            "Download the lots of this position too if it may be sold in a taxable account.",
        )
