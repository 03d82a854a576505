"""The Checks sheet: what an advisor must know before entering an order."""

import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink

from rebal_xl.household import Notice, Problem, Relaxation, Severity
from rebal_xl.sheets import formats, looks
from rebal_xl.sheets.cells import cell_at
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Answer, Block, add_result_sheet
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
    findings = [*sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)]
    rows = [_problem_row(problem) for problem in findings] + [_notice_row(one) for one in answer.plan.notices]
    caption = "Findings" if rows else "Nothing to report"
    blocks = [Block(FINDINGS, rows, caption)]
    if answer.plan.relaxed:
        blocks.insert(0, Block(RELAXED, _relaxed_rows(answer.plan.relaxed), "Rules that could not be kept"))
    placed = add_result_sheet(workbook, CHECKS_KIND, answer, blocks)[-1]
    sheet = workbook[CHECKS_KIND]
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


def _problem_row(problem: Problem) -> Row:
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
