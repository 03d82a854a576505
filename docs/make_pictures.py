"""The pictures of the guide: result sheets of the sample household, drawn by LibreOffice.

`python docs/make_pictures.py` writes docs/pictures/ anew; it needs soffice (LibreOffice) and pdftoppm (poppler).
"""

import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from rebal_xl.api import CURVE_POINTS, explanation, frontier, overlap, placements, rebalance
from rebal_xl.household import Curve
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.results_study import study_workbook
from rebal_xl.sheets.save import save_workbook
from rebal_xl.study import how_often

FOLDER = Path(__file__).resolve().parent / "pictures"
# Sheets that the guide shows, and what is cut out of the first printed page: left, top, width, height in inches.
SHEETS = {
    "Dashboard": (0.3, 0.5, 10.4, 7.5),
    "Explanation": (0.3, 0.3, 7.9, 9.4),
    "Drift": (0.3, 0.5, 8.6, 7.6),
    "Trades": (0.3, 0.5, 10.3, 5.3),
    "Tax": (0.3, 0.5, 10.4, 7.42),
    "Overlap": (0.3, 0.5, 10.4, 5.1),
}
# The study of how often to rebalance has a workbook of its own.
STUDY, STUDY_CUT = "Study", (0.3, 0.5, 7.9, 3.98)
# The sample is made for this day, and a picture must not change with the clock.
WHEN = datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 - Excel knows no time zones
DOTS_PER_INCH = 120
# The pages with the most on them, which would be too large a file otherwise.
FULL_PAGES = {"Dashboard": 110, "Explanation": 80}
TIMEOUT_S = 180


def picture_path(sheet: str) -> Path:
    """Where the picture of a result sheet is."""
    return FOLDER / f"{sheet.lower()}.png"


def result_sheet(name: str) -> Workbook:
    """The sample plan's result workbook with one sheet left."""
    household, policy = sample_household(), sample_policy()
    plan = rebalance(household, policy)
    # a picture must not change with the clock either: the curve has all its points, however long they take
    curve = Curve(frontier(household, policy, points=CURVE_POINTS, plan=plan).points)
    workbook = build_results(
        plan,
        household,
        policy,
        household.notices,
        when=WHEN,
        location=placements(household, policy, plan),
        curve=curve,
        explanation=explanation(household, policy, plan),
        overlap=overlap(household, policy),
    )
    for sheet in list(workbook.worksheets):
        if sheet.title != name:
            workbook.remove(sheet)
    return workbook


def draw(workbook: Workbook, picture: Path, cut: tuple[float, float, float, float], dots: int = DOTS_PER_INCH) -> None:
    """Draw what is cut out of the first page of a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.xlsx"
        save_workbook(workbook, book)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        office = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(book)]
        subprocess.run(office, check=True, capture_output=True, timeout=TIMEOUT_S)
        page = ["pdftoppm", "-png", "-singlefile", "-f", "1", "-r", str(dots)]
        for option, inches in zip(("-x", "-y", "-W", "-H"), cut, strict=True):
            page += [option, str(round(inches * dots))]
        page += [str(book.with_suffix(".pdf")), str(picture.with_suffix(""))]
        subprocess.run(page, check=True, timeout=TIMEOUT_S)


def main() -> int:
    """Draw every picture."""
    FOLDER.mkdir(exist_ok=True)
    for sheet, cut in SHEETS.items():
        draw(result_sheet(sheet), picture_path(sheet), cut, FULL_PAGES.get(sheet, DOTS_PER_INCH))
    draw(study_workbook(how_often(sample_household(), sample_policy())), picture_path(STUDY), STUDY_CUT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
