"""What a cell gets for bad input, missing headers and odd values: an answer, or a reason that names the cell."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rebal_xl.excel import call as calls
from rebal_xl.excel import inputs, reasons
from rebal_xl.excel.call import call
from rebal_xl.excel.convert import MISSING, serial_of
from rebal_xl.excel.reasons import why
from tests.excel.asking import CALLER, DIV_ERROR, NA_ERROR, as_records, ask, changed, columns, refused, rows
from tests.excel.millers import ACCOUNTS, AS_OF, HOLDINGS, PLACES, SECURITIES, TABLES, TARGETS, ask_millers

DRIFT = ("holdings", "targets", "securities", "accounts")


@pytest.fixture(autouse=True)
def nothing_kept():
    calls.forget_answers()
    reasons.forget()


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
    # before what follows from it, such as symbols without a price
    assert said.startswith(f"{named}!A1: The argument {argument} has")


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
