"""The files of three custodians into one Holdings table: every share once, whichever of them are chosen together."""

from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest
import xlwings
from openpyxl.worksheet.table import Table

from rebal_xl.excel.jobs import Jobs
from rebal_xl.household import Household
from rebal_xl.sample import accounts as at
from rebal_xl.sample.custodians import FIDELITY_NUMBERS, SCHWAB_TITLES, VANGUARD_NUMBERS, write_custodian_files
from rebal_xl.sample.household import sample_household
from tests.excel.jobs.ribbon import double, grid

# What the files call an account: Schwab by its title, Vanguard by its number, Fidelity by its name.
CALLED = {**SCHWAB_TITLES, **VANGUARD_NUMBERS, **{name: name for name in FIDELITY_NUMBERS}}
HEADER = ["Account", "Symbol", "Quantity", "Acquired", "Cost Basis", "Locked"]
Held = dict[tuple[str, str], float]


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return write_custodian_files(tmp_path_factory.mktemp("downloads"))


def named(downloads: Iterable[Path], *starts: str) -> str:
    """What the file dialog gives for the files that start so."""
    return "\n".join(str(path) for path in downloads if path.name.startswith(starts))


@pytest.fixture
def empty_household(tmp_path: Path, open_workbook: Callable[[Path], xlwings.Book]) -> Callable[..., xlwings.Book]:
    """The sample's accounts as the custodians call them, with their cash or without, and no holdings yet."""

    def opened(*rows: list[object], cash: bool = True) -> xlwings.Book:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "Holdings"
        for row in (HEADER, *(rows or [["Alex HSA", "FXAIX", 1.0]])):
            sheet.append(row)
        sheet.add_table(Table(displayName="Holdings", ref=f"A1:F{max(2, 1 + len(rows))}"))
        accounts = book.create_sheet("Accounts")
        accounts.append(["Account", "Tax Treatment", "Cash"])
        for account in sample_household().accounts:
            accounts.append([CALLED[account.name], account.treatment.value, account.cash_usd if cash else None])
        accounts.add_table(Table(displayName="Accounts", ref=f"A1:C{1 + len(CALLED)}"))
        book.save(tmp_path / "household.xlsx")
        return open_workbook(tmp_path / "household.xlsx")

    return opened


def held_in(book: xlwings.Book, first_row: int = 2) -> Held:
    """Shares by account and symbol."""
    sheet = grid(book, "Holdings")
    found: Held = {}
    for row in range(first_row, sheet.tables[0].last_row + 1):
        account, symbol, quantity = (sheet.cells.get((row, column)) for column in (1, 2, 3))
        if account and symbol and quantity:
            assert isinstance(quantity.value, float)
            place = (str(account.value), str(symbol.value))
            found[place] = round(found.get(place, 0.0) + quantity.value, 4)
    return found


def shares(household: Household) -> Held:
    found: Held = {}
    for lot in household.lots:
        place = (CALLED[lot.account], lot.symbol)
        found[place] = round(found.get(place, 0.0) + lot.quantity, 4)
    return found


def imported(book: xlwings.Book, files: str) -> str:
    jobs = Jobs()
    question = jobs.start("import_holdings", book, files)
    assert question.startswith("ask|yesno|"), question
    return jobs.start("import_holdings", book, "yes")


SIX = ("Schwab", "Fidelity", "Vanguard")


def test_all_six_files_give_the_households_holdings_and_give_nothing_the_second_time(empty_household, downloads):
    book = empty_household()
    # Schwab 77 + 39 lots; Fidelity 30 + 5 lots and the 7 funds of the 401(k), which has none; Vanguard 18 + 8 lots
    # and the one fund of the old 403(b).
    assert imported(book, named(downloads, *SIX)).startswith("done|185 rows of 8 accounts written to Holdings")
    assert held_in(book) == shares(sample_household())
    assert len([row for row in held_rows(book) if row[3]]) == sum(
        lot.acquired is not None for lot in sample_household().lots
    )
    for starts in (SIX, ("Fidelity",), ("Fidelity-P",), ("Fidelity-L",), ("Schwab-A",), ("Vanguard-D",)):
        again = Jobs().start("import_holdings", book, named(downloads, *starts))
        assert again == "done|The files hold what the Holdings table holds already.", starts


def held_rows(book: xlwings.Book) -> list[list[object]]:
    sheet = grid(book, "Holdings")
    rows = range(2, sheet.tables[0].last_row + 1)
    return [[sheet.cells[r, c].value if (r, c) in sheet.cells else None for c in range(1, 7)] for r in rows]


def test_positions_alone_are_read_account_by_account(empty_household, downloads):
    book = empty_household()
    imported(book, named(downloads, "Schwab-A", "Fidelity-P", "Vanguard-D"))
    assert held_in(book) == shares(sample_household())


def test_cash_that_accounts_does_not_give_comes_with_the_positions(empty_household, downloads):
    book = empty_household(cash=False)
    imported(book, named(downloads, *SIX))
    cash = {"Cash & Cash Investments", "SPAXX**", "VMFXX**"}
    found = {account: amount for (account, symbol), amount in held_in(book).items() if symbol.upper() in upper(cash)}
    assert found == {
        CALLED[account.name]: account.cash_usd for account in sample_household().accounts if account.cash_usd
    }
    # A file of lots tells no cash, so what is there stays.
    assert Jobs().start("import_holdings", book, named(downloads, "Fidelity-L", "Schwab-L", "Vanguard-C")) == (
        "done|The files hold what the Holdings table holds already."
    )


def upper(words: Iterable[str]) -> set[str]:
    return {word.upper() for word in words}


def test_cash_that_differs_from_accounts_is_told_and_left_there(empty_household, downloads):
    book = empty_household()
    sheet = book.sheets["Accounts"]
    row = next(r for r in range(2, 10) if grid(book, "Accounts").cells[r, 1].value == at.ALEX_IRA)
    sheet.range((row, 3)).api.Value2 = 5.0
    question = Jobs().start("import_holdings", book, named(downloads, "Fidelity"))
    ours = sample_household().account(at.ALEX_IRA).cash_usd
    assert f"stays as it is in Accounts: Alex IRA ${ours:,.2f}, Accounts says $5.00." in question


def changed(path: Path, folder: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    folder.mkdir(exist_ok=True)
    (folder / path.name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder / path.name


def test_lots_that_do_not_make_the_position_are_refused_by_name(empty_household, downloads, tmp_path: Path):
    book = empty_household()
    before = held_in(book)
    positions = next(path for path in downloads if path.name.startswith("Fidelity-P"))
    other = changed(positions, tmp_path / "other", ",629,", ",630,")
    refused = Jobs().start("import_holdings", book, f"{other}\n{named(downloads, 'Fidelity-L')}")
    assert refused.startswith("failed|The lots do not add up to the positions. Download both files on the same day")
    assert refused.endswith(
        "\nVTI in Alex IRA: lots of 629 in Fidelity-Lots_Nov-20-2026, Fidelity-Portfolio_Positions_Nov-20-2026 has 630"
    )
    assert held_in(book) == before


def test_lots_of_what_the_account_no_longer_holds_are_refused(empty_household, downloads, tmp_path: Path):
    lots = next(path for path in downloads if path.name.startswith("Fidelity-L"))
    sold = changed(lots, tmp_path / "other", "Alex IRA,VTI,", "Alex IRA,SOLD,")
    refused = Jobs().start("import_holdings", empty_household(), f"{sold}\n{named(downloads, 'Fidelity-P')}")
    assert "SOLD in Alex IRA: lots of 108 in Fidelity-Lots_Nov-20-2026" in refused
    assert "has none" in refused
    assert "VTI in Alex IRA: lots of 521 in" in refused


@pytest.mark.parametrize("start", ["Fidelity-P", "Fidelity-L", "Schwab-A", "Schwab-L", "Vanguard-D", "Vanguard-C"])
def test_two_files_of_one_kind_for_one_position_are_refused(empty_household, downloads, tmp_path: Path, start: str):
    path = next(path for path in downloads if path.name.startswith(start))
    copy = tmp_path / f"{path.stem} (1).csv"
    copy.write_bytes(path.read_bytes())
    refused = Jobs().start("import_holdings", empty_household(), f"{path}\n{copy}")
    assert refused.startswith("failed|")
    assert f"{path.stem} and in {copy.stem}" in refused or f"{copy.stem} and in {path.stem}" in refused
    assert refused.endswith("together they would count twice. Choose one of the two files. Nothing was imported.")


def test_one_file_chosen_twice_is_one_file(empty_household, downloads):
    book = empty_household()
    path = named(downloads, "Fidelity-P")
    imported(book, f"{path}\n{path}")
    assert held_in(book)["Alex IRA", "VTI"] == 629.0


def test_schwabs_digits_behind_a_name_are_no_part_of_it(household: xlwings.Book, downloads):
    """The sample's own workbook says Joint Brokerage, Schwab's files Joint Brokerage ...418."""
    jobs = Jobs()
    before = held_in(household, first_row=5)
    question = jobs.start("import_holdings", household, named(downloads, "Schwab"))
    assert "\nJoint Brokerage: 77 rows now, 77 in the files\nLiving Trust: 39 rows now, 39 in the files" in question
    assert "Not in Accounts" not in question
    jobs.start("import_holdings", household, "yes")
    assert held_in(household, first_row=5) == before


def test_both_files_of_one_custodian_leave_the_samples_shares_as_they_are(household: xlwings.Book, downloads):
    """Each of Alex's 629 shares of VTI is in both."""
    before = held_in(household, first_row=5)
    assert before["Alex IRA", "VTI"] == 629.0
    imported(household, named(downloads, "Fidelity"))
    assert held_in(household, first_row=5) == before


def test_where_no_copy_can_be_kept_nothing_is_asked(empty_household, downloads):
    book = empty_household()
    double(book).structure_locked = True
    refused = Jobs().start("import_holdings", book, named(downloads, "Fidelity"))
    assert refused.startswith("failed|The structure of 'household.xlsx' is protected, so no sheet can be added.")


def test_digits_that_tell_two_accounts_apart_stay(empty_household, tmp_path: Path):
    path = tmp_path / "two.csv"
    path.write_text("Account,Symbol,Quantity\nAlex HSA ...418,VTI,1\nAlex HSA ...902,VTI,2\n")
    question = Jobs().start("import_holdings", empty_household(), str(path))
    assert "Not in Accounts yet: Alex HSA ...418." in question
    assert "Alex HSA ...902." in question


def test_a_file_without_holdings_among_others_is_named(empty_household, downloads, tmp_path: Path):
    (tmp_path / "letter.csv").write_text("Dear Ana,\nhow are you?\n")
    refused = Jobs().start(
        "import_holdings", empty_household(), f"{named(downloads, 'Fidelity')}\n{tmp_path / 'letter.csv'}"
    )
    assert refused.startswith("failed|'letter.csv' holds no holdings")


def test_positions_that_differ_take_the_place_of_the_lots(empty_household, downloads):
    """The advisor is shown the rows and asked; the date is gone, since nobody knows which shares were sold."""
    lots = [["Alex HSA", "FXAIX", 10.0, None, 900.0, "Yes"], ["Alex HSA", "FXAIX", 3.0, None, 200.0, None]]
    book = empty_household(*lots)
    question = Jobs().start("import_holdings", book, named(downloads, "Fidelity-P"))
    assert "\nLots and their dates go, since the files give the position alone: FXAIX in Alex HSA." in question
    imported(book, named(downloads, "Fidelity-P"))
    assert [row[2] for row in held_rows(book) if row[:2] == ["Alex HSA", "FXAIX"]] == [
        shares(sample_household())["Alex HSA", "FXAIX"]
    ]
