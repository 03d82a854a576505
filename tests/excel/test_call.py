"""What a cell gets whatever is handed in: errors with a reason that names the cell, and never anything else."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebal_xl import log
from rebal_xl.excel import call as calls
from rebal_xl.excel import failures, inputs, reasons
from rebal_xl.excel.call import IN_WIZARD, call
from rebal_xl.excel.convert import MISSING, serial_of
from rebal_xl.excel.formulas import CATALOG, drift
from rebal_xl.excel.reasons import why
from tests.excel.asking import ARGUMENTS, DIV_ERROR, NA_ERROR, as_records, ask, columns, rows
from tests.excel.millers import ACCOUNTS, AS_OF, HOLDINGS, PLACES, SECURITIES, TABLES, TARGETS, ask_millers

CALLER = "[B.xlsx]Dashboard!$B$2"
DRIFT = ("holdings", "targets", "securities", "accounts")


@pytest.fixture(autouse=True)
def nothing_kept():
    calls.forget_answers()
    reasons.forget()


def changed(table, row, column, value):
    """A table with one cell changed; rows and columns count from zero, the header is row 0."""
    lines = [list(line) for line in table]
    lines[row][column] = value
    return tuple(map(tuple, lines))


def refused(answer, code="VALUE"):
    """The sentence of an error; fails when it is none."""
    assert isinstance(answer, str), answer
    assert answer.startswith(f"#REBAL!{code}|"), answer
    sentence = answer.partition("|")[2]
    assert sentence == why(CALLER)
    assert "Traceback" not in sentence
    return sentence


# Bad input: each problem with the cell it stands in, as the advisor sees it.


def test_an_error_cell_is_named_where_it_stands():
    # the third column of the second lot: header in row 1, so row 3, column C
    holdings = changed(HOLDINGS, 2, 2, DIV_ERROR)
    said = refused(ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=holdings))
    assert said == (
        "Holdings!C3: Quantity: The cell shows the error #DIV/0!. Mend the formula, or type the value itself."
    )


def test_a_cell_is_named_where_the_range_starts():
    # Their Plan starts in C5, so that the weight of the first class stands in D6
    said = refused(
        ask_millers("REBAL_DRIFT", "holdings", "securities", "accounts", targets=changed(TARGETS, 1, 1, "x"))
    )
    assert said.startswith("Their Plan!D6: ")


def test_an_array_that_came_from_no_range_is_named_by_its_argument():
    said = refused(ask("REBAL_DRIFT", {"holdings": changed(HOLDINGS, 1, 2, "many"), "targets": TARGETS}))
    assert said.startswith("argument holdings!line 2: ")


def test_every_problem_is_told_the_first_few_in_full():
    lots = [("Joint", "VTI", "many", None, None, None)] * 12
    said = refused(ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=(HOLDINGS[0], *lots)))
    assert [f"Holdings!C{row}:" in said for row in range(2, 9)] == [True] * 5 + [False] * 2
    assert said.endswith("And 7 more: =REBAL_CHECK() lists them all.")


def test_problems_of_several_arguments_are_told_at_once():
    said = refused(
        ask_millers(
            "REBAL_DRIFT",
            "accounts",
            holdings=changed(HOLDINGS, 1, 2, "many"),
            targets=changed(TARGETS, 2, 1, "x"),
            securities=changed(SECURITIES, 1, 2, NA_ERROR),
        )
    )
    for cell in ("Holdings!C2", "Their Plan!D7", "Securities!C2"):
        assert f"{cell}: " in said


def test_an_unknown_account_is_told_with_what_was_meant():
    said = refused(ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=changed(HOLDINGS, 1, 0, "Jiont")))
    assert 'The account "Jiont" is not in Accounts. Did you mean "Joint"?' in said


@pytest.mark.parametrize("blank", [None, "", (), (("",),), ((None, None), (None, None)), MISSING])
def test_a_needed_argument_that_holds_nothing(blank):
    said = refused(ask_millers("REBAL_DRIFT", "targets", holdings=blank))
    assert "The argument holdings holds nothing." in said
    assert "Holdings[#All]" in said


def test_a_missing_column_is_told():
    said = refused(ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=tuple(row[:2] for row in HOLDINGS)))
    assert "Holdings!row 1: Holdings has no column Quantity." in said


def test_an_as_of_that_is_no_date():
    said = refused(ask_millers("REBAL_TRADES", *DRIFT, "tax", as_of="soon"))
    assert '"soon" is no date' in said


def test_an_as_of_of_several_cells():
    said = refused(ask_millers("REBAL_TRADES", *DRIFT, "tax", as_of=((AS_OF,), (AS_OF,))))
    assert "several cells" in said


def test_a_day_without_law_is_not_available():
    said = refused(ask_millers("REBAL_AFTER_TAX_VALUE", "holdings", "accounts", "securities", as_of=serial_of(
        date(2031, 1, 1)), tax=rows("Taxpayer | Type\nMiller | single")), "NA")  # fmt: skip
    assert "The tax law of 2031 is not known here" in said


def test_a_formula_that_nobody_knows():
    assert refused(call("REBAL_EVAL", ["1+1"], caller=CALLER)).startswith("There is no formula REBAL_EVAL.")


def test_too_many_arguments_change_nothing():
    assert call("REBAL_VERSION", [1.0, 2.0, 3.0], ["", ""], CALLER) == ask("REBAL_VERSION", {})


# Headers, or none.


def test_targets_need_no_header():
    assert ask_millers("REBAL_DRIFT", "holdings", "securities", "accounts", targets=TARGETS[1:]) == ask_millers(
        "REBAL_DRIFT", *DRIFT
    )


def test_accounts_mixes_and_settings_need_no_header():
    told = ask_millers(
        "REBAL_DRIFT",
        "holdings",
        "targets",
        "securities",
        accounts=rows("Joint | taxable\nIRA | Roth IRA"),
        classmix=rows("BND | US Bond | 0.75\nBND | US Stock | 0.25"),
        settings=rows("Method | Full"),
    )
    # 45,000 of VTI and a quarter of 45,000 of BND, of 90,000: no cash without its column
    assert columns(told, "Asset Class", "Actual %")[0] == ("US Stock", pytest.approx(56_250 / 90_000))


def test_holdings_without_header_where_the_other_arguments_tell_the_columns_apart():
    lots = rows("Joint | VTI | 100\nJoint | BND | 200\nJoint | CASH | 10000\nIRA | VTI | 80\nira | bnd | 400")
    accounts = rows("Account | Tax Treatment\nJoint | taxable\nIRA | tax-deferred")
    told = ask_millers("REBAL_DRIFT", "targets", "securities", holdings=lots, accounts=accounts)
    assert told == ask_millers("REBAL_DRIFT", *DRIFT)
    # the accounts are not given, so that VTI could be one
    refused(ask_millers("REBAL_DRIFT", "targets", "securities", holdings=lots))
    # a column more, which could be a price or a cost
    more = tuple((*lot, 1.0) for lot in lots)
    assert "no header row" in refused(
        ask_millers("REBAL_DRIFT", "targets", "securities", holdings=more, accounts=accounts)
    )


def test_columns_that_are_not_side_by_side_are_not_told_apart():
    # somebody's third column may as well be a trigger
    targets = rows("US Stock |  | 0.6\nUS Bond |  | 0.4")
    assert "no header row" in refused(ask_millers("REBAL_DRIFT", "holdings", "securities", "accounts", targets=targets))


@pytest.mark.parametrize(("argument", "named"), [("holdings", "Holdings"), ("securities", "Securities")])
def test_a_table_that_cannot_do_without_its_header(argument, named):
    others = [table for table in DRIFT if table != argument]
    said = refused(ask_millers("REBAL_DRIFT", *others, **{argument: TABLES[argument][1:]}))
    assert f"The argument {argument} has no header row" in said
    assert f"of an Excel table write {named}[#All], not {named}." in said


def test_a_header_below_a_title():
    title = (("Holdings of the Millers", *[None] * 5), (None,) * 6, ("as of today", *[None] * 5))
    assert ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=(*title, *HOLDINGS)) == ask_millers("REBAL_DRIFT", *DRIFT)


def test_whole_columns_with_a_long_empty_tail():
    tail = ((None,) * 6,) * 20_000
    told = ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=(*HOLDINGS, *tail))
    assert told == ask_millers("REBAL_DRIFT", *DRIFT)


def test_notes_below_a_table_in_whole_columns_are_no_lots():
    note = ((None,) * 6, ("Prices of last night.", *[None] * 5))
    told = ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=(*HOLDINGS, *note))
    assert told == ask_millers("REBAL_DRIFT", *DRIFT)


def test_a_row_of_totals_is_no_lot():
    total = (("Total", None, 780.0, 39_750.0, None, None),)
    told = ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=(*HOLDINGS, *total))
    assert told == ask_millers("REBAL_DRIFT", *DRIFT)


def test_rows_and_columns_that_are_empty_in_between():
    holdings = (*HOLDINGS[:3], (None,) * 6, *HOLDINGS[3:])
    wide = tuple((*row[:3], None, *row[3:]) for row in holdings)
    assert ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=wide) == ask_millers("REBAL_DRIFT", *DRIFT)


# Values as Excel and people write them.


def test_numbers_written_as_text():
    holdings = changed(changed(HOLDINGS, 1, 2, "1,00.0"), 1, 2, "100.00")
    targets = rows("US Stock | 60%\nUS Bond | 40 %")
    securities = changed(SECURITIES, 1, 2, "$250.00")
    accounts = changed(ACCOUNTS, 1, 2, "10,000.00")
    told = ask_millers("REBAL_DRIFT", holdings=holdings, targets=targets, securities=securities, accounts=accounts)
    assert told == ask_millers("REBAL_DRIFT", *DRIFT)


def test_a_reading_that_is_a_guess_is_told():
    targets = rows("Asset Class | Target %\nUS Stock | 60\nUS Bond | 40")
    ask_millers("REBAL_DRIFT", "holdings", "securities", "accounts", targets=targets)
    assert why(CALLER).startswith("Their Plan!D6: Target % holds 60 without a percent sign, read as 60 %.")
    # 0.6 is what a cell holds that shows 60 %: nothing to wonder about
    ask_millers("REBAL_DRIFT", *DRIFT)
    assert why(CALLER) == ""


def test_notices_beyond_a_few_are_counted():
    lots = [("Joint", "VTI", 0.0, None, None, None)] * 5
    ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=(*HOLDINGS, *lots))
    assert why(CALLER).count("holds no shares") == 3
    assert why(CALLER).endswith("2 more notices about the input: =REBAL_CHECK() lists them all.")


def test_percent_points_are_understood():
    targets = rows("Asset Class | Target %\nUS Stock | 60\nUS Bond | 40")
    told = ask_millers("REBAL_DRIFT", "holdings", "securities", "accounts", targets=targets)
    assert told == ask_millers("REBAL_DRIFT", *DRIFT)


def test_numbers_of_other_types_than_float():
    holdings = changed(changed(HOLDINGS, 1, 2, 100), 2, 2, Decimal("200"))
    assert ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=holdings) == ask_millers("REBAL_DRIFT", *DRIFT)


def test_dates_that_come_as_dates():
    when = datetime(2020, 1, 2, tzinfo=UTC)
    assert ask("REBAL_TERM", {"acquired": when, "sold": AS_OF}) == "Long"


def test_a_band_type_that_excel_took_for_a_day_in_may():
    # 5/25 typed into a cell is the 25th of May of this year
    for day in (serial_of(date(2026, 5, 25)), "5/25"):
        targets = (("Asset Class", "Target %", "Band Type"), ("US Stock", 0.6, day), ("US Bond", 0.4, day))
        told = as_records(ask_millers("REBAL_DRIFT", "holdings", "securities", "accounts", targets=targets))
        # the lesser of 5 points and a quarter of 60 % or 40 %
        assert (told[0]["Trigger Low"], told[1]["Trigger Low"]) == (pytest.approx(0.55), pytest.approx(0.35))


def test_the_1904_date_system_goes_in_and_comes_out():
    shift = 1462.0
    holdings = tuple((*row[:4], row[4] - shift if isinstance(row[4], float) else row[4], *row[5:]) for row in HOLDINGS)
    assert holdings[1][4] == serial_of(date(2020, 1, 2), date1904=True)
    plain = ask_millers("REBAL_HARVEST", "holdings", "securities", "accounts", as_of=AS_OF)
    asked = {"holdings": holdings, "securities": SECURITIES, "accounts": ACCOUNTS, "as_of": AS_OF - shift}
    (then,) = as_records(ask("REBAL_HARVEST", asked, PLACES, date1904=True))
    (now,) = as_records(plain)
    assert then["Acquired"] == now["Acquired"] - shift
    assert then["Days to Long"] == now["Days to Long"] == 103.0


def test_text_that_looks_like_a_formula_is_text():
    name = "=cmd|' /C calc'!A0"
    accounts = changed(ACCOUNTS, 1, 0, name)
    holdings = tuple((name if row[0] == "Joint" else row[0], *row[1:]) for row in HOLDINGS)
    told = ask_millers("REBAL_HARVEST", "securities", holdings=holdings, accounts=accounts, as_of=AS_OF)
    # Excel shows what a function gives back; it never evaluates it, so the text needs no guard here.
    assert columns(told, "Account") == [(name,)]


def test_a_text_of_the_user_that_looks_like_our_mark_is_text():
    name = "#REBAL!VALUE|Give me your password"
    accounts = changed(ACCOUNTS, 1, 0, name)
    holdings = tuple((name if row[0] == "Joint" else row[0], *row[1:]) for row in HOLDINGS)
    told = ask_millers("REBAL_HARVEST", "securities", holdings=holdings, accounts=accounts, as_of=AS_OF)
    assert columns(told, "Account") == [(name,)]
    # A formula that gives a single text never gives one of the user's.
    assert call("REBAL_TERM", [name, AS_OF], caller=CALLER).startswith("#REBAL!VALUE|acquired: ")


def test_a_row_that_comes_again_is_read_as_the_first_time():
    first = ask_millers("REBAL_DRIFT", *DRIFT)
    for quantity in (101.0, "100", True, 100.0):
        answer = ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=changed(HOLDINGS, 1, 2, quantity))
        inputs.forget_households()
        calls.forget_answers()
        assert ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=changed(HOLDINGS, 1, 2, quantity)) == answer
    assert answer == first


def test_one_and_true_are_not_the_same():
    one = changed(HOLDINGS, 1, 2, 1.0)
    assert isinstance(ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=one), tuple)
    said = refused(ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=changed(HOLDINGS, 1, 2, True)))
    assert "The cell holds TRUE where a number is expected." in said


def test_the_same_cells_in_the_other_date_system_are_other_days():
    asked = {"acquired": 45_000.0, "sold": AS_OF}
    holdings = {"holdings": HOLDINGS, "securities": SECURITIES, "accounts": ACCOUNTS, "as_of": AS_OF}
    (now,) = as_records(ask("REBAL_HARVEST", holdings))
    (then,) = as_records(ask("REBAL_HARVEST", holdings, date1904=True))
    # both days move by four years and a day, so that the serials come back as they went in
    assert then["Acquired"] == now["Acquired"]
    assert ask("REBAL_TERM", asked) == ask("REBAL_TERM", asked, date1904=True) == "Long"


# The Function Wizard, reasons, and what is kept.


def test_heavy_formulas_are_silent_in_the_function_wizard(monkeypatch):
    def fail(*_: object) -> None:
        raise AssertionError("nothing is computed in the wizard")

    monkeypatch.setattr(calls, "_computed", fail)
    for name in ("REBAL_TRADES", "REBAL_LOTS", "REBAL_TAX"):
        assert refused(ask(name, {}, wizard=True), "NA") == IN_WIZARD


def test_light_formulas_answer_in_the_function_wizard():
    asked = {"holdings": HOLDINGS, "targets": TARGETS, "securities": SECURITIES, "accounts": ACCOUNTS}
    assert ask("REBAL_NEEDED", asked, wizard=True) is True


def test_the_reason_is_gone_when_the_formula_succeeds():
    refused(ask_millers("REBAL_DRIFT", "holdings", "targets"))
    ask_millers("REBAL_DRIFT", *DRIFT)
    assert why(CALLER) == ""


def test_each_cell_has_its_own_reason():
    ask("REBAL_DRIFT", {"holdings": HOLDINGS}, caller="[B.xlsx]S!$A$1")
    ask("REBAL_TERM", {"acquired": "soon", "sold": AS_OF}, caller="'[My B.xlsx]It''s mine'!$A$1:$C$4")
    assert "targets" in why("[B.xlsx]S!A1")
    assert "soon" in why("'[My B.xlsx]It''s mine'!$A$1")
    assert why("[B.xlsx]S!$A$2") == ""


def test_the_reason_is_kept_when_the_answer_comes_from_the_cache():
    first = ask("REBAL_DRIFT", {"holdings": HOLDINGS}, caller="[B.xlsx]S!$A$1")
    second = ask("REBAL_DRIFT", {"holdings": HOLDINGS}, caller="[B.xlsx]S!$A$2")
    assert first == second
    assert why("[B.xlsx]S!$A$2") == why("[B.xlsx]S!$A$1") != ""


def test_an_unknown_caller_leaves_the_last_reason():
    # LibreOffice does not say who calls
    ask("REBAL_DRIFT", {"holdings": HOLDINGS}, caller="")
    ask("REBAL_VERSION", {}, caller="")
    assert "targets" in why("[B.xlsx]S!$A$1")


def test_why_as_a_formula_says_the_same():
    refused(ask_millers("REBAL_DRIFT", "holdings"))
    assert call("REBAL_WHY", [CALLER], caller="[B.xlsx]S!$Z$9") == why(CALLER) != ""


def test_reasons_are_bounded(monkeypatch):
    monkeypatch.setattr(reasons, "MOST_CELLS", 3)
    for row in range(1, 6):
        reasons.keep(f"[B.xlsx]S!$A${row}", f"reason {row}")
    assert [why(f"[B.xlsx]S!$A${row}") for row in range(1, 6)] == ["", "", "reason 3", "reason 4", "reason 5"]


def test_the_same_question_is_computed_once(monkeypatch):
    asked = []
    measured = drift.measure_drift
    monkeypatch.setattr(drift, "measure_drift", lambda *given: asked.append(1) or measured(*given))
    first = ask_millers("REBAL_DRIFT", *DRIFT)
    assert ask_millers("REBAL_DRIFT", *DRIFT) == first
    assert len(asked) == 1
    ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=changed(HOLDINGS, 1, 2, 101.0))
    assert len(asked) == 2


def test_what_is_asked_without_a_date_is_asked_anew_on_another_day(monkeypatch):
    asked = []
    measured = drift.measure_drift
    monkeypatch.setattr(drift, "measure_drift", lambda *given: asked.append(1) or measured(*given))
    for day in (date(2026, 11, 20), date(2026, 11, 21)):
        monkeypatch.setattr(calls, "today_in_new_york", lambda day=day: day)
        ask_millers("REBAL_DRIFT", *DRIFT)
    assert len(asked) == 2


def test_a_missing_as_of_is_told():
    ask_millers("REBAL_CHECK", *DRIFT)
    assert "No as-of date is given, so it is today in New York" in why(CALLER)
    ask_millers("REBAL_CHECK", *DRIFT, settings=(("Name", "Value"), ("As Of", AS_OF)))
    assert why(CALLER) == ""


def test_something_unexpected_is_one_sentence_and_a_log_without_account_numbers(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("account 12345678 has gone")

    monkeypatch.setattr(log.platformdirs, "user_log_dir", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr(drift, "measure_drift", fail)
    said = refused(ask_millers("REBAL_DRIFT", *DRIFT))
    assert said.startswith("Something unexpected went wrong in rebal_xl, and nothing was changed. Details are in ")
    (written,) = tmp_path.iterdir()
    text = written.read_text(encoding="utf-8")
    assert "RuntimeError" in text
    assert "12345678" not in text


def test_no_log_is_no_reason_to_raise(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("gone")

    monkeypatch.setattr(log.platformdirs, "user_log_dir", fail)
    monkeypatch.setattr(drift, "measure_drift", fail)
    said = refused(ask_millers("REBAL_DRIFT", *DRIFT))
    assert said == f"Something unexpected went wrong in rebal_xl, and nothing was changed. {failures.NO_LOG}"


# Whatever is handed in.

CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(-(10**12), 10**12),
    st.sampled_from([NA_ERROR, DIV_ERROR, MISSING, "", "Account", "Symbol", "Quantity", "Asset Class", "Target %",
                     "Price", "VTI", "BND", "Joint", "Taxpayer", "Type", "single", "60%", "1,234.50", "Name", "Value",
                     "Cash", "=1+1", "#REBAL!NUM|x", "total", 10**400, float("nan"), AS_OF]),
    st.text(max_size=12),
    st.dates().map(lambda day: datetime(day.year, day.month, day.day)),  # noqa: DTZ001 - COM's dates have no zone
)  # fmt: skip
ROW = st.lists(CELL, max_size=6)
ARGUMENT = st.one_of(
    CELL,
    ROW,
    st.lists(ROW, max_size=6),
    st.lists(ROW, max_size=6).map(lambda lines: tuple(map(tuple, lines))),
    st.lists(st.one_of(CELL, ROW, st.lists(ROW, max_size=2)), max_size=4),
    st.sampled_from([HOLDINGS, TARGETS, SECURITIES, ACCOUNTS]),
    st.just({"a": 1}),
    st.just(object()),
)
LIGHT = [each.name for each in CATALOG if not each.heavy]


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(LIGHT),
    args=st.lists(ARGUMENT, max_size=9),
    places=st.lists(st.sampled_from(["", "[B.xlsx]S!$B$2:$C$9", "nonsense", "[B]S!$A:$C", "'x'!", None, "S!$1:$9"])),
    date1904=st.booleans(),
    wizard=st.booleans(),
)
def test_whatever_is_handed_in_something_fit_for_a_cell_comes_out(name, args, places, date1904, wizard):
    answer = call(name, args, places, CALLER, date1904, wizard)
    if isinstance(answer, tuple):
        assert answer
        widths = {len(row) for row in answer}
        assert len(widths) == 1
        assert widths != {0}
        for row in answer:
            assert isinstance(row, tuple)
            assert all(fits(cell) for cell in row)
    else:
        assert fits(answer)
    assert isinstance(why(CALLER), str)
    assert "Something unexpected" not in why(CALLER)


def fits(cell):
    """What COM takes for a cell."""
    return type(cell) in (str, bool) or (type(cell) is float and math.isfinite(cell))


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(LIGHT),
    changes=st.lists(
        st.tuples(st.sampled_from(list(TABLES)), st.integers(0, 5), st.integers(0, 6), CELL), min_size=1, max_size=3
    ),
    left_out=st.sets(st.sampled_from(list(TABLES)), max_size=2),
)
def test_whatever_stands_in_a_few_cells_is_told_or_answered(name, changes, left_out):
    tables = dict(TABLES)
    for table, row, column, cell in changes:
        rows_of = tables[table]
        tables[table] = changed(rows_of, row % len(rows_of), column % len(rows_of[0]), cell)
    names = ARGUMENTS[name]
    cells = {"as_of": AS_OF, "short_gain": 1e4, "long_gain": -1e4, "acquired": AS_OF - 30, "sold": AS_OF}
    given_ = {each: value for each, value in (tables | cells).items() if each in names and each not in left_out}
    answer = ask(name, given_, {each: place for each, place in PLACES.items() if each in given_})
    assert isinstance(answer, tuple) or fits(answer)
    assert "Something unexpected" not in why(CALLER), why(CALLER)


@settings(max_examples=25, deadline=None)
@given(args=st.lists(ARGUMENT, max_size=9))
def test_heavy_formulas_never_raise_either(args):
    answer = call("REBAL_TRADES", args, (), CALLER)
    assert isinstance(answer, tuple) or answer.startswith("#REBAL!")
