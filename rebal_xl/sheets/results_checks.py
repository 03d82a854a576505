"""The Checks sheet: what an advisor must know before entering an order."""

import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink

from rebal_xl.household import Notice, Problem, Relaxation, Severity, Wait
from rebal_xl.sheets import formats, layout, looks
from rebal_xl.sheets.cells import Shown, cell_at
from rebal_xl.sheets.fill import share_format
from rebal_xl.sheets.layout import Placed, Row
from rebal_xl.sheets.results_sheet import Answer, Block, Heading, add_result_sheet, add_sheet
from rebal_xl.sheets.schema import Column, Kind, Table

CHECKS_KIND = "Checks"
# A place that a link can lead to: one cell or a range of one sheet, not "line 12" of a CSV file.
CELL = re.compile(r"\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}(:\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6})?")

RELAXED = Table(
    name="RulesRelaxed",
    sheet=CHECKS_KIND,
    is_input=False,
    note="Rules that no plan could keep.",
    columns=(
        Column("Rule", Kind.TEXT, "The rule."),
        Column("By", Kind.MONEY, "How much it had to give, dollars.", number_format=formats.DOLLARS),
        Column("Why", Kind.TEXT, "Why it could not be kept."),
        Column("What to Loosen", Kind.TEXT, "What would let every rule be kept."),
    ),
)

LEFT_ALONE = Table(
    name="LeftAlone",
    sheet=CHECKS_KIND,
    is_input=False,
    note="Classes that end outside their trigger band, and why.",
    columns=(
        Column("Asset Class", Kind.TEXT, "The class."),
        Column("Outside", Kind.MONEY, "How far outside its band it ends, dollars.", number_format=formats.DOLLARS),
        Column("Why", Kind.TEXT, "Where it ends, and what keeps it there."),
    ),
)

WAITS = Table(
    name="WaitsThatSave",
    sheet=CHECKS_KIND,
    is_input=False,
    note="Short-term gains that turn long-term within 90 days, sold by the plan or held back. Each saving is for its "
    "lot alone, at today's price and this year's rates.",
    columns=(
        Column("Account", Kind.TEXT, "The account."),
        Column("Symbol", Kind.TEXT, "Ticker or CUSIP."),
        Column("Lot", Kind.TEXT, "The lot's name, as in Holdings."),
        Column("Quantity", Kind.NUMBER, "Shares sold or held back.", number_format=formats.SHARES),
        Column("Gain", Kind.MONEY, "Gain on them today, dollars.", number_format=formats.DOLLARS),
        Column("Long From", Kind.DATE, "First day on which the gain is long-term.", number_format=formats.DATE),
        Column("Days", Kind.WHOLE, "Days until then.", number_format=formats.WHOLE),
        Column("Saved", Kind.MONEY, "Tax that waiting saves, dollars.", number_format=formats.DOLLARS),
        Column("What to Do", Kind.TEXT, "In a sentence."),
    ),
)

FINDINGS = Table(
    name="Findings",
    sheet=CHECKS_KIND,
    is_input=False,
    note="Every problem and notice, errors first; the place links to its cell.",
    columns=(
        Column("Severity", Kind.TEXT, "Error: nothing is computed until it is mended. Notice: somebody should look."),
        Column("Place", Kind.TEXT, "Sheet and cell, or account and symbol."),
        Column("What Was Found", Kind.TEXT, "The finding."),
        Column("What to Do", Kind.TEXT, "What to write instead."),
    ),
)


def add_checks(workbook: Workbook, answer: Answer, problems: Sequence[Problem]) -> None:
    """Add the Checks sheet: relaxed rules on top, then every finding with a link to its cell."""
    findings = _errors_first(problems)
    blocks = [_findings_block(findings, [_notice_row(one) for one in answer.plan.notices])]
    if answer.plan.relaxed:
        blocks.insert(0, Block(RELAXED, _relaxed_rows(answer.plan.relaxed), "Rules that could not be kept"))
    if answer.plan.left_alone:
        left: list[Row] = [
            {"Asset Class": one.asset_class, "Outside": one.outside_usd, "Why": one.sentence}
            for one in answer.plan.left_alone
        ]
        blocks.insert(-1, Block(LEFT_ALONE, left, "Classes left outside their band"))
    if answer.plan.waits:
        blocks.insert(-1, Block(WAITS, _wait_rows(answer.plan.waits), "Waiting saves tax"))
    _link_places(workbook, add_result_sheet(workbook, CHECKS_KIND, answer, blocks)[-1], findings)


def add_findings(workbook: Workbook, heading: Heading, problems: Sequence[Problem]) -> None:
    """Add the Checks sheet of an input without a plan."""
    findings = _errors_first(problems)
    _link_places(workbook, add_sheet(workbook, CHECKS_KIND, heading, [_findings_block(findings, [])])[-1], findings)


def _errors_first(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)


def _findings_block(findings: Sequence[Problem], more: list[Row]) -> Block:
    rows = [problem_row(problem) for problem in findings] + more
    return Block(FINDINGS, rows, "Findings" if rows else "Nothing to report")


def _link_places(workbook: Workbook, placed: Placed, findings: Sequence[Problem]) -> None:
    sheet = workbook[CHECKS_KIND]
    layout.stress(sheet, placed.cells("Severity"), Severity.ERROR.value.capitalize())
    for row, problem in enumerate(findings, placed.first_row + 1):
        place = link(problem)
        if place:
            cell = cell_at(sheet, row, placed.column_number("Place"))
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place)
            cell.font = looks.LINK_FONT


def link(problem: Problem) -> str:
    """Where a click on the finding leads, e.g. 'Holdings'!C7; "" where there is no such cell."""
    if not problem.sheet or not CELL.fullmatch(problem.cell):
        return ""
    quoted = problem.sheet.replace("'", "''")
    return f"'{quoted}'!{problem.cell}"


def _relaxed_rows(relaxed: Iterable[Relaxation]) -> list[Row]:
    return [
        {"Rule": one.rule, "By": one.amount_usd, "Why": one.sentence, "What to Loosen": one.advice} for one in relaxed
    ]


def _wait_rows(waits: Sequence[Wait]) -> list[Row]:
    shown = share_format(wait.quantity for wait in waits)
    return [
        {
            "Account": wait.account,
            "Symbol": wait.symbol,
            "Lot": wait.lot_id,
            "Quantity": Shown(wait.quantity, shown),
            "Gain": wait.gain_usd,
            "Long From": wait.long_from,
            "Days": wait.days,
            "Saved": wait.saved_usd,
            "What to Do": wait.sentence,
        }
        for wait in waits
    ]


def problem_row(problem: Problem) -> Row:
    """A finding as a row of Findings."""
    return {
        "Severity": problem.severity.value.capitalize(),
        "Place": problem.place,
        "What Was Found": problem.message,
        "What to Do": problem.advice,
    }


def _notice_row(notice: Notice) -> Row:
    place = ", ".join(part for part in (notice.account, notice.symbol) if part)
    return {
        "Severity": Severity.NOTICE.value.capitalize(),
        "Place": place,
        "What Was Found": f"{notice.topic[:1].upper()}{notice.topic[1:]}: {notice.sentence}",
        "What to Do": "",
    }
