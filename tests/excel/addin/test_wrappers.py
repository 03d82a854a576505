"""The VBA functions follow the Python functions: same names, same arguments in the same order, same ones optional."""

import inspect
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from rebal_xl.excel.addin.modules import SourceError
from rebal_xl.excel.addin.wrappers import texts_source, wrappers_source
from rebal_xl.excel.formulas import CATALOG

COMMITTED = Path(__file__).parents[3] / "workbook" / "vba" / "RebalFormulas.bas"
FUNCTION = re.compile(r"^Public Function (\w+)\((.*)\) As Variant$", re.MULTILINE)


@dataclass(frozen=True)
class Argument:
    name: str
    note: str = "a note"
    optional: bool = False


@dataclass(frozen=True)
class Formula:
    name: str = "REBAL_TERM"
    summary: str = "Short or Long."
    arguments: tuple[Argument, ...] = (Argument("acquired"), Argument("sold"))
    heavy: bool = False


def declared(source: str) -> dict[str, list[tuple[str, bool]]]:
    """Each VBA function with its arguments, and whether they are optional."""
    return {
        name: [
            (argument.split()[-3], argument.startswith("Optional ")) for argument in arguments.split(", ") if argument
        ]
        for name, arguments in FUNCTION.findall(source)
    }


def test_every_formula_has_its_wrapper_with_the_arguments_of_its_python_function() -> None:
    python = {
        formula.name: [
            (name, parameter.default is not inspect.Parameter.empty)
            for name, parameter in inspect.signature(formula.function).parameters.items()
        ]
        for formula in CATALOG
    }
    assert declared(COMMITTED.read_text(encoding="utf-8")) == python


def test_values_and_places_of_all_arguments_are_sent_in_order() -> None:
    for line in COMMITTED.read_text(encoding="utf-8").splitlines():
        found = FUNCTION.match(line)
        if found:
            arguments = [argument for argument, _ in declared(line)[found[1]]]
        elif "Array(RebalIn" in line:
            assert re.findall(r"RebalIn\((\w+)\)", line) == arguments
        elif "Array(RebalPlace" in line:
            assert re.findall(r"RebalPlace\((\w+)\)", line) == arguments


def test_only_long_calculations_wait_for_all_their_arguments() -> None:
    assert "RebalWaits" not in wrappers_source([Formula()])
    source = wrappers_source([Formula(heavy=True)])
    assert re.findall(r"If RebalWaits\((\w+)\) Then Exit Function", source) == ["acquired", "sold"]


def test_why_takes_the_cell_itself() -> None:
    why = Formula("REBAL_WHY", "The reason.", (Argument("cell"),))
    assert "    REBAL_WHY = RebalReason(cell)\n" in wrappers_source([why])


def test_texts_keep_their_quotation_marks_and_the_financial_category() -> None:
    source = wrappers_source([Formula(summary='"Short" or "Long".')])
    assert 'Attribute REBAL_TERM.VB_Description = """Short"" or ""Long""."\n' in source
    assert 'Attribute REBAL_TERM.VB_ProcData.VB_Invoke_Func = " \\n1"\n' in source


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (Formula(summary="x" * 256), "1 to 255"),
        (Formula(summary="two\nlines"), "one line"),
        (Formula(summary="at least ≥"), "code page"),
        (Formula(name="REBAL TERM"), "no name"),
        (Formula(arguments=(Argument("date"),)), "'date'"),
        (Formula(arguments=(Argument("as-of"),)), "'as-of'"),
        (Formula(arguments=(Argument("sold", note=""),)), "1 to 255"),
    ],
)
def test_what_vba_could_not_hold_is_refused(formula: Formula, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        print(wrappers_source([formula]), texts_source([formula]))


def test_every_argument_has_its_text_for_the_function_wizard() -> None:
    source = texts_source(CATALOG)
    for formula in CATALOG:
        assert f'    RebalDescribe "{formula.name}", _' in source
        for argument in formula.arguments:
            assert '"' + argument.note.replace('"', '""') + '"' in source
