"""
CSV files as grids: every cell is text, since a CSV file knows neither dates nor numbers.
The encoding and the separator are told from the file itself; a file that fits none is refused, never guessed into
wrong letters.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rebal_xl.files.package import PackageLimits, read_bytes
from rebal_xl.files.reader import MAX_CELLS
from rebal_xl.files.refusal import FileRefused
from rebal_xl.sheets.grid import Cell, CellRows, Grid, GridBook

_SEPARATORS = (",", ";", "\t", "|")
# Excel obeys this first line, and so do we.
_SEPARATOR_LINE = "sep="
_SAMPLE_LINES = 200
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LIMITS = PackageLimits(file_bytes=100 * 1024 * 1024)
# What Excel has columns and rows for, and characters that no line of an export has.
_MOST_COLUMNS, _MOST_ROWS = 16_384, 1_048_576
_LONGEST_LINE = 1_000_000
# Fields, blank ones included, for every cell that may be filled.
_MOST_BLANKS = 5


def read_csv_book(paths: Path | Sequence[Path], max_cells: int = MAX_CELLS) -> GridBook:
    """One grid for each CSV file. Raises FileRefused with a sentence when a file cannot be read as text."""
    listed = [paths] if isinstance(paths, Path) else list(paths)
    names = distinct([path.stem for path in listed])
    grids = tuple(_grid(path, name, max_cells) for path, name in zip(listed, names, strict=True))
    return GridBook(listed[0] if len(listed) == 1 else None, grids)


def _grid(path: Path, name: str, max_cells: int) -> Grid:
    return grid_of(read_bytes(path, _LIMITS), path.name, name, max_cells)


def grid_of(data: bytes, file_name: str, name: str, max_cells: int = MAX_CELLS) -> Grid:
    """The grid called `name` of a CSV file's bytes. Raises FileRefused when they cannot be read as text."""
    text = decode(data, file_name)
    if max(text.count("\n"), text.count("\r")) > _MOST_ROWS:
        raise FileRefused(f"'{file_name}' has more than {_MOST_ROWS:,} lines. Split the file.")
    if len(text) > _LONGEST_LINE and any(len(line) > _LONGEST_LINE for line in text.split("\n")):
        raise FileRefused(
            f"'{file_name}' has a line of more than {_LONGEST_LINE:,} characters, which no export has. Save it again "
            "as CSV."
        )
    separator, text = split_separator(text)
    rows: dict[int, dict[int, Cell]] = {}
    count, fields_seen = 0, 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row, fields in enumerate(reader, start=1):
            if len(fields) > _MOST_COLUMNS:
                raise FileRefused(f"'{file_name}' has more than {_MOST_COLUMNS:,} columns in line {row}.")
            filled = {column: Cell(_bare(field)) for column, field in enumerate(fields, start=1) if field}
            if filled:
                rows[row] = filled
                count += len(filled)
            fields_seen += len(fields)
            if count > max_cells or fields_seen > _MOST_BLANKS * max_cells:
                raise FileRefused(
                    f"'{file_name}' has more than {max_cells:,} filled cells, or far more blank ones. Split the file."
                )
    except csv.Error as error:
        raise FileRefused(
            f"'{file_name}' cannot be read as a CSV file: line {reader.line_num}: {error}. "
            "Check the quotation marks there, or save it again as CSV."
        ) from error
    return Grid(name, CellRows(rows), kind="csv")


def _bare(field: str) -> str:
    """A field without the formula that only keeps Excel from reading it as a number: ="00123"."""
    return field[2:-1] if field.startswith('="') and field.endswith('"') and len(field) > 3 else field


def decode(data: bytes, name: str) -> str:
    """The file's text; `name` is for the sentence."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileRefused(f"'{name}' is an Excel workbook with the wrong ending. Rename it to .xlsx and try again.")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], (encoding,), name)
    # Without a mark, UTF-16 shows by its zeros: every second byte of a Latin letter.
    start = data[:4096]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if start[first::2].count(0) > len(start) // 4:
            return _decoded(data, (encoding,), name)
    return _decoded(data, ("utf-8", "cp1252"), name)


def split_separator(text: str) -> tuple[str, str]:
    """The separator, and the text without the line that names it."""
    first, _, rest = text.partition("\n")
    named = first.strip()
    if named.lower().startswith(_SEPARATOR_LINE) and len(named) == len(_SEPARATOR_LINE) + 1:
        # Excel does not show this line either, so row numbers in our messages are those the advisor sees.
        return named[-1], rest
    sample = "\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])
    return max(_SEPARATORS, key=lambda separator: _columns_made(sample, separator)), text


def _columns_made(sample: str, separator: str) -> int:
    """How much of a table a separator makes: the most lines of one width, times that width."""
    try:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
    except csv.Error:
        return 0
    return max(((width - 1) * lines for width, lines in widths.items()), default=0)


def _decoded(data: bytes, encodings: Iterable[str], name: str) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused(f"'{name}' is not a text file we can read. Save it as 'CSV UTF-8' and try again.")


def distinct(names: Iterable[str]) -> list[str]:
    """Names of which no two are alike: the second file of a name gets a number."""
    used: Counter[str] = Counter()
    made = []
    for name in names:
        used[name] += 1
        made.append(name if used[name] == 1 else f"{name} ({used[name]})")
    return made
