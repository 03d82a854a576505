"""Losses: which are worth taking, and what the wash-sale rule (IRC 1091) asks to wait for."""

from dataclasses import replace

from rebal_xl.excel.answers import spilled
from rebal_xl.excel.asked import asked
from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.inputs import read_household, tell_day
from rebal_xl.excel.stand_ins import CLASS, PRICE
from rebal_xl.excel.tables import HARVEST, harvest_rows
from rebal_xl.excel.udf import Cells, OneCell, Result, formula
from rebal_xl.household import WashBlock
from rebal_xl.measure.harvest import losses_worth_taking
from rebal_xl.sheets.results_wash import NOTHING_BLOCKED, WASH, block_rows
from rebal_xl.sheets.tables import HOLDINGS, RECENT_TRADES
from rebal_xl.tax.ledger import household_ledger

NO_LOSS = "No loss is worth taking."


@formula(NOTES)
def REBAL_HARVEST(
    holdings: Cells,
    securities: Cells,
    accounts: Cells,
    as_of: OneCell,
    recent: Cells = None,
    settings: Cells = None,
) -> Result:
    """Lots of taxable accounts whose loss is worth taking by the settings Harvest $ and Harvest %, and the days until
    each turns long-term. Spills a table with a header row."""
    tables = {
        "holdings": holdings,
        "securities": securities,
        "accounts": accounts,
        "recent": recent,
        "settings": settings,
    }
    household, policy = read_household(tables, as_of, needed=(HOLDINGS,), stand_ins=(CLASS,))
    tell_day(tables, as_of, policy)
    if policy.harvest_usd is None and policy.harvest_weight is None:
        asked().tell("The settings Harvest $ and Harvest % are not given: every loss counts.")
    if recent is None:
        asked().tell("No recent trades are given: purchases of the last 30 days are known from the lots alone.")
    losses = losses_worth_taking(household, policy)
    return spilled(HARVEST, harvest_rows(household, losses)) if losses else [[NO_LOSS]]


@formula(NOTES)
def REBAL_WASH(
    holdings: Cells, recent: Cells, as_of: OneCell, securities: Cells = None, accounts: Cells = None
) -> Result:
    """What must not be bought, or not be sold at a loss, in any account of the household, and until when (IRC 1091).
    Spills a table with a header row."""
    tables = {"holdings": holdings, "recent": recent, "securities": securities, "accounts": accounts}
    household, policy = read_household(tables, as_of, needed=(HOLDINGS, RECENT_TRADES), stand_ins=(CLASS, PRICE))
    tell_day(tables, as_of, policy)
    if securities is None:
        asked().tell("No securities are given: a symbol counts as identical to itself alone.")
    # Imported late: it brings parts of the optimizer.
    from rebal_xl.optimize.wash_notices import wash_blocks

    ledger = household_ledger(household, policy.as_of, reinvestments_count=policy.reinvestment_counts)
    blocks = [_of_trades(block) for block in wash_blocks(household, ledger)]
    return spilled(WASH, block_rows(blocks)) if blocks else [[f"{NOTHING_BLOCKED}."]]


def _of_trades(block: WashBlock) -> WashBlock:
    """There is no plan here: a sale of the as-of day is one that was made."""
    return replace(block, because=block.because.replace("This plan takes a loss of", "Sold today at a loss of"))
