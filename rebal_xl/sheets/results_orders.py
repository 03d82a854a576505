"""The table of orders below the Run Log: what each run proposed, lot by lot, so that fills can be held against it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from rebal_xl.household import Household, Plan, RunOrder, Side, Term
from rebal_xl.sheets import formats
from rebal_xl.sheets.columns import money, rate
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.schema import Column, Kind, Table

RUN_ORDERS = Table(
    name="RunOrders",
    sheet="Run Log",
    is_input=False,
    note="What the runs of this year and the last proposed: each purchase, and each lot of a sale. Fills are held "
    "against it.",
    columns=(
        Column("Fingerprint", Kind.TEXT, "Of the plan, as above.", field="fingerprint"),
        Column("Account", Kind.TEXT, "Where to trade.", field="account"),
        Column("Side", Kind.TEXT, "Buy or Sell.", field="side"),
        Column("Symbol", Kind.TEXT, "What to trade.", field="symbol"),
        Column("Lot", Kind.TEXT, "Of a sale: the lot.", field="lot_id"),
        Column("Quantity", Kind.NUMBER, "Shares.", number_format=formats.SHARES, field="quantity"),
        Column("Price", Kind.MONEY, "Price of the plan.", number_format=formats.PRICE, field="price_usd"),
        money("Amount", "Dollars bought, or received after fees.", "amount_usd"),
        Column("Acquired", Kind.DATE, "Day the lot was bought.", number_format=formats.DATE, field="acquired"),
        Column("Term", Kind.TEXT, "Short or Long on the plan's day, where gains are taxed.", field="term"),
        money("Basis", "Basis of the shares sold, dollars.", "basis_usd"),
        money("Disallowed Loss", "Loss that the wash-sale rule disallows, dollars.", "disallowed_usd"),
        rate("Short Rate", "Tax on one more dollar of short-term gain, where gains are taxed.", "short_rate"),
        rate("Long Rate", "Tax on one more dollar of long-term gain, where gains are taxed.", "long_rate"),
    ),
)


def run_orders(plan: Plan, household: Household) -> tuple[RunOrder, ...]:
    """The orders of a plan, sales by lot; lots that are taxed carry the rates of whoever pays for them."""
    rates = {change.after.taxpayer: change for change in plan.tax.changes}
    prices = {(trade.account, trade.symbol): trade.price_usd for trade in plan.trades if trade.side is Side.SELL}
    orders = [
        RunOrder(plan.fingerprint, trade.account, Side.BUY, trade.symbol, trade.quantity, trade.price_usd,
                 trade.amount_usd)
        for trade in plan.trades
        if trade.side is Side.BUY
    ]  # fmt: skip
    for sale in plan.lot_sales:
        account = household.account(sale.account)
        payer = household.payer(account) if account.taxable else None
        change = rates.get(payer.taxpayer) if payer else None
        # a gift may have two bases: the one that made this gain
        basis = None if sale.term is None else sale.proceeds_usd - sale.gain_usd
        orders.append(
            RunOrder(
                fingerprint=plan.fingerprint,
                account=sale.account,
                side=Side.SELL,
                symbol=sale.symbol,
                quantity=sale.quantity,
                price_usd=prices.get((sale.account, sale.symbol), 0.0),
                amount_usd=sale.proceeds_usd,
                lot_id=sale.lot_id,
                acquired=sale.acquired,
                term=sale.term,
                basis_usd=basis if account.taxable else None,
                disallowed_usd=sale.disallowed_usd,
                short_rate=change.short_marginal_rate if change else None,
                long_rate=change.long_marginal_rate if change else None,
            )
        )
    return tuple(sorted(orders, key=lambda one: (one.account, one.side is Side.BUY, one.symbol)))


def order_row(order: RunOrder) -> Row:
    """An order as a row of the table."""
    row = {column.name: getattr(order, column.field) for column in RUN_ORDERS.columns}
    row["Side"], row["Term"] = order.side.value, order.term.value if order.term else ""
    row["Disallowed Loss"] = order.disallowed_usd or None
    return row


def read_orders(rows: Iterable[Mapping[str, object]]) -> dict[str, tuple[RunOrder, ...]]:
    """Rows of the table (header -> value) by fingerprint; rows that somebody broke are left out."""
    found: dict[str, list[RunOrder]] = {}
    for row in rows:
        held = {column.field: row.get(column.name) for column in RUN_ORDERS.columns}
        quantity, price, amount = (number(held[name]) for name in ("quantity", "price_usd", "amount_usd"))
        fingerprint, side = text(held["fingerprint"]), text(held["side"])
        if not fingerprint or side not in list(Side) or not quantity or quantity < 0.0 or price is None:
            continue
        acquired, held_for = held["acquired"], text(held["term"])
        found.setdefault(fingerprint, []).append(
            RunOrder(
                fingerprint=fingerprint,
                account=text(held["account"]),
                side=Side(side),
                symbol=text(held["symbol"]),
                quantity=quantity,
                price_usd=price,
                amount_usd=amount or 0.0,
                lot_id=text(held["lot_id"]),
                acquired=day(acquired),
                term=Term(held_for) if held_for in list(Term) else None,
                basis_usd=number(held["basis_usd"]),
                disallowed_usd=number(held["disallowed_usd"]) or 0.0,
                short_rate=number(held["short_rate"]),
                long_rate=number(held["long_rate"]),
            )
        )
    return {fingerprint: tuple(orders) for fingerprint, orders in found.items()}


def text(held: object) -> str:
    """A cell as text, "" when blank."""
    return "" if held is None else str(held)


def number(held: object) -> float | None:
    """A cell as a number, None when it is none."""
    return float(held) if isinstance(held, (int, float)) and not isinstance(held, bool) else None


def day(held: object) -> date | None:
    """A cell as a day, None when it is none."""
    if isinstance(held, datetime):
        return held.date()
    return held if isinstance(held, date) else None
