"""The add-in before the strictest readers there are without Excel: six programs, none of them ours."""

import base64
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rebal_xl.excel.addin.build import ADD_IN, PROJECT, TEMPLATE, Sources, add_in_modules
from rebal_xl.excel.addin.compound import compound_file
from rebal_xl.excel.addin.modules import Kind, Module
from rebal_xl.excel.addin.package import add_in
from rebal_xl.excel.addin.project import vba_project
from rebal_xl.excel.formulas import CATALOG
from tests.tools.ooxml import validate
from tests.tools.readers import read_with_strict_readers

pytestmark = pytest.mark.hosts

WORKBOOK = Path(__file__).parents[2] / "workbook"
MODULES = {module.name: module.encoded() for module in add_in_modules(Sources(WORKBOOK), CATALOG)}
STREAMS = {"PROJECT", "PROJECTwm", "VBA/_VBA_PROJECT", "VBA/dir", *(f"VBA/{name}" for name in MODULES)}


@pytest.fixture(scope="module")
def read() -> dict[str, Any]:
    return read_with_strict_readers(WORKBOOK / ADD_IN)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """vbaProject.bin as a file."""
    path = tmp_path_factory.mktemp("project") / "vbaProject.bin"
    path.write_bytes(zipfile.ZipFile(WORKBOOK / ADD_IN).read("xl/vbaProject.bin"))
    return path


def program(name: str, package: str) -> str:
    """A system program; without it the test is skipped, which fails in CI."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian's package {package}); .ci/run installs it.")
    return found


def test_olefile_finds_no_defect_in_the_compound_file(read: dict[str, Any]) -> None:
    assert read["olefile"]["issues"] == []
    assert set(read["olefile"]["streams"]) == STREAMS


def test_oletools_gets_every_module_back_byte_for_byte(read: dict[str, Any]) -> None:
    assert {name: base64.b64decode(data) for name, data in read["decompressed"].items()} == MODULES
    assert {name: code.encode("cp1252") for name, code in read["olevba"]["modules"].items()} == MODULES


def test_macro_scanners_see_nothing_that_runs_by_itself(read: dict[str, Any]) -> None:
    # oletools' MacroRaptor: A runs by itself, W writes files, X starts something; ours does the last only
    assert read["olevba"]["flags"] == "--X"
    assert not read["olevba"]["suspicious"]


def test_pyopenvba_finds_the_package_and_the_project_in_order(read: dict[str, Any]) -> None:
    found = read["pyopenvba"]
    assert (found["issues"], found["complete"], found["name"]) == ([], True, PROJECT)
    assert set(found["modules"]) == set(MODULES)
    assert found["references"] == ["stdole", "Office"]


def test_every_module_parses_as_vba(read: dict[str, Any]) -> None:
    assert read["pyopenvba"]["mistakes"] == []


def test_the_syntax_check_sees_mistakes(tmp_path: Path) -> None:
    broken = Module("Broken", Kind.STANDARD, "Sub A()\n    If True Then\nEnd Sub\n")
    path = tmp_path / "broken.xlam"
    path.write_bytes(add_in(vba_project("Broken", [broken]), b"<customUI/>", "", ""))
    assert read_with_strict_readers(path)["pyopenvba"]["mistakes"]


def test_libgsf_lists_every_stream(project: Path) -> None:
    listed = subprocess.run(
        [program("gsf", "libgsf-bin"), "list", project], capture_output=True, text=True, check=True
    ).stdout
    assert set(re.findall(r"^f +\d+ (.+)$", listed, re.MULTILINE)) == STREAMS


def test_7_zip_opens_the_project_and_the_packages(project: Path) -> None:
    for path in (project, WORKBOOK / ADD_IN, WORKBOOK / TEMPLATE):
        tested = subprocess.run([program("7z", "p7zip-full"), "t", path], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stdout
        assert "Everything is Ok" in tested.stdout


def test_7_zip_reads_streams_of_every_size(tmp_path: Path) -> None:
    sizes = [0, 1, 63, 64, 65, 4095, 4096, 4097, 70_000]
    path = tmp_path / "sizes.bin"
    path.write_bytes(compound_file({f"VBA/Size{size}": b"x" * size for size in sizes}))
    subprocess.run([program("7z", "p7zip-full"), "x", f"-o{tmp_path}", path], capture_output=True, check=True)
    assert [(tmp_path / "VBA" / f"Size{size}").read_bytes() for size in sizes] == [b"x" * size for size in sizes]


@pytest.mark.parametrize("name", [ADD_IN, TEMPLATE])
def test_microsofts_validator_accepts_the_add_in_with_its_ribbon_and_the_template(name: str) -> None:
    assert validate(WORKBOOK / name) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('onAction="', 'onAktion="'),
        ('size="large"', 'size="huge"'),
        ('keytip="N"', 'keytip="NNNN"'),
        ("<ribbon>", "<ribbon><tabz/>"),
    ],
)
def test_the_validator_holds_the_ribbon_to_its_schema(tmp_path: Path, right: str, wrong: str) -> None:
    # The validator is Microsoft's Open XML SDK, whose classes for the ribbon come from the schema of [MS-CUSTOMUI2].
    ribbon = (WORKBOOK / "ribbon" / "customUI14.xml").read_text(encoding="utf-8")
    assert right in ribbon
    path = tmp_path / "mistake.xlam"
    modules = add_in_modules(Sources(WORKBOOK), CATALOG)
    path.write_bytes(add_in(vba_project(PROJECT, modules), ribbon.replace(right, wrong, 1).encode(), "", ""))
    assert any("customUI14.xml" in sentence for sentence in validate(path))
