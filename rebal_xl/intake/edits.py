"""Edits of a policy as somebody types them, read through the door that a workbook passes: settings, targets, trades."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from rebal_xl.household import CASH_CLASS, Household, Policy, Problem, Side, Target, TypedTrade
from rebal_xl.intake.book import Sheets, Spellings
from rebal_xl.intake.classes import ClassNames
from rebal_xl.intake.find import Region, find_tables
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import read_rows, shown
from rebal_xl.intake.settings import Settings, policy_fields, read_settings
from rebal_xl.intake.targets import read_targets
from rebal_xl.intake.values import plain_number, read_number_text
from rebal_xl.sheets import formats
from rebal_xl.sheets.grid import Cell, Grid, GridBook, TableRange
from rebal_xl.sheets.inputs_columns import SIDE_SYNONYMS
from rebal_xl.sheets.schema import Kind, Setting, Table
from rebal_xl.sheets.settings import DRIFT_MEASURE, DRIFT_MEASURES
from rebal_xl.sheets.tables import SETTINGS, SETTINGS_ROWS, TARGETS, setting

# Settings that no edit can change, and what to do instead.
FIXED = {
    "As Of": "Plan for another day with --as-of.",
    "Model": "Change the targets themselves.",
    "Household Name": "Leave it out.",
    "Security Master": "Write it into the workbook.",
}


@dataclass(frozen=True, slots=True)
class Edits:
    """What is typed, as text."""

    # name and value; a blank value means the default
    settings: tuple[tuple[str, str], ...] = ()
    # class and target
    targets: tuple[tuple[str, str], ...] = ()
    # side, account, symbol, shares (or dollars, with a dollar sign), and the lot where one is meant
    trades: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class EditedPolicy:
    """A policy with the edits that can be read."""

    policy: Policy
    # what was edited, a sentence each
    sentences: tuple[str, ...]
    # why the other edits cannot be
    problems: tuple[Problem, ...]


def read_edits(household: Household, policy: Policy, edits: Edits) -> EditedPolicy:
    """The policy with every edit that can be read, and everything that is wrong with the others."""
    problems: list[Problem] = []
    sentences: list[str] = []
    changed = policy
    for name, text in edits.settings:
        now = _with_setting(changed, name, text, problems)
        sentences += [] if now is None else _changes(changed, now)
        changed = now or changed
    now = _with_targets(household, changed, edits.targets, problems)
    sentences += [
        f"The target of {target.asset_class} is {_percent(target.weight)}, it was {_percent(_weight(changed, target))}."
        for target in now.targets
        if target.weight != _weight(changed, target)
    ]
    trades = [trade for typed in edits.trades if (trade := _trade(household, typed, problems)) is not None]
    sentences += [_said(trade) for trade in trades]
    return EditedPolicy(replace(now, my_trades=(*now.my_trades, *trades)), tuple(sentences), tuple(problems))


def _with_setting(policy: Policy, name: str, text: str, problems: list[Problem]) -> Policy | None:
    """The policy with one setting; None when it cannot be read."""
    regions, findings = _table(SETTINGS, ("Name", "Value"), [(Cell(name), Cell(text) if text else None)])
    rows = read_rows(SETTINGS, regions, findings, optional=frozenset({"Value"}))
    read = read_settings(rows, findings, date1904=False)
    # a strange name is skipped in a workbook; here it is all that somebody asked for
    wrong = [*findings.errors, *(notice for notice in findings.notices if notice.code == "unknown-setting")]
    problems += [replace(problem, sheet="", cell="") for problem in wrong]
    named = next(iter(read.places), "")
    if wrong or not named:
        return None
    if named in FIXED:
        problems.append(Problem(f"{named} cannot be edited here.", FIXED[named], code="fixed-setting"))
        return None
    if named not in read.values:
        return replace(policy, **_default(named))
    return replace(policy, **policy_fields(read, policy.as_of))


def _default(name: str) -> dict[str, Any]:
    """The field of a setting with the value that a blank means."""
    field = "tracking" if name == DRIFT_MEASURE else setting(name).policy_field
    return {each.name: each.default for each in fields(Policy) if each.name == field}


def _changes(before: Policy, after: Policy) -> Iterator[str]:
    """What one setting changed, in words."""
    if after.tracking != before.tracking:
        yield f"{DRIFT_MEASURE} is {DRIFT_MEASURES[after.tracking]}, it was {DRIFT_MEASURES[before.tracking]}."
    for each in fields(Policy):
        was, now = getattr(before, each.name), getattr(after, each.name)
        row = next((row for row in SETTINGS_ROWS if row.policy_field == each.name), None)
        if row is not None and was != now:
            yield f"{row.name} is {_shown(row, now)}, it was {_shown(row, was)}."


def _shown(row: Setting, value: Any) -> str:
    if value is None or value == "":
        return "blank"
    if isinstance(value, bool):
        return formats.FLAG_WORDS[0] if value else formats.FLAG_WORDS[1]
    if isinstance(value, float | int):
        return f"${value:,.2f}" if row.kind is Kind.MONEY else shown(row.kind, float(value))
    return str(value)


def _with_targets(
    household: Household, policy: Policy, typed: Sequence[tuple[str, str]], problems: list[Problem]
) -> Policy:
    """The policy with other targets, bands as they were; they must sum to 100 % as in a workbook."""
    if not typed:
        return policy
    known = Spellings([*(target.asset_class for target in policy.targets), *household.classes, CASH_CLASS])
    cells = {target.asset_class: Cell(target.weight, formats.PERCENT) for target in policy.targets}
    for name, text in typed:
        asset_class = known.find(name)
        if asset_class is None:
            why = f'There is no asset class "{name}".{known.hint(name)}'
            problems.append(Problem(why, f"Write one of {', '.join(known.names)}.", code="unknown-class"))
            return policy
        cells[asset_class] = Cell(text)
    regions, findings = _table(
        TARGETS, ("Asset Class", "Target %"), [(Cell(name), cell) for name, cell in cells.items()]
    )
    rows = read_rows(TARGETS, regions, findings)
    sheets = Sheets({TARGETS.name: rows}, {TARGETS.name: regions}, Settings({}, {}), policy.as_of, findings)
    read = read_targets(ClassNames(sheets), sheets)
    if findings.errors:
        problems += [replace(problem, sheet="", cell="") for problem in findings.errors]
        return policy
    banded = {target.asset_class: target for target in policy.targets}
    return replace(
        policy,
        targets=tuple(replace(banded.get(each.asset_class, each), weight=each.weight) for each in read),
    )


def _weight(policy: Policy, target: Target) -> float:
    held = policy.target_of(target.asset_class)
    return held.weight if held else 0.0


def _percent(weight: float) -> str:
    return shown(Kind.PERCENT, round(weight, 6))


def _trade(household: Household, typed: Sequence[str], problems: list[Problem]) -> TypedTrade | None:
    """One trade; accounts and symbols that do not exist are refused where the plan is made, all together."""
    parts = [*(part.strip() for part in typed), *[""] * 5][:5]
    side_word, account, symbol, size, lot_id = parts
    words = {side.value.casefold(): side for side in Side}
    words |= {word.casefold(): Side(meaning) for word, meaning in SIDE_SYNONYMS}
    side, number = words.get(side_word.casefold()), read_number_text(size) if size else None
    if side is None or not isinstance(number, float):
        why = (
            f'"{side_word}" is neither Buy nor Sell' if side is None else f'"{size}" is no number of shares or dollars'
        )
        advice = "Write a trade as Sell,Account,Symbol,100, or $5000 instead of 100 for dollars."
        problems.append(Problem(f"The trade {','.join(typed)} cannot be read: {why}.", advice, code="trade-text"))
        return None
    accounts = Spellings(each.name for each in household.accounts)
    quantity, amount_usd = (None, number) if "$" in size else (number, None)
    return TypedTrade(accounts.find(account) or account, symbol.upper(), side, quantity, amount_usd, lot_id)


def _said(trade: TypedTrade) -> str:
    size = f"${trade.amount_usd:,.2f} of" if trade.quantity is None else plain_number(trade.quantity)
    lot = f", lot {trade.lot_id}" if trade.lot_id else ""
    return f"{trade.side.value} {size} {trade.symbol} in {trade.account}{lot}: as typed."


def _table(
    table: Table, header: Sequence[str], rows: Sequence[Sequence[Cell | None]]
) -> tuple[tuple[Region, ...], Findings]:
    """The table as a workbook would hold it, and where its findings go."""
    lines: list[Sequence[Cell | None]] = [[Cell(name) for name in header], *rows]
    cells = {
        (row, column): cell
        for row, line in enumerate(lines, start=1)
        for column, cell in enumerate(line, start=1)
        if cell is not None
    }
    fence = TableRange(table.name, table.sheet, 1, 1, len(lines), len(header))
    book = GridBook(None, (Grid(table.sheet, cells, tables=(fence,)),))
    findings = Findings.of(book)
    return find_tables(book, findings).get(table.name, ()), findings
