"""What we write is read without loss by openpyxl and LibreOffice, and Microsoft's validator has nothing to say."""

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from rebal_xl import api
from rebal_xl.sheets.save import save_workbook
from rebal_xl.sheets.template import build_template
from tests.sheets.edges import EDGES, Edge, long_names, sample
from tests.tools.ooxml import validate

pytestmark = pytest.mark.hosts

every_edge = pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES)


def saved(workbook: Workbook, path: Path) -> Path:
    save_workbook(workbook, path)
    return path


def values(workbook: Workbook) -> dict[tuple[str, str], object]:
    """Every filled cell; days as days, whole numbers as numbers."""
    held = {
        (sheet.title, cell.coordinate): cell.value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    return {place: _plain(value) for place, value in held.items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - Excel knows no time zones
    return float(value) if isinstance(value, int | float) else value


def assert_same(now: Workbook, then: Workbook) -> None:
    """The same cells hold the same; a file keeps 15 digits of a number."""
    read, written = values(now), values(then)
    assert set(read) == set(written)
    for place, value in written.items():
        wanted = pytest.approx(value, rel=1e-13, abs=1e-13) if isinstance(value, float) else value
        assert read[place] == wanted, place


def through_libreoffice(path: Path) -> Path:
    """The workbook opened by LibreOffice and saved as it saves."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed; .ci/run installs it.")
    out = path.parent / "libreoffice"
    run = [program, f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", "--headless", "--convert-to"]
    subprocess.run(
        [*run, "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return out / path.name


def links(workbook: Workbook, sheet: str) -> dict[str, str]:
    """Cell -> where a click on it leads, written the one way."""
    found = {}
    for row in workbook[sheet].iter_rows():
        for cell in row:
            place = cell.hyperlink and (cell.hyperlink.location or (cell.hyperlink.target or "").removeprefix("#"))
            if place:
                found[cell.coordinate] = re.sub(r"^'?(.*?)'?[!.](\w+)$", r"\1!\2", place)
    return found


@every_edge
def test_microsofts_validator_finds_nothing(edge: Callable[[], Edge], tmp_path: Path) -> None:
    assert validate(saved(edge().results(), tmp_path / "results.xlsx")) == []
    assert validate(saved(edge().inputs(), tmp_path / "inputs.xlsx")) == []


@every_edge
def test_a_rebalanced_workbook_is_valid_too(edge: Callable[[], Edge], tmp_path: Path) -> None:
    """The sheets grafted into the household's own workbook, twice, with the run before beside them."""
    path = saved(edge().inputs(), tmp_path / "rivera.xlsx")
    household, policy = api.read_workbook(path)
    plan = api.rebalance(household, policy)
    for _ in range(2):
        api.write_plan(path, plan, in_place=True)
    assert validate(path) == []
    tabs = openpyxl.load_workbook(path).sheetnames
    assert {"Start", "Execution", "Execution (previous)"} <= set(tabs)


@every_edge
def test_openpyxl_reads_what_was_written(edge: Callable[[], Edge], tmp_path: Path) -> None:
    for built in (edge().results(), edge().inputs()):
        again = openpyxl.load_workbook(saved(built, tmp_path / "book.xlsx"))
        assert again.sheetnames == built.sheetnames
        assert_same(again, built)
        for sheet in built.worksheets:
            assert again[sheet.title].tables.items() == sheet.tables.items()


@pytest.mark.slow
@pytest.mark.parametrize("edge", [sample, long_names])
def test_libreoffice_opens_and_saves_every_value(edge: Callable[[], Edge], tmp_path: Path) -> None:
    for name, built in (("results", edge().results()), ("inputs", edge().inputs())):
        path = saved(built, tmp_path / f"{name}.xlsx")
        again = openpyxl.load_workbook(through_libreoffice(path))
        assert again.sheetnames == built.sheetnames
        assert_same(again, built)
        for sheet in built.worksheets:
            assert set(again[sheet.title].tables) == set(sheet.tables)


@pytest.mark.slow
def test_links_lead_to_their_cells_after_a_graft_and_in_libreoffice(tmp_path: Path) -> None:
    path = saved(sample().inputs(), tmp_path / "rivera.xlsx")
    household, policy = api.read_workbook(path)
    api.write_plan(path, api.rebalance(household, policy), in_place=True)
    wanted = {f"{one.sheet}!{one.cell}" for one in household.notices if one.cell}
    assert len(wanted) >= 3
    for read in (path, through_libreoffice(path)):
        book = openpyxl.load_workbook(read)
        places = set(links(book, "Checks").values())
        assert places == wanted
        assert {link.partition("!")[0] for link in links(book, "Start").values()} <= set(book.sheetnames)
        for place in places:
            sheet, _, cell = place.partition("!")
            assert book[sheet][cell].value is not None, place


def test_the_empty_template_is_valid(tmp_path: Path) -> None:
    assert validate(saved(build_template(), tmp_path / "template.xlsx")) == []
