"""The Riveras' files from three custodians into their workbook, and whatever else is handed over with them."""

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import openpyxl.worksheet.table
import pytest

import rebal_xl
from rebal_xl.files.imports import household_of_files, import_into, understand
from rebal_xl.files.mappings import FOLDER_VARIABLE, keep_mapping, read_mapping
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.statements import read_files
from rebal_xl.household import Household, InputErrors, LotSource
from rebal_xl.intake.custodians.mapping import Mapping, propose
from rebal_xl.sample import sample_household
from rebal_xl.sample.custodians import SCHWAB_TITLES, VANGUARD_NUMBERS, write_custodian_files
from rebal_xl.sample.prices import AS_OF
from rebal_xl.sample.workbook import write_sample_workbook
from tests.intake.custodians import files as made
from tests.intake.custodians.files import put

HOUSEHOLD = sample_household()


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_custodian_files(tmp_path_factory.mktemp("downloads"))[0].parent


def column(sheet, table: str, name: str) -> tuple[int, range]:
    """Number of a table's column on a sheet, and the rows below its header."""
    first, _, last = sheet.tables[table].ref.partition(":")
    header = sheet[first].row
    number = next(cell.column for cell in sheet[header] if cell.value == name)
    return number, range(header + 1, sheet[last].row + 1)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The sample's workbook with the numbers that Vanguard's files give, and a sheet of the advisor's own."""
    path = write_sample_workbook(tmp_path / "Rivera.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Household"]
    name, rows = column(sheet, "Accounts", "Account")
    number, _ = column(sheet, "Accounts", "Custodian Number")
    for row in rows:
        sheet.cell(row, number).value = VANGUARD_NUMBERS.get(sheet.cell(row, name).value)
    book.create_sheet("My notes")["B2"] = "call Alex"
    book.save(path)
    return path


@pytest.fixture
def empty(workbook: Path) -> Path:
    """The same without holdings, cash, recent trades and with prices of long ago."""
    book = openpyxl.load_workbook(workbook)
    for name, table in (("Holdings", "Holdings"), ("Recent Trades", "RecentTrades")):
        sheet = book[name]
        first, _, last = sheet.tables[table].ref.partition(":")
        for row in sheet.iter_rows(sheet[first].row + 1, sheet[last].row):
            for cell in row:
                cell.value = None
    for name, table, header in (("Household", "Accounts", "Cash"), ("Securities", "Securities", "Price")):
        number, rows = column(book[name], table, header)
        for row in rows:
            if book[name].cell(row, number).value is not None:
                book[name].cell(row, number).value = 1.0
    book.save(workbook)
    return workbook


def as_the_files_tell(household: Household) -> Household:
    """The household without what no file of the three custodians says; everything else must come back equal."""
    held = {lot.symbol for lot in household.lots}
    return replace(
        household,
        lots=tuple(
            replace(
                lot,
                # the advisor's own: his names of lots, ranges to hold, and how shares came to be
                lot_id="", source=LotSource.BUY, do_not_sell=False, min_hold=None, max_hold=None,
                # Schwab alone tells whether dividends are reinvested
                reinvest=lot.reinvest and household.account(lot.account).custodian == "Schwab",
                # a word beside our own arithmetic, and checked against it
                custodian_term=None,
                # the door locks shares of a taxable account whose history nobody knows
                locked=lot.locked or (lot.basis_usd is None and household.account(lot.account).taxable),
                # a workplace plan and Vanguard's holdings are totals, without what they cost
                basis_usd=None if lot.account in ("Jordan 403(b)", "Alex 401(k)") else lot.basis_usd,
            )
            for lot in household.lots
        ),
        # the numbers that Vanguard's files give were written into the workbook, not read from them
        accounts=tuple(replace(account, number="") for account in household.accounts),
        # a price is of the day of the files, and of what nobody holds there is none
        securities=tuple(
            replace(one, price_as_of=None, price_usd=one.price_usd if one.symbol in held else 1.0)
            for one in household.securities
        ),
        # Vanguard's download alone has transactions, and no gains
        recent_trades=tuple(
            replace(trade, gain_usd=None) for trade in household.recent_trades if trade.account in VANGUARD_NUMBERS
        ),
        notices=(),
    )  # fmt: skip


def test_six_files_of_three_custodians_are_the_household_again(empty, downloads):
    """From a workbook that holds no lot, no cash, no trade and a price of $1 for everything."""
    imported = rebal_xl.import_files([downloads], empty)
    read, _ = rebal_xl.read_workbook(imported.saved.path)
    assert as_the_files_tell(read) == as_the_files_tell(HOUSEHOLD)
    # what the comparison leaves out is no more than it says
    assert len(read.recent_trades) == len(as_the_files_tell(HOUSEHOLD).recent_trades) > 0
    assert {one.price_as_of for one in read.securities if one.symbol in {lot.symbol for lot in read.lots}} == {AS_OF}
    # the custodians' words agree with our arithmetic, every one
    assert not [notice for notice in read.notices if notice.code == "term-differs"]
    assert sum(lot.custodian_term is not None for lot in read.lots) > 100


def test_the_files_of_one_custodian_leave_the_accounts_of_the_others(workbook, downloads):
    """Schwab's two files bring nothing new into the workbook that they were written from."""
    schwab = [path for path in downloads.iterdir() if path.name.startswith("Schwab")]
    read, _ = rebal_xl.read_workbook(rebal_xl.import_files(schwab, workbook).saved.path)
    assert as_the_files_tell(read) == as_the_files_tell(HOUSEHOLD)


def test_the_trades_of_the_last_weeks_come_along(empty, downloads):
    imported = rebal_xl.import_files([downloads / "Vanguard-Download.csv"], empty)
    assert len(imported.found.trades) == sum(trade.account in VANGUARD_NUMBERS for trade in HOUSEHOLD.recent_trades)
    again = import_into(imported.saved.path, [downloads / "Vanguard-Download.csv"])
    assert again.found.trades == ()


def test_what_is_there_already_changes_no_lot(workbook, downloads):
    imported = import_into(workbook, [downloads])
    merge = imported.found.holdings
    assert (merge.new, merge.gone, merge.lost, merge.cash) == ([], [], [], [])
    ours = {"Term", "Cost/Share", "Price", "Reinvest", "Market Value"}
    others = [(now.text("Symbol"), name) for _, now, columns in merge.changed for name in columns if name not in ours]
    # Schwab writes Incomplete where the workbook left the basis of this lot empty
    assert others == [("VB", "Cost Basis")]


def test_the_advisors_columns_sheets_and_other_parts_stay(workbook, downloads, tmp_path):
    imported = import_into(workbook, [downloads], tmp_path / "out.xlsx")
    before, _ = rebal_xl.read_workbook(workbook)
    after, _ = rebal_xl.read_workbook(imported.saved.path)
    for name in ("source", "locked", "do_not_sell", "min_hold", "max_hold"):
        assert [getattr(lot, name) for lot in after.lots] == [getattr(lot, name) for lot in before.lots], name
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(tmp_path / "out.xlsx") as new:
        assert old.namelist() == new.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert all(name.startswith(("xl/worksheets/sheet", "xl/workbook.xml", "xl/tables/")) for name in changed)
    assert openpyxl.load_workbook(tmp_path / "out.xlsx")["My notes"]["B2"].value == "call Alex"


def changed_file(downloads: Path, folder: Path, start: str, *edits: tuple[str, str]) -> Path:
    source = next(path for path in downloads.iterdir() if path.name.startswith(start))
    text = source.read_text(encoding="utf-8-sig")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    folder.mkdir(exist_ok=True)
    (folder / source.name).write_text(text, encoding="utf-8")
    return folder / source.name


def with_notes(workbook: Path) -> tuple[Path, int]:
    """The workbook with a column of the advisor's own and one of his formulas beside Holdings; the notes' column."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["Holdings"]
    table = sheet.tables["Holdings"]
    first, _, last = table.ref.partition(":")
    top, bottom, right = sheet[first].row, sheet[last].row, sheet[last].column
    account, symbol = column(sheet, "Holdings", "Account")[0], column(sheet, "Holdings", "Symbol")[0]
    note, value = right + 1, right + 2
    table.ref = f"{first}:{sheet.cell(bottom, value).coordinate}"
    for name, number in (("My Note", note), ("My Value", value)):
        sheet.cell(top, number).value = name
        added = openpyxl.worksheet.table.TableColumn(id=number + 100, name=name)
        table.tableColumns.append(added)
    if table.autoFilter is not None:
        table.autoFilter.ref = table.ref
    for row in range(top + 1, bottom + 1):
        if sheet.cell(row, account).value == "Alex HSA":
            sheet.cell(row, note).value = f"about {sheet.cell(row, symbol).value} in row {row}"
            sheet.cell(row, value).value = f"=2*{row}"
    book.save(workbook)
    return workbook, note


def test_a_note_stays_beside_its_lot_and_goes_to_no_other(workbook, tmp_path):
    """The first lot of the HSA is sold and another bought: its row keeps the note and takes no other lot."""
    noted, note = with_notes(workbook)
    lots = [lot for lot in HOUSEHOLD.lots if lot.account == "Alex HSA"]
    path = tmp_path / "lots.csv"
    lines = ["Account,Symbol,Quantity,Acquired,Cost Basis"]
    lines += [f"{x.account},{x.symbol},{x.quantity},{x.acquired or ''},{x.basis_usd or ''}" for x in lots[1:]]
    path.write_text("\n".join([*lines, "Alex HSA,VTI,7,11/18/2026,2100"]) + "\n")
    before = openpyxl.load_workbook(noted)["Holdings"]
    after = openpyxl.load_workbook(import_into(noted, [path]).saved.path)["Holdings"]
    symbol, rows = column(before, "Holdings", "Symbol")
    quantity, _ = column(before, "Holdings", "Quantity")
    told = {row: before.cell(row, note).value for row in rows if before.cell(row, note).value}
    assert len(told) == len(lots)
    for row, text in told.items():
        assert after.cell(row, note).value == text
        assert after.cell(row, note + 1).value == f"=2*{row}"
        assert after.cell(row, symbol).value in (None, before.cell(row, symbol).value)
    assert sum(after.cell(row, symbol).value is None for row in told) == 1
    bought = [row for row in range(1, after.max_row + 1) if after.cell(row, quantity).value == 7]
    assert len(bought) == 1
    assert after.cell(bought[0], note).value is None


def test_a_day_later_prices_quantities_lots_and_cash_are_those_of_the_files(workbook, downloads, tmp_path):
    """Fidelity a day later: a lot of the HSA is smaller, its price and the cash are others."""
    lot = next(lot for lot in HOUSEHOLD.lots if lot.account == "Alex HSA")
    cash = HOUSEHOLD.account("Alex HSA").cash_usd
    path = tmp_path / "later.csv"
    header = "Account,Symbol,Quantity,Price,Acquired,Cost Basis\n"
    others = [one for one in HOUSEHOLD.lots if one.account == "Alex HSA" and one != lot]
    same = "".join(f"Alex HSA,{x.symbol},{x.quantity},,{x.acquired or ''},{x.basis_usd or ''}\n" for x in others)
    path.write_text(
        f"{header}Alex HSA,{lot.symbol},{lot.quantity - 1},123.45,{lot.acquired},{lot.basis_usd}\n{same}"
        f"Alex HSA,CASH,{cash + 123.4},,,\n"
    )
    imported = import_into(workbook, [path])
    merge = imported.found.holdings
    assert [(one.account, one.in_files, one.in_accounts) for one in merge.cash] == [
        ("Alex HSA", pytest.approx(cash + 123.4), pytest.approx(cash))
    ]
    assert (lot.symbol, 123.45) in [(move.symbol, move.now) for move in imported.found.prices]
    assert [(old.number_in("Quantity"), now.number_in("Quantity")) for old, now, columns in merge.changed
            if "Quantity" in columns] == [(lot.quantity, lot.quantity - 1)]  # fmt: skip
    after, _ = rebal_xl.read_workbook(imported.saved.path)
    assert after.account("Alex HSA").cash_usd == pytest.approx(cash + 123.4)
    assert after.security(lot.symbol).price_usd == 123.45
    before, _ = rebal_xl.read_workbook(workbook)
    others = [[one for one in read.lots if one.account != "Alex HSA"] for read in (before, after)]
    assert others[0] == others[1]


def test_trades_without_a_table_for_them_are_told_and_lost(workbook, downloads):
    book = openpyxl.load_workbook(workbook)
    del book["Recent Trades"]
    book.save(workbook)
    found = import_into(workbook, [downloads / "Vanguard-Download.csv"], write=False).found
    assert found.trades_lost
    assert found.trades


def test_a_lot_that_is_gone_and_a_new_one_are_told(workbook, tmp_path):
    path = tmp_path / "lots.csv"
    lots = [lot for lot in HOUSEHOLD.lots if lot.account == "Alex HSA"]
    kept = lots[1:]
    lines = ["Account,Symbol,Quantity,Acquired,Cost Basis"]
    lines += [f"{x.account},{x.symbol},{x.quantity},{x.acquired or ''},{x.basis_usd or ''}" for x in kept]
    path.write_text("\n".join([*lines, "Alex HSA,VTI,7,11/18/2026,2100"]) + "\n")
    merge = import_into(workbook, [path], write=False).found.holdings
    assert [(row.text("Symbol"), row.number_in("Quantity")) for row in merge.new] == [("VTI", 7.0)]
    assert [(row.text("Symbol"), row.number_in("Quantity")) for row in merge.gone] == [
        (lots[0].symbol, lots[0].quantity)
    ]


def test_an_account_known_by_number_alone_is_asked_for(workbook, downloads, tmp_path):
    path = changed_file(downloads, tmp_path / "other", "Vanguard-Download", ("10000418", "55500777"))
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if text.startswith("55500777"))
    with pytest.raises(InputErrors) as found:
        import_into(workbook, [path])
    (problem,) = found.value.problems
    assert problem.cell == f"line {line}"
    assert problem.advice == "Write 55500777 under Custodian Number in the row of this account in Accounts."


def test_a_mask_is_found_by_the_digits_written_in_accounts(workbook, tmp_path):
    book = openpyxl.load_workbook(workbook)
    sheet = book["Household"]
    name, rows = column(sheet, "Accounts", "Account")
    number, _ = column(sheet, "Accounts", "Custodian Number")
    joint = next(row for row in rows if sheet.cell(row, name).value == "Joint Brokerage")
    text = made.SCHWAB_LOTS_OF_ONE.replace("SCHB", "VTI")
    (tmp_path / "lots.csv").write_text(text)
    with pytest.raises(InputErrors, match="Write 5123 under Custodian Number"):
        import_into(workbook, [tmp_path / "lots.csv"])
    sheet.cell(joint, number).value = "5123"
    book.save(workbook)
    found = import_into(workbook, [tmp_path / "lots.csv"], write=False).found
    assert list(found.holdings.rows) == ["Joint Brokerage"]


def test_nothing_to_change_writes_nothing(workbook, downloads):
    first = import_into(workbook, [downloads])
    again = import_into(first.saved.path, [downloads])
    assert (again.saved, again.found.edits) == (None, ())


# --- folders and ZIP files


def test_a_zip_file_is_what_it_holds(downloads, tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in downloads.iterdir():
            archive.write(path, f"from May/{path.name}")
        archive.writestr("__MACOSX/._x.csv", "junk")
        archive.writestr("letter.pdf", b"%PDF-1.7 ...")
        archive.writestr("letter.txt", "Dear Alex,\nplease find our files.\n")
    found, plain = understand([tmp_path / "all.zip"]), understand([downloads])
    assert len(found.statement.holdings) == len(plain.statement.holdings)
    assert [one.name for one in found.left_out] == ["letter.pdf", "letter.txt"]


def test_bombs_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 60 * 1024 * 1024)
    inner = (tmp_path / "bomb.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "nested.zip", "w") as archive:
        archive.writestr("inner.zip", inner)
    with pytest.raises(FileRefused, match="zip bomb"):
        read_files([tmp_path / "bomb.zip"])
    assert [one.why for one in read_files([tmp_path / "nested.zip"]).left_out] != []
    (tmp_path / "wide.csv").write_text("Account,Symbol,Quantity" + "," * 1_000_000 + "\n")
    with pytest.raises(FileRefused, match="line of more than"):
        read_files([tmp_path / "wide.csv"])


# --- mappings


def test_a_portals_columns_are_named_once_and_known_again(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "mappings"))
    (tmp_path / "export.csv").write_text(made.PORTAL)
    with pytest.raises(InputErrors):
        household_of_files([tmp_path / "export.csv"])
    (grid,) = read_files([tmp_path / "export.csv"]).files[0].book.grids
    proposed = propose("portal", grid)
    assert list(proposed.columns) == [
        "Registration", "Instrument", "Position Size", "Unit Px", "Book", "Opened On", "Advisor Note",
    ]  # fmt: skip
    meant = ["Account", "Symbol", "Quantity", "Price", "Cost Basis", "Acquired", ""]
    keep_mapping(replace(proposed, columns=dict(zip(proposed.columns, meant, strict=True))))
    household, _ = household_of_files([tmp_path / "export.csv"], date(2026, 5, 4))
    assert [(lot.account, lot.symbol, lot.quantity, lot.basis_usd) for lot in household.lots] == [
        ("Park Trust", "BND", 20.0, 1500.0),
        ("Park Trust", "VTI", 10.0, 2000.0),
    ]
    # a later export of the same portal, with another column and the columns in another order
    (tmp_path / "later.csv").write_text(
        "Book,Instrument,New,Registration,Position Size,Unit Px,Opened On\n10,VTI,x,Park Trust,1,300,\n"
    )
    found = understand([tmp_path / "later.csv"])
    assert found.statement.files[0].layouts == ("portal",)


def test_one_mapping_serves_a_folder(tmp_path, monkeypatch):
    """Five portals' exports of five clients, one of them with a preamble, in one mapping."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "mappings"))
    columns = {"Registration": "Account", "Instrument": "Symbol", "Position Size": "Quantity", "Book": "Cost Basis"}
    keep_mapping(Mapping("orion-lots", columns, {}))
    folder = tmp_path / "exports"
    put(folder, **{f"client{number}": made.PORTAL.replace("Park", f"Client {number}") for number in range(5)})
    statement = understand([folder]).statement
    assert {file.layouts for file in statement.files} == {("orion-lots",)}
    assert sorted({row.text("Account") for row in statement.holdings}) == [f"Client {n} Trust" for n in range(5)]


def test_everything_wrong_in_a_mapping_is_told_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    (tmp_path / "bad.json").write_text('{"columns": {"A": "Symbl", "B": "Quantity", "C": "Quantity"}}')
    with pytest.raises(InputErrors) as found:
        read_mapping("bad")
    told = "\n".join(map(str, found.value.problems))
    assert "Did you mean Symbol?" in told
    assert "Two headers are Quantity." in told
    assert "Nothing gives Account." in told
    (tmp_path / "none.json").write_text("[1, 2")
    with pytest.raises(FileRefused, match="is no mapping"):
        read_mapping("none")
    with pytest.raises(FileRefused, match="no name for a mapping"):
        keep_mapping(Mapping("../x", {"A": "Symbol"}, {}))


def test_a_mapping_gives_the_account_that_an_export_leaves_out(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "mappings"))
    keep_mapping(Mapping("plan", {"Fund": "Symbol", "Units held": "Quantity"}, {"Account": "Alex 401(k)"}))
    (tmp_path / "a.csv").write_text("Fund,Units held\nFXAIX,816.456\n")
    (row,) = understand([tmp_path / "a.csv"]).statement.holdings
    assert (row.text("Account"), row.text("Symbol"), row.number_in("Quantity")) == ("Alex 401(k)", "FXAIX", 816.456)


# --- frames


class Frame:
    """What pandas and polars have in common, as much as is asked of them."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows

    def itertuples(self, index, name):
        return iter(self.rows)


def test_frames_are_read_as_the_tables_they_are_called():
    nan = float("nan")
    household, policy = rebal_xl.read_frames(
        {
            "Holdings": Frame(
                ["Account", "Symbol", "Quantity", "Price", "Acquired", "Cost Basis"],
                [("IRA", "VTI", 10, 300.0, date(2020, 3, 2), 2000.0), ("IRA", "CASH", 50.5, nan, None, nan)],
            ),
            "Targets": Frame(["Asset Class", "Target %"], [("US Stocks", 1.0)]),
        },
        date(2026, 5, 4),
    )
    assert [(lot.symbol, lot.quantity, lot.acquired) for lot in household.lots] == [("VTI", 10.0, date(2020, 3, 2))]
    assert household.account("IRA").cash_usd == 50.5
    assert [target.asset_class for target in policy.targets] == ["US Stocks"]
    with pytest.raises(InputErrors, match="Holdings!line 2: Quantity"):
        rebal_xl.read_frames({"Holdings": Frame(["Account", "Symbol", "Quantity"], [("IRA", "VTI", "ten")])})


def test_files_together_are_a_household_without_a_workbook(downloads, tmp_path):
    (tmp_path / "Accounts.csv").write_text(
        "Account,Tax Treatment,Custodian,Custodian Number\n"
        + "".join(
            f"{account.name},{account.treatment.value},{account.custodian},{VANGUARD_NUMBERS.get(account.name, '')}\n"
            for account in HOUSEHOLD.accounts
        )
    )
    (tmp_path / "Securities.csv").write_text(
        "Symbol,Asset Class,Price,Price Divisor\n"
        + "".join(
            f"{one.symbol},{one.class_mix[0][0]},{one.price_usd},{one.price_divisor}\n" for one in HOUSEHOLD.securities
        )
    )
    tables = [tmp_path / "Accounts.csv", tmp_path / "Securities.csv"]
    household, _ = rebal_xl.read_csvs([downloads, *tables], date(2026, 11, 20))
    held = [
        sorted((lot.account, lot.symbol, str(lot.acquired), lot.quantity) for lot in one.lots)
        for one in (household, HOUSEHOLD)
    ]
    assert held[0] == held[1]
    assert not {account.name for account in household.accounts} & set(SCHWAB_TITLES.values())
