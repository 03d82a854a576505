"""The Explanation sheet: one portrait page in a client's words, as large as what is to be said allows.

Neither Excel nor LibreOffice fits the height of merged cells, so that every height is reckoned here. The page is made
as wide as it must be for its height to fit; printing scales it down to the paper.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household.explanation import Explanation, Headline, Passage, Section
from rebal_xl.sheets import layout, looks
from rebal_xl.sheets.cells import cell_at, put
from rebal_xl.sheets.measure_text import text_width, wrapped_lines
from rebal_xl.sheets.results_sheet import Answer, law, mark

EXPLANATION_KIND = "Explanation"
# Characters that the paper is wide at full size, and points that it is high: letter, less its margins.
PAPER_WIDTH, PAPER_HEIGHT = 102.0, 700.0
# Beyond so many characters printing scales by height.
MOST_WIDTH = 170.0
# Points of a line of the body font, between passages, and above a heading.
LINE, GAP, ABOVE = 14.5, 2.5, 6.0
# Characters that the margins of a cell take.
CELL_MARGIN = 1.5
BODY_SIZE, SMALL_SIZE = 11.0, 9.0
FIGURE_SIZE = 18.0
BULLET = "•  "
_THIN = Side(style="thin", color=looks.RULE)
_FIRM_FONT = Font(name=looks.FONT_NAME, size=11, bold=True, color=looks.MUTED)
_HEADING_FONT = Font(name=looks.FONT_NAME, size=12, bold=True, color=looks.NAVY)
_SMALL_FONT = Font(name=looks.FONT_NAME, size=SMALL_SIZE, color=looks.MUTED)
_WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True)
_LISTED = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
_HEADING = Alignment(horizontal="left", vertical="bottom", wrap_text=True)
_CENTRED = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
_LABEL = Alignment(horizontal="center", vertical="top", wrap_text=True)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a text over the whole page, or two side by side."""

    texts: tuple[str, ...]
    font: Font
    alignment: Alignment = _WRAPPED
    # points beside those of its lines
    room: float = GAP
    border: Border | None = None

    def height(self, page: "Page") -> float:
        """Points that it takes on the page."""
        size = float(self.font.size or BODY_SIZE)
        room = page.room(len(self.texts), self.alignment.indent) * BODY_SIZE / size
        lines = max(wrapped_lines(text, room, bool(self.font.bold)) for text in self.texts)
        return lines * LINE * size / BODY_SIZE + self.room


@dataclass(frozen=True, slots=True)
class Page:
    """How wide the page is, in characters, and by how many columns of the sheet."""

    width: float
    columns: int

    def spans(self, count: int) -> list[tuple[int, int]]:
        """First and last column of each of so many boxes side by side; they must share the columns evenly."""
        each = self.columns // count
        return [(at * each + 1, (at + 1) * each) for at in range(count)]

    def room(self, count: int, indent: float = 0.0) -> float:
        """Characters of one line in one of so many boxes."""
        return (self.width / count - CELL_MARGIN - indent * layout.INDENT) * layout.CAUTION


def add_explanation(workbook: Workbook, answer: Answer, explanation: Explanation) -> None:
    """Add the Explanation sheet."""
    sheet = workbook.create_sheet(EXPLANATION_KIND)
    mark(sheet, EXPLANATION_KIND)
    above = list(_above(answer, explanation))
    page = _fit(explanation, above)
    for number in range(1, page.columns + 1):
        sheet.column_dimensions[get_column_letter(number)].width = page.width / page.columns
    row = _write_lines(sheet, above, 1, page)
    row = _write_headlines(sheet, explanation.headlines, row, page)
    _write_lines(sheet, list(_below(explanation, page)), row, page)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = looks.NAVY
    _set_up_print(sheet, explanation, page)


def _fit(explanation: Explanation, above: list[Line]) -> Page:
    """The least width on which everything is no higher than the paper in proportion."""
    count = max(1, len(explanation.headlines))
    # Headlines and points two by two share the columns.
    page = Page(PAPER_WIDTH, count if count % 2 == 0 else 2 * count)
    while page.width < MOST_WIDTH:
        height = sum(line.height(page) for line in (*above, *_below(explanation, page)))
        height += sum(_headline_heights(explanation.headlines, page))
        if height <= PAPER_HEIGHT * page.width / PAPER_WIDTH:
            break
        page = Page(page.width + 1.0, page.columns)
    return page


def _above(answer: Answer, explanation: Explanation) -> Iterator[Line]:
    """Who speaks, of what, to whom."""
    if explanation.firm:
        yield Line((explanation.firm,), _FIRM_FONT)
    yield Line((explanation.title,), looks.TITLE_FONT)
    stamped = f" · {law(answer.plan)}" if answer.plan.law_estimate else ""
    whose = f"{explanation.household} · {explanation.as_of:%m/%d/%Y}{stamped}"
    yield Line((whose,), looks.SUBTITLE_FONT, room=8.0)


def _below(explanation: Explanation, page: Page) -> Iterator[Line]:
    for section in explanation.sections:
        yield Line((section.title,), _HEADING_FONT, _HEADING, room=ABOVE)
        yield from _listed(section, page) if section.listed else [_paragraph(section.passages)]
    yield Line(_paragraph(explanation.small_print).texts, _SMALL_FONT, room=ABOVE, border=Border(top=_THIN))
    if explanation.disclosure:
        yield Line((explanation.disclosure,), _SMALL_FONT)


def _paragraph(passages: Sequence[Passage]) -> Line:
    return Line((" ".join(passage.text for passage in passages),), looks.BODY_FONT)


def _listed(section: Section, page: Page) -> Iterator[Line]:
    """Points below each other, or short ones two by two."""
    texts = [BULLET + passage.text for passage in section.passages]
    half = page.room(2, _LISTED.indent)
    side = 2 if len(texts) > 1 and all(text_width(text) <= half for text in texts) else 1
    for at in range(0, len(texts), side):
        pair = (*texts[at : at + side], "")[:side]
        yield Line(pair, looks.BODY_FONT, _LISTED, room=1.0)


def _write_lines(sheet: Worksheet, lines: list[Line], row: int, page: Page) -> int:
    """One row each, merged over the page; returns the next free row."""
    for line in lines:
        for text, (first, last) in zip(line.texts, page.spans(len(line.texts)), strict=True):
            cell = cell_at(sheet, row, first)
            put(cell, text)
            cell.font, cell.alignment = line.font, line.alignment
            if line.border is not None:
                for number in range(first, last + 1):
                    cell_at(sheet, row, number).border = line.border
            sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
        sheet.row_dimensions[row].height = round(line.height(page), 2)
        row += 1
    return row


def _headline_heights(headlines: tuple[Headline, ...], page: Page) -> tuple[float, ...]:
    """Points of the figures, of what they are, and of what they are measured against; none without headlines."""
    if not headlines:
        return ()
    room = page.room(len(headlines))
    lines = max(wrapped_lines(one.label, room) for one in headlines)
    return (28.0, lines * LINE + 2.0, LINE if any(one.note for one in headlines) else 4.0)


def _write_headlines(sheet: Worksheet, headlines: tuple[Headline, ...], row: int, page: Page) -> int:
    """Boxes side by side: the figure, what it is, and what it is measured against."""
    if not headlines:
        return row
    heights = _headline_heights(headlines, page)
    room = page.room(len(headlines))
    for headline, (first, last) in zip(headlines, page.spans(len(headlines)), strict=True):
        size = min(FIGURE_SIZE, int(BODY_SIZE * room / text_width(headline.figure.text, bold=True)))
        texts = (
            (headline.figure.text, Font(name=looks.FONT_NAME, size=size, bold=True, color=looks.NAVY), _CENTRED),
            (headline.label, looks.BODY_FONT, _LABEL),
            (headline.note, _SMALL_FONT, _LABEL),
        )
        for step, (text, font, alignment) in enumerate(texts):
            cell = cell_at(sheet, row + step, first)
            put(cell, text)
            cell.font, cell.alignment = font, alignment
            for number in range(first, last + 1):
                side = Border(
                    left=_THIN if number == first else None,
                    right=_THIN if number == last else None,
                    top=_THIN if step == 0 else None,
                    bottom=_THIN if step == len(texts) - 1 else None,
                )
                cell_at(sheet, row + step, number).border = side
                cell_at(sheet, row + step, number).fill = looks.HEADLINE_FILL
            sheet.merge_cells(start_row=row + step, start_column=first, end_row=row + step, end_column=last)
    for step, height in enumerate(heights):
        sheet.row_dimensions[row + step].height = height
    return row + len(heights)


def _set_up_print(sheet: Worksheet, explanation: Explanation, page: Page) -> None:
    """One portrait page."""
    foot = f"{explanation.firm + ', ' if explanation.firm else ''}{explanation.household}"
    layout.set_up_print(sheet, foot=foot)
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.fitToHeight = 1
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = 0.5
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:{get_column_letter(page.columns)}{sheet.max_row}"
