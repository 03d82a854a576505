"""Orders of one or several workbooks into one file: checked first, then written and stamped, all of it or nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import Saved, refuse_if_open, save_workbook
from rebal_xl.household import Problem, Severity
from rebal_xl.orders import checks
from rebal_xl.orders.blocks import Block, block_rows, blocks
from rebal_xl.orders.maps import OrderMap
from rebal_xl.orders.ready import Ready
from rebal_xl.orders.stamp import stamp_text, stamped
from rebal_xl.orders.store import BLOCK, find_map
from rebal_xl.orders.written import LINE_END, csv_bytes, written


@dataclass(frozen=True, slots=True)
class HouseholdPart:
    """What of a household is in the file, dollars in whole cents."""

    ready: Ready
    # orders, and lines of the file
    orders: int
    lines: int
    # after redemption fees; a lot-level file has the same sums
    sold_usd: float
    bought_usd: float
    fees_usd: float
    # cash that leaves the accounts besides: no order file moves it
    withdrawn_usd: float


@dataclass(frozen=True, slots=True)
class Export:
    """An order file, ready to be saved."""

    # the format's or map's name
    format: str
    content: bytes
    parts: tuple[HouseholdPart, ...]
    problems: tuple[Problem, ...]
    # accounts with orders whose custodian the file is not for: (workbook, account, custodian, orders)
    left_out: tuple[tuple[str, str, str, int], ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps it from being saved."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


def make_export(households: Sequence[Ready], asked: str, today: date, accepted: Collection[str] = ()) -> Export:
    """The file of that format, with everything the checks say; nothing is written.

    `asked` is fidelity, lots, block, or a map's name or path; `today` the day of the export; `accepted` are codes of
    errors to be told only. Raises as `find_map`.
    """
    _refuse_same_file(households)
    if asked == BLOCK:
        return _block_export(households, today, accepted)
    made = find_map(asked)
    return _mapped_export(households, made, today, accepted)


def _mapped_export(households: Sequence[Ready], made: OrderMap, today: date, accepted: Collection[str]) -> Export:
    told = written(households, made)
    names = {(line.ready.path, line.order.trade.account) for line in told.lines}
    parts, problems, left = [], list(told.problems), []
    for ready in households:
        mine = {account for path, account in names if path == ready.path}
        parts.append(_part(ready, mine, sum(line.ready is ready for line in told.lines)))
        problems += checks.check(ready, today, made.name, accepted, mine)
        problems += checks.custodians_not_given(ready, made.custodians, mine)
        left += [
            (ready.path.name, account.account, account.custodian, len(account.orders))
            for account in ready.accounts
            if account.orders and account.account not in mine
        ]
    problems += checks.same_twice(households)
    return Export(made.name, csv_bytes(told.rows, made), tuple(parts), _sorted(problems), tuple(left))


def _block_export(households: Sequence[Ready], today: date, accepted: Collection[str]) -> Export:
    made = blocks(households)
    rows = block_rows(made)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=LINE_END).writerows(rows)
    parts = [_part(ready, {one.account for one in ready.accounts}, len(ready.orders)) for ready in households]
    problems = [problem for ready in households for problem in checks.check(ready, today, BLOCK, accepted)]
    # names that a custodian's program reads are looked at as in any other file
    names = find_map("lots")
    problems += [one for one in written(households, names).problems if one.severity is Severity.ERROR]
    problems += checks.same_twice(households)
    return Export(BLOCK, text.getvalue().encode("utf-8-sig"), tuple(parts), _sorted(problems), (), made)


def _part(ready: Ready, names: Collection[str], lines: int) -> HouseholdPart:
    mine = [account for account in ready.accounts if account.account in names]
    return HouseholdPart(
        ready=ready,
        orders=sum(len(account.orders) for account in mine),
        lines=lines,
        sold_usd=_cents(sum(account.sold_usd for account in mine)),
        bought_usd=_cents(sum(account.bought_usd for account in mine)),
        fees_usd=_cents(sum(account.fees_usd for account in mine)),
        withdrawn_usd=_cents(sum(account.withdrawn_usd for account in ready.accounts)),
    )


def _cents(usd: float) -> float:
    return round(usd, 2) + 0.0


def _sorted(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: one.severity is not Severity.ERROR))


def _refuse_same_file(households: Sequence[Ready]) -> None:
    seen: set[Path] = set()
    for ready in households:
        path = ready.path.resolve()
        if path in seen:
            raise FileRefused(f"'{ready.path.name}' is named twice. Name every workbook once.")
        seen.add(path)


def default_file(households: Sequence[Ready], exporting: str) -> Path:
    """`orders 2026-11-20 <workbook> <format>.csv` beside the first workbook, numbered while the name is taken."""
    first = households[0]
    whose = first.path.stem if len(households) == 1 else f"{len(households)} households"
    stem = re.sub(r"[^\w .-]", "", f"orders {first.plan.as_of:%Y-%m-%d} {whose} {exporting}")
    path, number = first.path.with_name(f"{stem}.csv"), 2
    while path.exists():
        path, number = first.path.with_name(f"{stem} {number}.csv"), number + 1
    return path


def save_export(made: Export, path: Path, when: datetime) -> Saved:
    """Write the file and stamp every workbook; where one of these cannot be written, all stay as they were.

    A file that is there already is not replaced. Raises FileRefused, also for an export with errors.
    """
    if made.errors:
        raise FileRefused("Orders with errors are not written.")
    if path.exists():
        raise FileRefused(f"'{path}' is there already and is left as it is. Choose another name with --out.")
    stamps: list[tuple[Path, bytes, bytes]] = []
    for part in made.parts:
        if part.orders:
            source = part.ready.path
            refuse_if_open(source)
            stamp = stamp_text(when, made.format, part.orders, path)
            stamps.append((source, *stamped(source, part.ready.plan.fingerprint, stamp)))
    saved = save_workbook(made.content, path)
    done: list[tuple[Path, bytes]] = []
    try:
        for source, before, after in stamps:
            save_workbook(after, source, expected=before)
            done.append((source, before))
    except BaseException:
        for source, before in done:
            save_workbook(before, source)
        with suppress(OSError):
            path.unlink()
        raise
    return saved
