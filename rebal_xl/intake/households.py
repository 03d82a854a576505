"""Which household of a workbook is meant, where it holds several: told apart by a column, or by their sheets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rebal_xl.intake.datarows import data_rows
from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import Findings, how_to_ask
from rebal_xl.intake.headers import spelling
from rebal_xl.intake.values import clean, listed, squeeze
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS

HEADERS = frozenset({"household", "householdname", "householdid", "family", "relationship"})
Regions = Mapping[str, tuple[Region, ...]]


@dataclass(slots=True)
class Choice:
    """The household that somebody asks for, and those there are."""

    # "" where nobody asked
    asked: str = ""
    # households that the workbook tells apart, in its order
    names: list[str] = field(default_factory=list)

    @property
    def taken(self) -> str:
        """The household asked for, as the workbook writes it, "" where it tells none apart or has no such one."""
        return next((name for name in self.names if squeeze(name) == squeeze(self.asked)), "") if self.asked else ""

    @property
    def advice(self) -> str:
        """How to ask for one."""
        return how_to_ask(self.names[0])


def told_apart(regions: Regions, findings: Findings, choice: Choice) -> Regions:
    """The tables of the household asked for; where a column tells several and nobody asked for one, an error."""
    if choice.names:
        return regions
    columns = {id(region): column for held in regions.values() for region in held if (column := _column(region))}
    named: dict[str, dict[str, Region]] = {}
    for table in (ACCOUNTS, HOLDINGS):
        for region in regions.get(table.name, ()):
            for row in data_rows(region, Findings()) if id(region) in columns else ():
                name = _text(region, row, columns[id(region)])
                if name:
                    named.setdefault(squeeze(name), {}).setdefault(name, region)
    if len(named) < 2:
        return regions
    choice.names += [next(iter(spellings)) for spellings in named.values()]
    first = next(iter(list(named.values())[1].values()))
    if not choice.taken:
        asked = f'There is no household "{choice.asked}". ' if choice.asked else ""
        if asked or first.table is not ACCOUNTS or "Household" not in first.columns:
            findings.error(
                "several-households",
                first.place(),
                f"{asked}The workbook holds several households: {listed(choice.names, 'and')}.",
                choice.advice,
            )
        return regions
    return _only(regions, columns, choice.taken, findings)


def _column(region: Region) -> int:
    """The column that names the household, 0 for none."""
    return next((number for number, text in region.headers.items() if spelling(text) in HEADERS), 0)


def _text(region: Region, row: int, column: int) -> str:
    cell = region.grid.cells.get((row, column))
    return clean(cell.value) if cell is not None and isinstance(cell.value, str) else ""


def _only(regions: Regions, columns: Mapping[int, int], name: str, findings: Findings) -> Regions:
    """The tables without the rows of other households, and without the rows of their accounts."""
    others: set[str] = set()
    own: set[str] = set()
    for table in (ACCOUNTS, HOLDINGS):
        for region in regions.get(table.name, ()):
            if id(region) not in columns:
                continue
            for row in data_rows(region, Findings()):
                written = _text(region, row, columns[id(region)])
                account = squeeze(_text(region, row, region.columns.get("Account", 0)))
                if not written:
                    findings.error(
                        "no-household",
                        region.place(row),
                        f"This row of {table.name} names no household, and there are several.",
                        "Name its household.",
                    )
                (own if squeeze(written) == squeeze(name) else others).add(account)
    both = (own & others) - {""}
    if both and any(
        id(region) not in columns for table in (ACCOUNTS, HOLDINGS) for region in regions.get(table.name, ())
    ):
        region = regions[HOLDINGS.name][0]
        findings.error(
            "household-column",
            region.place(),
            "An account of the same name stands in two households, and not every table says whose it is.",
            "Give Accounts and Holdings a column Household each.",
        )
    return {
        table: tuple(_kept(region, columns.get(id(region), 0), name, others - own) for region in held)
        for table, held in regions.items()
    }


def _kept(region: Region, column: int, name: str, others: set[str]) -> Region:
    account = region.columns.get("Account", 0)
    gone: set[int] = set()
    for row in {row for row, _ in region.grid.cells if region.header_row < row <= region.last_row}:
        written = _text(region, row, column) if column else ""
        elsewhere = written and squeeze(written) != squeeze(name)
        if elsewhere or (account and squeeze(_text(region, row, account)) in others):
            gone.add(row)
    if not gone:
        return region
    first, last = min(region.headers), max(region.headers)
    cells = {
        (row, number): cell
        for (row, number), cell in region.grid.cells.items()
        if row not in gone or not first <= number <= last
    }
    return replace(region, grid=replace(region.grid, cells=cells))


def by_sheets(names: Sequence[str], choice: Choice) -> str:
    """The sheet of the household asked for, of sheets that each hold one; "" where nobody asked for any of them."""
    choice.names[:] = list(names)
    return choice.taken
