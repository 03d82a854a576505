"""Every layout that custodians write, with every quirk that is known of it, read from a made-up file."""

import re
from datetime import date

import pytest

from rebal_xl.files.imports import household_of_files, understand
from rebal_xl.household import InputErrors, Term
from tests.intake.custodians import files as made
from tests.intake.custodians.files import put

DAY = date(2026, 5, 4)


def rows(statement):
    """(account, symbol, quantity, acquired, cost basis) of the holdings."""
    return [
        (r.text("Account"), r.text("Symbol"), r.number_in("Quantity"), r.day("Acquired"), r.number_in("Cost Basis"))
        for r in statement.holdings
    ]


def trades(statement):
    return [
        (r.text("Account"), r.text("Symbol"), r.day("Date"), r.text("Side"), r.number_in("Quantity"),
         r.number_in("Price"), r.flag("Reinvested"))
        for r in statement.trades
    ]  # fmt: skip


def layouts(found):
    return [file.layouts for file in found.statement.files]


def test_schwabs_positions_of_two_accounts_with_the_old_and_the_new_header(tmp_path):
    found = understand(put(tmp_path, a=made.SCHWAB_POSITIONS))
    assert layouts(found) == [("Schwab positions",)]
    assert found.statement.seen == DAY
    assert rows(found.statement) == [
        ("Individual ...123", "SCHB", 1200.5, None, 20_100.0),
        # what was received for a short option is no cost
        ("Individual ...123", "ACME 04/17/2027 55.00 C", -1.0, None, None),
        ("Individual ...123", "CASH & CASH INVESTMENTS", None, None, None),
        ("Roth Contributory IRA ...456", "SCHZ", 100.0, None, 4_700.0),
    ]


def test_the_name_of_the_file_says_nothing(tmp_path):
    (path,) = put(tmp_path, a=made.SCHWAB_POSITIONS)
    other = path.rename(tmp_path / "Fidelity_Lots.txt")
    assert layouts(understand([other])) == [("Schwab positions",)]


def test_schwabs_lots_of_one_security_are_named_in_the_title_alone(tmp_path):
    found = understand(put(tmp_path, a=made.SCHWAB_LOTS_OF_ONE))
    assert layouts(found) == [("Schwab lots of one security",)]
    assert rows(found.statement) == [
        ("XXXX-5123", "SCHB", 700.5, date(2017, 10, 30), 9_961.11),
        ("XXXX-5123", "SCHB", 500.0, date(2025, 5, 5), 10_138.89),
    ]


def test_schwabs_mask_means_the_account_whose_positions_end_in_the_same_digits(tmp_path):
    found = understand(put(tmp_path, lots=made.SCHWAB_LOTS_OF_ONE, positions=made.SCHWAB_POSITIONS))
    held = rows(found.statement)
    assert [row for row in held if row[1] == "SCHB"] == [
        ("Individual ...123", "SCHB", 700.5, date(2017, 10, 30), 9_961.11),
        ("Individual ...123", "SCHB", 500.0, date(2025, 5, 5), 10_138.89),
    ]
    # the option and the bond fund keep their positions: no file gives their lots
    assert [notice.code for notice in found.statement.notices] == ["no-lots"]
    assert "ACME 04/17/2027 55.00 C" in found.statement.notices[0].message


def test_schwabs_file_of_all_lots_says_what_is_incomplete(tmp_path):
    found = understand(put(tmp_path, a=made.SCHWAB_LOTS))
    assert rows(found.statement) == [
        ("Individual ...123", "SCHB", 700.5, date(2017, 10, 30), 9_961.11),
        ("Individual ...123", "SCHB", 500.0, None, None),
    ]


def test_where_the_custodians_word_for_the_term_differs_ours_is_kept_and_it_is_said(tmp_path):
    """Bought May 5, 2025: on May 4, 2026 it is held for less than a year, whatever the file says."""
    household, _ = household_of_files(put(tmp_path, a=made.SCHWAB_LOTS_OF_ONE), DAY)
    (young,) = [lot for lot in household.lots if lot.acquired == date(2025, 5, 5)]
    assert young.custodian_term is Term.LONG
    (told,) = [notice for notice in household.notices if notice.code == "term-differs"]
    assert "it is short on 05/04/2026; the date counts" in told.message.lower()


def test_an_option_is_held_and_locked_and_never_dropped(tmp_path):
    for name, text in (("schwab", made.SCHWAB_POSITIONS), ("fidelity", made.FIDELITY_POSITIONS)):
        household, _ = household_of_files(put(tmp_path, **{name: text}), DAY)
        (option,) = [lot for lot in household.lots if lot.symbol.startswith("ACME")]
        assert (option.quantity, option.locked) == (-1.0, True), name
        # one contract of a hundred shares at $1.20
        assert household.value_usd(option) == pytest.approx(-120.0)


def test_fidelitys_positions_with_core_cash_pending_activity_and_legal_text(tmp_path):
    found = understand(put(tmp_path, a=made.FIDELITY_POSITIONS))
    assert layouts(found) == [("Fidelity positions",)]
    assert found.statement.seen == DAY
    assert rows(found.statement) == [
        ("Individual - TOD", "SPAXX", None, None, None),
        ("Individual - TOD", "IVV", 2.327, None, 1_517.76),
        ("Individual - TOD", "ACME 04/17/2027 55 C", -1.0, None, None),
        ("Individual - TOD", "PENDING ACTIVITY", None, None, None),
    ]
    household, _ = household_of_files([tmp_path / "a.csv"], DAY)
    # the core fund and what is not settled yet
    assert household.account("Individual - TOD").cash_usd == pytest.approx(5_788.53 + 2.28)


def test_fidelitys_lots_and_positions_count_once(tmp_path):
    found = understand(put(tmp_path, p=made.FIDELITY_POSITIONS, l=made.FIDELITY_LOTS))
    assert [row for row in rows(found.statement) if row[1] == "IVV"] == [
        ("Individual - TOD", "IVV", 1.3, date(2020, 3, 15), 838.04),
        ("Individual - TOD", "IVV", 1.027, date(2026, 1, 20), 679.72),
    ]
    # the lots come without a price and take that of the position
    assert {row.number_in("Price") for row in found.statement.holdings if row.text("Symbol") == "IVV"} == {760.05}


def test_two_accounts_of_one_name_are_told_apart_by_number_and_lots_without_numbers_refused(tmp_path):
    second = "\r\nZ99999999,Individual - TOD,IVV,ISHARES,5,$760.05,$0,$3800.25,,,,,,$3000.00,$600.00,Cash,\r\n"
    twice = made.FIDELITY_POSITIONS.replace(
        "\r\nZ12345678,Individual - TOD,Pending", f"{second}Z12345678,Individual - TOD,Pending"
    )
    found = understand(put(tmp_path, p=twice))
    assert {(row[0], row[2]) for row in rows(found.statement) if row[1] == "IVV"} == {
        ("Z12345678", 2.327),
        ("Z99999999", 5.0),
    }
    with pytest.raises(InputErrors) as refused:
        understand(put(tmp_path, p=twice, l=made.FIDELITY_LOTS))
    (problem,) = refused.value.problems
    assert (problem.code, problem.sheet, problem.cell) == ("account-shared", "l", "line 2")


def test_vanguards_two_tables_with_the_settlement_fund_as_cash(tmp_path):
    found = understand(put(tmp_path, a=made.VANGUARD_HOLDINGS))
    assert layouts(found) == [("Vanguard holdings", "Vanguard transactions")]
    assert rows(found.statement) == [
        ("12345678", "VTSAX", 100.5, None, None),
        ("12345678", "VMFXX", 250.75, None, None),
    ]
    # neither the dividend nor the sweeps are trades; the split is said
    assert trades(found.statement) == [
        ("12345678", "VTSAX", date(2026, 4, 20), "Buy", 0.5, 120.0, True),
        ("12345678", "BND", date(2026, 4, 22), "Sell", -40.0, 73.5, False),
    ]
    (told,) = [notice for notice in found.statement.notices if notice.code == "transaction-not-read"]
    assert "Stock split" in told.message
    assert told.cell == "line 12"
    household, _ = household_of_files([tmp_path / "a.csv"], DAY)
    assert household.account("12345678").cash_usd == 250.75
    assert [(t.symbol, t.quantity, t.reinvested) for t in household.recent_trades] == [
        ("VTSAX", 0.5, True), ("BND", 40.0, False),
    ]  # fmt: skip


def test_vanguards_lots_under_a_preamble_and_headers_with_commas(tmp_path):
    found = understand(put(tmp_path, a=made.VANGUARD_LOTS, b=made.VANGUARD_HOLDINGS))
    assert layouts(found)[0] == ("Vanguard lots",)
    assert found.statement.seen == DAY
    assert [row for row in rows(found.statement) if row[1] == "VTSAX"] == [
        ("12345678", "VTSAX", 100.0, date(2021, 2, 3), 9_000.0),
        ("12345678", "VTSAX", 0.5, date(2026, 4, 20), 60.0),
    ]


def test_a_generic_file_is_read_by_the_synonyms_of_its_headers(tmp_path):
    table = "Acct,Ticker,Units,Unit Cost,Purchase Date\n00123,VTI,10,200,2020/03/02\n00123,BND,5,80,43831\n"
    text = f"Household report\n\n{table}"
    found = understand(put(tmp_path, a=text))
    assert [row[:4] for row in rows(found.statement)] == [
        ("00123", "VTI", 10.0, date(2020, 3, 2)),
        # Excel counts 43,831 days to January 1, 2020
        ("00123", "BND", 5.0, date(2020, 1, 1)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_any_encoding_is_read(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("Account,Symbol,Quantity\nJosé’s IRA,VTI,10\n".encode(encoding))
    assert rows(understand([path]).statement) == [("José’s IRA", "VTI", 10.0, None, None)]


def test_cells_that_excel_would_calculate_are_text(tmp_path):
    text = 'Account,Symbol,Quantity\n="00123",VTI,10\n=cmd|x,BND,5\n'
    assert [row[0] for row in rows(understand(put(tmp_path, a=text)).statement)] == ["00123", "=cmd|x"]


def test_every_problem_has_its_file_and_line(tmp_path):
    broken = made.SCHWAB_LOTS_OF_ONE.replace('"700.5"', '"many"').replace("05/05/2025", "05/45/2025")
    with pytest.raises(InputErrors) as found:
        understand(put(tmp_path, a=broken, b="Account,Symbol,Quantity\nIRA,VTI,1 or 2\n"))
    assert [(p.sheet, p.cell) for p in found.value.problems] == [("a", "line 4"), ("a", "line 5"), ("b", "line 2")]


def test_lots_that_do_not_make_their_position_are_named_with_both_quantities(tmp_path):
    other = made.SCHWAB_POSITIONS.replace('"1,200.5"', '"1,210.5"')
    with pytest.raises(InputErrors) as found:
        understand(put(tmp_path, lots=made.SCHWAB_LOTS_OF_ONE, positions=other))
    (problem,) = found.value.problems
    assert problem.code == "lots-differ"
    assert re.search(r"lots of 1200\.5 in lots, positions has 1210\.5", problem.message)


def test_a_position_in_two_files_counts_once_or_not_at_all(tmp_path):
    with pytest.raises(InputErrors) as found:
        understand(put(tmp_path, one=made.FIDELITY_LOTS, two=made.FIDELITY_LOTS))
    assert [problem.code for problem in found.value.problems] == ["position-twice"]
