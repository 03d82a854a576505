"""
Custodians' files from disk: single ones, whole folders, ZIP files; what each is, its content says and never its name.

Text files, workbooks and OFX statements become grids. A file of a folder or ZIP that is none of these is left out and
named; one that was chosen by itself is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from rebal_xl.files.csvbook import distinct, grid_of
from rebal_xl.files.ofx import LAYOUT, looks_like_ofx, read_ofx
from rebal_xl.files.package import Package, PackageLimits, read_bytes
from rebal_xl.files.reader import book_of
from rebal_xl.files.refusal import FileRefused
from rebal_xl.intake.custodians.statement import File
from rebal_xl.sheets.grid import GridBook

# Far more than a custodian puts into one file, and little enough to hold all of it in memory several times over.
LIMITS = PackageLimits(
    file_bytes=20 * 1024 * 1024,
    entries=2_000,
    part_bytes=20 * 1024 * 1024,
    total_bytes=100 * 1024 * 1024,
)
MAX_CELLS = 400_000
MOST_FILES = 1_000
_WORKBOOK_PART = "[Content_Types].xml"
_ZIP_START = b"PK"
# What systems leave in folders beside the files that people put there.
_SYSTEM_FILES = re.compile(r"(__MACOSX/.*|.*/)?(\.[^/]*|~\$[^/]*|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
# How pictures, papers and programs begin.
_OTHER_STARTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of a folder or ZIP that was not read, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class FilesRead:
    """The files that could be read as tables, and the others."""

    files: tuple[File, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    data: bytes
    # chosen by itself, not with its folder
    chosen: bool


def read_files(paths: Sequence[Path], limits: PackageLimits = LIMITS, max_cells: int = MAX_CELLS) -> FilesRead:
    """Every file of the paths as grids with names of their own; folders and ZIP files count as what they hold.

    Raises FileRefused for a chosen file that is no table, for a ZIP built to do harm, and for too many cells in all.
    """
    found: list[_Found] = []
    for path in dict.fromkeys(paths):
        for each in _of_path(path, limits):
            found.append(each)
            if len(found) > MOST_FILES:
                raise FileRefused(f"More than {MOST_FILES:,} files were chosen. Choose those of one household.")
    books: list[File] = []
    left: list[LeftOut] = []
    room = max_cells
    for each in found:
        try:
            book = _book(each, limits, room)
        except FileRefused as refused:
            if each.chosen:
                raise
            left.append(LeftOut(each.name, refused.sentence))
            continue
        room -= sum(len(grid.cells) for grid in book.book.grids)
        books.append(book)
    return FilesRead(tuple(_with_own_names(books)), tuple(left))


def _of_path(path: Path, limits: PackageLimits) -> Iterator[_Found]:
    if path.is_dir():
        for inner in sorted(path.iterdir(), key=lambda one: one.name.casefold()):
            if inner.is_file() and not _SYSTEM_FILES.fullmatch(inner.name):
                yield from _unzipped(inner.name, read_bytes(inner, limits), limits, chosen=False)
        return
    yield from _unzipped(path.name, read_bytes(path, limits), limits, chosen=True)


def _unzipped(name: str, data: bytes, limits: PackageLimits, *, chosen: bool) -> Iterator[_Found]:
    """The file itself, or those in it when it is a ZIP file and no workbook."""
    if not data.startswith(_ZIP_START):
        yield _Found(name, data, chosen)
        return
    try:
        package = Package.from_bytes(data, name, limits)
    except FileRefused:
        if chosen:
            raise
        # Read again where its refusal can be told.
        yield _Found(name, data, chosen)
        return
    if _WORKBOOK_PART in package:
        yield _Found(name, data, chosen)
        return
    for part in package:
        if not part.name.endswith("/") and not _SYSTEM_FILES.fullmatch(part.name):
            yield _Found(PurePosixPath(part.name).name, part.data, chosen=False)


def _book(file: _Found, limits: PackageLimits, room: int) -> File:
    if file.data.startswith(_ZIP_START):
        package = Package.from_bytes(file.data, file.name, limits)
        if _WORKBOOK_PART not in package:
            raise FileRefused(f"'{file.name}' is a ZIP file within a ZIP file. Unpack it first.")
        return File(file.name, book_of(package, Path(file.name), room))
    if file.data.startswith(_OTHER_STARTS):
        raise FileRefused(f"'{file.name}' is no table. Download it as CSV, Excel or OFX (QFX).")
    if looks_like_ofx(file.data):
        statement = read_ofx(file.data, file.name, room)
        return File(file.name, statement.book, LAYOUT, statement.as_of)
    return File(file.name, GridBook(None, (grid_of(file.data, file.name, Path(file.name).stem, room),)))


def _with_own_names(books: Sequence[File]) -> Iterator[File]:
    """The files with grids whose names tell the file, no two alike."""
    named = []
    for file in books:
        grids, stem = file.book.grids, Path(file.name).stem
        alone = len(grids) == 1 and grids[0].kind == "csv"
        named += [stem if alone else f"{stem} {grid.name}".strip() for grid in grids]
    names = iter(distinct(named))
    for file in books:
        grids = tuple(replace(grid, name=next(names)) for grid in file.book.grids)
        yield replace(file, book=replace(file.book, grids=grids))
