"""A custodian's file that somebody opened in Excel and saved, as a workbook or as text, says what it said before."""

import csv
import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from rebal_xl.files.imports import understand
from tests.intake.custodians import files as made
from tests.intake.custodians.files import put
from tests.intake.custodians.test_quirks import problems

FILES = (
    "SCHWAB_POSITIONS", "SCHWAB_LOTS_OF_ONE", "SCHWAB_LOTS", "FIDELITY_POSITIONS", "FIDELITY_LOTS", "VANGUARD_HOLDINGS",
    "VANGUARD_LOTS",
)  # fmt: skip
DAYS = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y", "%b-%d-%Y")


def typed(text: str) -> str | float | datetime | None:
    """What Excel makes of a text when it opens a file of them."""
    bare = text.strip()
    number = re.sub(r"[$,()+-]", "", bare)
    if re.fullmatch(r"\(?[+-]?\$?-?[\d,]*\.?\d+\)?", bare):
        return -float(number) if {"-", "("} & set(bare) else float(number)
    if re.fullmatch(r"[+-]?[\d.]+%", bare):
        return float(bare.strip("%")) / 100.0
    for form in DAYS:
        try:
            return datetime.strptime(bare, form)  # noqa: DTZ007
        except ValueError:
            continue
    return text or None


def as_workbook(text: str, path: Path) -> Path:
    book = Workbook()
    for line in csv.reader(io.StringIO(text.lstrip("\ufeff"))):
        book.active.append([typed(part) for part in line])
    book.save(path)
    return path


def as_text(text: str) -> str:
    """Days as Excel shows them where its short date has two digits of the year."""
    return re.sub(
        r"\b(\d\d)/(\d\d)/\d\d(\d\d)( 00:00:00)?(?=[\",])",
        lambda day: f"{int(day[1])}/{int(day[2])}/{day[3]}{' 0:00' if day[4] else ''}",
        text,
    )


def told(paths: list[Path]):
    statement = understand(paths).statement
    holdings = [
        (*(row.text(name) for name in ("Account", "Symbol", "Term")), row.day("Acquired"),
         *(row.number_in(name) for name in ("Quantity", "Market Value", "Price", "Cost Basis")))
        for row in statement.holdings
    ]  # fmt: skip
    trades = [
        (row.text("Account"), row.text("Symbol"), row.day("Date"), row.values["Side"], row.number_in("Quantity"),
         row.flag("Reinvested"))
        for row in statement.trades
    ]  # fmt: skip
    notices = {notice.code for notice in statement.notices} - {"two-digit-years"}
    return holdings, trades, notices, [file.layouts for file in statement.files]


@pytest.mark.parametrize("name", FILES)
def test_saved_as_a_workbook(name: str, tmp_path: Path):
    text = getattr(made, name)
    before = told(put(tmp_path, file=text))
    assert before[0]
    assert told([as_workbook(text, tmp_path / "saved.xlsx")]) == before


@pytest.mark.parametrize("name", FILES)
def test_saved_as_text_with_short_days(name: str, tmp_path: Path):
    text = getattr(made, name)
    before = told(put(tmp_path, file=text))
    assert told(put(tmp_path, saved=as_text(text))) == before


def test_a_cusip_that_excel_saved_as_a_power_of_ten_is_refused(tmp_path: Path):
    text = made.FIDELITY_POSITIONS.replace(",IVV,", ",4.64E+08,")
    assert [code for code, *_ in problems(tmp_path, file=text)] == ["text-became-number"]
