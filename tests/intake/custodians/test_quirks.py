# ruff: noqa: E501 - lines as custodians write them
"""One quirk of custodians' files a test: what it looks like, and what must be read all the same."""

from datetime import date
from pathlib import Path

import pytest

import rebal_xl
from rebal_xl.files.imports import household_of_files, understand
from rebal_xl.household import InputErrors, Term
from rebal_xl.intake.custodians.reconcile import amount, is_cash
from tests.intake.custodians import files as made
from tests.intake.custodians.files import put
from tests.intake.custodians.test_layouts import DAY, layouts, rows, trades

OLD_HEADER = (
    '"Symbol","Description","Quantity","Price","Price Change $","Price Change %","Market Value","Day Change $",'
    '"Day Change %","Cost Basis","Gain/Loss $","Gain/Loss %","Reinvest Dividends?","Capital Gains?","% Of Account",'
    '"Security Type",'
)
# The whole file has a title of its own, and every account a line with its name; one name has a comma and no quotes.
ALL_ACCOUNTS = "\r\n".join([
    '"Positions for All-Accounts as of 09:59 PM ET, 05/04/2026"',
    "",
    '"Individual                        XXXX-1234"',
    OLD_HEADER,
    '"VOO","VANGUARD S&P 500 ETF","10","$400.00","-$1.00","-0.25%","$4,000.00","-$10.00","-0.25%","$3,000.00","$1,000.00",'
    '"33.33%","Yes","No","114.3%","ETFs & Closed End Funds",',
    '"Cash & Cash Investments","--","--","--","--","--","-$500.25","0%","$0.00","--","--","--","--","--","--",'
    '"Cash and Money Market",',
    '"Account Total","--","--","--","--","--","$3,499.75","-$10.00","-0.28%","$3,000.00","$1,000.00","33.33%","--","--",'
    '"--","--",',
    "",
    "Doe Family Trust, Jane Doe ...426",
    '"Symbol","Description","Qty (Quantity)","Price","Mkt Val (Market Value)","Asset Type"',
    '"SCHZ","SCHWAB US AGGREGATE BOND ETF","(100)","$50.00","($5,000.00)","ETFs & Closed End Funds"',
    '"Cash & Cash Investments","--","--","--","$9,000.00","Cash and Money Market"',
    '"Account Total","","","","$4,000.00",""',
    "",
])  # fmt: skip
ALL = {
    "schwab": made.SCHWAB_POSITIONS,
    "all-accounts": ALL_ACCOUNTS,
    "schwab-one": made.SCHWAB_LOTS_OF_ONE,
    "schwab-lots": made.SCHWAB_LOTS,
    "fidelity": made.FIDELITY_POSITIONS,
    "fidelity-lots": made.FIDELITY_LOTS,
    "vanguard": made.VANGUARD_HOLDINGS,
    "vanguard-lots": made.VANGUARD_LOTS,
}


def held(folder: Path, **texts: str):
    return rows(understand(put(folder, **texts)).statement)


def problems(folder: Path, **texts: str) -> list[tuple[str, str, str]]:
    """(code, file, line) of everything wrong."""
    with pytest.raises(InputErrors) as found:
        understand(put(folder, **texts))
    return [(one.code, one.sheet, one.cell) for one in found.value.problems]


# --- Schwab


def test_schwabs_file_of_all_accounts_names_each_in_a_line_of_its_own(tmp_path):
    found = understand(put(tmp_path, a=ALL_ACCOUNTS))
    assert layouts(found) == [("Schwab positions",)]
    assert found.statement.seen == DAY
    assert [(row[0], row[1], row[2]) for row in rows(found.statement)] == [
        ("Individual XXXX-1234", "VOO", 10.0),
        ("Individual XXXX-1234", "CASH & CASH INVESTMENTS", None),
        ("Doe Family Trust, Jane Doe ...426", "SCHZ", -100.0),
        ("Doe Family Trust, Jane Doe ...426", "CASH & CASH INVESTMENTS", None),
    ]


def test_a_margin_debit_is_negative_cash_and_shares_sold_short_are_locked(tmp_path):
    household, _ = household_of_files(put(tmp_path, a=ALL_ACCOUNTS), DAY)
    assert household.account("Individual XXXX-1234").cash_usd == -500.25
    assert household.account("Doe Family Trust, Jane Doe ...426").cash_usd == 9_000.0
    (short,) = [lot for lot in household.lots if lot.symbol == "SCHZ"]
    assert (short.quantity, short.locked) == (-100.0, True)


def test_schwabs_cash_has_a_value_alone(tmp_path):
    """1,200.5 at $24.10 less one contract of 100 at $1.20, and $6,700: what Account Total says."""
    household, _ = household_of_files(put(tmp_path, a=made.SCHWAB_POSITIONS), DAY)
    assert household.account("Individual ...123").cash_usd == 6_700.0
    assert household.account_value_usd("Individual ...123") == pytest.approx(35_512.05)


def test_a_folder_of_lot_details_and_positions_is_one_household(tmp_path):
    """Each security's lots are a file of their own; 100 SCHZ are 60 and 40."""
    schz = (
        made.SCHWAB_LOTS_OF_ONE.replace("SCHB", "SCHZ")
        .replace("XXXX-5123", "XXXX-8456")
        .replace('"700.5"', '"60"')
        .replace('"500"', '"40"')
    )
    found = understand(put(tmp_path, p=made.SCHWAB_POSITIONS, one=made.SCHWAB_LOTS_OF_ONE, two=schz))
    assert sorted((row[0], row[1], row[2]) for row in rows(found.statement) if row[3]) == [
        ("Individual ...123", "SCHB", 500.0),
        ("Individual ...123", "SCHB", 700.5),
        ("Roth Contributory IRA ...456", "SCHZ", 40.0),
        ("Roth Contributory IRA ...456", "SCHZ", 60.0),
    ]


@pytest.mark.parametrize(
    "symbol",
    ["ACME 04/17/2027 55.00 P", "ACME 04/17/2027 7.50 C", "BRK.B 12/18/2026 400.00 C", "SPXW 05/15/2026 5500 P"],
)
def test_options_of_every_kind_are_held_and_locked(tmp_path, symbol):
    text = made.SCHWAB_POSITIONS.replace("ACME 04/17/2027 55.00 C", symbol)
    household, _ = household_of_files(put(tmp_path, a=text), DAY)
    (option,) = [lot for lot in household.lots if lot.symbol == symbol]
    assert (option.quantity, option.locked, household.value_usd(option)) == (-1.0, True, pytest.approx(-120.0))


# --- Fidelity


def test_cash_and_margin_rows_of_one_symbol_are_one_position(tmp_path):
    """2.327 bought with cash and 1.0 on margin; `Type` says so and is no kind of security. The lots are 1.3, 1.027 and 1."""
    row = next(line for line in made.FIDELITY_POSITIONS.split("\r\n") if ",IVV," in line)
    margin = row.replace(",2.327,", ",1,").replace("$1768.64", "$760.05").replace(",Cash,", ",Margin,")
    both = made.FIDELITY_POSITIONS.replace(row, f"{row}\r\n{margin}")
    third = "Individual - TOD,IVV,ISHARES CORE S&P 500 ETF,Feb-02-2026,Short,$0.00,0%,$760.05,1,$760.05,$760.05\r\n"
    assert [row[2] for row in held(tmp_path, p=both) if row[1] == "IVV"] == [2.327, 1.0]
    assert [row[2] for row in held(tmp_path, p=both, l=made.FIDELITY_LOTS + third) if row[1] == "IVV"] == [
        1.3,
        1.027,
        1.0,
    ]
    assert problems(tmp_path, p=both, l=made.FIDELITY_LOTS) == [("lots-differ", "l", "line 2")]


def test_fidelitys_word_for_the_term_is_a_check_as_well(tmp_path):
    """Bought January 20, 2026: short on May 4, 2026, whatever the file says."""
    text = made.FIDELITY_LOTS.replace("Jan-20-2026,Short", "Jan-20-2026,Long")
    household, _ = household_of_files(put(tmp_path, p=made.FIDELITY_POSITIONS, l=text), DAY)
    (young,) = [lot for lot in household.lots if lot.acquired == date(2026, 1, 20)]
    assert young.custodian_term is Term.LONG
    assert "term-differs" in [notice.code for notice in household.notices]


def test_pending_activity_may_be_owed(tmp_path):
    text = made.FIDELITY_POSITIONS.replace("$2.28", "-$1000.00")
    household, _ = household_of_files(put(tmp_path, a=text), DAY)
    assert household.account("Individual - TOD").cash_usd == pytest.approx(5_788.53 - 1_000)


# --- Vanguard


def test_a_vanguard_sale_of_the_last_weeks_is_waited_for_by_the_wash_sale_check(tmp_path):
    """40 BND sold on April 22 without a word on gain or loss: it may be a loss until 30 days are over, May 22."""
    household, _ = household_of_files(put(tmp_path, a=made.VANGUARD_HOLDINGS), DAY)
    ledger = rebal_xl.household_ledger(household, DAY)
    assert [(sale.symbol, sale.quantity) for sale in ledger.unknown] == [("BND", 40.0)]
    assert {(one.group, one.buy_from) for one in ledger.dates if "BND" in one.group} == {("BND", date(2026, 5, 23))}


def test_vanguards_lots_without_a_known_day_or_cost_are_held(tmp_path):
    text = made.VANGUARD_LOTS.replace("02/03/2021", "Various").replace('$90.00,"$9,000.00"', "Noncovered,Noncovered")
    assert held(tmp_path, a=text)[0] == ("12345678", "VTSAX", 100.0, None, None)


# --- any custodian


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("name", ALL)
def test_no_encoding_and_no_line_end_changes_what_is_read(tmp_path, name, encoding):
    (path,) = put(tmp_path, a=ALL[name])
    plain = understand([path]).statement
    lines = ALL[name].lstrip("\ufeff").splitlines()
    for end in ("\n", "\r\n"):
        path.write_bytes(end.join(lines).encode(encoding))
        other = understand([path]).statement
        assert (rows(other), trades(other), other.seen) == (rows(plain), trades(plain), plain.seen)


@pytest.mark.parametrize("name", ALL)
def test_letters_above_and_law_below_change_nothing(tmp_path, name):
    """Forty lines of a letter push the header down; disclaimers follow the data."""
    text = ALL[name].lstrip("\ufeff")
    letter = "".join(f'"Dear client, this is line {number} of our letter."\n\n' for number in range(20))
    law = '\n\n"Past results, for example, are no promise, and totals may not add up."\n"Member, SIPC"\n'
    plain = held(tmp_path, a=text)
    assert held(tmp_path, b=letter + text + law) == plain


@pytest.mark.parametrize("words", ["Account Total", "Positions Total", "Total", "Grand Total:", "Subtotal"])
def test_totals_are_no_holdings(tmp_path, words):
    schwab = made.SCHWAB_POSITIONS.replace("Account Total", words).replace("Positions Total", words)
    assert held(tmp_path, a=schwab) == held(tmp_path, a=made.SCHWAB_POSITIONS)
    lots = made.SCHWAB_LOTS_OF_ONE.replace('"Total"', f'"{words}"')
    assert held(tmp_path, a=lots) == held(tmp_path, a=made.SCHWAB_LOTS_OF_ONE)


@pytest.mark.parametrize(
    "written", ["03/15/2020", "03/15/2020 00:00:00", "Mar-15-2020", "2020-03-15", "2020/03/15", "43905", "Mar 15, 2020"]
)
def test_a_day_in_any_spelling(tmp_path, written):
    """Excel's 43,905 is 43,831 for January 1, 2020 and 74 days more: 31, 29 and 14."""
    text = f'Account,Symbol,Quantity,Date Acquired,Cost Basis\nIRA,VTI,10,"{written}",100\n'
    assert held(tmp_path, a=text) == [("IRA", "VTI", 10.0, date(2020, 3, 15), 100.0)]


@pytest.mark.parametrize("nothing", ["--", "n/a", "N/A", "", "-"])
def test_no_value_in_any_spelling(tmp_path, nothing):
    text = f"Account,Symbol,Quantity,Date Acquired,Cost Basis\nIRA,VTI,10,{nothing},{nothing}\n"
    assert held(tmp_path, a=text) == [("IRA", "VTI", 10.0, None, None)]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("$1,234.50", 1234.5),
        ("+$1,234.50", 1234.5),
        ("1234.5", 1234.5),
        (" 1,234.50 ", 1234.5),
        ("USD 1,234.50", 1234.5),
    ],
)
def test_a_number_in_any_spelling(tmp_path, written, number):
    text = f'Account,Symbol,Quantity,Cost Basis,\nIRA,VTI,10,"{written}",\n'
    assert held(tmp_path, a=text)[0][4] == number


def test_a_cost_in_parentheses_is_negative_and_said(tmp_path):
    assert problems(tmp_path, a="Account,Symbol,Quantity,Cost Basis\nIRA,VTI,10,($5.00)\n")[0][1:] == ("a", "line 2")


# --- positions and lots together


def test_lots_of_what_the_positions_do_not_have_are_named(tmp_path):
    """The file of positions is of a day on which IVV was sold."""
    gone = "\r\n".join(line for line in made.FIDELITY_POSITIONS.split("\r\n") if ",IVV," not in line)
    with pytest.raises(InputErrors, match=r"IVV in Individual - TOD: lots of 2\.327 in l, p has none"):
        understand(put(tmp_path, p=gone, l=made.FIDELITY_LOTS))


def test_every_position_without_lots_is_named_once(tmp_path):
    more = made.FIDELITY_POSITIONS.replace(
        "\r\nZ12345678,Individual - TOD,Pending",
        "\r\nZ12345678,Individual - TOD,AGG,ISHARES,3,$98.00,$0,$294.00,,,,,,$300.00,$100.00,Cash,"
        "\r\nZ12345678,Individual - TOD,Pending",
    )
    found = understand(put(tmp_path, p=more, l=made.FIDELITY_LOTS)).statement
    told = [notice.message.split(";")[0] for notice in found.notices]
    assert told == [
        "No file gives the lots of ACME 04/17/2027 55 C in Individual - TOD",
        "No file gives the lots of AGG in Individual - TOD",
    ]


@pytest.mark.parametrize(("shares", "fits"), [("2.3274", True), ("2.328", True), ("2.33", False)])
def test_shares_rounded_to_thousandths_still_add_up(tmp_path, shares, fits):
    """Two lots and a position, each within half a thousandth, and as much again: 0.002 in all."""
    text = made.FIDELITY_POSITIONS.replace(",2.327,", f",{shares},")
    if fits:
        assert len([row for row in held(tmp_path, p=text, l=made.FIDELITY_LOTS) if row[1] == "IVV"]) == 2
    else:
        assert problems(tmp_path, p=text, l=made.FIDELITY_LOTS) == [("lots-differ", "l", "line 2")]


def test_cash_that_two_files_tell_is_refused(tmp_path):
    lots = "Account,Symbol,Quantity\nIndividual - TOD,CASH,5788.53\n"
    assert [one[0] for one in problems(tmp_path, p=made.FIDELITY_POSITIONS, q=lots)] == ["position-twice"]


SCHWAB = (
    '"Positions for account {account} as of 12:33 PM ET, 2026/05/04"\n""\n'
    '"Symbol","Description","Qty (Quantity)","Price","Mkt Val (Market Value)","Cost Basis","Asset Type",\n{rows}\n'
)
VTI = '"VTI","VANGUARD TOTAL STOCK","10","$300.00","$3,000.00","$2,000.00","ETFs & Closed End Funds",'
TOTAL = '"Account Total","","--","--","{}","$2,000.00","--",'


def schwab(*rows: str, account: str = "Joint ...123") -> str:
    return SCHWAB.format(account=account, rows="\n".join(rows))


def notices(folder: Path, **texts: str) -> list[str]:
    return [notice.code for notice in understand(put(folder, **texts)).statement.notices]


def test_rows_that_do_not_add_up_to_the_custodians_own_total_are_said(tmp_path):
    assert notices(tmp_path, schwab=schwab(VTI, TOTAL.format("$3,000.00"))) == []
    (notice,) = understand(put(tmp_path, schwab=schwab(VTI, TOTAL.format("$4,500.00")))).statement.notices
    assert (notice.code, notice.cell) == ("total-differs", "line 5")
    assert "3,000.00" in notice.message
    assert "4,500.00" in notice.message


def test_a_file_that_was_cut_off_has_no_total(tmp_path):
    assert notices(tmp_path, schwab=schwab(VTI)) == ["no-total"]


def test_lots_of_one_security_add_up_to_their_total(tmp_path):
    text = made.SCHWAB_LOTS_OF_ONE
    line = next(line for line in text.splitlines() if line.startswith('"Total"'))
    shares = line.split('","')[1]
    assert notices(tmp_path, lots=text) == []
    # the total of one share more
    more = line.replace(f'"{shares}"', f'"{float(shares) + 1:g}"')
    assert notices(tmp_path, lots=text.replace(line, more)) == ["total-differs"]


def test_money_of_other_names_is_cash(tmp_path):
    rows = (
        '"Cash & Cash Investments","--","--","--","$100.00","--","Cash and Money Market",',
        '"Futures Cash","--","--","--","$5.50","--","Cash",',
        '"Margin","--","--","--","-$50.00","--","Cash and Money Market",',
        '"SWVXX","SCHWAB VALUE ADVANTAGE MONEY","700","$1.00","$700.00","$700.00","Cash and Money Market",',
    )
    # 3,000 + 100 + 5.50 - 50 + 700
    found = understand(put(tmp_path, schwab=schwab(VTI, *rows, TOTAL.format("$3,755.50")))).statement
    assert found.notices == ()
    assert sum(amount(row) for row in found.holdings if is_cash(row)) == pytest.approx(55.5)
    assert [amount(row) for row in found.holdings if row.text("Symbol") == "SWVXX"] == [700.0]


def test_two_tables_under_one_name_are_two_accounts_or_one_twice(tmp_path):
    twice = schwab(VTI, TOTAL.format("$3,000.00")) + "\n" + schwab(VTI, TOTAL.format("$3,000.00"))
    assert [code for code, *_ in problems(tmp_path, schwab=twice)] == ["account-twice"]
    two = schwab(VTI, TOTAL.format("$3,000.00")) + "\n" + schwab(VTI, TOTAL.format("$3,000.00"), account="Joint ...456")
    assert len(held(tmp_path, schwab=two)) == 2


def test_what_has_a_value_and_no_shares_is_not_dropped(tmp_path):
    annuity = '"ANNUITY","VARIABLE ANNUITY","--","--","$25,000.00","--","Other",'
    found = problems(tmp_path, schwab=schwab(VTI, annuity, TOTAL.format("$28,000.00")))
    assert found == [("missing-value", "schwab", "line 5")]


PORTAL = (
    "Portfolio,Asset,Ticker,CUSIP,Quantity,Market Price,Market Value\n"
    'Joint,US TREASURY 4.5% 11/15/33,,91282CJJ1,"50,000",101.25,"50,625.00"\n'
    'Joint,Vanguard Total,VTI,922908769,100,300,"30,000"\n'
)


def test_a_bond_without_a_ticker_goes_by_its_cusip(tmp_path):
    # 50,000 of face at 101.25 per 100 are 50,625
    found = understand(put(tmp_path, export=PORTAL)).statement
    assert [(row.text("Symbol"), row.number_in("Quantity")) for row in found.holdings] == [
        ("91282CJJ1", 50_000.0), ("VTI", 100.0),
    ]  # fmt: skip
    assert {notice.code for notice in found.notices} <= {"column-not-read"}


def test_a_value_that_is_not_shares_times_price_is_said_whatever_the_workbook_has(tmp_path):
    assert "value-differs" in notices(tmp_path, export=PORTAL.replace(",300,", ",250,"))


@pytest.mark.parametrize("name", ["trades", "Drift", "location"])
def test_the_name_of_a_file_says_nothing(name, tmp_path):
    text = "Account,Symbol,Trade Date,Action,Quantity,Price\nX1,VTI,04/20/2026,Sold,10,300\n"
    assert len(understand(put(tmp_path, **{name: text})).statement.trades) == 1
