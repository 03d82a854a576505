"""Custodian exports as they arrive: encodings, separators, and everything kept as text."""

from pathlib import Path

import pytest

from rebal_xl.files.csvbook import read_csv_book
from rebal_xl.files.refusal import FileRefused
from rebal_xl.sheets.grid import Cell

EXPORT = (
    '"Positions for account Peña …123, as of 03/02/2026"\r\n'
    "\r\n"
    '"Symbol","Quantity","Cost Basis"\r\n'
    '"VTI","1,200.5","$101,234.00"\r\n'
    '"037833100","","N/A"\r\n'
)


def read(path: Path, data: bytes) -> dict[tuple[int, int], str]:
    path.write_bytes(data)
    grid = read_csv_book(path).grids[0]
    assert grid.kind == "csv"
    return {place: cell.value for place, cell in grid.cells.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_gives_the_same_cells_all_of_them_text(tmp_path: Path, encoding: str):
    cells = read(tmp_path / "positions.csv", EXPORT.encode(encoding))
    assert cells[1, 1] == "Positions for account Peña …123, as of 03/02/2026"
    assert cells[4, 2] == "1,200.5"
    assert cells[5, 1] == "037833100"
    assert (5, 2) not in cells
    assert max(row for row, _ in cells) == 5


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_from_the_table(tmp_path: Path, separator: str):
    lines = ["Account positions", "Symbol,Quantity,Price", "VTI,10,300.25", "BND,20,72.5"]
    text = "\n".join([lines[0], *(line.replace(",", separator) for line in lines[1:])])
    cells = read(tmp_path / "positions.csv", text.encode())
    assert [cells[3, column] for column in (1, 2, 3)] == ["VTI", "10", "300.25"]


def test_commas_inside_semicolon_files_stay_in_their_cells(tmp_path: Path):
    cells = read(tmp_path / "p.csv", b"Symbol;Value\nVTI;1.200,50\nBND;900,00\n")
    assert cells[2, 2] == "1.200,50"


def test_excels_separator_line_is_obeyed(tmp_path: Path):
    cells = read(tmp_path / "p.csv", b"sep=;\r\nSymbol,x;Value\r\nVTI,y;5\r\n")
    assert cells[1, 1] == "Symbol,x"


def test_one_grid_for_each_file(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for folder in "ab":
        (tmp_path / folder / "lots.csv").write_text("Symbol\nVTI\n")
    book = read_csv_book([tmp_path / "a" / "lots.csv", tmp_path / "b" / "lots.csv"])
    assert [grid.name for grid in book.grids] == ["lots", "lots (2)"]
    assert book.path is None
    assert book.grids[0].cells == {(1, 1): Cell("Symbol"), (2, 1): Cell("VTI")}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04rest", "Excel workbook with the wrong ending"),
        (b"Symbol\n\x81\x8d", "is not a text file"),
        (b"Symbol,x\x00y\nVTI,1\n" * 2, "is not a text file"),
        (b'Symbol\n"' + b"a" * 200_000, "cannot be read as a CSV file"),
    ],
)
def test_what_is_no_csv_file_is_refused(tmp_path: Path, data: bytes, says: str):
    with pytest.raises(FileRefused, match=says):
        read(tmp_path / "p.csv", data)


def test_a_file_with_too_many_cells_is_refused(tmp_path: Path):
    path = tmp_path / "p.csv"
    path.write_text("a,b\n" * 10)
    assert len(read_csv_book(path, max_cells=20).grids[0].cells) == 20
    with pytest.raises(FileRefused, match="more than 19 filled cells"):
        read_csv_book(path, max_cells=19)


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(FileRefused, match=r"There is no file 'gone\.csv'"):
        read_csv_book(tmp_path / "gone.csv")
