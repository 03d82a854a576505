"""What every result sheet has: our mark, the heading, the sentence on how good the plan is, and the print set-up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import Household, Plan, Policy
from rebal_xl.sheets import layout, looks
from rebal_xl.sheets.layout import Placed, Row
from rebal_xl.sheets.schema import Table

# Hidden name of each result sheet; its text tells the kind. Only sheets that carry it are ever rewritten.
MARK = "_rebal_xl"
# Rows of the heading: the title, the household's line, the plan's line.
FACTS_ROW, PROOF_ROW, FIRST_ROW = 2, 3, 5


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan with what it was made from: what every result sheet is written from."""

    plan: Plan
    household: Household
    policy: Policy


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above and below every table of a sheet."""

    # whose sheet, and for which day
    facts: str
    # what the figures are, and how good
    proof: str
    # left in the footer of a printed page
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One table of a result sheet: its heading, its rows, the totals below it and a line of explanation."""

    table: Table
    rows: Sequence[Row]
    caption: str = ""
    totals: Sequence[Row] = ()
    # empty rows to leave below, e.g. for a picture
    room_below: int = 1


def add_result_sheet(workbook: Workbook, kind: str, answer: Answer, blocks: Sequence[Block]) -> list[Placed]:
    """A sheet of a plan with its tables one below the other; returns where they are."""
    return add_sheet(workbook, kind, Heading(facts(answer), proof(answer), sheet_foot(answer)), blocks)


def add_sheet(workbook: Workbook, kind: str, heading: Heading, blocks: Sequence[Block]) -> list[Placed]:
    """A sheet of that kind with its tables one below the other; returns where they are."""
    sheet = workbook.create_sheet(kind)
    mark(sheet, kind)
    placed: list[Placed] = []
    row = FIRST_ROW
    for block in blocks:
        if block.caption:
            layout.write_caption(sheet, block.caption, row)
            row += 1
        placed.append(layout.write_table(sheet, block.table, block.rows, row, totals=block.totals))
        row = placed[-1].last_row + len(block.totals) + 1 + block.room_below
    layout.fit_widths(sheet, placed)
    layout.write_title(sheet, kind)
    last = max(one.last_col for one in placed)
    layout.write_note(sheet, heading.facts, FACTS_ROW, 1, last)
    layout.write_note(sheet, heading.proof, PROOF_ROW, 1, last)
    if len(blocks) == 1:
        sheet.freeze_panes = f"A{placed[0].first_row + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = looks.NAVY
    # the last table may go on to further pages, where its header is repeated
    layout.set_up_print(sheet, placed[-1].first_row, heading.foot)
    return placed


def mark(sheet: Worksheet, kind: str) -> None:
    """Put our hidden name on a sheet."""
    sheet.defined_names[MARK] = DefinedName(MARK, attr_text=f'"{kind}"', hidden=True)


def facts(answer: Answer) -> str:
    """Whose plan, for which day, by which method and law."""
    plan = answer.plan
    parts = [plan.household, f"as of {plan.as_of:%m/%d/%Y}", f"method {plan.method}"]
    if plan.law_year:
        parts.append(law(plan))
    return " · ".join(parts)


def sheet_foot(answer: Answer) -> str:
    """What stands below every printed page: the firm and whose plan it is."""
    return f"{answer.policy.firm + ', ' if answer.policy.firm else ''}{answer.plan.household}"


def law(plan: Plan) -> str:
    """The law year, stamped as an estimate where it is one."""
    if not plan.law_year:
        return ""
    return f"{plan.law_year} law, ESTIMATE" if plan.law_estimate else f"{plan.law_year} law"


def proof(answer: Answer) -> str:
    """How good the plan is, in the words that every sheet repeats."""
    plan = answer.plan
    within = f"${math.ceil(plan.gap_usd):,}"
    if plan.status == "optimal":
        said = f"Optimal under these rules within {within}; figures are estimates."
    else:
        said = (
            f"Best plan found before it was stopped ({plan.status}): no plan under these rules is more than {within} "
            "better; figures are estimates."
        )
    if plan.relaxed:
        count = len(plan.relaxed)
        said += f" {count} rule{'s' if count > 1 else ''} could not be kept: see Checks."
    return said
