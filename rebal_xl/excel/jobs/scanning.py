"""Scan book: every household file of a folder in one table, in a new workbook; the files are only read."""

from __future__ import annotations

from pathlib import Path

from rebal_xl.excel.jobs.base import Aside, Ask, Desk, Done, Found
from rebal_xl.excel.jobs.watch import Stopped, Watch
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.template import open_new
from rebal_xl.household import ScanReport
from rebal_xl.practice import book_files, scan
from rebal_xl.sheets.results_book import KIND, book_workbook, summary

FOLDER = "Which folder holds your households' workbooks?"
BOOK_FILE = "rebal_xl book.xlsx"
KEEPS = "Stopping. What was scanned so far will be shown."
_LAST_FOLDER = "scan"


def begin_scan(book: OpenBook, answer: str, desk: Desk) -> Done | Ask | Aside:
    """Ask for a folder; then scan it in a thread."""
    begun = scan_alone(answer)
    if isinstance(begun, Ask):
        return Ask(begun.kind, begun.prompt, str(desk.memory.get(_LAST_FOLDER, "")))
    desk.memory[_LAST_FOLDER] = answer.strip()
    return begun


def scan_alone(answer: str) -> Done | Ask | Aside:
    """The same where no workbook is open."""
    said = answer.strip()
    if not said:
        return Ask("folder", FOLDER)
    folder = Path(said)
    # Before the thread, so that a folder that cannot be read is told at once.
    files, _ = book_files(folder)
    if not files:
        return Done(f"There is no household in '{folder}': no .xlsx, .xlsm or .csv file that is one.")
    return Aside(lambda watch: _work(folder, watch), _show, KEEPS)


def _work(folder: Path, watch: Watch) -> Found:
    def progress(number: int, files: int, name: str) -> bool:
        watch.step(f"{number} of {files}: {name}")
        return watch.stopping

    report = scan(folder, progress)
    if not report.households and not report.complete:
        raise Stopped("Stopped before a household was scanned. Nothing was written.")
    return Found(report, "Scan: writing")


def _show(book: OpenBook | None, report: ScanReport) -> str:
    name = open_new(book, book_workbook(report), BOOK_FILE)
    return f"{summary(report)} See the sheet {KIND} in {name}, a new workbook: save it to keep it."
