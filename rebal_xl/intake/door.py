"""The one door: grids in, a household and its policy out, or every problem at once.

The order matters only for references: settings give the as-of date, people and taxpayers come before accounts,
classes before securities, securities before lots.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rebal_xl.household import Household, InputErrors, Lot, Policy, Problem, TaxProfile
from rebal_xl.intake.accounts import check_menus, household_name, read_accounts, read_people, with_cash
from rebal_xl.intake.book import Sheets, Spellings
from rebal_xl.intake.checks import check_whole
from rebal_xl.intake.classes import ClassNames
from rebal_xl.intake.corrections import corrected, household_meant
from rebal_xl.intake.covariance import assumed_covariance, read_covariance
from rebal_xl.intake.custodians.mapping import Mapping as Mapped
from rebal_xl.intake.custodians.together import Told, accounts_by_number, each_share_once, without_quirks
from rebal_xl.intake.fills import read_fills
from rebal_xl.intake.find import Region, find_tables
from rebal_xl.intake.findings import Findings, Place
from rebal_xl.intake.flows import read_my_trades, read_recent_trades, read_withdrawals
from rebal_xl.intake.holdings import check_accounts, check_files, read_cash, read_lots, split_rows
from rebal_xl.intake.households import Choice, by_sheets, told_apart
from rebal_xl.intake.rows import Row, read_rows
from rebal_xl.intake.securities import read_cash_yield, read_securities
from rebal_xl.intake.settings import policy_fields, read_settings, today_in_new_york
from rebal_xl.intake.share_classes import one_spelling
from rebal_xl.intake.targets import read_targets
from rebal_xl.intake.taxpayers import read_taxpayers
from rebal_xl.intake.twolines import with_joined_headers
from rebal_xl.intake.values import squeeze
from rebal_xl.sheets.grid import GridBook
from rebal_xl.sheets.schema import Table
from rebal_xl.sheets.tables import HOLDINGS, INPUT_TABLES, MODELS, SETTINGS, TARGETS, TAX_PROFILE

SETTING_VALUE = frozenset({"Value"})
TARGET_WEIGHT = frozenset({"Target %"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A household, and the rows it was read from."""

    household: Household
    policy: Policy
    sheets: Sheets
    # every lot of the household with its row of Holdings
    lots: tuple[tuple[Lot, Row], ...]
    # rows of cash in Holdings, with their dollars
    cash: tuple[tuple[Row, float], ...]


def read_grids(
    book: GridBook,
    as_of: date | None = None,
    *,
    as_of_wins: bool = False,
    needed: Collection[Table] = (HOLDINGS, TARGETS),
    mappings: Sequence[Mapped] = (),
    choice: Choice | None = None,
) -> tuple[Household, Policy]:
    """The household and policy of a book.

    Custodians' files among its grids are recognised, by their own layouts and by the `mappings` that the user keeps.

    The as-of date is the setting As Of, else the argument, else today in New York; with `as_of_wins` the argument comes
    before the setting. `choice` asks for one household of several; without it the Understood sheet's choice counts.
    Raises InputErrors with every problem of the book, in the order of its sheets; what is only
    worth a look is in the household's notices.
    """
    choice = choice or Choice()
    made = read_placed(book, as_of, as_of_wins=as_of_wins, needed=needed, mappings=mappings, choice=choice)
    household = replace(made.household, name=choice.taken) if choice.taken else made.household
    return household, made.policy


def read_placed(
    book: GridBook,
    as_of: date | None = None,
    *,
    as_of_wins: bool = False,
    needed: Collection[Table] = (HOLDINGS, TARGETS),
    mappings: Sequence[Mapped] = (),
    choice: Choice | None = None,
) -> Placed:
    """As `read_grids`, with the rows that everything was read from: for whoever writes into these rows."""
    findings = Findings.of(book)
    choice = choice or Choice()
    choice.asked = choice.asked or household_meant(book)
    book = with_joined_headers(book)
    book, told = without_quirks(corrected(book, findings), findings, mappings)
    regions = told_apart(find_tables(book, findings, lambda names: by_sheets(names, choice)), findings, choice)
    return _read(regions, findings, book.date1904, as_of, as_of_wins=as_of_wins, needed=needed, told=told)


def read_one(book: GridBook, as_of: date | None, name: str) -> tuple[Household, Policy]:
    """As `read_grids`, of the household of that name, "" for the only one; `as_of` comes before the setting.

    Raises InputErrors also where there is no household of that name.
    """
    choice = Choice(name)
    read, policy = read_grids(book, as_of, as_of_wins=True, choice=choice)
    if name and not choice.taken and squeeze(read.name) != squeeze(name):
        message = f'There is no household "{name}": the workbook holds one, called "{read.name}".'
        raise InputErrors([Problem(message, "Leave the household out, or correct its name.", code="no-household")])
    return read, policy


def read_regions(
    regions: Mapping[str, tuple[Region, ...]],
    findings: Findings,
    date1904: bool = False,
    as_of: date | None = None,
    *,
    as_of_wins: bool = False,
    needed: Collection[Table] = (HOLDINGS, TARGETS),
    told: Told | None = None,
) -> tuple[Household, Policy]:
    """As `read_grids`, from tables that are found already.

    `needed` are the tables whose absence is a problem: what a question about holdings alone leaves out is not missed.
    `told` is what custodians' files say of their accounts.
    """
    made = _read(regions, findings, date1904, as_of, as_of_wins=as_of_wins, needed=needed, told=told)
    return made.household, made.policy


def _read(
    regions: Mapping[str, tuple[Region, ...]],
    findings: Findings,
    date1904: bool,
    as_of: date | None,
    *,
    as_of_wins: bool,
    needed: Collection[Table],
    told: Told | None,
) -> Placed:
    sheets = _read_sheets(regions, findings, date1904, as_of, as_of_wins)
    if told is not None:
        sheets = replace(sheets, rows={**sheets.rows, **each_share_once(sheets.rows, told, findings)})
    _check_present(sheets, needed)
    made = _assemble(sheets)
    if made is None:
        raise InputErrors(findings.errors)
    return replace(made, household=made.household.noticed(findings.notices))


def read_profiles(
    regions: Mapping[str, tuple[Region, ...]], findings: Findings, date1904: bool = False, as_of: date | None = None
) -> tuple[TaxProfile, ...]:
    """The tax profiles alone, for questions without a household. Raises InputErrors with every problem."""
    profiles = read_taxpayers(_read_sheets(regions, findings, date1904, as_of, as_of_wins=True), {})
    if findings.errors:
        raise InputErrors(findings.errors)
    return profiles


def _read_sheets(
    regions: Mapping[str, tuple[Region, ...]], findings: Findings, date1904: bool, as_of: date | None, as_of_wins: bool
) -> Sheets:
    settings_rows = read_rows(SETTINGS, regions.get(SETTINGS.name, ()), findings, date1904, optional=SETTING_VALUE)
    settings = read_settings(settings_rows, findings, date1904)
    rows: dict[str, tuple[Row, ...]] = {}
    for table in INPUT_TABLES:
        if table is not SETTINGS and table.name in regions:
            optional = TARGET_WEIGHT if table is TARGETS and settings.get("Model") else frozenset()
            rows[table.name] = read_rows(table, regions[table.name], findings, date1904, optional)
    rows = accounts_by_number(one_spelling(rows, findings), findings)
    asked = as_of if as_of_wins else None
    day = asked or settings.get("As Of") or as_of or today_in_new_york()
    return Sheets(rows, regions, settings, day, findings)


def _check_present(sheets: Sheets, needed: Collection[Table]) -> None:
    """Holdings must be there, and Targets or a model."""
    regions, findings = sheets.regions, sheets.findings
    if HOLDINGS in needed and HOLDINGS.name not in regions:
        findings.error(
            "no-holdings",
            Place(),
            "No sheet has a table of holdings.",
            "Give a sheet the headers Account, Symbol and Quantity, with a row for each lot.",
        )
    if (
        TARGETS in needed
        and TARGETS.name not in regions
        and not sheets.of(MODELS)
        and sheets.settings.get("Model") is None
    ):
        findings.error(
            "no-targets",
            Place(),
            "No sheet has a table of targets.",
            "Give a sheet the headers Asset Class and Target %, with a row for each class.",
        )


def _assemble(sheets: Sheets) -> Placed | None:
    """The nouns; None when there are problems."""
    findings = sheets.findings
    people = read_people(sheets)
    taxpayers = read_taxpayers(sheets, people)
    read = read_accounts(sheets, people, Spellings(row.text("Taxpayer") for row in sheets.of(TAX_PROFILE)))
    classes = ClassNames(sheets)
    rows = split_rows(sheets)
    check_accounts(read, sheets)
    check_files(read, sheets)
    cash = read_cash(rows, read, sheets)
    securities = read_securities(sheets, rows.lots, classes)
    placed = read_lots(rows, read, securities, sheets)
    lots = tuple(lot for lot, _ in placed)
    check_menus(read, securities, sheets)
    policy = Policy(
        targets=read_targets(classes, sheets),
        withdrawals=read_withdrawals(read, people, sheets),
        my_trades=read_my_trades(read, securities, lots, sheets),
        covariance=read_covariance(classes, sheets),
        cash_yield=read_cash_yield(classes, sheets),
        **policy_fields(sheets.settings, sheets.as_of),
    )
    accounts, name = with_cash(read, cash), household_name(sheets)
    recent, fills = read_recent_trades(read, sheets), read_fills(read, sheets)
    if not findings.errors and not lots and not any(account.cash_usd for account in accounts):
        findings.error(
            "nothing-held",
            Place(HOLDINGS.name),
            "The household holds nothing.",
            "Fill in Holdings, or the cash of its accounts.",
        )
    if findings.errors:
        return None
    household = Household(
        accounts=accounts,
        lots=lots,
        securities=tuple(securities.values()),
        taxpayers=taxpayers,
        people=tuple(people.values()),
        recent_trades=recent,
        name=name,
        fills=fills,
    )
    check_whole(household, policy, read, sheets)
    policy = replace(policy, covariance=assumed_covariance(household, policy, classes, sheets))
    if findings.errors:
        return None
    return Placed(household, policy, sheets, placed, rows.cash)
