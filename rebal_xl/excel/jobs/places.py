"""Buttons that make no plan: new workbook, template, example formulas, Settings, Help."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import rebal_xl
from rebal_xl.excel.jobs.base import Ask, Desk, Done
from rebal_xl.excel.jobs.orders import YES
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.excel.live.template import Example, insert_formulas, insert_template, new_workbook
from rebal_xl.files.references import quoted_sheet
from rebal_xl.intake.find import Region, find_tables
from rebal_xl.intake.findings import Findings, letters
from rebal_xl.log import log_path
from rebal_xl.sheets.schema import Table
from rebal_xl.sheets.tables import (
    ACCOUNTS,
    CLASS_MIX,
    COVARIANCE,
    HOLDINGS,
    RECENT_TRADES,
    SECURITIES,
    SETTINGS,
    TARGETS,
    TAX_PROFILE,
)

# Tables that formulas take where the workbook has them.
OPTIONAL = (SECURITIES, ACCOUNTS, CLASS_MIX, COVARIANCE, SETTINGS, TAX_PROFILE, RECENT_TRADES)
# Rows that a class table or a list of problems may take.
ROOM = 30


def new_alone(answer: str) -> Done:
    """A new workbook where none is open."""
    return _new(None)


def begin_new(book: OpenBook, answer: str, desk: Desk) -> Done:
    """A new workbook beside the open one."""
    return _new(book)


def _new(book: OpenBook | None) -> Done:
    name = new_workbook(book)
    return Done(f"{name} is a new household workbook. Save it, fill the yellow cells, then press Check.")


def begin_template(book: OpenBook, answer: str, desk: Desk) -> Done:
    """The template's input sheets, as far as the workbook has none like them."""
    done = insert_template(book)
    added = f"Added: {', '.join(done.tabs)}." if done.tabs else "Nothing was added."
    kept = f" Yours were kept: {', '.join(done.kept)}." if done.kept else ""
    return Done(added + kept)


def begin_settings(book: OpenBook, answer: str, desk: Desk) -> Done | Ask:
    """Show the Settings, or offer to add them."""
    grids = read_open_book(book, ours=False)
    found = find_tables(grids, Findings.of(grids)).get(SETTINGS.name)
    if found:
        sheet = book.sheet(found[0].grid.name)
        if sheet is not None:
            sheet.show()
        return Done()
    if not answer:
        return Ask("yesno", "This workbook has no Settings, so every setting has its default. Add a Settings sheet?")
    if answer.strip().lower() not in YES:
        return Done()
    done = insert_template(book, [SETTINGS.sheet])
    if not done.tabs:
        raise BookRefused("This workbook has a sheet called Settings without settings. Rename it and try again.")
    added = book.sheet(SETTINGS.sheet)
    if added is not None:
        added.show()
    return Done()


def begin_formulas(book: OpenBook, answer: str, desk: Desk) -> Done:
    """A sheet of example formulas over this workbook's own tables."""
    grids = read_open_book(book, ours=False)
    found_here = find_tables(grids, Findings.of(grids))
    # A formula takes cells as they stand: not a list whose accounts were put beside it.
    regions = {name: held for name, held in found_here.items() if not any(region.grid.origin for region in held)}
    missing = [table.name for table in (HOLDINGS, TARGETS) if table.name not in regions]
    if missing:
        raise BookRefused(
            f"There is no table of {' and '.join(missing)} to point the formulas at. Fill the household's sheets "
            "first, or press Insert template."
        )
    found = [table for table in (HOLDINGS, TARGETS, *OPTIONAL) if table.name in regions]
    places = {table.name: reference(regions[table.name][0]) for table in found}
    name = insert_formulas(book, examples(places), places)
    return Done(f"The sheet {name} has formulas to start from.")


def reference(region: Region) -> str:
    """A table as a formula names it: its name with headers, or its cells."""
    for table in region.grid.tables:
        if (table.first_row, table.first_col) == (region.header_row, min(region.headers)):
            return f"{table.name}[#All]"
    first, last = letters(min(region.headers)), letters(max(region.headers))
    return f"{quoted_sheet(region.grid.name)}!${first}${region.header_row}:${last}${region.last_row}"


def examples(places: Mapping[str, str]) -> list[Example]:
    """Formulas over the tables at `places`, table name -> range; Holdings and Targets must be there."""
    household = (HOLDINGS, TARGETS, SECURITIES, ACCOUNTS)
    drift = _arguments(places, *household, CLASS_MIX, SETTINGS)
    tracking = _arguments(places, *household, CLASS_MIX, COVARIANCE, SETTINGS)
    # the day is left to the setting As Of
    check = _arguments(places, *household, TAX_PROFILE, None, RECENT_TRADES, CLASS_MIX, SETTINGS)
    return [
        Example("Does the household need rebalancing?", f"=REBAL_NEEDED({drift})"),
        Example("Tracking error a year", f"=REBAL_TRACKING_ERROR({tracking})"),
        Example("Version of rebal_xl", "=REBAL_VERSION()"),
        Example("Why the tracking error is no number, where it is none", "=REBAL_WHY(B6)"),
        Example("Drift, class by class", f"=REBAL_DRIFT({drift})", ROOM),
        Example("Problems in the household's tables", f"=REBAL_CHECK({check})", ROOM),
    ]


def _arguments(places: Mapping[str, str], *tables: Table | None) -> str:
    """Ranges in the order of a formula's arguments, nothing for what is not there; gaps at the end are left out."""
    return ",".join("" if table is None else places.get(table.name, "") for table in tables).rstrip(",")


def help_alone(answer: str) -> Done:
    """Version, guide and log."""
    guide = guide_folder()
    where = "The guide is the folder docs of rebal_xl's source."
    if guide is not None:
        where = f"The guide is in the folder {guide}. Start with README.md there."
    return Done(
        f"rebal_xl {rebal_xl.__version__}.\n{where}\nWhen something goes wrong, the details are in {log_path().parent}."
        "\nNothing leaves this computer."
    )


def guide_folder() -> Path | None:
    """Where the guide is: beside the installed engine, or in a checkout; None where it is in neither."""
    prefix, source = Path(sys.prefix), Path(rebal_xl.__file__).parent.parent
    places = [folder / "docs" for folder in (prefix, prefix.parent, source)]
    return next((folder for folder in places if (folder / "README.md").is_file()), None)


def begin_help(book: OpenBook, answer: str, desk: Desk) -> Done:
    """The same with a workbook."""
    return help_alone(answer)
