"""Results in an open workbook: copied over the first time, rewritten where they stand afterwards, or refused."""

import datetime
import tempfile
from pathlib import Path

import hypothesis
import openpyxl
import pytest
import xlwings
from hypothesis import strategies as st
from openpyxl.cell import Cell
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable

from rebal_xl.excel.live import sheet
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.excel.live.write import Written, write_sheets
from rebal_xl.sheets.grid import Grid
from rebal_xl.sheets.results_sheet import Block, Heading, add_sheet, mark
from tests.excel.live.conftest import CASH as CASH_TABLE
from tests.excel.live.conftest import results
from tests.excel.openpyxl_engine import double, open_book
from tests.excel.openpyxl_engine.names import NameApi

DAY = datetime.date(2026, 11, 20)
CASH = [{"Account": "IRA", "Left": 5.0}]


def order(symbol: str, shares: float = 1.0, day: datetime.date = DAY) -> dict[str, object]:
    return {"Symbol": symbol, "Shares": shares, "Day": day}


def write(book: xlwings.Book, built: openpyxl.Workbook) -> Written:
    return write_sheets(OpenBook(book), built)


def tabs(book: xlwings.Book) -> list[str]:
    return [sheet.name for sheet in OpenBook(book).sheets]


def grid(book: xlwings.Book, tab: str) -> Grid:
    return next(held for held in read_open_book(OpenBook(book)).grids if held.name == tab)


def values(held: Grid) -> dict[tuple[int, int], object]:
    return {place: cell.value for place, cell in held.cells.items()}


def test_the_first_run_copies_the_sheet_with_its_looks_and_its_mark(notes: xlwings.Book):
    written = write(notes, results([order("VTI", 12.5)], CASH))
    assert written == Written({"Orders": "Orders"})
    assert tabs(notes) == ["Notes", "Orders"]
    held = grid(notes, "Orders")
    assert held.ours
    assert [table.name for table in held.tables] == ["Orders", "Cash"]
    assert (held.cells[6, 1].value, held.cells[6, 2].value, held.cells[6, 3].value) == ("VTI", 12.5, DAY)
    assert held.cells[6, 2].number_format == "#,##0.000"
    assert double(notes).book["Orders"]["A5"].font.bold


def test_nothing_of_ours_stays_open_or_on_the_disk(notes: xlwings.Book, monkeypatch, tmp_path: Path):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    write(notes, results([order("VTI")]))
    assert [book.name for book in notes.app.books] == ["notes.xlsx"]
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_advisors_own_sheet_and_table_of_our_name_are_left_alone(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.title = "orders"
    for row in (["Orders of", "mine"], ["VTI", 3]):
        book.active.append(row)
    book.active.add_table(ExcelTable(displayName="Cash", ref="A1:B2"))
    path = tmp_path / "his.xlsx"
    book.save(path)
    opened = open_book(path)
    before = grid(opened, "orders")
    write(opened, results([order("VTI")], CASH))
    write(opened, results([order("BND"), order("VTI")], CASH))
    assert tabs(opened) == ["orders", "Orders (rebal)", "Orders (rebal) (previous)"]
    assert grid(opened, "orders") == before
    assert [table.name for table in grid(opened, "Orders (rebal)").tables] == ["Orders", "Cash_2"]


def test_cells_that_point_to_our_sheet_keep_pointing_there(notes: xlwings.Book):
    """More orders, then fewer: his total takes in the new rows, and the cash below is still the cash."""
    write(notes, results([order("VTI"), order("BND")], CASH))
    impl = double(notes)
    impl.book["Notes"]["B1"] = "=SUM(Orders!B6:B7)"
    impl.book["Notes"]["B2"] = "=Orders!B12"
    assert impl.book["Orders"]["B12"].value == 5.0
    write(notes, results([order(symbol) for symbol in "ABCDE"], [{"Account": "IRA", "Left": 7.0}]))
    assert impl.book["Notes"]["B1"].value == "=SUM(Orders!B6:B10)"
    assert impl.book["Notes"]["B2"].value == "=Orders!B15"
    assert impl.book["Orders"]["B15"].value == 7.0
    write(notes, results([order("A")], [{"Account": "IRA", "Left": 9.0}]))
    assert impl.book["Notes"]["B1"].value == "=SUM(Orders!B6:B6)"
    assert impl.book["Notes"]["B2"].value == "=Orders!B11"
    assert impl.book["Orders"]["B11"].value == 9.0


def look(cell: Cell) -> tuple[object, ...]:
    edges = [edge and edge.style for edge in (cell.border.top, cell.border.bottom)]
    return cell.font.b, cell.font.sz, cell.fill.fgColor.rgb, *edges


@hypothesis.settings(max_examples=25, deadline=None)
@hypothesis.given(
    st.lists(st.integers(0, 6), min_size=2, max_size=2),
    st.lists(st.integers(1, 5), min_size=2, max_size=2),
    st.lists(st.sampled_from(["", "No trade is needed"]), min_size=2, max_size=2),
)
def test_rewritten_is_what_a_fresh_copy_would_be(orders: list[int], cash: list[int], captions: list[str]):
    """Whatever the first run left behind, afterwards the sheet holds exactly the second run."""
    built = [
        results(
            [order(f"S{number}{run}", float(number)) for number in range(count)],
            [{"Account": f"A{number}{run}", "Left": float(number)} for number in range(accounts)],
            caption=caption,
        )
        for run, (count, accounts, caption) in enumerate(zip(orders, cash, captions, strict=True))
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        openpyxl.Workbook().save(path)
        again, fresh = open_book(path), open_book(path)
        write(again, built[0])
        written = write(again, built[1])
        write(fresh, built[1])
    assert written.moved == []
    assert tabs(again) == ["Sheet", "Orders", "Orders (previous)"]
    one, other = grid(again, "Orders"), grid(fresh, "Orders")
    assert values(one) == values(other)
    assert (one.tables, set(one.merged)) == (other.tables, set(other.merged))
    looks = [double(book).book["Orders"] for book in (again, fresh)]
    for row in looks[1].iter_rows():
        for cell in row:
            assert look(looks[0].cell(cell.row, cell.column)) == look(cell), cell.coordinate


def test_text_stays_text(notes: xlwings.Book):
    """Excel would make 1.2345E+112 of one CUSIP, 37,833,100 of another, and run what looks like a formula."""
    names = ["12345E108", "037833100", "=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "3/4/2026", "TRUE", "=" + "x" * 300]
    write(notes, results([order(name) for name in names[:2]]))
    write(notes, results([order(name) for name in names]))
    held = grid(notes, "Orders")
    assert [held.cells[row, 1].value for row in range(6, 14)] == names
    assert not any(cell.formula for cell in held.cells.values())


@pytest.mark.parametrize("runs", [1, 2])
def test_days_are_right_in_a_workbook_that_counts_from_1904(tmp_path: Path, runs: int):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    path = tmp_path / "mac.xlsx"
    book.save(path)
    opened = open_book(path)
    for _ in range(runs):
        write(opened, results([order("VTI")]))
    assert grid(opened, "Orders").cells[6, 3].value == DAY


def test_the_run_before_is_kept_and_the_one_before_it_is_not(notes: xlwings.Book):
    for symbol in ("A", "B", "C"):
        write(notes, results([order(symbol)], CASH))
    assert tabs(notes) == ["Notes", "Orders", "Orders (previous)"]
    assert grid(notes, "Orders (previous)").cells[6, 1].value == "B"
    assert [table.name for table in grid(notes, "Orders (previous)").tables] == ["Orders_previous", "Cash_previous"]
    assert {(name.sheet, name.name, name.hidden) for name in OpenBook(notes).names} == {
        ("Orders", "_rebal_xl", True),
        ("Orders (previous)", "_rebal_xl_previous", True),
    }


def test_a_run_before_that_the_advisor_refers_to_is_not_taken_away(notes: xlwings.Book):
    write(notes, results([order("A")]))
    write(notes, results([order("B")]))
    double(notes).book["Notes"]["B1"] = "='Orders (previous)'!B6"
    written = write(notes, results([order("C")]))
    assert written.stale == ["Orders (previous)"]
    assert double(notes).book["Notes"]["B1"].value == "='Orders (previous)'!B6"
    assert tabs(notes) == ["Notes", "Orders", "Orders (previous 2)", "Orders (previous)"]
    write(notes, results([order("D")]))
    assert tabs(notes) == ["Notes", "Orders", "Orders (previous 2)", "Orders (previous)"]


def test_a_filter_of_his_hides_no_new_row(notes: xlwings.Book):
    write(notes, results([order("A"), order("B")], CASH))
    sheet = double(notes).book["Orders"]
    sheet.tables["Orders"].autoFilter = AutoFilter(ref="A5:C7")
    sheet.row_dimensions[7].hidden = True
    write(notes, results([order("C"), order("D"), order("E")], CASH))
    assert grid(notes, "Orders").hidden_rows == set()


def test_a_renamed_tab_keeps_its_new_name(notes: xlwings.Book):
    write(notes, results([order("A")]))
    sheet = OpenBook(notes).sheet("Orders")
    assert sheet is not None
    sheet.name = "Order book"
    assert write(notes, results([order("B")])).tabs == {"Orders": "Order book"}
    assert tabs(notes) == ["Notes", "Order book", "Order book (previous)"]


def test_a_copy_the_advisor_made_of_our_sheet_is_his(notes: xlwings.Book):
    write(notes, results([order("A")]))
    sheet = OpenBook(notes).sheet("Orders")
    assert sheet is not None
    sheet.copy_after(OpenBook(notes).sheets[0]).name = "Kept for Ana"
    before = values(grid(notes, "Kept for Ana"))
    write(notes, results([order("B")]))
    assert values(grid(notes, "Kept for Ana")) == before
    assert grid(notes, "Orders").cells[6, 1].value == "B"


def test_other_tables_make_the_sheet_anew_and_his_cells_follow_the_old_one(notes: xlwings.Book):
    write(notes, results([order("A")], CASH))
    double(notes).book["Notes"]["B1"] = "=Orders!B6"
    written = write(notes, results([order("B")]))
    assert written.moved == ["Orders"]
    assert tabs(notes) == ["Notes", "Orders (previous)", "Orders"]
    assert double(notes).book["Notes"]["B1"].value == "='Orders (previous)'!B6"
    assert grid(notes, "Orders").cells[6, 1].value == "B"
    assert [table.name for table in grid(notes, "Orders").tables] == ["Orders"]


def test_a_sheet_without_tables_is_made_anew_with_its_merged_cells(notes: xlwings.Book):
    for symbol in ("A", "B", "C"):
        built = results([order(symbol)])
        sheet = built.create_sheet("Letter")
        mark(sheet, "Letter")
        sheet["A1"] = f"Dear client, we sell {symbol}."
        sheet.merge_cells("A1:C1")
        sheet.row_dimensions[1].height = 44.0
        written = write(notes, built)
        assert written.tabs["Letter"] == "Letter"
        held = double(notes).book["Letter"]
        assert held["A1"].value == f"Dear client, we sell {symbol}."
        assert [str(area) for area in held.merged_cells.ranges] == ["A1:C1"]
        assert held.row_dimensions[1].height == 44.0
    assert double(notes).book["Letter (previous)"]["A1"].value == "Dear client, we sell B."
    assert tabs(notes) == ["Notes", "Orders", "Orders (previous)", "Letter (previous)", "Letter"]


def test_the_advisors_sheet_is_not_touched(notes: xlwings.Book):
    before = grid(notes, "Notes")
    for symbol in ("A", "B"):
        write(notes, results([order(symbol)]))
    assert grid(notes, "Notes") == before


def refused(book: xlwings.Book) -> str:
    """The sentence, after making sure that nothing at all was written."""
    before = {name: values(grid(book, name)) for name in tabs(book)}
    with pytest.raises(BookRefused) as why:
        write(book, results([order("Z", 26.0)], CASH))
    assert {name: values(grid(book, name)) for name in tabs(book)} == before
    return why.value.sentence


def test_a_protected_structure_is_refused(notes: xlwings.Book):
    double(notes).structure_locked = True
    assert refused(notes).startswith("The structure of 'notes.xlsx' is protected, so no sheet can be added.")


def test_a_read_only_workbook_is_refused(notes: xlwings.Book):
    double(notes).read_only = True
    assert refused(notes).startswith("'notes.xlsx' is open read-only.")


def test_a_protected_result_sheet_is_refused(notes: xlwings.Book):
    write(notes, results([order("A")], CASH))
    double(notes).book["Orders"].protection.sheet = True
    assert refused(notes).startswith("The sheet 'Orders' is protected, so its results cannot be renewed.")


@pytest.mark.parametrize("broken", ["Open", "Copy", "Range"])
def test_a_failure_while_sheets_are_added_leaves_everything_as_it_was(notes: xlwings.Book, broken: str):
    app = double(notes).app
    write(notes, results([order("A")], CASH))
    app.selected = "$C$7"
    app.broken = {broken}
    with pytest.raises(Exception, match=f"{broken} failed"):
        write(notes, results([order("B")]))
    app.broken = set()
    assert tabs(notes) == ["Notes", "Orders"]
    assert_steady(notes)
    assert app.selected == "$C$7"


def test_sheets_added_before_a_failure_are_taken_away_again(notes: xlwings.Book):
    """One sheet is renewed, one is new: its copy and the copy for (previous) are made before anything else."""
    write(notes, results([order("A")]))
    before = values(grid(notes, "Orders"))
    built = results([order("B")])
    add_sheet(built, "Money", Heading("Rivera", "Optimal"), [Block(CASH_TABLE, CASH)])
    double(notes).app.tired = {"Copy": 1}
    with pytest.raises(Exception, match="Copy failed"):
        write(notes, built)
    assert tabs(notes) == ["Notes", "Orders"]
    assert values(grid(notes, "Orders")) == before
    assert_steady(notes)
    double(notes).app.tired = {}
    write(notes, built)
    assert tabs(notes) == ["Notes", "Orders", "Orders (previous)", "Money"]


@pytest.mark.parametrize("broken", ["Value2", "NumberFormat", "Insert", "PasteSpecial"])
def test_a_failure_while_a_sheet_is_rewritten_is_said_and_the_run_before_is_there(notes: xlwings.Book, broken: str):
    write(notes, results([order("A")], CASH))
    before = values(grid(notes, "Orders"))
    double(notes).app.broken = {broken}
    with pytest.raises(BookRefused, match=rf"stopped half-way\. Excel refused: {broken} failed.*Orders \(previous\)"):
        write(notes, results([order("B"), order("C")], CASH))
    double(notes).app.broken = set()
    assert values(grid(notes, "Orders (previous)")) == before
    assert_steady(notes)
    write(notes, results([order("D")], CASH))
    assert set(tabs(notes)) == {"Notes", "Orders", "Orders (previous)"}
    assert grid(notes, "Orders").cells[6, 1].value == "D"


def assert_steady(book: xlwings.Book) -> None:
    """Every switch is as before, the advisor's workbook and sheet are in front, and only it is open."""
    app = double(book).app
    assert app.switches == {
        "screen_updating": True, "enable_events": True, "display_alerts": True, "calculation": "automatic",
    }  # fmt: skip
    assert app.auto_correct.AutoExpandListRange is True
    assert app.active.name == book.name
    assert double(book).book.active.title == "Notes"
    assert [held.name for held in app.books] == ["notes.xlsx"]


def test_a_failure_of_the_last_touches_says_that_the_results_are_there(notes: xlwings.Book):
    write(notes, results([order("A")], CASH))
    double(notes).app.broken = {"Rename"}
    with pytest.raises(BookRefused, match=r"The results are written, .* Excel refused: Rename failed"):
        write(notes, results([order("B")], CASH))
    assert grid(notes, "Orders").cells[6, 1].value == "B"
    assert_steady(notes)


def test_everything_is_switched_back_after_a_run(notes: xlwings.Book):
    write(notes, results([order("A")]))
    assert_steady(notes)
    app = double(notes).app
    assert ("calculation", "manual") in app.log
    assert app.log[-1] == ("screen_updating", True)


def test_a_picture_may_be_selected(notes: xlwings.Book):
    double(notes).app.selected = None
    write(notes, results([order("A")]))
    assert_steady(notes)


def test_a_calculation_mode_of_his_own_comes_back(notes: xlwings.Book):
    app = double(notes).app
    app.switches["calculation"] = "semiautomatic"
    write(notes, results([order("A")]))
    assert app.switches["calculation"] == "semiautomatic"


def test_a_clipboard_that_another_program_holds_is_asked_again(notes: xlwings.Book, monkeypatch):
    monkeypatch.setattr(sheet, "CLIPBOARD_REST_S", 0.0)
    write(notes, results([order("A")]))
    double(notes).app.shy = {"PasteSpecial": 2}
    write(notes, results([order("B")]))
    assert "B" in values(grid(notes, "Orders")).values()


def test_cells_that_he_copied_are_let_go_first(notes: xlwings.Book):
    app = double(notes).app
    app.cut_copy_mode = "copy"
    with OpenBook(notes).steady():
        assert app.cut_copy_mode is False


def test_what_is_selected_in_another_workbook_is_selected_nowhere_else(notes: xlwings.Book, notes_file: Path):
    app = double(notes).app
    other = notes_file.with_name("other.xlsx")
    other.write_bytes(notes_file.read_bytes())
    app.books.open(str(other))
    for front, expected in ((app.active, "of the other"), (double(notes), "$C$3")):
        app.active, app.selected = front, "$C$3"
        with OpenBook(notes).steady():
            app.selected = "of the other"
        assert app.selected == expected


def test_a_workbook_with_a_thousand_names_is_read_twice_at_most(notes: xlwings.Book, monkeypatch):
    book = double(notes).book
    for number in range(1000):
        book.defined_names[f"Name{number}"] = DefinedName(f"Name{number}", attr_text="Notes!$A$1")
    told = NameApi.RefersTo.fget
    for symbol in ("A", "B", "C"):
        asked = []
        with monkeypatch.context() as patch:
            patch.setattr(NameApi, "RefersTo", property(lambda name: asked.append(name.key) or told(name)))  # noqa: B023
            write(notes, results([order(symbol)]))
        assert 1 <= asked.count("Name77") <= 2
