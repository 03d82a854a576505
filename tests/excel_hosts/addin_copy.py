"""The built add-in for LibreOffice: the one function that obtains the engine is another, all else is as shipped."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rebal_xl.excel.addin.build import ADD_IN, PROJECT, Sources, add_in_modules
from rebal_xl.excel.addin.modules import Module
from rebal_xl.excel.addin.package import stored_zip
from rebal_xl.excel.addin.project import vba_project
from rebal_xl.excel.formulas import CATALOG

WORKBOOK = Path(__file__).resolve().parents[2] / "workbook"
SHIPPED = WORKBOOK / ADD_IN
LINK = "RebalEngineLink"
PROJECT_PART = "xl/vbaProject.bin"

# In LibreOffice there is no COM: the engine is a UNO service of tests/tools/office_helper.py.
SERVICE = 'CreateUnoService("rebal.test.Engine")'
_ENGINE = re.compile(r"^Public Function RebalEngine\(.*?^End Function\n", re.MULTILINE | re.DOTALL)


def shipped_modules() -> list[Module]:
    """The modules that the add-in is built of."""
    return add_in_modules(Sources(WORKBOOK), CATALOG)


def modules_for_libreoffice(engine: str = SERVICE) -> list[Module]:
    """The same with another RebalEngine; `engine` is the VBA expression of the object that it gives."""
    declared = "Public Function RebalEngine(Optional ByVal anew As Boolean = False) As Object"
    function = f"{declared}\n    Set RebalEngine = {engine}\nEnd Function\n"
    return [
        replace(module, code=_ENGINE.sub(lambda _: function, module.code)) if module.name == LINK else module
        for module in shipped_modules()
    ]


def copy_for_libreoffice(folder: Path, modules: Sequence[Module] | None = None) -> Path:
    """The shipped package with the VBA project of these modules; its path."""
    with zipfile.ZipFile(SHIPPED) as shipped:
        parts = {name: shipped.read(name) for name in shipped.namelist()}
    parts[PROJECT_PART] = vba_project(PROJECT, modules or modules_for_libreoffice())
    path = folder / ADD_IN
    path.write_bytes(stored_zip(parts))
    return path
