"""Another Windows process creates RebalXL.Engine by its name, as the add-in's VBA does, and gets what Linux gives."""

import math
from pathlib import Path
from typing import Any

import pytest

import rebal_xl
from rebal_xl.excel.call import call, forget_answers
from rebal_xl.excel.formulas import CATALOG
from rebal_xl.excel.reasons import why
from tests.excel.asking import ARGUMENTS, NA_ERROR, as_records, sample_tables
from tests.excel_hosts.windows_machine import Installed, windows
from tests.tools import wine

__all__ = ["windows"]  # a fixture, used by its name
pytestmark = [pytest.mark.hosts, pytest.mark.slow]

# 2026-11-20, 2025-03-10, 2026-03-10 and 2026-03-11 in Excel's calendar of 1900
AS_OF, BOUGHT, A_YEAR_LATER, A_DAY_MORE = 46346.0, 45726.0, 46091.0, 46092.0
CALLER = "[Rivera household.xlsx]Übersicht 概要!$B$2"
HEADER = ("Account", "Symbol", "Quantity", "Price", "Cost Basis", "Date Acquired", "Asset Class")


REFUSED = {"REBAL_DRIFT without holdings"}


def question(name: str, **given: object) -> dict[str, Any]:
    """A call of a formula on the tables of the sample workbook, and on the cells given."""
    tables = sample_tables()
    names = ARGUMENTS[name]
    taken = {one: tables[one][1] for one in names if one in tables} | given
    return {
        "name": name,
        "args": [taken.get(one) for one in names],
        "places": [tables[one][0] if one in tables and one not in given else "" for one in names],
        "caller": CALLER,
    }


QUESTIONS: dict[str, dict[str, Any]] = {
    **{formula.name: question(formula.name) for formula in CATALOG},
    **{name: question(name, as_of=AS_OF) for name, arguments in ARGUMENTS.items() if "as_of" in arguments},
    "REBAL_TERM": question("REBAL_TERM", acquired=BOUGHT, sold=A_DAY_MORE),
    "REBAL_TERM of a column with a blank": question(
        "REBAL_TERM", acquired=((BOUGHT,), (None,), (A_YEAR_LATER,)), sold=A_DAY_MORE
    ),
    "REBAL_TAX_ON": question("REBAL_TAX_ON", short_gain=0.0, long_gain=100_000.0),
    "REBAL_DRIFT in Unicode": question(
        "REBAL_DRIFT",
        holdings=(
            HEADER,
            ("Depot Jörg 中", "ÄÖ", 10.0, 100.0, 900.0, BOUGHT, "Aktien ☂ 中"),
            ("Depot Jörg 中", "BND", 5.0, 80.0, 500.0, BOUGHT, "Renten"),
        ),
        targets=(("Asset Class", "Target %"), ("Aktien ☂ 中", 0.6), ("Renten", 0.4)),
        **dict.fromkeys(("securities", "accounts", "classmix", "settings")),
    ),
    "REBAL_DRIFT without holdings": question("REBAL_DRIFT", holdings=None),
}


def on_linux(asked: dict[str, Any]) -> tuple[object, str]:
    """What the same call gives here, and why."""
    return call(asked["name"], asked["args"], asked["places"], CALLER), why(CALLER)


def as_table(answer: object) -> tuple[tuple[object, ...], ...]:
    """A table that came back."""
    assert isinstance(answer, list), answer
    return tuple(tuple(row) for row in answer)


def step(asked: dict[str, Any], *, caller: str = CALLER, date1904: bool = False, wizard: bool = False) -> list[Any]:
    """The same for the Windows process."""
    return ["Call", [asked["name"], asked["args"], asked["places"], caller, date1904, wizard]]


def same(found: object, expected: object) -> bool:
    """Equal texts; numbers equal but for the last digits, which the two mathematics libraries need not share."""
    if isinstance(expected, (tuple, list)):
        return (
            isinstance(found, (tuple, list))
            and len(found) == len(expected)
            and all(same(one, other) for one, other in zip(found, expected, strict=True))
        )
    if isinstance(expected, float) and not isinstance(found, (bool, str)):
        return isinstance(found, (int, float)) and math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    return type(found) is type(expected) and found == expected


@pytest.fixture(scope="module")
def answers(windows: Installed) -> dict[str, tuple[object, str]]:
    """What the engine on Windows says to every question, and why."""
    steps = [part for asked in QUESTIONS.values() for part in (step(asked), ["Why", [CALLER]])]
    told = windows.ask(steps)[1:]
    return dict(zip(QUESTIONS, zip(told[::2], told[1::2], strict=True), strict=True))


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_formula_gives_what_linux_gives(answers: dict[str, tuple[object, str]], name: str) -> None:
    forget_answers()
    value, reason = on_linux(QUESTIONS[name])
    found, found_reason = answers[name]
    assert same(found, value), (found, value)
    assert found_reason == reason


def test_every_formula_of_the_catalog_was_asked() -> None:
    assert {asked["name"] for asked in QUESTIONS.values()} == {formula.name for formula in CATALOG}


def test_questions_are_answered_and_not_only_alike(answers: dict[str, tuple[object, str]]) -> None:
    """Two failures would be alike too."""
    assert {name for name, (value, _) in answers.items() if str(value).startswith("#REBAL!")} == REFUSED
    value, reason = answers["REBAL_DRIFT without holdings"]
    assert reason
    assert value == f"#REBAL!VALUE|{reason}"
    assert answers["REBAL_TERM"][0] == "Long"
    assert answers["REBAL_TERM of a column with a blank"][0] == [["Long"], [""], ["Short"]]
    first = as_records(as_table(answers["REBAL_DRIFT in Unicode"][0]))[0]
    # 10 x $100 beside 5 x $80
    assert (first["Asset Class"], first["Actual %"]) == ("Aktien ☂ 中", pytest.approx(1000 / 1400))


def test_highs_finds_the_same_orders(answers: dict[str, tuple[object, str]]) -> None:
    orders = as_records(as_table(answers["REBAL_TRADES"][0]))
    here = as_records(on_linux(QUESTIONS["REBAL_TRADES"])[0])
    assert len(orders) > 5
    assert [(one["Account"], one["Symbol"], one["Quantity"]) for one in orders] == [
        (one["Account"], one["Symbol"], pytest.approx(one["Quantity"])) for one in here
    ]


def test_dates_and_money_that_come_as_such(windows: Installed) -> None:
    """Value2 sends neither, other programs may: a date is its serial day, currency a number with its four decimals."""
    tax = question("REBAL_TAX_ON", short_gain=0.0, long_gain={"money": "1234.5678"})
    dated = question("REBAL_TERM", acquired={"date": "2025-03-10"}, sold={"date": "2026-03-11"})
    _, term, money, in_1904 = windows.ask([step(dated), step(tax), step(dated, date1904=True)])
    assert (term, in_1904) == ("Long", "Long")
    here = call("REBAL_TAX_ON", question("REBAL_TAX_ON", short_gain=0.0, long_gain=1234.5678)["args"])
    assert same(money, here)


def test_the_function_wizard_gets_no_plan(windows: Installed) -> None:
    (_, answer, reason) = windows.ask([step(QUESTIONS["REBAL_TRADES"], wizard=True), ["Why", [CALLER]]])
    assert answer == f"#REBAL!NA|{reason}"
    assert "Function Wizard" in reason


def test_the_scripting_host_of_windows_reaches_the_engine(windows: Installed) -> None:
    ran = windows.machine.run("cscript", "//nologo", Path(__file__).with_name("windows_script.vbs"))
    version, header, stocks, bonds, error, reason = ran.output.splitlines()
    assert version == f"version {rebal_xl.__version__}"
    # $60 of stocks and $40 of bonds, half and half wanted
    assert header == "row Asset Class;Actual %;Target %;Drift;"
    assert (stocks, bonds) == ("row Stocks;0.6;0.5;0.1;", "row Bonds;0.4;0.5;-0.1;")
    assert error.startswith("error #REBAL!VALUE|Targets!row 1: Targets has no column Target %.")
    assert reason == f"why {error.partition('|')[2]}"


def test_an_error_cell_is_named(windows: Installed, tmp_path: Path) -> None:
    program = tmp_path / "cell_error.exe"
    source = Path(__file__).with_name("windows_cell_error.c")
    wine.compile_c(program, [str(source), "-lole32", "-loleaut32", "-luuid"])
    ran = windows.machine.run(program, str(NA_ERROR))
    assert ran.code == 0, ran.code
    assert "Holdings!C2: Quantity: The cell shows the error #N/A." in ran.output


def test_nothing_can_be_called_but_the_seven_methods(windows: Installed) -> None:
    """xlwings' own server has Eval, Exec and CallUDF; pywin32's policies evaluate expressions and find any name."""
    wanted = ["eval", "Exec", "exec_", "CallUDF", "Module", "GetAttr", "Builtin", "_Evaluate", "warm", "_parts"]
    answers = windows.ask([[name, ["1+1"]] for name in wanted])
    assert answers[1:] == [{"raised": "no such method"}] * len(wanted)
    allowed = ["Call", "Why", "Start", "Poll", "Finish", "Cancel", "Version"]
    asked = windows.ask([["has", [*allowed, *wanted, "__class__", "__init__", "_engine"]]])
    assert asked[1] == allowed


def test_only_formulas_are_called(windows: Installed) -> None:
    _, answer = windows.ask([["Call", ["os.system", ["echo"], [""], "", False, False]]])
    assert str(answer).startswith("#REBAL!VALUE|There is no formula ")


def test_odd_arguments_raise_nothing(windows: Installed) -> None:
    odd = [["Call", [None, None, None, CALLER, None, None]], ["Why", [17.5]], ["Poll", ["no such job"]]]
    _, called, reason, polled = windows.ask(odd)
    assert str(called).startswith("#REBAL!VALUE|")
    assert reason == ""
    assert str(polled).startswith("failed|")


def test_each_excel_has_an_engine_of_its_own(windows: Installed) -> None:
    refused = QUESTIONS["REBAL_DRIFT without holdings"]
    _, _, first, second = windows.ask([step(refused), ["Why", [CALLER]], ["second", "Why", [CALLER]]])
    assert first
    assert second == ""


def test_the_engine_ends_with_its_excel(windows: Installed) -> None:
    windows.ask([["Version", []]])
    windows.machine.settle()
    assert not windows.machine.runs("rebal_xl.excel.server")


def test_modules_beside_the_workbook_are_never_imported(windows: Installed, tmp_path: Path) -> None:
    """Whoever sends a workbook may send a pandas.py with it, and Excel starts in the folder of what was opened."""
    folder = tmp_path / "Downloads von Jörg"
    folder.mkdir()
    sprung = folder / "sprung.txt"
    for name in ("pandas", "numpy", "rebal_xl", "xlwings", "win32com", "pythoncom", "json", "sitecustomize"):
        trap = f"open(r'{wine.windows_path(sprung)}', 'a').write('{name} ')\n"
        (folder / f"{name}.py").write_text(trap, encoding="utf-8")
    poisoned = {"PYTHONPATH": wine.windows_path(folder), "PYTHONSTARTUP": wine.windows_path(folder / "numpy.py")}
    # the services of Windows, which start the engine, get their variables with the first program
    windows.machine.settle()
    answers = windows.ask([step(QUESTIONS["REBAL_DRIFT"])], variables=poisoned, folder=folder)
    assert same(answers[1], on_linux(QUESTIONS["REBAL_DRIFT"])[0])
    assert not sprung.exists()
    # the trap works: an ordinary start of Python falls into it
    windows.machine.run(windows.python, "-c", "import numpy", variables=poisoned)
    assert "numpy" in sprung.read_text()
    windows.machine.settle()
