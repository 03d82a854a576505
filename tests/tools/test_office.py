"""The office harness itself: a private LibreOffice that opens, calculates, and says what it could not do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rebal_xl.sample.workbook import write_sample_workbook
from tests.tools.office import Office, OfficeError

pytestmark = pytest.mark.hosts


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    book = write_sample_workbook(tmp_path_factory.mktemp("sample") / "rivera household.xlsx")
    with Office() as office:
        office.open(book)
        yield office


def test_formulas_follow_their_cells(office: Office) -> None:
    office.add_sheet("Sums")
    office.write("Sums", "A1:A3", [[1.5], ["12345E108"], [""]])
    office.formula("Sums", "B1", "=SUM(A1:A2)+LEN(A2)")
    assert office.shown("Sums", "B1") == {"text": "10.5", "number": 10.5, "error": 0}
    office.write("Sums", "A1", [[2.5]])
    assert office.shown("Sums", "B1")["number"] == 11.5
    # a text that looks like a number stays one
    assert office.read("Sums", "A1:A3") == [[2.5], ["12345E108"], [""]]


def test_the_tables_of_a_workbook_are_known_by_name(office: Office) -> None:
    sheet, place = office.tables()["Targets"]
    assert office.read(sheet, place)[0][:2] == ["Asset Class", "Target %"]
    office.formula("Sums", "C1", "=SUM(Targets[Target %])")
    assert office.shown("Sums", "C1")["number"] == pytest.approx(1.0)


def test_sheets_come_over_with_their_tables_and_formats(office: Office, tmp_path: Path) -> None:
    holdings = office.read("Holdings", "A4:S189")
    other = write_sample_workbook(tmp_path / "other.xlsx")
    office.new()
    office.take_sheets(other)
    assert office.read("Holdings", "A4:S189") == holdings
    assert office.tables()["Holdings"] == ["Holdings", "A4:S189"]
    born = office.read("Household", "B5")[0][0]
    # Alex was born on 18 April 1967, day 24580 of a calendar that starts with 1899-12-31 as day 1
    assert born == 24_580.0
    assert "1967" in office.shown("Household", "B5")["text"]


def test_a_refusal_is_told_and_does_not_end_it(office: Office) -> None:
    with pytest.raises(OfficeError, match="NoSuchElement"):
        office.read("nowhere", "A1")
    assert office.sheets()
