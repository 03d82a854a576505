"""From the sources in workbook/ to the add-in: each step depends on what it reads only, so the bytes never change."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rebal_xl.excel.addin.modules import Kind, Module, parse_module, read_module
from rebal_xl.excel.addin.package import CONTENT_TYPES, SHEET_CODE_NAME, WORKBOOK_CODE_NAME, add_in, stored_zip
from rebal_xl.excel.addin.project import vba_project
from rebal_xl.excel.addin.ribbon import check_ribbon
from rebal_xl.excel.addin.wrappers import TEXTS, WRAPPERS, Formula, texts_source, wrappers_source
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template

ADD_IN = "rebal_xl.xlam"
TEMPLATE = "rebal_xl template.xlsx"
PROJECT = "RebalXL"
TITLE = "rebal_xl"
DESCRIPTION = "Tax-aware household rebalancing: REBAL_ formulas and the Rebalance tab."

# The workbook and its sheet must have a module each. They hold no code: nothing runs when the add-in is opened.
DOCUMENTS = (Module(WORKBOOK_CODE_NAME, Kind.WORKBOOK, ""), Module(SHEET_CODE_NAME, Kind.SHEET, ""))
# Written by hand; those that follow the formulas come after them.
BY_HAND = ("RebalEngineLink", "RebalMac", "RebalSupport", "RebalHelp", "RebalRibbon")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the sources are."""

    # the folder that holds vba/ and ribbon/
    folder: Path

    def module_path(self, name: str) -> Path:
        """The file of a module."""
        return self.folder / "vba" / f"{name}.bas"

    @property
    def ribbon_path(self) -> Path:
        """The file of the ribbon."""
        return self.folder / "ribbon" / "customUI14.xml"

    def modules_by_hand(self) -> list[Module]:
        """The modules that no program writes; SourceError or OSError where one cannot be read."""
        return [read_module(self.module_path(name)) for name in BY_HAND]


def written_sources(formulas: Iterable[Formula]) -> dict[str, str]:
    """The modules that follow the formulas: name -> source."""
    formulas = tuple(formulas)
    return {WRAPPERS: wrappers_source(formulas), TEXTS: texts_source(formulas)}


def add_in_modules(sources: Sources, formulas: Iterable[Formula]) -> list[Module]:
    """Every module of the add-in; SourceError where Excel would not take one."""
    written = (parse_module(text, name) for name, text in written_sources(formulas).items())
    return [*DOCUMENTS, *sources.modules_by_hand(), *written]


def build_add_in(sources: Sources, formulas: Iterable[Formula]) -> bytes:
    """The bytes of rebal_xl.xlam; SourceError where Excel would refuse it or a button would lead nowhere."""
    modules = add_in_modules(sources, formulas)
    ribbon = sources.ribbon_path.read_text(encoding="utf-8")
    check_ribbon(ribbon, modules)
    return add_in(vba_project(PROJECT, modules), ribbon.encode("utf-8"), TITLE, DESCRIPTION)


def template_file() -> bytes:
    """The bytes of the workbook that an advisor starts from, with entries stored as in the add-in."""
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(build_template()))) as built:
        names = sorted(built.namelist(), key=lambda name: name != CONTENT_TYPES)
        return stored_zip({name: built.read(name) for name in names})
