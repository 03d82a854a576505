"""Run after run, our sheets are replaced and the household's own stay, whatever was done to the workbook between."""

import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from rebal_xl.files.graft import graft
from rebal_xl.files.reader import read_book
from tests.files.workbooks import (
    OFFICE,
    advisor_workbook,
    again,
    cell_text,
    edit_zip,
    mark,
    read_zip,
    result_sheets,
    tab_names,
    write_zip,
)

LISTS = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}


def test_a_second_run_with_the_same_results_gives_the_same_file(workbook: Path, tmp_path: Path):
    graft(workbook, result_sheets(), tmp_path / "1.xlsx")
    graft(tmp_path / "1.xlsx", result_sheets(), tmp_path / "2.xlsx")
    assert read_zip(tmp_path / "1.xlsx") == read_zip(tmp_path / "2.xlsx")


def test_a_new_table_takes_the_number_of_the_old_one(workbook: Path):
    """The advisor's table is number 1, ours 2; a table that comes before ours in a later run gets number 3."""
    again(workbook)
    ours = result_sheets()
    lots = ours.create_sheet("Lots Sold", 0)
    lots.append(["Lot"])
    lots.append([1])
    lots.add_table(Table(displayName="RebalLots", ref="A1:A2"))
    mark(lots, "Lots Sold")
    graft(workbook, ours, workbook)
    found = {
        re.search(rb'displayName="(\w+)"', data)[1].decode(): int(re.search(rb'<table[^>]* id="(\d+)"', data)[1])
        for name, data in read_zip(workbook).items()
        if name.startswith("xl/tables/")
    }
    assert found == {"Holdings": 1, "RebalDrift": 2, "RebalLots": 3}


def test_the_advisors_own_trades_sheet_is_never_touched(workbook: Path):
    before = read_zip(workbook)["xl/worksheets/sheet2.xml"]
    for _ in range(3):
        again(workbook, keep_previous=True)
    assert read_zip(workbook)["xl/worksheets/sheet2.xml"] == before
    assert cell_text(workbook, "Trades", 1, 1) == "my own"
    assert tab_names(workbook).count("Trades") == 1


def test_results_are_replaced_not_doubled(workbook: Path):
    graft(workbook, result_sheets(0.05), workbook)
    size = len(read_zip(workbook))
    graft(workbook, result_sheets(0.07), workbook)
    assert tab_names(workbook) == ["Holdings", "Trades", "Drift", "Trades (rebal)"]
    assert cell_text(workbook, "Drift", 2, 2) == 0.07
    assert len(read_zip(workbook)) == size


def test_a_result_sheet_that_the_advisor_renamed_keeps_its_new_name(workbook: Path):
    """His formulas may point to it; the hidden name, not the tab's, says that it is ours."""
    edit_zip(again(workbook), "xl/workbook.xml", 'name="Drift"', 'name="Rivera drift"')
    edit_zip(workbook, "xl/workbook.xml", "'Drift'!", "'Rivera drift'!")
    graft(workbook, result_sheets(0.09), workbook)
    assert tab_names(workbook) == ["Holdings", "Trades", "Rivera drift", "Trades (rebal)"]
    assert cell_text(workbook, "Rivera drift", 2, 2) == 0.09
    assert "'Rivera drift'!B2" in read_zip(workbook)["xl/worksheets/rebal_sheet2.xml"].decode()


def test_a_sheet_moved_behind_ours_keeps_its_names_and_its_place_on_the_screen(workbook: Path):
    """The advisor moved Trades behind our sheets and was looking at it: tab 3 becomes tab 1 again."""
    again(workbook)
    parts = read_zip(workbook)
    text = parts["xl/workbook.xml"].decode()
    tabs = text[text.index("<sheets>") + 8 : text.index("</sheets>")]
    holdings, trades, ours, ours2 = [f"<sheet {t}" for t in tabs.split("<sheet ")[1:]]
    text = text.replace(tabs, holdings + ours + ours2 + trades)
    # Positions 1, 2, 3 were his Trades, our Drift, our Trades; they are now 3, 1, 2.
    moved = {"1": "3", "2": "1", "3": "2"}
    for old, new in moved.items():
        text = text.replace(f'localSheetId="{old}"', f'localSheetId="new{new}"')
    text = text.replace('"new', '"').replace("<workbookView ", '<workbookView activeTab="3" ')
    parts["xl/workbook.xml"] = text.encode()
    write_zip(workbook, parts)
    again(workbook)
    assert tab_names(workbook) == ["Holdings", "Trades", "Drift", "Trades (rebal)"]
    text = read_zip(workbook)["xl/workbook.xml"].decode()
    assert 'activeTab="1"' in text
    assert '<definedName name="mine" localSheetId="1">Trades!$A$1:$C$1</definedName>' in text
    assert openpyxl.load_workbook(workbook)["Trades"].defined_names["mine"].attr_text == "Trades!$A$1:$C$1"


def test_our_sheet_stays_on_the_screen_when_the_advisor_was_looking_at_it(workbook: Path):
    edit_zip(again(workbook), "xl/workbook.xml", "<workbookView ", '<workbookView activeTab="2" ')
    again(workbook)
    parts = read_zip(workbook)
    assert 'activeTab="2"' in parts["xl/workbook.xml"].decode()
    assert 'tabSelected="1"' in parts["xl/worksheets/rebal_sheet1.xml"].decode()
    assert 'tabSelected="1"' not in parts["xl/worksheets/rebal_sheet2.xml"].decode()


def test_a_copy_that_the_advisor_made_of_our_sheet_is_his(workbook: Path):
    """Excel copies the hidden names too, but gives the copy a number of its own."""
    again(workbook)
    parts = read_zip(workbook)
    parts["xl/worksheets/copy.xml"] = parts["xl/worksheets/rebal_sheet2.xml"]
    write_zip(workbook, parts)
    sheet = '<sheet name="March" sheetId="77" r:id="rIdCopy"/></sheets>'
    edit_zip(workbook, "xl/workbook.xml", "</sheets>", sheet)
    names = (
        '<definedName name="_rebal_xl" localSheetId="4" hidden="1">"Trades"</definedName>'
        '<definedName name="_rebal_xl_id" localSheetId="4" hidden="1">4</definedName></definedNames>'
    )
    edit_zip(workbook, "xl/workbook.xml", "</definedNames>", names)
    arrow = f'<Relationship Id="rIdCopy" Type="{OFFICE}/worksheet" Target="worksheets/copy.xml"/></Relationships>'
    edit_zip(workbook, "xl/_rels/workbook.xml.rels", "</Relationships>", arrow)
    again(workbook)
    assert tab_names(workbook) == ["Holdings", "Trades", "March", "Drift", "Trades (rebal)"]
    assert read_zip(workbook)["xl/worksheets/copy.xml"] == parts["xl/worksheets/copy.xml"]
    # His copy still shows results, not inputs.
    assert [grid.ours for grid in read_book(workbook).grids] == [False, False, True, True, True]


def test_the_previous_run_is_kept_beside_and_the_one_before_dropped(workbook: Path):
    for drift in (0.01, 0.02, 0.03):
        report = graft(workbook, result_sheets(drift), workbook, keep_previous=True)
    assert report.previous == ("Drift (previous)", "Trades (rebal) (previous)")
    assert tab_names(workbook) == ["Holdings", "Trades", *report.previous, "Drift", "Trades (rebal)"]
    assert cell_text(workbook, "Drift", 2, 2) == 0.03
    assert cell_text(workbook, "Drift (previous)", 2, 2) == 0.02
    book = openpyxl.load_workbook(workbook)
    assert list(book["Drift (previous)"].tables) == ["RebalDrift_previous"]
    assert list(book["Drift"].tables) == ["RebalDrift"]
    formula = "=SUM(RebalDrift_previous[Drift])+'Trades (rebal) (previous)'!B2"
    assert book["Drift (previous)"]["D3"].value == formula


def test_without_keeping_the_previous_run_goes_too(workbook: Path):
    again(workbook, keep_previous=True)
    again(workbook, keep_previous=True)
    again(workbook)
    assert tab_names(workbook) == ["Holdings", "Trades", "Drift", "Trades (rebal)"]


def with_overlap(weight: float) -> openpyxl.Workbook:
    """Our sheets and one more, which not every run has."""
    ours = result_sheets()
    sheet = ours.create_sheet("Overlap")
    for row in (["Fund", "Weight"], ["VTI", weight]):
        sheet.append(row)
    sheet.add_table(Table(displayName="RebalOverlap", ref="A1:B2"))
    mark(sheet, "Overlap")
    return ours


@pytest.mark.parametrize("formula", ["Overlap!A1", "'overlap'!A1", "SUM(RebalOverlap[Weight])", "ROWS(RebalOverlap)"])
@pytest.mark.parametrize("keep_previous", [False, True])
def test_a_sheet_that_the_advisors_formulas_need_stays_until_a_new_one_comes(
    workbook: Path, formula: str, keep_previous: bool
):
    """This run has no Overlap sheet, but his formula points to the old one: Excel would offer a repair."""
    graft(workbook, with_overlap(0.4), workbook)
    free = workbook.with_name("free.xlsx")
    report = graft(workbook, result_sheets(), free)
    assert (report.stale, "Overlap" in tab_names(free)) == ((), False)

    edit_zip(workbook, "xl/worksheets/sheet1.xml", "<f>E1*2</f>", f"<f>{formula}</f>")
    report = graft(workbook, result_sheets(), workbook, keep_previous=keep_previous)
    assert report.stale == ("Overlap",)
    assert cell_text(workbook, "Overlap", 2, 2) == 0.4
    report = graft(workbook, with_overlap(0.5), workbook, keep_previous=keep_previous)
    assert report.stale == ()
    assert report.renamed_tables == {}
    assert cell_text(workbook, "Overlap", 2, 2) == 0.5


def test_styles_do_not_grow_from_run_to_run(workbook: Path):
    styles = [read_zip(again(workbook))["xl/styles.xml"] for _ in range(3)]
    assert styles[0] == styles[1] == styles[2]


def test_excels_calculation_chain_forgets_our_removed_cells_only(workbook: Path):
    """After Excel saved the file its chain lists our formula cells; left in, Excel would offer a repair."""
    again(workbook)
    edit_zip(workbook, "xl/calcChain.xml", "</calcChain>", '<c r="D3" i="3"/><c r="D6"/><c r="E9" i="1"/></calcChain>')
    again(workbook)
    chain = read_zip(workbook)["xl/calcChain.xml"].decode()
    assert chain.endswith('<c r="E2" i="1"/><c r="A2" i="2"/><c r="E9" i="1"/></calcChain>')


def test_a_chain_of_our_cells_alone_goes_with_them(workbook: Path):
    """Excel does not open an empty chain: the part goes, and with it its relationship and its content type."""
    again(workbook)
    edit_zip(workbook, "xl/calcChain.xml", '<c r="E2" i="1"/><c r="A2" i="2"/>', '<c r="D3" i="3"/><c r="A5" i="4"/>')
    report = graft(workbook, result_sheets(), workbook)
    parts = read_zip(workbook)
    assert report.removed == ("xl/calcChain.xml",)
    assert not any(b"calcChain" in data for data in parts.values())


def test_the_name_macros_know_our_sheet_by_survives(tmp_path: Path):
    """Excel gave our sheet a module Sheet3 in the macro project; the new sheet must answer to it."""
    path = again(advisor_workbook(tmp_path / "rivera.xlsm", macros=True))
    edit_zip(path, "xl/worksheets/rebal_sheet1.xml", "<sheetPr>", '<sheetPr codeName="Sheet3">')
    again(path)
    assert '<sheetPr codeName="Sheet3">' in read_zip(path)["xl/worksheets/rebal_sheet1.xml"].decode()


def test_a_saved_view_of_our_sheet_turns_to_a_sheet_that_stays(workbook: Path):
    """He saved a custom view while looking at Overlap, sheet number 5, which this run does not have."""
    graft(workbook, with_overlap(0.4), workbook)
    view = (
        '<customWorkbookViews><customWorkbookView name="mine" guid="{00000000-0000-0000-0000-000000000001}" '
        'windowWidth="1" windowHeight="1" activeSheetId="5"/></customWorkbookViews><extLst>'
    )
    edit_zip(workbook, "xl/workbook.xml", "<extLst>", view)
    again(workbook)
    assert tab_names(workbook) == ["Holdings", "Trades", "Drift", "Trades (rebal)"]
    assert 'activeSheetId="1"' in read_zip(workbook)["xl/workbook.xml"].decode()
