"""The client's page as a file: what it is called, where it goes, and the firm's logo beside the workbook."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rebal_xl.files.logo import read_logo
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import Saved
from rebal_xl.household import Problem, Severity
from rebal_xl.household.explanation import Explanation
from rebal_xl.report import Picture

ENDING = ".html"
# Letters of a household's name that a file name keeps; folders above it need room too.
NAME_LETTERS = 80
# What Windows allows in no file name, and what hides in one.
_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*]')
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# Names that are devices on Windows, whatever their ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageWritten:
    """A page that was saved."""

    saved: Saved
    explanation: Explanation
    # what is missing from it, such as a logo that could not be read
    notices: tuple[Problem, ...] = ()


def default_page(source: Path) -> Path:
    """`name report.html` beside the workbook, numbered ("name report 2.html") while the name is taken."""
    return free_name(source.parent, f"{source.stem} report")


def page_path(source: Path, out: Path | None) -> Path:
    """Where the page of a workbook goes. Raises FileRefused for another ending than .html or .htm, and for a folder."""
    target = default_page(source) if out is None else out
    if target.suffix.lower() not in (ENDING, ".htm"):
        raise FileRefused(f"'{target.name}' must end in {ENDING}, or no browser will show it.")
    if target.is_dir():
        raise FileRefused(f"'{target}' is a folder. Name a file in it.")
    return target


def page_in(folder: Path, household: str, as_of: date, content: bytes) -> Path:
    """A path for a household's page in a folder that holds files of others: a file of that name is never replaced.

    Where the very same page is there already, it is that one.
    """
    stem = f"{safe_name(household)} report {as_of:%Y-%m-%d}"
    first = folder / f"{stem}{ENDING}"
    if first.is_file() and first.stat().st_size == len(content) and first.read_bytes() == content:
        return first
    return free_name(folder, stem)


def free_name(folder: Path, stem: str) -> Path:
    """`stem.html` in a folder, numbered while the name is taken."""
    path, number = folder / f"{stem}{ENDING}", 2
    while path.exists() or path.is_symlink():
        path, number = folder / f"{stem} {number}{ENDING}", number + 1
    return path


def safe_name(household: str) -> str:
    """A household's name as a part of a file name on any system."""
    seen = "".join(" " if unicodedata.category(letter) in _HIDDEN else letter for letter in household)
    words = _NOT_IN_A_NAME.sub(" ", seen).split()
    name = " ".join(words)[:NAME_LETTERS].strip(" .~-")
    return "Household" if not name or _DEVICES.fullmatch(name) else name


def picture_beside(workbook: Path, name: str) -> tuple[Picture | None, tuple[Problem, ...]]:
    """The logo of that name in the workbook's folder; a notice instead where it cannot be used."""
    if not name:
        return None, ()
    try:
        logo = read_logo(workbook, name)
    except FileRefused as refused:
        told = f"{refused.sentence} The report was made without a logo."
        return None, (Problem(told, severity=Severity.NOTICE, code="logo"),)
    return Picture(logo.kind, logo.content), ()
