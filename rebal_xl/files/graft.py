"""
Our result sheets, grafted into the advisor's workbook file.
Every part of his file stays byte for byte as it is, except the workbook, its relationships, the content types and
the styles, which are only appended to. Sheets of an earlier run are replaced; a sheet of his that happens to
have the same name is left alone and ours steps aside.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from rebal_xl.files.built import Built
from rebal_xl.files.insert import Insertion
from rebal_xl.files.opc import is_signed
from rebal_xl.files.package import Package, PackageLimits, read_bytes
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.retire import retire
from rebal_xl.files.save import Saved, save_workbook
from rebal_xl.files.workbookxml import WorkbookXml


@dataclass(frozen=True, slots=True)
class GraftReport:
    """What a graft did."""

    # our sheet's kind -> the tab's name in the advisor's workbook
    sheets: dict[str, str]
    # tables of ours that had to step aside: name as built -> name given
    renamed_tables: dict[str, str]
    # tabs of the run before, as they are called now
    previous: tuple[str, ...]
    # tabs of earlier runs that stay although this run has none like them: the advisor's own cells refer to them
    stale: tuple[str, ...]
    # parts of the advisor's file that kept every byte
    untouched: tuple[str, ...]
    # parts of his that were appended to (or from which only our own earlier entries were taken); with `show` also the
    # sheet that was on the screen, which loses its mark of being selected
    appended: tuple[str, ...]
    # our own parts: new or rewritten, and those of earlier runs that are gone
    written: tuple[str, ...]
    removed: tuple[str, ...]
    # where the workbook and its backup went; None when nothing was saved
    saved: Saved | None = None


def graft(
    source: Path,
    ours: openpyxl.Workbook,
    out: Path,
    *,
    backup: bool = False,
    keep_previous: bool = False,
    show: str | None = None,
) -> GraftReport:
    """
    Write `source` with our sheets to `out`, which may be `source` itself.

    `ours` holds result sheets only, each with the hidden sheet-scoped name `_rebal_xl` that tells its kind.
    `backup` keeps a copy of a file that is overwritten; `keep_previous` keeps the last run's sheets beside. `show` is
    the kind of our sheet to open the workbook on; without it the advisor's own tab stays on the screen.
    Raises FileRefused, with nothing written, when the file cannot be read, changed or saved.
    """
    held = read_bytes(source, PackageLimits())
    package = Package.from_bytes(held, source.name)
    grafted, report = graft_package(package, ours, source.name, keep_previous=keep_previous, show=show)
    saved = save_workbook(
        grafted.to_bytes(), out, like=source, backup=backup, expected=held if _same(out, source) else None
    )
    return dataclasses.replace(report, saved=saved)


def graft_package(
    package: Package, ours: openpyxl.Workbook, name: str, *, keep_previous: bool = False, show: str | None = None
) -> tuple[Package, GraftReport]:
    """The package with our sheets, and what was done; `name` is the file's name for the sentences."""
    workbook = WorkbookXml(package, name)
    refuse_unchangeable(package, workbook, name)
    built = Built(ours, workbook.date1904)
    retired = retire(package, workbook, keep_previous, set(built.kinds.values()))
    insertion = Insertion(package, workbook, built, retired, show)
    grafted = insertion.make()
    return grafted, _report(package, grafted, insertion)


def _report(before: Package, after: Package, insertion: Insertion) -> GraftReport:
    """Compare the two packages, byte by byte: the report says what is so, not what was meant."""
    ours = {name.lower() for name in insertion.written} | insertion.retired.removed_parts
    theirs = [part for part in before if part.name.lower() not in ours]
    same = [part.name for part in theirs if (now := after.get(part.name)) is not None and now.data == part.data]
    lists = [held.name for n in insertion.appended if (held := before.get(n)) is not None and held.name not in same]
    stray = {part.name for part in theirs} - {*same, *lists}
    if stray:
        raise AssertionError(f"a graft changed parts it must not touch: {sorted(stray)}")
    return GraftReport(
        sheets=insertion.sheets,
        renamed_tables=insertion.tables,
        previous=tuple(insertion.retired.kept.values()),
        stale=insertion.retired.stale,
        untouched=tuple(same),
        appended=tuple(lists),
        written=tuple(insertion.written),
        removed=tuple(part.name for part in before if part.name not in after),
    )


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def refuse_unchangeable(package: Package, workbook: WorkbookXml, name: str) -> None:
    """Raise FileRefused for a workbook whose structure is locked, that is signed, or shared with a history."""
    for part in (*(sheet.part for sheet in workbook.sheets), *workbook.targets("styles")):
        package.data(part)
    if workbook.structure_locked:
        raise FileRefused(
            f"The structure of '{name}' is protected, so no sheet can be added. "
            "Unprotect it (Review > Protect Workbook) or save the results to a new workbook."
        )
    refuse_signed_or_shared(package, workbook, name)


def refuse_signed_or_shared(package: Package, workbook: WorkbookXml, name: str) -> None:
    """Raise FileRefused for a workbook that no cell may be written into: signed, or shared with a history."""
    # A signature covers the parts we change: after any change it is void, and whether to void it is not ours to say.
    if is_signed(package):
        raise FileRefused(
            f"'{name}' is digitally signed, and a change would break the signature. "
            "Remove the signature (File > Info > View Signatures) or use an unsigned copy."
        )
    if workbook.targets("revisionHeaders"):
        raise FileRefused(
            f"'{name}' is a shared workbook with a change history, which cannot be changed safely. "
            "Stop sharing it (Review > Unshare Workbook)."
        )
