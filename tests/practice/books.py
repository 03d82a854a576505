"""Folders of households as a firm keeps them: good ones, damaged ones, and what lies about beside them."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import Account, Household, Lot, Policy, Security, Target, TaxTreatment
from rebal_xl.sample.workbook import write_sample_workbook
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.files.workbooks import read_zip, write_zip
from tests.measure.homes import AS_OF

# What a spreadsheet would calculate, or start.
FORMULA_NAME = '=HYPERLINK("http://evil.example","Lee")'
DDE_FILE = "=cmd'calc.xlsx"


def simple(
    path: Path,
    name: str,
    stocks_usd: float,
    bonds_usd: float,
    *,
    stocks_basis_usd: float | None = None,
    account: Account | None = None,
    **rules: object,
) -> Path:
    """A household of one taxable account in two funds at a dollar a share, against 60 % and 40 %."""
    joint = account or Account("Joint", TaxTreatment.TAXABLE)
    basis = stocks_usd if stocks_basis_usd is None else stocks_basis_usd
    household = Household(
        accounts=(joint,),
        lots=(
            Lot(joint.name, "STK", stocks_usd, basis_usd=basis, acquired=AS_OF.replace(year=2020)),
            Lot(joint.name, "BND", bonds_usd, basis_usd=bonds_usd, acquired=AS_OF.replace(year=2020)),
        ),
        securities=(Security("STK", 1.0, (("Stocks", 1.0),)), Security("BND", 1.0, (("Bonds", 1.0),))),
        name=name,
    )
    policy = replace(Policy(targets=(Target("Stocks", 0.6), Target("Bonds", 0.4)), as_of=AS_OF), **rules)  # type: ignore[arg-type]
    path.write_bytes(workbook_bytes(build_template(household, policy)))
    return path


def balanced(path: Path, name: str = "Abel") -> Path:
    """On target: 60,000 and 40,000."""
    return simple(path, name, 60_000.0, 40_000.0)


def broken(path: Path) -> Path:
    """A word where a quantity belongs, and another in place of a target."""
    write_sample_workbook(path)
    workbook = openpyxl.load_workbook(path)
    for tab, header, word in (("Holdings", "Quantity", "a dozen"), ("Targets", "Target %", "much")):
        _below(workbook[tab], header).value = word
    workbook.save(path)
    return path


def bomb(path: Path) -> Path:
    """A sheet of 250 MB of zeros in a file of 250 kB."""
    parts = read_zip(balanced(path))
    sheet = next(name for name in parts if name.startswith("xl/worksheets/sheet"))
    parts[sheet] = b"0" * (250 * 1024 * 1024)
    return write_zip(path, parts)


def whole_book(folder: Path) -> Path:
    """One of each."""
    folder.mkdir(exist_ok=True)
    write_sample_workbook(folder / "Rivera.xlsx")
    balanced(folder / "abel.xlsx")
    simple(folder / DDE_FILE, FORMULA_NAME, 75_000.0, 25_000.0)
    broken(folder / "Broken.xlsx")
    bomb(folder / "bomb.xlsx")
    (folder / "letter.csv").write_text("Dear client,\nall is well.\n")
    (folder / "cut off.xlsx").write_bytes((folder / "Rivera.xlsx").read_bytes()[:5000])
    leftovers(folder, ["~$Rivera.xlsx", "Rivera.backup-20260302-141500.xlsx", "Rivera rebalanced.xlsx"])
    leftovers(folder, ["orders 2026-11-20.csv", "._Rivera.xlsx", "notes.docx", "prices.txt"])
    (folder / "old").mkdir()
    balanced(folder / "old" / "Former client.xlsx")
    (folder / "archive.xlsx").mkdir()
    return folder


def leftovers(folder: Path, names: Iterable[str]) -> None:
    """Files that must never be read as households: reading them would be told."""
    for name in names:
        (folder / name).write_bytes(b"not to be read")


def _below(sheet: Worksheet, header: str) -> openpyxl.cell.Cell:
    place = next(cell for row in sheet.iter_rows() for cell in row if cell.value == header)
    return sheet.cell(place.row + 1, place.column)
