"""The pictures of formulas in the guide: the sample workbook beside the built add-in, calculated by LibreOffice.

`python docs/make_formula_pictures.py` writes them anew; it needs soffice (LibreOffice) with Python's uno, and pdftoppm
(poppler). The formulas stand in the sheet as one types them into Excel, and the cells hold what they give.
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from rebal_xl.sample.workbook import write_sample_workbook  # noqa: E402
from tests.excel_hosts.addin_copy import copy_for_libreoffice  # noqa: E402
from tests.excel_hosts.examples import EXAMPLES  # noqa: E402
from tests.excel_hosts.recorder import Recorder  # noqa: E402
from tests.excel_hosts.sheet import column_letter, in_calc  # noqa: E402
from tests.tools.office import Office  # noqa: E402

FOLDER = Path(__file__).resolve().parent / "pictures"
DOTS_PER_INCH = 110
TIMEOUT_S = 180
FONT = "Carlito"
NAVY, WHITE, GREY, PALE = 0x1F3864, 0xFFFFFF, 0x595959, 0xF2F2F2
BOLD = 150.0

PERCENT, DOLLARS, CENTS = "0.0%", '"$"#,##0', '"$"#,##0.00'


@dataclass(frozen=True)
class Spill:
    """A formula that gives a table: its rows without the header, its columns, and the formats of columns by letter."""

    name: str
    rows: int
    columns: int
    formats: dict[str, str]


@dataclass(frozen=True)
class Picture:
    """One sheet of formulas."""

    file: str
    # centimetres
    widths: tuple[float, ...]
    spills: tuple[Spill, ...]
    # question, formula, format
    cells: tuple[tuple[str, str, str], ...]
    # of what is cut out of the page: width and height in inches
    cut: tuple[float, float]


DRIFT = Picture(
    "formula-drift.png",
    (5.8, 2.6, 2.6, 2.6, 2.6, 2.6, 3.2),
    (Spill("REBAL_DRIFT", 11, 7, dict.fromkeys("BCDEF", PERCENT)),),
    (
        ("Outside its bands?", EXAMPLES["REBAL_NEEDED"], '"TRUE";;"FALSE"'),
        ("Tracking error a year", EXAMPLES["REBAL_TRACKING_ERROR"], "0.00%"),
        ("Location score, 0 to 100", EXAMPLES["REBAL_LOCATION_SCORE"], "0"),
        ("Tax on $100,000 of long gain", EXAMPLES["REBAL_TAX_ON"], DOLLARS),
        ("Bought 3/10/25, sold 3/11/26", EXAMPLES["REBAL_TERM"], "@"),
    ),
    (9.15, 3.92),
)
TRADES = Picture(
    "formula-trades.png",
    (4.2, 1.5, 2.2, 6.7, 2.9, 2.2, 2.8, 2.8, 2.8),
    (
        Spill("REBAL_TRADES", 9, 9, {"E": "#,##0.00", "F": CENTS, "G": CENTS, "I": CENTS}),
        Spill("REBAL_TAX", 1, 6, {"C": CENTS, "D": CENTS, "E": CENTS}),
    ),
    (),
    (11.0, 3.06),
)
PICTURES = (DRIFT, TRADES)


def draw(office: Office, picture: Picture, path: Path) -> None:
    """Lay out the sheet of a picture, calculate it, and draw it; the sample's sheets must be there."""
    name = picture.file.removesuffix(".png")
    office.add_sheet(name)
    office.column_widths(name, picture.widths)
    last = column_letter(len(picture.widths) - 1)
    row = 1
    for spill in picture.spills:
        row = _spill(office, name, spill, row, last)
    for question, formula, shown in picture.cells:
        row = _cell(office, name, question, formula, shown, row)
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "page.pdf"
        office.save_pdf(name, f"A1:{last}{row - (1 if picture.cells else 2)}", pdf)
        width, height = (round(side * DOTS_PER_INCH) for side in picture.cut)
        page = ["pdftoppm", "-png", "-singlefile", "-f", "1", "-r", str(DOTS_PER_INCH)]
        page += ["-x", "35", "-y", "35", "-W", str(width), "-H", str(height)]
        page += [str(pdf), str(path.with_suffix(""))]
        subprocess.run(page, check=True, timeout=TIMEOUT_S)


def _spill(office: Office, sheet: str, spill: Spill, row: int, last: str) -> int:
    formula, first, end = EXAMPLES[spill.name], row + 1, row + 1 + spill.rows
    _type_as_text(office, sheet, f"A{row}", formula)
    office.look(sheet, f"A{row}:{last}{row}", {"CharHeight": 9.0})
    place = f"A{first}:{column_letter(spill.columns - 1)}{end}"
    office.array_formula(sheet, place, in_calc(formula))
    office.look(sheet, place, {"CharFontName": FONT})
    header = f"A{first}:{column_letter(spill.columns - 1)}{first}"
    office.look(sheet, header, {"CharWeight": BOLD, "CharColor": WHITE, "CellBackColor": NAVY})
    for letter, code in spill.formats.items():
        office.number_format(sheet, f"{letter}{first + 1}:{letter}{end}", code)
    return end + 2


def _cell(office: Office, sheet: str, question: str, formula: str, shown: str, row: int) -> int:
    office.write(sheet, f"A{row}", [[question]])
    office.formula(sheet, f"B{row}", in_calc(formula))
    office.number_format(sheet, f"B{row}", shown)
    office.look(sheet, f"A{row}:B{row}", {"CharFontName": FONT})
    office.look(sheet, f"B{row}", {"CharWeight": BOLD})
    short = formula if len(formula) < 62 else f"{formula[:59]} …"
    _type_as_text(office, sheet, f"C{row}", short)
    return row + 1


def _type_as_text(office: Office, sheet: str, cell: str, formula: str) -> None:
    office.write(sheet, cell, [[formula]])
    office.look(sheet, cell, {"CharFontName": "Liberation Mono", "CharHeight": 8.5, "CharColor": GREY})


def open_sample(office: Office, folder: Path) -> None:
    """The add-in and the sample workbook's sheets."""
    office.open(copy_for_libreoffice(folder))
    office.take_sheets(write_sample_workbook(folder / "household.xlsx"))


def main() -> int:
    """Draw every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Office(Recorder()) as office:
        open_sample(office, Path(folder))
        for picture in PICTURES:
            draw(office, picture, FOLDER / picture.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
