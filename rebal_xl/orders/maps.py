"""Order maps: which columns a custodian's order file has and what stands in each, as a readable TOML file.

A map is written once and kept by name. Every problem of a map is reported at once, with what to write instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rebal_xl.household import InputErrors, Problem
from rebal_xl.intake.values import listed, near_miss
from rebal_xl.orders.lines import FIELDS, Field, FieldKind
from rebal_xl.sheets.cells import FORMULA_SIGNS


class Rows(StrEnum):
    """What a line of the file is."""

    ORDERS = "orders"
    # a sale has a line for each of its lots
    LOTS = "lots"


SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
DAY_PATTERN = re.compile(r"(MM|DD|YYYY|YY)([/.-]?)(MM|DD)(\2)(MM|DD|YYYY|YY)")
DEFAULT_DAY = "MM/DD/YYYY"
MOST_DECIMALS = {FieldKind.SHARES: 6, FieldKind.MONEY: 2, FieldKind.PRICE: 6}
DEFAULT_DECIMALS = {FieldKind.SHARES: 6, FieldKind.MONEY: 2, FieldKind.PRICE: 4}


@dataclass(frozen=True, slots=True)
class MapColumn:
    """One column of the file: a field, or the same text on every line."""

    header: str = ""
    # one of FIELDS; "" for a constant
    field: str = ""
    constant: str = ""
    # at most so many decimals; None for what the field usually has
    decimals: int | None = None
    date: str = DEFAULT_DAY
    # our word -> the file's
    words: tuple[tuple[str, str], ...] = ()
    # the file takes no more letters; 0 for any number
    most_letters: int = 0

    @property
    def what(self) -> Field | None:
        """The field, None for a constant."""
        return FIELDS[self.field] if self.field else None


@dataclass(frozen=True, slots=True)
class OrderMap:
    """A whole map."""

    name: str
    columns: tuple[MapColumn, ...]
    # what a reader of the map should know
    note: str = ""
    rows: Rows = Rows.ORDERS
    # the file begins with a line of headers
    header: bool = True
    separator: str = "comma"
    # accounts of these custodians only; empty for all
    custodians: tuple[str, ...] = ()
    # the file begins with a byte order mark, by which Excel knows its letters
    mark: bool = False


_TOP: dict[str, type] = {
    "name": str, "note": str, "rows": str, "header": bool, "separator": str, "custodians": list, "mark": bool,
    "column": list,
}  # fmt: skip
_COLUMN: dict[str, type] = {
    "header": str, "field": str, "constant": str, "decimals": int, "date": str, "words": dict, "most_letters": int,
}  # fmt: skip
_FIELDS_TOLD = listed(list(FIELDS))
_TYPES = {str: "text in quotation marks", bool: "true or false", int: "a whole number", list: "a list", dict: "a table"}


def read_map(text: str, source: str) -> OrderMap:
    """A map from its TOML text; `source` is the file's name. Raises InputErrors with every problem of it."""
    try:
        told = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise InputErrors(
            [
                Problem(
                    f"The map cannot be read as TOML: {error}.",
                    'Write lines such as header = true, and a [[column]] with header = "…" and field = "…" for each.',
                    sheet=source,
                    code="map-not-toml",
                )
            ]
        ) from error
    return _MapReader(source).read(told)


def map_text(made: OrderMap) -> str:
    """The map as TOML, which `read_map` reads back as the same map."""
    lines = [f"name = {_quoted(made.name)}"]
    if made.note:
        lines.append(f"note = {_quoted(made.note)}")
    lines += [
        f"rows = {_quoted(made.rows)}",
        f"header = {_truth(made.header)}",
        f"separator = {_quoted(made.separator)}",
        f"mark = {_truth(made.mark)}",
        f"custodians = [{', '.join(map(_quoted, made.custodians))}]",
    ]
    for column in made.columns:
        lines += ["", "[[column]]"]
        lines += [f"header = {_quoted(column.header)}"] if column.header else []
        what = column.what
        lines.append(f"constant = {_quoted(column.constant)}" if what is None else f"field = {_quoted(column.field)}")
        lines += [f"decimals = {column.decimals}"] if column.decimals is not None else []
        lines += [f"date = {_quoted(column.date)}"] if what is not None and what.kind is FieldKind.DAY else []
        lines += [f"most_letters = {column.most_letters}"] if column.most_letters else []
        if column.words:
            pairs = ", ".join(f"{_quoted(ours)} = {_quoted(theirs)}" for ours, theirs in column.words)
            lines.append(f"words = {{ {pairs} }}")
    return "\n".join(lines) + "\n"


class _MapReader:
    """Reads one map and gathers its problems."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def read(self, told: Mapping[str, Any]) -> OrderMap:
        self._check_keys(told, _TOP, "")
        rows = self._one_of(told, "rows", tuple(Rows), Rows.ORDERS)
        columns = told.get("column")
        if columns is None and "columns" not in told:
            self._wrong("map-empty", "", "The map has no column.", 'Write [[column]] and below it field = "symbol".')
        listed_columns = columns if isinstance(columns, list) else []
        made = tuple(self._column(each, f"column {n}") for n, each in enumerate(listed_columns, 1))
        custodians = told.get("custodians", [])
        if isinstance(custodians, list) and not all(isinstance(each, str) and each.strip() for each in custodians):
            self._wrong("map-value", "custodians", "A custodian is no text.", 'Write custodians = ["Fidelity"].')
            custodians = []
        header = told.get("header", True) is not False
        found = OrderMap(
            name=self._text(told, "name") or self.source,
            note=self._text(told, "note"),
            columns=made,
            rows=Rows(rows),
            header=header,
            separator=self._one_of(told, "separator", tuple(SEPARATORS), "comma"),
            custodians=tuple(custodians) if isinstance(custodians, list) else (),
            mark=told.get("mark", False) is True,
        )
        self._check_whole(found)
        if self.problems:
            raise InputErrors(self.problems)
        return found

    def _check_whole(self, made: OrderMap) -> None:
        headers = [column.header for column in made.columns if column.header]
        for number, column in enumerate(made.columns, 1):
            place = f"column {number}"
            if made.header and not column.header:
                self._wrong(
                    "map-header", place, "The column has no header.",
                    'Write header = "…", or header = false at the top of the map for a file without headers.',
                )  # fmt: skip
            if column.header and headers.count(column.header) > 1:
                self._wrong(
                    "map-header", place, f'Several columns are called "{column.header}".', "Give each its own header."
                )
            if column.field and made.rows is Rows.ORDERS and FIELDS[column.field].of_lot:
                self._wrong(
                    "map-lot-field", place, f"{column.field} belongs to a lot, and the map has a line for each order.",
                    'Write rows = "lots" at the top, or leave the column out.',
                )  # fmt: skip
        fields = {column.field for column in made.columns}
        for needed in ("symbol", "side", "quantity") if made.columns else ():
            wanted = {"quantity", "order_quantity"} if needed == "quantity" and made.rows is Rows.ORDERS else {needed}
            if not fields & wanted and not self.problems:
                self._wrong(
                    "map-incomplete", "", f"No column says the {needed} of an order.",
                    f'Add a [[column]] with field = "{needed}".',
                )  # fmt: skip

    def _column(self, told: object, place: str) -> MapColumn:
        if not isinstance(told, dict):
            self._wrong("map-column", place, "This is no column.", "Write [[column]] on a line of its own.")
            return MapColumn()
        self._check_keys(told, _COLUMN, place)
        name, constant = self._text(told, "field"), self._text(told, "constant")
        if name and "constant" in told:
            self._wrong("map-column", place, "The column has a field and a constant.", "Keep one of them.")
        if not name and "constant" not in told:
            self._wrong(
                "map-column", place, "The column has neither a field nor a constant.",
                f'Write field = "…" with one of {listed(list(FIELDS))}, or constant = "…" ("" leaves it empty).',
            )  # fmt: skip
        if name and name not in FIELDS:
            near = near_miss(name, list(FIELDS))
            hint = f" Did you mean {near}?" if near else ""
            self._wrong("map-field", place, f'There is no field "{name}".{hint}', f"Write one of {_FIELDS_TOLD}.")
            name = ""
        for what in (constant, self._text(told, "header")):
            self._check_text(what, place)
        what_field = FIELDS.get(name)
        return MapColumn(
            header=self._text(told, "header"),
            field=name,
            constant="" if name else constant,
            decimals=self._decimals(told, what_field, place),
            date=self._date(told, what_field, place),
            words=self._words(told, what_field, place),
            most_letters=self._most_letters(told, place),
        )

    def _check_text(self, text: str, place: str) -> None:
        if text.startswith(FORMULA_SIGNS) or any(letter in text for letter in "\r\n\t"):
            self._wrong(
                "map-formula", place, f"{text!r} begins like a formula, or goes over several lines.",
                "Write text on one line that does not begin with =, +, - or @.",
            )  # fmt: skip

    def _decimals(self, told: Mapping[str, Any], what: Field | None, place: str) -> int | None:
        held = told.get("decimals")
        if held is None or not _is_whole(held):
            return None
        most = MOST_DECIMALS.get(what.kind) if what is not None else None
        if most is None:
            self._wrong("map-decimals", place, "Only numbers have decimals.", "Leave decimals out.")
        elif not 0 <= held <= most or (what is not None and what.kind is FieldKind.MONEY and held != most):
            allowed = "2" if what is not None and what.kind is FieldKind.MONEY else f"a number from 0 to {most}"
            self._wrong("map-decimals", place, f"{what and what.name} has no {held} decimals.", f"Write {allowed}.")
        return int(held)

    def _date(self, told: Mapping[str, Any], what: Field | None, place: str) -> str:
        held = self._text(told, "date")
        if not held:
            return DEFAULT_DAY
        if what is None or what.kind is not FieldKind.DAY:
            self._wrong("map-date", place, "Only days have a date format.", "Leave date out.")
            return DEFAULT_DAY
        parts = re.findall(r"YYYY|YY|MM|DD", held)
        if not DAY_PATTERN.fullmatch(held) or len({part[0] for part in parts}) < len(parts):
            self._wrong(
                "map-date", place, f'"{held}" is no date format.',
                "Write YYYY (or YY), MM and DD once each, parted by /, -, . or nothing: MM/DD/YYYY, YYYY-MM-DD.",
            )  # fmt: skip
        return held

    def _words(self, told: Mapping[str, Any], what: Field | None, place: str) -> tuple[tuple[str, str], ...]:
        held = told.get("words")
        if not isinstance(held, dict):
            return ()
        if what is None or what.kind is not FieldKind.WORD:
            named = listed([one.name for one in FIELDS.values() if one.kind is FieldKind.WORD])
            self._wrong("map-words", place, f"Only {named} have words.", "Leave words out.")
            return ()
        unknown = [word for word in held if word not in what.words]
        missing = [word for word in what.words if word not in held]
        wrong = [word for word, theirs in held.items() if not isinstance(theirs, str)]
        if unknown or missing or wrong:
            pairs = ", ".join(f'{word} = "…"' for word in what.words)
            self._wrong(
                "map-words", place, f"The words of {what.name} must be {listed(what.words, 'and')}, each with the text "
                "that the file wants.", f"Write words = {{ {pairs} }}.",
            )  # fmt: skip
            return ()
        for theirs in held.values():
            self._check_text(theirs, place)
        if len(set(held.values())) < len(held):
            self._wrong("map-words", place, "Two words mean the same in the file.", "Give each a text of its own.")
        return tuple((word, held[word]) for word in what.words)

    def _most_letters(self, told: Mapping[str, Any], place: str) -> int:
        held = told.get("most_letters", 0)
        if not _is_whole(held):
            return 0
        if held < 0 or (held == 0 and "most_letters" in told):
            self._wrong("map-letters", place, f"A column cannot have at most {held} letters.", "Write 1 or more.")
        return int(held)

    def _one_of(self, told: Mapping[str, Any], key: str, known: Sequence[str], default: str) -> str:
        held = told.get(key, default)
        if isinstance(held, str) and held not in known:
            self._wrong("map-value", key, f'There is no "{held}" for {key}.', f'Write {key} = "{known[0]}" or another '
                        f"of {listed(list(known))}.")  # fmt: skip
            return default
        return held if isinstance(held, str) else default

    def _text(self, told: Mapping[str, Any], key: str) -> str:
        held = told.get(key, "")
        return held if isinstance(held, str) else ""

    def _check_keys(self, told: Mapping[str, Any], known: Mapping[str, type], place: str) -> None:
        for key, held in told.items():
            if key not in known:
                near = near_miss(key, list(known))
                hint = f" Did you mean {near}?" if near else ""
                advice = f"Write one of {listed(list(known))}."
                self._wrong("map-key", place, f'A map knows no "{key}" here.{hint}', advice)
            elif not isinstance(held, known[key]) or (known[key] is int and isinstance(held, bool)):
                self._wrong("map-value", place or key, f"{key} must be {_TYPES[known[key]]}.", f"Correct {key}.")

    def _wrong(self, code: str, place: str, message: str, advice: str) -> None:
        self.problems.append(Problem(message, advice, sheet=self.source, cell=place, code=code))


def _is_whole(held: object) -> bool:
    return isinstance(held, int) and not isinstance(held, bool)


def _truth(answer: bool) -> str:
    return "true" if answer else "false"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = "".join(
        f"\\u{ord(letter):04X}" if ord(letter) < 0x20 or ord(letter) == 0x7F else letter
        for letter in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'
