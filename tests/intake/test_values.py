"""What stands in a cell is read as an American would read it, or refused with what to write instead."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.intake.values import UNKNOWN, BarePercent, Fault, Want, read_cell, split_core_mark
from rebal_xl.sheets.grid import Cell, CellError
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import ACCOUNTS, TARGETS

MONEY = Want(Kind.MONEY)
DATE = Want(Kind.DATE)
PERCENT = Want(Kind.PERCENT)
FLAG = Want(Kind.FLAG)
SYMBOL = Want(Kind.TEXT, identity=True)
BAND = TARGETS.column("Band Type")
TREATMENT = ACCOUNTS.column("Tax Treatment")


def fault(value, want, number_format="General") -> Fault:
    read = read_cell(Cell(value, number_format), want)
    assert isinstance(read, Fault), read
    return read


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("$1,234.50", 1234.5),
        ("1,234.5", 1234.5),
        ("1234.5", 1234.5),
        ("$5788.53", 5788.53),
        ("(12.3)", -12.3),
        ("($1,012.30)", -1012.3),
        ("-12.3", -12.3),
        ("12.3-", -12.3),
        ("-$12.30", -12.3),
        ("$-12.30", -12.3),
        ("\u221212.3", -12.3),
        ("+$1.88", 1.88),
        ("USD 1,234", 1234.0),
        ("1,234 USD", 1234.0),
        ("\u00a01\u00a0234.5\u00a0", 1234.5),
        ("1\u2009234\u2009567", 1234567.0),
        ("\u202f12", 12.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1.5E+05", 150000.0),
    ],
)
def test_money_is_read_in_every_spelling_custodians_use(text, number):
    assert read_cell(Cell(text), MONEY) == number


@pytest.mark.parametrize("text", ["", " ", "--", "-", "n/a", "N/A", "\u2014", "None", "not applicable"])
def test_the_signs_for_no_value_are_an_empty_cell(text):
    assert read_cell(Cell(text), MONEY) is None
    assert read_cell(Cell(text), DATE) is None


@pytest.mark.parametrize("text", ["abc", "1,23", "1.234,50", "1,2345", "12 34", "1..2", "$", "--5", "(5", "5%", "ten"])
def test_what_is_no_number_is_refused(text):
    assert fault(text, MONEY).code == "not-a-number"


def test_a_decimal_comma_is_explained():
    assert "commas between thousands" in fault("1.234,50", MONEY).advice


@pytest.mark.parametrize("text", ["€12", "12 EUR", "£5", "CAD 100"])
def test_other_currencies_are_refused(text):
    assert fault(text, MONEY).code == "foreign-currency"


def test_numbers_beyond_any_household_are_refused():
    assert read_cell(Cell(1e12), MONEY) == 1e12
    assert fault(1.1e12, MONEY).code == "number-too-large"
    assert fault("12345678901234567", MONEY).code == "number-too-large"
    assert fault(float("inf"), MONEY).code == "not-a-number"
    assert fault(float("nan"), MONEY).code == "not-a-number"


@pytest.mark.parametrize("value", [True, date(2020, 3, 15), datetime(2020, 3, 15, 12), time(12, 30)])  # noqa: DTZ001
def test_yes_no_and_dates_are_no_numbers(value):
    assert fault(value, MONEY).code == "not-a-number"


def test_error_cells_and_formulas_that_were_never_calculated_say_what_to_do():
    assert fault(CellError("#N/A"), MONEY).code == "cell-error"
    assert "#N/A" in fault(CellError("#N/A"), MONEY).message
    never = read_cell(Cell(None, formula=True, cached=False), MONEY)
    assert isinstance(never, Fault)
    assert never.code == "formula-not-calculated"
    assert "save" in never.advice
    assert read_cell(Cell(12.0, formula=True), MONEY) == 12.0
    assert read_cell(Cell(None), MONEY) is None
    assert read_cell(None, MONEY) is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_any_amount_of_dollars_and_cents_survives_its_formats(amount):
    number = float(amount)
    grouped, plain = f"{abs(amount):,.2f}", f"{abs(amount):.2f}"
    sign = "-" if amount < 0 else ""
    spellings = [f"{sign}${grouped}", f"{sign}{plain}", f"{sign}${plain}"]
    spellings += [f"(${grouped})", f"{plain}-"] if amount < 0 else [f"+{grouped}", f"{grouped} USD"]
    for spelling in spellings:
        assert read_cell(Cell(spelling), MONEY) == number


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading(text):
    for want in (MONEY, DATE, PERCENT, FLAG, SYMBOL, Want(Kind.WHOLE), Want(Kind.CHOICE, choices=("a", "b"))):
        read_cell(Cell(text), want)


def test_a_whole_number_is_whole():
    assert read_cell(Cell(2026.0), Want(Kind.WHOLE)) == 2026.0
    assert fault(2026.5, Want(Kind.WHOLE)).code == "not-whole"


def test_a_percentage_with_its_sign_is_certain_and_one_without_is_left_to_the_column():
    assert read_cell(Cell(0.6, "0.00%"), PERCENT) == 0.6
    assert read_cell(Cell("60%"), PERCENT) == 0.6
    assert read_cell(Cell("+16.52%"), PERCENT) == pytest.approx(0.1652)
    assert read_cell(Cell("60 %"), PERCENT) == 0.6
    assert read_cell(Cell("9.3%"), PERCENT) == 0.093
    assert read_cell(Cell("(1.25%)"), PERCENT) == -0.0125
    assert read_cell(Cell("-1.25%"), PERCENT) == -0.0125
    assert read_cell(Cell("200 bp"), PERCENT) == 0.02
    assert read_cell(Cell(60.0), PERCENT) == BarePercent(60.0)
    assert read_cell(Cell(0.6), PERCENT) == BarePercent(0.6)
    assert read_cell(Cell("60"), PERCENT) == BarePercent(60.0)
    assert read_cell(Cell(0.0), PERCENT) == 0.0


def test_a_percent_sign_that_is_only_drawn_does_not_divide():
    # The format 0.0"%" shows 60.0% for the number 60; 0.0% shows 60.0% for 0.6.
    assert read_cell(Cell(60.0, '0.0"%"'), PERCENT) == 0.6
    assert read_cell(Cell(60.0, "0.0\\%"), PERCENT) == 0.6


@pytest.mark.parametrize(
    "text",
    [
        "03/15/2020",
        "3/15/2020",
        "03/15/2020 00:00:00",
        "03/15/2020 12:33 PM",
        "03-15-2020",
        "Mar-15-2020",
        "15-Mar-2020",
        "March 15, 2020",
        "Mar 15 2020",
        "March 15th, 2020",
        "15 March 2020",
        "15MAR2020",
        "2020-03-15",
        "2020/03/15",
        "2020-03-15T00:00:00",
        "43905",
    ],
)
def test_text_dates_are_read_month_first_in_every_spelling(text):
    assert read_cell(Cell(text), DATE) == date(2020, 3, 15)


def test_the_first_and_the_last_day_that_can_be_meant():
    assert read_cell(Cell("01/01/1900"), DATE) == date(1900, 1, 1)
    assert read_cell(Cell("12/31/2199"), DATE) == date(2199, 12, 31)


def test_months_may_be_shortened_to_what_still_tells_them():
    assert read_cell(Cell("Sept 9, 2020"), DATE) == read_cell(Cell("9-SEP-2020"), DATE) == date(2020, 9, 9)
    assert fault("Ju 9, 2020", DATE).code == "not-a-date"


def test_excel_days_are_counted_from_the_workbooks_own_start():
    # Excel shows 43905 as 3/15/2020; the 1904 system starts 1,462 days later.
    assert read_cell(Cell(43905.0), DATE) == date(2020, 3, 15)
    assert read_cell(Cell(0.0), Want(Kind.DATE, date1904=True)) == date(1904, 1, 1)
    assert read_cell(Cell(61.0), DATE) == date(1900, 3, 1)
    assert fault(60.0, DATE).code == "not-a-date"  # 29 February 1900, which never was
    assert read_cell(Cell(43905.75), DATE) == date(2020, 3, 15)
    assert read_cell(Cell(43905.0 - 1462), Want(Kind.DATE, date1904=True)) == date(2020, 3, 15)
    assert read_cell(Cell(datetime(2020, 3, 15, 8, 3)), DATE) == date(2020, 3, 15)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("03/15/20", "03/15/2020"),
        ("15-Mar-20", "03/15/2020"),
        ("02/30/2020", "month, day, year"),
        ("15/03/2020", "03/15/2020"),
        ("2020-13-01", "01/13/2020"),
        ("yesterday", "03/15/2020"),
        ("Smarch 15, 2020", "03/15/2020"),
        ("02/29/2023", "month, day, year"),
        ("99/03/2020", "month, day, year"),
        ("13/45/2020", "month, day, year"),
        ("12/31/1899", "month, day, year"),
        ("01/01/2200", "month, day, year"),
        ("03/15/1020", "month, day, year"),
    ],
)
def test_dates_that_cannot_be_or_are_a_guess_are_refused(text, advice):
    refusal = fault(text, DATE)
    assert refusal.code == "not-a-date"
    assert advice in refusal.advice


def test_a_year_alone_is_not_the_day_excel_counts_with_that_number():
    assert "is a year" in fault(2020.0, DATE).message
    assert fault(20200315.0, DATE).code == "not-a-date"
    assert fault(-3.0, DATE).code == "not-a-date"
    assert fault(True, DATE).code == "not-a-date"


@given(st.dates(min_value=date(1900, 3, 1), max_value=date(2199, 12, 31)))
def test_any_day_survives_its_formats(day):
    serial = float((day - date(1899, 12, 30)).days)
    formats = ["%m/%d/%Y", "%m/%d/%Y 00:00:00", "%b-%d-%Y", "%d-%b-%Y", "%B %d, %Y", "%Y-%m-%d", "%Y/%m/%d"]
    for spelling in [f"{day:{layout}}" for layout in formats]:
        assert read_cell(Cell(spelling), DATE) == day
    if serial not in range(1900, 2101):  # 14 March to 30 September 1905 look like years
        assert read_cell(Cell(serial), DATE) == day
    if day >= date(1904, 1, 1) and serial - 1462 not in range(1900, 2101):
        assert read_cell(Cell(serial - 1462), Want(Kind.DATE, date1904=True)) == day


def test_various_is_an_answer_only_where_one_can_do_without():
    acquired = Want(Kind.DATE, may_be_unknown=True)
    assert read_cell(Cell("Various"), acquired) is UNKNOWN
    assert read_cell(Cell("Multiple"), acquired) is UNKNOWN
    assert read_cell(Cell("Incomplete"), Want(Kind.MONEY, may_be_unknown=True)) is UNKNOWN
    assert fault("Various", DATE).code == "not-a-date"
    assert fault("Incomplete", MONEY).code == "not-a-number"
    assert read_cell(Cell("Various"), Want(Kind.TEXT)) == "Various"


@pytest.mark.parametrize("value", ["Yes", "y", "TRUE", "x", "1", True, 1.0])
def test_flags_say_yes(value):
    assert read_cell(Cell(value), FLAG) is True


@pytest.mark.parametrize("value", ["No", "n", "false", "0", False, 0.0])
def test_flags_say_no(value):
    assert read_cell(Cell(value), FLAG) is False


def test_a_flag_that_is_neither_is_refused():
    assert fault("maybe", FLAG).code == "not-a-flag"
    assert fault(2.0, FLAG).code == "not-a-flag"


def test_choices_are_matched_without_case_spaces_or_punctuation():
    want = Want(Kind.CHOICE, TREATMENT.choices, TREATMENT.choice_synonyms)
    assert read_cell(Cell("TAX DEFERRED"), want) == "tax-deferred"
    assert read_cell(Cell("Traditional I.R.A."), want) == "tax-deferred"
    assert read_cell(Cell("401(k)"), want) == "tax-deferred"
    assert read_cell(Cell("roth"), want) == "Roth"
    refusal = fault("taxible", want)
    assert 'Did you mean "taxable"?' in refusal.message
    assert refusal.advice == "Write taxable, tax-deferred, Roth or HSA."


def test_excel_turns_a_typed_band_of_5_25_into_a_day_in_may():
    want = Want(Kind.CHOICE, BAND.choices, BAND.choice_synonyms)
    assert read_cell(Cell("5/25"), want) == "5/25"
    assert read_cell(Cell(date(2026, 5, 25), "d-mmm"), want) == "5/25"


def test_the_method_none_is_a_word_and_not_a_blank():
    assert read_cell(Cell("None"), Want(Kind.CHOICE, ("Full", "None"))) == "None"


def test_account_numbers_and_symbols_are_text_whatever_excel_made_of_them():
    assert read_cell(Cell(12345678.0), SYMBOL) == "12345678"
    assert read_cell(Cell(1234567.0, "00000000"), SYMBOL) == "01234567"
    assert read_cell(Cell("12345E108"), SYMBOL) == "12345E108"
    assert read_cell(Cell("00123"), SYMBOL) == "00123"
    assert read_cell(Cell(True), SYMBOL) == "TRUE"
    # 12345E108 typed into a cell that is not text becomes this number; its characters cannot be had back.
    assert fault(1.2345e112, SYMBOL).code == "text-became-number"
    assert fault(date(2026, 9, 10), SYMBOL).code == "text-became-date"


def test_the_stars_of_a_core_cash_fund_are_a_mark_and_no_part_of_the_symbol():
    assert split_core_mark("SPAXX**") == ("SPAXX", True)
    assert split_core_mark("VTI") == ("VTI", False)
    assert split_core_mark("VTI*") == ("VTI", False)


def test_a_menu_is_a_list_of_symbols():
    assert read_cell(Cell("vti, BND;vxus"), Want(Kind.SYMBOLS)) == ("BND", "VTI", "VXUS")
