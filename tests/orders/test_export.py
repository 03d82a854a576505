"""The Riveras' plan leaves as files; a reader that knows nothing of the writer ties them to the plan, to the cent."""

import csv
import io
import zipfile
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest

import rebal_xl
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Side
from rebal_xl.orders.export import make_export, save_export
from rebal_xl.orders.ready import get_ready
from tests.cli.riveras import call, call_json, riveras
from tests.sheets.reading import table_values

DAY = date(2026, 11, 20)
NOON = datetime.combine(DAY, time(12))


@cache
def _planned(folder: Path) -> bytes:
    file = riveras(folder / "riveras.xlsx")
    assert call("rebalance", file, "--in-place").exit_code == 0
    return file.read_bytes()


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return _planned(tmp_path_factory.mktemp("planned"))


@pytest.fixture
def file(planned: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "riveras.xlsx"
    path.write_bytes(planned)
    return path


def read_back(content: bytes, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


def cents(usd: float) -> Decimal:
    return Decimal(repr(usd)).quantize(Decimal("0.01"))


def test_the_lot_file_ties_to_the_plan_to_the_cent(file: Path) -> None:
    plan = rebal_xl.rebalance(*rebal_xl.read_workbook(file))
    header, *rows = read_back(make_export([get_ready(file)], "lots", DAY).content)
    lines = [dict(zip(header, row, strict=True)) for row in rows]
    quantity: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    usd: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        key = line["Account"], line["Side"], line["Symbol"]
        quantity[key] += Decimal(line["Quantity"])
        usd[key] += Decimal(line["Amount (estimate)"])
    ordered = {(trade.account, trade.side.value, trade.symbol): trade for trade in plan.trades}
    assert set(quantity) == set(ordered)
    for key, trade in ordered.items():
        assert quantity[key] == Decimal(f"{trade.quantity:.6f}")
        # no security of theirs has a redemption fee
        assert usd[key] == cents(trade.amount_usd)
    lots = {(sale.account, sale.symbol, sale.lot_id) for sale in plan.lot_sales}
    assert {(one["Account"], one["Symbol"], one["Lot"]) for one in lines if one["Lot"]} == lots


def test_the_fidelity_file_has_eight_columns_and_no_other_custodian(file: Path) -> None:
    ready = get_ready(file)
    made = make_export([ready], "fidelity", DAY)
    assert not made.errors
    theirs = {one.name: one for one in ready.household.accounts if one.custodian == "Fidelity"}
    wanted = {
        (theirs[trade.account].number, "B" if trade.side is Side.BUY else "S", trade.symbol, trade.quantity)
        for trade in ready.plan.trades
        if trade.account in theirs
    }
    rows = read_back(made.content)
    assert {len(row) for row in rows} == {8}
    assert {(row[0], row[2], row[4], float(row[3])) for row in rows} == wanted
    assert {(row[1], row[5], row[6], row[7]) for row in rows} == {("", "M", "D", "")}
    assert sum(number for *_, number in made.left_out) + len(rows) == len(ready.plan.trades)


def test_names_that_are_no_numbers_are_refused_for_fidelity(file: Path) -> None:
    ready = get_ready(file)
    nameless = tuple(replace(one, number="") for one in ready.household.accounts)
    ready = replace(ready, household=replace(ready.household, accounts=nameless))
    made = make_export([ready], "fidelity", DAY)
    assert {one.code for one in made.errors} == {"account-number"}
    assert "Custodian Number" in made.errors[0].advice


def test_blocks_of_two_households_are_the_sum_of_their_allocations(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "copy.xlsx"
    other.write_bytes(file.read_bytes())
    header, *rows = read_back(make_export([get_ready(file), get_ready(other)], "block", DAY).content)
    lines = [dict(zip(header, row, strict=True)) for row in rows]
    plan = rebal_xl.rebalance(*rebal_xl.read_workbook(file))
    for number in {line["Block"] for line in lines}:
        mine = [line for line in lines if line["Block"] == number]
        for column in ("Quantity", "Amount (estimate)"):
            whole = sum(Decimal(line[column]) for line in mine if line["Line"] == "Block")
            assert whole == sum(Decimal(line[column]) for line in mine if line["Line"] == "Allocation")
    shares = sum(Decimal(line["Quantity"]) for line in lines if line["Line"] != "Block")
    usd = sum(Decimal(line["Amount (estimate)"]) for line in lines if line["Line"] != "Block")
    assert shares == 2 * sum(Decimal(f"{trade.quantity:.6f}") for trade in plan.trades)
    assert usd == 2 * sum(cents(trade.amount_usd) for trade in plan.trades)


def test_the_stamp_is_one_cell_and_every_other_part_keeps_its_bytes(file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    ready = get_ready(file)
    save_export(make_export([ready], "lots", DAY), tmp_path / "orders.csv", NOON)
    (run,) = table_values(openpyxl.load_workbook(file), "RunLog")
    assert run["Orders Exported"] == f"11/20/2026 12:00 as lots: {len(ready.plan.trades)} orders, orders.csv"
    with zipfile.ZipFile(io.BytesIO(before)) as one, zipfile.ZipFile(file) as two:
        assert one.namelist() == two.namelist()
        assert len([name for name in one.namelist() if one.read(name) != two.read(name)]) == 1
    # exported again it is an error, unless somebody takes it upon himself; the plan is the same
    again = get_ready(file)
    assert [one.code for one in make_export([again], "lots", DAY).errors] == ["already-exported"]
    assert not make_export([again], "lots", DAY, ["already-exported"]).errors


def test_where_one_workbook_is_open_nothing_is_written(file: Path, tmp_path: Path) -> None:
    made = make_export([get_ready(file)], "lots", DAY)
    before = file.read_bytes()
    (tmp_path / "~$riveras.xlsx").write_bytes(b"\x03Ana")
    with pytest.raises(FileRefused, match="open in Excel"):
        save_export(made, tmp_path / "orders.csv", NOON)
    assert not (tmp_path / "orders.csv").exists()
    assert file.read_bytes() == before


def test_a_workbook_that_changed_since_is_refused(file: Path) -> None:
    workbook = openpyxl.load_workbook(file)
    sheet = workbook["Holdings"]
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Quantity")
    sheet.cell(header.row + 1, header.column).value += 1
    workbook.save(file)
    with pytest.raises(FileRefused, match="holdings, prices, settings"):
        get_ready(file)


def test_a_plan_grows_stale_after_the_days_of_the_setting(file: Path) -> None:
    """Five days are allowed: the 25th is the last."""
    ready = get_ready(file)
    codes = [{one.code for one in make_export([ready], "lots", date(2026, 11, day)).errors} for day in (25, 26)]
    assert "stale-plan" not in codes[0]
    assert "stale-plan" in codes[1]


def test_the_command_line_dry_and_wet(file: Path, tmp_path: Path) -> None:
    code, dry = call_json("orders", file, "--as-of", "2026-11-20", "--dry-run")
    assert (code, dry["orders"]["file"], dry["orders"]["dry_run"]) == (0, None, True)
    assert not list(tmp_path.glob("*.csv"))
    out = tmp_path / "out.csv"
    code, wet = call_json("orders", file, "--as-of", "2026-11-20", "--out", out)
    assert (code, wet["orders"]["file"]) == (0, str(out))
    assert wet["orders"]["orders"] == len(rebal_xl.rebalance(*rebal_xl.read_workbook(file)).trades)
    code, again = call_json("orders", file, "--as-of", "2026-11-20")
    assert (code, again["orders"]["file"]) == (1, None)


def test_without_a_plan_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no plan"):
        get_ready(riveras(tmp_path / "empty.xlsx"))


def test_a_number_that_is_no_number_stops_every_format(file: Path) -> None:
    ready = get_ready(file)
    evil = replace(ready.household.accounts[0], number="=1+1")
    accounts = (evil, *ready.household.accounts[1:])
    made = make_export([replace(ready, household=replace(ready.household, accounts=accounts))], "lots", DAY)
    assert {one.code for one in made.errors} == {"account-number"}


def test_all_workbooks_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    result = call("orders", tmp_path / "one.xlsx", tmp_path / "two.xlsx")
    assert result.exit_code == 1
    assert "one.xlsx" in result.stderr
    assert "two.xlsx" in result.stderr
