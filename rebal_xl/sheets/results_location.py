"""The Location sheet: what the placement of the classes costs a year before and after the plan, and the next swaps."""

from collections.abc import Callable

from openpyxl import Workbook

from rebal_xl.household import LocationLine, LocationMove, LocationReport
from rebal_xl.sheets import formats
from rebal_xl.sheets.cells import Shown
from rebal_xl.sheets.columns import whole_money
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Answer, Block, add_result_sheet
from rebal_xl.sheets.schema import Column, Kind, Table

KIND = "Location"


SUMMARY = Table(
    name="LocationSummary",
    sheet=KIND,
    is_input=False,
    note="What it costs a year that classes lie where they do, against the best and the worst placement of the same "
    "mix over the same accounts.",
    columns=(
        Column("Measure", Kind.TEXT, "What is measured."),
        Column("Before", Kind.NUMBER, "Before the plan."),
        Column("After", Kind.NUMBER, "After the plan, for the mix that it leaves."),
    ),
)

MOVES = Table(
    name="LocationMoves",
    sheet=KIND,
    is_input=False,
    note="The next best swaps after the plan, the greatest gain first; each is meant after those above it. They are "
    "ideas, not orders: the method Location weighs them with every rule.",
    columns=(
        Column("Account", Kind.TEXT, "Account in which the class given up costs more."),
        Column("Sells", Kind.TEXT, "Class that it sells, to buy the other's."),
        Column("Symbols", Kind.TEXT, "The securities sold."),
        Column("Other Account", Kind.TEXT, "Account that does the reverse."),
        Column("Other Sells", Kind.TEXT, "Class that it sells."),
        Column("Other Symbols", Kind.TEXT, "The securities sold there."),
        whole_money("Amount", "Dollars of each."),
        whole_money("Saves a Year", "Drag saved a year, dollars."),
        whole_money("Over Horizon", "What that is worth today over the horizon, dollars."),
        whole_money("Tax", "This year's tax on the gains of the sales, dollars; losses are not counted."),
    ),
)

PLACES = Table(
    name="LocationPlaces",
    sheet=KIND,
    is_input=False,
    note="Dollars by account and class, funds of several classes looked through, with what they cost a year for lying "
    "there.",
    columns=(
        Column("Account", Kind.TEXT, "The account."),
        Column("Asset Class", Kind.TEXT, "The class."),
        whole_money("Before", "Dollars before the plan."),
        whole_money("After", "Dollars after the plan."),
        whole_money("Drag Before", "What they cost a year before the plan, dollars."),
        whole_money("Drag After", "What they cost a year after the plan, dollars."),
        whole_money("Best", "Dollars in the best placement of the mix after the plan."),
    ),
)


def add_location(workbook: Workbook, answer: Answer, before: LocationReport, after: LocationReport) -> None:
    """Add the Location sheet."""
    moves = "The next best swaps after the plan" if after.moves else "No swap is worth its tax and four orders"
    summary = "What lying where it does costs the household: the drag is what tax takes of its return"
    if after.same_everywhere:
        summary = "Every placement of this mix that the rules allow costs the same"
    elif after.suspect:
        summary = "Hard to believe: check yields, growth and tax rates first"
    blocks = [
        Block(SUMMARY, _summary_rows(before, after), summary),
        Block(MOVES, [_move_row(move) for move in after.moves], moves),
        Block(PLACES, _place_rows(before, after), "What lies where"),
    ]
    add_result_sheet(workbook, KIND, answer, blocks)


def _summary_rows(before: LocationReport, after: LocationReport) -> list[Row]:
    def row(measure: str, of: Callable[[LocationReport], float], shown: str) -> Row:
        return {"Measure": measure, "Before": Shown(of(before), shown), "After": Shown(of(after), shown)}

    years = f"{after.horizon_years:g} years"
    return [
        row("Score, 0 worst to 100 best", lambda report: report.score, formats.WHOLE),
        row("Drag a year", lambda report: report.drag_usd, formats.WHOLE_DOLLARS),
        row("Drag a year in the best placement", lambda report: report.best_usd, formats.WHOLE_DOLLARS),
        row("Drag a year in the worst placement", lambda report: report.worst_usd, formats.WHOLE_DOLLARS),
        row("The best placement would save a year", lambda report: report.gain_usd, formats.WHOLE_DOLLARS),
        row(f"That saving over {years}, worth today", lambda report: report.horizon_usd, formats.WHOLE_DOLLARS),
    ]


def _move_row(move: LocationMove) -> Row:
    return {
        "Account": move.account,
        "Sells": move.asset_class,
        "Symbols": ", ".join(move.symbols),
        "Other Account": move.other_account,
        "Other Sells": move.other_class,
        "Other Symbols": ", ".join(move.other_symbols),
        "Amount": move.amount_usd,
        "Saves a Year": move.saves_usd,
        "Over Horizon": move.horizon_usd,
        "Tax": move.tax_usd,
    }


def _place_rows(before: LocationReport, after: LocationReport) -> list[Row]:
    sides = [{(line.account, line.asset_class): line for line in report.lines} for report in (before, after)]
    rows = [_place_row(*place, *(side.get(place) for side in sides)) for place in sorted({*sides[0], *sides[1]})]
    return [row for row in rows if any(round(usd, 2) for usd in row.values() if isinstance(usd, float))]


def _place_row(account: str, asset_class: str, before: LocationLine | None, after: LocationLine | None) -> Row:
    return {
        "Account": account,
        "Asset Class": asset_class,
        "Before": before.usd if before else 0.0,
        "After": after.usd if after else 0.0,
        "Drag Before": before.drag_usd if before else 0.0,
        "Drag After": after.drag_usd if after else 0.0,
        "Best": after.best_usd if after else 0.0,
    }
