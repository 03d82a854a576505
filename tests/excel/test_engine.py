"""What Excel may ask, with stand-ins for the formulas and the jobs."""

import gc
import weakref
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

import rebal_xl
from rebal_xl.excel import failures
from rebal_xl.excel.engine import LEFT_OUT, Engine, Parts, plain
from rebal_xl.excel.selftest import examine

NA_ERROR = -2146826246
# what is said of an error when no log can be written either
UNFORESEEN = f"{failures.UNEXPECTED} {failures.NO_LOG}"
NEW_YEAR_2008 = datetime(2008, 1, 1)  # noqa: DTZ001 - Excel's dates have no zone


class Recorder:
    """Stands in for formulas and jobs: remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def __getattr__(self, name):
        def answer(*arguments):
            self.asked.append((name, *arguments))
            return f"{name} answered"

        return answer


@pytest.fixture
def parts():
    return Recorder()


@pytest.fixture
def engine(parts):
    return Engine(lambda book: f"xlwings {book}", lambda: Parts(parts.call, parts.why, parts))


@pytest.fixture(autouse=True)
def no_log(monkeypatch):
    monkeypatch.setattr(failures, "write_log", lambda error: None)


def test_a_call_reaches_the_formula_with_plain_values(engine, parts):
    held = (("Symbol", None), ("VTI", NA_ERROR))
    assert engine.Call("REBAL_DRIFT", (held, LEFT_OUT), ("[B]H!A1:B2", None), None, 0, None) == "call answered"
    assert parts.asked == [("call", "REBAL_DRIFT", [held, None], ["[B]H!A1:B2", ""], "", False, False)]


def test_one_argument_need_not_be_an_array(engine, parts):
    engine.Call("REBAL_VERSION", None, None, "", False, False)
    engine.Call("REBAL_WHY", "A1", "", "", True, True)
    assert [asked[2:4] for asked in parts.asked] == [([], []), (["A1"], [""])]


@pytest.mark.parametrize(
    ("given", "date1904", "expected"),
    [
        # Excel's own examples: 1 January 2008 is day 39448, in workbooks of 1904 day 37986
        (NEW_YEAR_2008, False, 39448.0),
        (NEW_YEAR_2008.replace(hour=18), False, 39448.75),
        (NEW_YEAR_2008, True, 37986.0),
        (date(2008, 1, 1), False, 39448.0),
        (Decimal("1234.5678"), False, 1234.5678),
        (True, False, True),
        ("037833100", False, "037833100"),
        (LEFT_OUT, False, None),
        (((None, NA_ERROR),), False, ((None, NA_ERROR),)),
    ],
)
def test_values_that_other_programs_send(given, date1904, expected):
    assert plain(given, date1904) == expected
    assert type(plain(given, date1904)) is type(expected)


def test_an_object_is_no_value_of_a_cell(engine):
    answer = engine.Call("REBAL_DRIFT", (SimpleNamespace(),), ("",), "", False, False)
    assert answer == f"#REBAL!VALUE|{UNFORESEEN}"


def test_jobs_get_the_workbook_as_xlwings_has_it(engine, parts):
    answers = [
        engine.Start("drift", "Book1", None),
        engine.Poll("1"),
        engine.Finish("1", "Book1", 0),
        engine.Cancel("1"),
    ]
    assert answers == ["start answered", "poll answered", "finish answered", "cancel answered"]
    assert parts.asked == [
        ("start", "drift", "xlwings Book1", ""), ("poll", "1"), ("finish", "1", "xlwings Book1", False), ("cancel", "1")
    ]  # fmt: skip


def test_whatever_goes_wrong_is_a_sentence():
    def broken():
        raise OSError("a DLL is missing")

    engine = Engine(lambda book: book, broken)
    engine.warm()
    assert engine.Call("REBAL_DRIFT", (), (), "", False, False) == f"#REBAL!VALUE|{UNFORESEEN}"
    assert engine.Why("A1") == UNFORESEEN
    for told in (engine.Start("drift", None, ""), engine.Poll("1"), engine.Finish("1", None, True), engine.Cancel("1")):
        assert told == f"failed|{UNFORESEEN}"
    # the version needs nothing, so it can be asked when nothing else works
    assert engine.Version() == rebal_xl.__version__


def test_the_parts_are_loaded_once_and_late():
    loaded = []
    recorder = Recorder()

    def load():
        loaded.append(1)
        return Parts(recorder.call, recorder.why, recorder)

    engine = Engine(lambda book: book, load)
    engine.Version()
    assert loaded == []
    engine.warm()
    engine.Why("A1")
    assert loaded == [1]


def test_the_self_test_is_content_with_the_real_engine():
    assert examine(lambda name: Engine(lambda book: book)) is None


def test_the_self_test_sees_an_engine_of_another_version():
    old = SimpleNamespace(Version=lambda: "0.0.9")
    assert examine(lambda name: old) == f"It is of version 0.0.9, not {rebal_xl.__version__}."


def test_the_self_test_sees_wrong_answers(engine):
    assert "REBAL_VERSION answers 'call answered'" in examine(lambda name: engine)


@pytest.mark.parametrize("call", ["Start", "Finish"])
def test_no_object_of_excels_is_held_after_a_job(call, parts):
    class Proxy:
        """Points to itself, as xlwings' objects and those they were reached by do."""

        def __init__(self):
            self.parent = self

    held = []

    def to_book(_):
        book = Proxy()
        held.append(weakref.ref(book))
        return "book"

    engine = Engine(to_book, lambda: Parts(parts.call, parts.why, parts))
    gc.disable()
    try:
        getattr(engine, call)("drift", "Book1", "")
    finally:
        gc.enable()
    assert [one() for one in held] == [None]
