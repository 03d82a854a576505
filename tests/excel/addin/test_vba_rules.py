"""What the VBA of the add-in may not do, word by word: it starts one thing, reads no file and trusts no workbook."""

import re
from pathlib import Path

import pytest

VBA = Path(__file__).parents[3] / "workbook" / "vba"
SOURCES = sorted(VBA.glob("*.bas"))

FORBIDDEN = {
    "calls into Windows": r"\bDeclare\b",
    "starting programs": r"\b(Shell|WScript|MacScript|SendKeys|AppActivate)\b",
    "the environment": r"\bEnviron\b",
    "files": r"\b(Open|Line Input|Kill|FileCopy|MkDir|Dir|FreeFile|FileSystemObject|ADODB|SaveAs|SaveCopyAs)\b",
    "the registry": r"\b(GetSetting|SaveSetting|RegRead|RegWrite)\b",
    "objects of others": r"\b(GetObject|AddIns|COMAddIns|VBProject|VBE)\b",
    "running what a text says": r"\b(Evaluate|ExecuteExcel4Macro|CallByName|Run)\b|\[[A-Z]+\d+\]",
    "cells of a workbook": r"\b(Names|CustomDocumentProperties|Worksheets?\()",
    "recalculating without need": r"\bVolatile\b",
    "links": r"\b(FollowHyperlink|http\w*)\b",
    "running by itself": r"\b(Workbook_\w+|Auto_?(Open|Close|Exec)\w*)\b",
}


def code_of(source: Path) -> list[str]:
    """The lines without their comments, texts and attributes."""
    lines = source.read_text(encoding="utf-8").splitlines()
    plain = (re.sub(r'"(?:[^"]|"")*"', '""', line) for line in lines if not line.startswith("Attribute "))
    return [line.split("'")[0] for line in plain]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_module_does_what_it_may_not(source: Path, what: str) -> None:
    assert not [line for line in code_of(source) if re.search(FORBIDDEN[what], line, re.IGNORECASE)]


def test_one_function_starts_the_engine_and_nothing_else_is_created() -> None:
    created = [
        (source.stem, line.strip())
        for source in SOURCES
        for line in source.read_text(encoding="utf-8").splitlines()
        if re.search(r"\bCreateObject\b", line)
    ]
    assert created == [("RebalEngineLink", 'Set engine = CreateObject("RebalXL.Engine")')]


def test_on_a_mac_one_script_is_called_by_one_handler_and_only_there() -> None:
    called = [
        (source.stem, line.strip())
        for source in SOURCES
        for line in source.read_text(encoding="utf-8").splitlines()
        if re.search(r"\bAppleScript", line, re.IGNORECASE)
    ]
    assert called == [
        ("RebalMac", 'RebalHandOver = AppleScriptTask("rebal_xl.applescript", "RunJob", RebalRequest(job, called))')
    ]
    # Windows' Excel does not know the word: it would not compile there
    code = (VBA / "RebalMac.bas").read_text(encoding="utf-8")
    for_macs = re.findall(r"^ *#If Mac Then\n(.*?)^ *#End If\n", code, re.MULTILINE | re.DOTALL)
    assert sum("AppleScriptTask(" in part for part in for_macs) == code.count("AppleScriptTask(") == 1
    assert not any("#Else" in part for part in for_macs)


def test_money_is_read_raw_and_value_only_where_there_is_no_value2() -> None:
    support = code_of(VBA / "RebalSupport.bas")
    # for the argument itself, and to see whether its cells are calculated yet
    assert sum(".Value2" in line for line in support) == 2
    plain = [number for number, line in enumerate(support) if re.search(r"\.Value\b", line)]
    assert len(plain) == 1
    before = [line.strip() for line in support[: plain[0]] if line.strip()]
    assert before[-1] == "Case NO_PROPERTY, NO_PROPERTY_LIBREOFFICE"


def test_every_module_is_explicit_and_helpers_stay_out_of_the_function_wizard() -> None:
    for source in SOURCES:
        text = source.read_text(encoding="utf-8")
        assert "\nOption Explicit\n" in text
        offers_functions = re.search(r"^Public Function (?!REBAL_)", text, re.MULTILINE)
        assert not offers_functions or "\nOption Private Module\n" in text, source.stem


def test_the_sources_are_readable_text_with_plain_line_ends() -> None:
    for source in SOURCES:
        assert b"\r" not in source.read_bytes()
        assert source.read_text(encoding="utf-8").startswith(f'Attribute VB_Name = "{source.stem}"\n')
