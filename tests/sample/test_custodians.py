"""Do the custodians' files add up to the household? Read here with the csv module alone, knowing each file's shape."""

import csv
import io
from collections import defaultdict

import pytest

from rebal_xl.household import Side
from rebal_xl.sample import sample_household
from rebal_xl.sample.custodians import FIDELITY_NUMBERS, SCHWAB_TITLES, VANGUARD_NUMBERS, write_custodian_files

HOUSEHOLD = sample_household()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """File name -> its bytes."""
    paths = write_custodian_files(tmp_path_factory.mktemp("downloads") / "new folder")
    return {path.name: path.read_bytes() for path in paths}


def rows_of(files, start):
    """Rows of the one file whose name begins so, byte order mark taken off."""
    (name,) = [name for name in files if name.startswith(start)]
    return list(csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def money(text):
    return float(text.replace("$", "").replace(",", "").replace("+", ""))


def household_positions(names):
    """(account, symbol) -> shares and market value of the accounts at one custodian."""
    shares, values = defaultdict(float), defaultdict(float)
    for lot in HOUSEHOLD.lots:
        if lot.account in names:
            shares[lot.account, lot.symbol] += lot.quantity
            values[lot.account, lot.symbol] += HOUSEHOLD.value_usd(lot)
    return shares, values


def household_lots(names):
    """(account, symbol, shares, basis) of every lot with a known date, sorted."""
    return sorted(
        (lot.account, lot.symbol, lot.quantity, lot.basis_usd)
        for lot in HOUSEHOLD.lots
        if lot.account in names and lot.acquired
    )


def tie(found, names):
    """Positions read from a file against the household: shares exactly, dollars to a cent."""
    shares, values = household_positions(names)
    assert {key: quantity for key, (quantity, _) in found.items()} == pytest.approx(shares, abs=1e-6)
    assert {key: value for key, (_, value) in found.items()} == pytest.approx(values, abs=0.0051)


def named(numbers):
    return {number: name for name, number in numbers.items()}


def test_every_account_is_at_exactly_one_custodian():
    listed = [*SCHWAB_TITLES, *FIDELITY_NUMBERS, *VANGUARD_NUMBERS]
    assert sorted(listed) == [account.name for account in HOUSEHOLD.accounts]


def test_files_are_the_same_every_time_and_end_their_lines_as_windows_does(files, tmp_path):
    again = {path.name: path.read_bytes() for path in write_custodian_files(tmp_path)}
    assert again == files
    for raw in files.values():
        assert raw.endswith(b"\r\n")
        assert raw.count(b"\n") == raw.count(b"\r\n")


def test_only_fidelity_begins_with_a_byte_order_mark(files):
    for name, raw in files.items():
        assert raw.startswith(b"\xef\xbb\xbf") == name.startswith("Fidelity")


# --- Schwab


def test_schwab_positions_tie_account_by_account(files):
    title_of = named(SCHWAB_TITLES)
    found, cash, totals, account = {}, {}, {}, ""
    for row in rows_of(files, "Schwab-All"):
        if row[0].startswith("Positions for account "):
            account = title_of[row[0].removeprefix("Positions for account ").split(" as of ")[0]]
        elif row[0] == "Cash & Cash Investments":
            cash[account] = money(row[6])
        elif row[0] == "Account Total":
            totals[account] = money(row[6])
        elif len(row) > 1 and row[0] != "Symbol":
            found[account, row[0]] = (money(row[2]), money(row[6]))
    tie(found, SCHWAB_TITLES)
    assert cash == {name: HOUSEHOLD.account(name).cash_usd for name in SCHWAB_TITLES}
    for name, total in totals.items():
        assert total == pytest.approx(HOUSEHOLD.account_value_usd(name), abs=0.05)


def test_schwab_quotes_everything_and_ends_each_table_line_in_a_comma(files):
    (raw,) = [raw for name, raw in files.items() if name.startswith("Schwab-All")]
    lines = raw.decode().splitlines()
    assert all(line.startswith('"') for line in lines)
    assert sum(line.startswith('"Positions for account') for line in lines) == 2
    tables = [line for line in lines if line.startswith(('"Symbol"', '"AAPL"', '"Cash &', '"Account Total"'))]
    assert len(tables) == 7
    assert all(line.endswith('",') for line in tables)
    assert {row[-1] for row in csv.reader(tables)} == {""}
    assert '"59,000","$100.92"' in raw.decode()  # a bond by face, priced per 100


def test_schwab_lots_tie_and_say_when_history_is_missing(files):
    header, *rows = rows_of(files, "Schwab-Lot")
    assert header[:3] == ["Account Name", "Symbol", "Open Date"]
    title_of = named(SCHWAB_TITLES)
    known = [row for row in rows if row[7] != "Incomplete"]
    read = sorted((title_of[row[0]], row[1], money(row[3]), money(row[7])) for row in known)
    assert read == household_lots(SCHWAB_TITLES)
    assert all(row[2].endswith(" 00:00:00") for row in known)
    (unknown,) = [row for row in rows if row[7] == "Incomplete"]
    assert (unknown[0], unknown[1], unknown[2]) == ("Living Trust ...902", "VB", "--")


def test_schwab_calls_inherited_shares_long_and_the_purchase_of_last_november_short(files):
    rows = rows_of(files, "Schwab-Lot")
    term = {(row[1], row[2][:10]): row[10] for row in rows}
    assert term["JNJ", "05/09/2023"] == "Long Term"
    # bought 24 November 2025, seen on 20 November 2026: four days short of the year
    assert term["VTI", "11/24/2025"] == "Short Term"


# --- Fidelity


def test_fidelity_positions_tie_account_by_account(files):
    header, *rows = rows_of(files, "Fidelity-Port")
    data = [row for row in rows if len(row) > 4]
    names = named(FIDELITY_NUMBERS)
    assert {row[0]: row[1] for row in data} == names
    cash = {row[1]: money(row[7]) for row in data if row[2] == "SPAXX**"}
    pending = [row for row in data if row[2] == "Pending activity"]
    found = {(row[1], row[2]): (money(row[4]), money(row[7])) for row in data if row[4]}
    tie(found, FIDELITY_NUMBERS)
    # the 401(k) holds no cash
    assert cash == {name: HOUSEHOLD.account(name).cash_usd for name in ("Alex IRA", "Alex HSA")}
    assert len(pending) == 1
    # a full row has one empty cell more than the header, the pending row fewer cells
    assert {len(row) for row in data if row not in pending} == {len(header) + 1}
    assert len(pending[0]) < len(header)


def test_fidelity_keeps_the_leading_zeros_and_closes_with_legal_text(files):
    rows = rows_of(files, "Fidelity-Port")
    assert rows[1][0] == "00321"
    assert rows[-1] == ["Date downloaded Nov-20-2026 4:31 p.m ET"]
    assert len([row for row in rows if len(row) == 1]) == 3


def test_fidelity_cost_of_the_401k_is_a_total_without_dates(files):
    header, *rows = rows_of(files, "Fidelity-Port")
    cost = {row[2]: money(row[header.index("Cost Basis Total")]) for row in rows if row and row[0] == "00321"}
    assert cost == {lot.symbol: lot.basis_usd for lot in HOUSEHOLD.lots if lot.account == "Alex 401(k)"}
    assert "Alex 401(k)" not in {row[0] for row in rows_of(files, "Fidelity-Lots")}


def test_fidelity_lots_tie(files):
    header, *rows = rows_of(files, "Fidelity-Lots")
    assert header[3:5] == ["Acquired", "Term"]
    read = sorted((row[0], row[1], money(row[8]), money(row[10])) for row in rows)
    assert read == household_lots({"Alex IRA", "Alex HSA"})
    dates = {row[3] for row in rows if row[1] == "IEMG"}
    assert dates == {"Aug-09-2017", "Oct-26-2022", "Nov-06-2026"}
    assert {row[4] for row in rows} == {"Long", "Short"}


# --- Vanguard


def vanguard_tables(files):
    """The holdings and the transactions of the one download."""
    rows = rows_of(files, "Vanguard-Download")
    split = next(place for place, row in enumerate(rows) if row[1:2] == ["Trade Date"])
    return [row for row in rows[1:split] if row], [row for row in rows[split + 1 :] if row]


def test_vanguard_holdings_tie_and_cash_is_the_settlement_fund(files):
    holdings, _ = vanguard_tables(files)
    names = named(VANGUARD_NUMBERS)
    assert {row[-1] for row in holdings} == {""}
    tie({(names[r[0]], r[2]): (float(r[3]), float(r[5])) for r in holdings if r[2] != "VMFXX"}, VANGUARD_NUMBERS)
    cash = {names[row[0]]: float(row[5]) for row in holdings if row[2] == "VMFXX"}
    assert cash == {name: HOUSEHOLD.account(name).cash_usd for name in ("Jordan IRA", "Jordan Roth IRA")}


def test_vanguard_transactions_are_the_recent_trades(files):
    _, transactions = vanguard_tables(files)
    names = named(VANGUARD_NUMBERS)
    bought = [row for row in transactions if row[3] in ("Buy", "Reinvestment")]
    read = {(names[row[0]], row[6], row[1], float(row[7])) for row in bought}
    recent = [t for t in HOUSEHOLD.recent_trades if t.account in VANGUARD_NUMBERS and t.side is Side.BUY]
    assert read == {(t.account, t.symbol, f"{t.traded:%m/%d/%Y}", t.quantity) for t in recent}
    # shares times price is what was paid, out of the account
    for row in bought:
        assert float(row[9]) == pytest.approx(-float(row[7]) * float(row[8]), abs=0.0051)
    # Monday's purchase settles on Tuesday
    assert ["11/09/2026", "11/10/2026"] in [row[1:3] for row in transactions]


def test_vanguard_lots_tie_under_their_preamble(files):
    preamble, header, *rows = rows_of(files, "Vanguard-Cost")
    assert len(preamble) == 1
    assert header[8] == "Market value as of 11/20/2026 04:17 PM, ET"
    names = named(VANGUARD_NUMBERS)
    read = sorted((names[row[0]], row[1], money(row[5]), money(row[7])) for row in rows)
    assert read == household_lots(VANGUARD_NUMBERS)
    for row in rows:
        short, long = row[9], row[10]
        assert "--" in (short, long)
        assert money(short if long == "--" else long) == money(row[11])
