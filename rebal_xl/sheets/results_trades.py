"""The Trades and Lots Sold sheets: the orders per account, and the lots behind every sale."""

from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from rebal_xl.household import LotSale, Method, Plan, Side, Trade
from rebal_xl.household.execution import executions, in_order
from rebal_xl.sheets import formats, layout
from rebal_xl.sheets.cells import Shown
from rebal_xl.sheets.columns import money
from rebal_xl.sheets.fill import share_format
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Answer, Block, add_result_sheet
from rebal_xl.sheets.schema import Column, Kind, Table

TRADES_KIND = "Trades"
LOTS_KIND = "Lots Sold"
NOTHING_SOLD = "Nothing is sold"
# What stands beside proceeds and basis that nobody taxes: a gain of $0.00 would seem to be miscounted.
UNTAXED = {"Gain": "not taxed", "Disallowed": None, "Lost for Good": None}


TRADES = Table(
    name="TradeList",
    sheet=TRADES_KIND,
    is_input=False,
    note="The orders, account by account, sells before buys.",
    columns=(
        Column("Account", Kind.TEXT, "Where to enter the order."),
        Column("Side", Kind.TEXT, "Buy or Sell."),
        Column("Symbol", Kind.TEXT, "Ticker or CUSIP."),
        Column("Name", Kind.TEXT, "Full name of the security."),
        Column("Quantity", Kind.NUMBER, "Shares, or face amount of a bond.", number_format=formats.SHARES),
        Column("Price", Kind.MONEY, "Price the plan was made with, dollars.", number_format=formats.PRICE),
        money("Amount", "Dollars bought or sold."),
        Column("Whole Position", Kind.FLAG, "Yes: nothing of it remains in the account."),
        money("Cash After", "Cash of the account once this order and those above it are done, dollars."),
        money(
            "Tax",
            "This year's tax of the plan less the same without this order's gains and losses, dollars; negative is a "
            "saving. Orders meet in one return, so these do not add up to the plan's tax.",
        ),
        money("Later Tax", "The same for later tax: losses left for later years, and basis given up, dollars."),
        money("Cost", "Half the spread, redemption fee and the price of an order, dollars."),
        money(
            "Location",
            "Tax on distributions over the horizon that a purchase in a taxable account adds and a sale there saves "
            "(negative), dollars.",
        ),
        Column("Reason", Kind.TEXT, "Why."),
    ),
)

CASH = Table(
    name="CashByAccount",
    sheet=TRADES_KIND,
    is_input=False,
    note="Where the cash of each account comes from and goes to.",
    columns=(
        Column("Account", Kind.TEXT, "The account."),
        Column("Orders", Kind.WHOLE, "How many.", number_format=formats.WHOLE),
        Column("Custodian", Kind.TEXT, "Where it is held."),
        Column("Owner", Kind.TEXT, "Whose account it is."),
        money("Cash Before", "Settled cash and contributions, dollars."),
        money("Sold", "Dollars of sells."),
        money("Bought", "Dollars of buys."),
        money("Withdrawn", "Dollars that leave the account."),
        money("Cash Left", "Cash after the plan, dollars."),
    ),
)

LOTS = Table(
    name="LotsSold",
    sheet=LOTS_KIND,
    is_input=False,
    note="The lots behind every sale: what to key in where the custodian would choose other lots.",
    columns=(
        Column("Account", Kind.TEXT, "The account."),
        Column("Symbol", Kind.TEXT, "Ticker or CUSIP."),
        Column("Lot", Kind.TEXT, "The lot's name, as in Holdings."),
        Column("Acquired", Kind.DATE, "Day of purchase.", number_format=formats.DATE),
        Column("Term", Kind.TEXT, "Short is held for one year or less (IRC 1222); empty where gains are not taxed."),
        Column("Quantity", Kind.NUMBER, "Shares of the lot to sell.", number_format=formats.SHARES),
        money("Proceeds", "Dollars received."),
        money("Basis", "Cost of the shares sold, dollars."),
        money("Gain", "Realized gain before wash sales, dollars; a loss is negative; not taxed in an IRA or the like."),
        money("Disallowed", "Part of a loss that the wash-sale rule disallows (IRC 1091), dollars."),
        money("Lost for Good", "Part of it that an IRA, Roth or HSA purchase loses for ever, dollars."),
    ),
)


def add_trades(workbook: Workbook, answer: Answer) -> None:
    """Add the Trades sheet."""
    ordered, cash = in_order(answer.plan.trades), _cash_rows(answer)
    blocks = [
        Block(
            TRADES,
            trade_rows(answer, ordered),
            "" if ordered else no_trade(answer.plan).removesuffix("."),
            _totals(answer.plan),
        ),
        Block(CASH, cash, "Cash by account", (_cash_total(cash),)),
    ]
    add_result_sheet(workbook, TRADES_KIND, answer, blocks)


def add_lots(workbook: Workbook, answer: Answer) -> None:
    """Add the Lots Sold sheet."""
    rows = [row if row["Term"] else {**row, **UNTAXED} for row in lot_rows(answer.plan)]
    caption = "" if rows else NOTHING_SOLD
    blocks = [Block(LOTS, rows, caption, _sums(answer.plan.lot_sales))]
    (placed,) = add_result_sheet(workbook, LOTS_KIND, answer, blocks)
    sheet = workbook[LOTS_KIND]
    layout.colour_losses(sheet, placed.cells("Gain"))
    for name in ("Disallowed", "Lost for Good"):
        layout.stress(sheet, placed.cells(name))


def no_trade(plan: Plan) -> str:
    """Why a plan has no orders, in a sentence."""
    if plan.relaxed:
        return "No trade keeps more of the rules: Checks says what is in the way."
    match plan.method:
        case Method.CASH_ONLY:
            return "No trade is needed: no withdrawal or reserve is short, and no cash is left to invest."
        case Method.HARVEST:
            return "No trade is worth it: no loss that meets the thresholds saves more than it costs."
        case Method.LOCATION:
            return "No trade is worth it: no move between accounts saves more than it costs."
        case Method.NONE:
            return "No trade was typed."
        case Method.FULL:
            return "No trade is needed: the household is as near to its target as trades can bring it."
        case Method.OPPORTUNISTIC:
            state = "the household is within its limit" if plan.before.needed else "every class is inside its band"
            if plan.before.tracking_trigger is not None:
                state = "the tracking error is within its limit"
            return f"No trade is needed: {state}."


def cash_before(answer: Answer, account: str) -> float:
    """Cash and contributions of an account before the plan, dollars."""
    held = answer.household.account(account)
    return held.cash_usd + held.contribution_usd


def trade_rows(answer: Answer, trades: Sequence[Trade]) -> list[Row]:
    """Orders as rows of TradeList; in the order of `in_order`, in which cash comes before it is spent."""
    shown = share_format(trade.quantity for trade in trades)
    entered = [order for one in executions(answer.plan, answer.household) for order in one.orders]
    cash_after = {order.trade: order.cash_after_usd for order in entered}
    rows: list[Row] = []
    for trade in trades:
        rows.append(
            {
                "Account": trade.account,
                "Side": trade.side.value,
                "Symbol": trade.symbol,
                "Name": answer.household.security(trade.symbol).name,
                "Quantity": Shown(trade.quantity, shown),
                "Price": trade.price_usd,
                "Amount": trade.amount_usd,
                "Whole Position": "Yes" if trade.closes_position else "",
                "Cash After": cash_after[trade],
                "Tax": trade.tax_usd,
                "Later Tax": trade.later_tax_usd,
                "Cost": trade.cost_usd,
                "Location": trade.location_usd,
                "Reason": trade.reason,
            }
        )
    return rows


def _total(trades: Iterable[Trade], side: Side) -> float:
    return sum(trade.amount_usd for trade in trades if trade.side is side)


def _totals(plan: Plan) -> list[Row]:
    """Dollars moved, and what all orders cost together: their taxes by themselves do not add up."""
    together = {term.name: term.usd for term in plan.cost_terms}
    return [
        {"Account": "Total sold", "Amount": _total(plan.trades, Side.SELL)},
        {"Account": "Total bought", "Amount": _total(plan.trades, Side.BUY)},
        {
            "Account": "Together",
            "Tax": plan.tax.cost_usd,
            "Later Tax": together.get("carried losses", 0.0) + together.get("basis given up", 0.0),
            "Cost": sum(trade.cost_usd for trade in plan.trades),
            "Location": sum(trade.location_usd for trade in plan.trades),
        },
    ]


def _cash_rows(answer: Answer) -> list[Row]:
    plan = answer.plan
    left, paid = dict(plan.cash_after), dict(plan.withdrawals_paid)
    rows: list[Row] = []
    for account in answer.household.accounts:
        trades = [trade for trade in plan.trades if trade.account == account.name]
        rows.append(
            {
                "Account": account.name,
                "Orders": float(len(trades)),
                "Custodian": account.custodian,
                "Owner": account.owner,
                "Cash Before": cash_before(answer, account.name),
                "Sold": _total(trades, Side.SELL),
                "Bought": _total(trades, Side.BUY),
                "Withdrawn": paid.get(account.name, 0.0),
                "Cash Left": left.get(account.name, _cash_left(answer, plan, account.name)),
            }
        )
    return rows


def _cash_total(rows: Sequence[Row]) -> Row:
    summed = [column.name for column in CASH.columns if column.kind in (Kind.WHOLE, Kind.MONEY)]
    return {"Account": "Total", **{name: sum(float(str(row[name])) for row in rows) for name in summed}}


def _cash_left(answer: Answer, plan: Plan, account: str) -> float:
    trades = [trade for trade in plan.trades if trade.account == account]
    moved = _total(trades, Side.SELL) - _total(trades, Side.BUY) - dict(plan.withdrawals_paid).get(account, 0.0)
    return cash_before(answer, account) + moved


def lot_rows(plan: Plan) -> list[Row]:
    """The lots that a plan sells as rows of LotsSold, account by account, the oldest first."""
    sales = sorted(plan.lot_sales, key=_sale_order)
    shown = share_format(sale.quantity for sale in sales)
    return [_lot_row(sale, shown) for sale in sales]


def _sale_order(sale: LotSale) -> tuple[str, str, int, str]:
    return (sale.account, sale.symbol, sale.acquired.toordinal() if sale.acquired else 0, sale.lot_id)


def _lot_row(sale: LotSale, shown: str) -> Row:
    return {
        "Account": sale.account,
        "Symbol": sale.symbol,
        "Lot": sale.lot_id,
        "Acquired": sale.acquired or "not known",
        "Term": sale.term.value if sale.term else "",
        "Quantity": Shown(sale.quantity, shown),
        "Proceeds": sale.proceeds_usd,
        "Basis": "not known" if sale.basis_usd is None else sale.basis_usd,
        "Gain": sale.gain_usd,
        "Disallowed": sale.disallowed_usd,
        "Lost for Good": sale.permanent_usd,
    }


def _sums(sales: Sequence[LotSale]) -> list[Row]:
    return [
        {
            "Account": "Total",
            "Proceeds": sum(sale.proceeds_usd for sale in sales),
            "Basis": sum(sale.basis_usd or 0.0 for sale in sales),
            "Gain": sum(sale.gain_usd for sale in sales),
            "Disallowed": sum(sale.disallowed_usd for sale in sales),
            "Lost for Good": sum(sale.permanent_usd for sale in sales),
        }
    ]
