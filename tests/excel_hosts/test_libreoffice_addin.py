"""LibreOffice reads the built add-in as shipped, and what the other tests here run differs from it in one function."""

import difflib
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from rebal_xl.excel.addin.modules import Kind, read_module
from rebal_xl.excel.formulas import CATALOG
from tests.excel_hosts.addin_copy import (
    LINK,
    PROJECT_PART,
    SERVICE,
    SHIPPED,
    WORKBOOK,
    copy_for_libreoffice,
    modules_for_libreoffice,
    shipped_modules,
)
from tests.excel_hosts.examples import EXAMPLES
from tests.excel_hosts.recorder import Recorder
from tests.excel_hosts.sheet import Sheet
from tests.tools.office import EngineGone, Office

pytestmark = pytest.mark.hosts

TEMPLATE = WORKBOOK / "rebal_xl template.xlsx"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, str]]:
    """Name -> source as LibreOffice has it, of the shipped add-in and of our copy."""
    copy = copy_for_libreoffice(tmp_path_factory.mktemp("add-in"))
    with Office() as office:
        office.open(SHIPPED)
        shipped = office.modules()
        office.open(copy)
        return shipped, office.modules()


def code_lines(text: str) -> list[str]:
    """A module's own lines: LibreOffice drops attributes and puts lines of its own before the code."""
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    return [line for line in lines if line and not re.match(r"(Rem )?Attribute |Option VBASupport", line)]


def test_only_the_function_that_gets_the_engine_is_another(loaded: tuple[dict[str, str], dict[str, str]]) -> None:
    shipped, ours = loaded
    assert shipped.keys() == ours.keys()
    assert {name for name in shipped if shipped[name] != ours[name]} == {LINK}
    changed = [
        line[2:] for line in difflib.ndiff(shipped[LINK].splitlines(), ours[LINK].splitlines()) if line[0] in "-+"
    ]
    removed = re.search(r"^Public Function RebalEngine\(.*?^End Function$", shipped[LINK], re.MULTILINE | re.DOTALL)
    assert removed is not None
    inside = {line.rstrip("\r") for line in removed[0].split("\n")} | {f"    Set RebalEngine = {SERVICE}"}
    assert {line.rstrip("\r") for line in changed} <= inside


def test_libreoffice_reads_the_sources_of_the_repository(loaded: tuple[dict[str, str], dict[str, str]]) -> None:
    shipped, _ = loaded
    sources = sorted((WORKBOOK / "vba").iterdir())
    assert len(sources) > 5
    for path in sources:
        module = read_module(path)
        assert code_lines(shipped[module.name]) == code_lines(module.code), path.name


def test_the_copy_is_the_shipped_package_in_all_other_parts(tmp_path: Path) -> None:
    ours = modules_for_libreoffice()
    different = [a.name for a, b in zip(shipped_modules(), ours, strict=True) if a.encoded() != b.encoded()]
    assert different == [LINK]
    with zipfile.ZipFile(SHIPPED) as shipped, zipfile.ZipFile(copy_for_libreoffice(tmp_path)) as copy:
        assert shipped.namelist() == copy.namelist()
        for name in shipped.namelist():
            assert (shipped.read(name) == copy.read(name)) == (name != PROJECT_PART), name


def test_every_module_compiles(tmp_path: Path) -> None:
    """In a module that does not compile no procedure runs, and LibreOffice says nothing about it."""
    modules = modules_for_libreoffice()
    ours = [module for module in modules if module.kind is Kind.STANDARD]
    probe = "Public Function {0}() As Long\n    {0} = 7\nEnd Function\n"
    probed = [
        replace(module, code=module.code + probe.format(f"Probe{module.name}")) if module in ours else module
        for module in modules
    ]
    with Office() as office:
        office.open(copy_for_libreoffice(tmp_path, probed))
        answers = {module.name: office.run(f"{module.name}.Probe{module.name}", [])["value"] for module in ours}
    assert answers == {module.name: 7 for module in ours}


def test_there_is_a_function_for_every_formula(loaded: tuple[dict[str, str], dict[str, str]]) -> None:
    declared = set(re.findall(r"^Public Function (REBAL_\w+)", loaded[0]["RebalFormulas"], re.MULTILINE))
    assert declared == {formula.name for formula in CATALOG}


def test_in_a_new_workbook_every_formula_says_what_to_fill_in_first(tmp_path: Path) -> None:
    engine = Recorder()
    with Office(engine) as office:
        office.open(copy_for_libreoffice(tmp_path))
        office.take_sheets(TEMPLATE)
        sheet = Sheet(office, "New")
        for name, formula in EXAMPLES.items():
            place = sheet.spill_place(formula, 1, 1)
            ((shown,),) = sheet.rows(place)
            if name in ("REBAL_TERM", "REBAL_VERSION", "REBAL_CHECK", "REBAL_WHY"):
                assert not str(shown).startswith("Error"), name
                continue
            assert shown == "Error 2015", name
            reason = sheet.value(f"=REBAL_WHY({place})")
            assert any(word in reason for word in ("has no rows", "Fill in Holdings", "no taxpayer")), reason
        rows = sheet.table(EXAMPLES["REBAL_CHECK"], 1)
        assert rows[0]["Severity"] == "Error"


class GoneEngine:
    """An engine whose process has ended."""

    def Call(self, *asked: object) -> object:
        """Nobody is there."""
        raise EngineGone("The remote procedure call failed")

    Why = Call


def test_without_an_engine_the_shipped_add_in_gives_na_and_says_why() -> None:
    with Office() as office:
        office.open(SHIPPED)
        sheet = Sheet(office, "Alone")
        cell = sheet.enter("=REBAL_VERSION()")
        assert sheet.shown(cell) == "Error 2042"
        # LibreOffice runs what stands between #If Mac Then and #Else
        source = (WORKBOOK / "vba" / f"{LINK}.bas").read_text(encoding="utf-8")
        told = re.search(r'REBAL_ON_MAC As String = "([^"]+)"', source)
        assert told is not None
        assert sheet.value(f"=REBAL_WHY({cell})").startswith(told[1])


def test_an_engine_that_is_gone_gives_na_and_says_why(tmp_path: Path) -> None:
    with Office(GoneEngine()) as office:
        office.open(copy_for_libreoffice(tmp_path))
        sheet = Sheet(office, "Gone")
        cell = sheet.enter("=REBAL_TERM(DATE(2025,3,10),DATE(2026,3,11))")
        assert sheet.shown(cell) == "Error 2042"
        assert "The remote procedure call failed" in sheet.value(f"=REBAL_WHY({cell})")
