"""`rebal-xl fills`: executed fills entered into a copy of the workbook, slippage, what is open, what fits nowhere."""

from pathlib import Path

from rich.text import Text

from rebal_xl import api, words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.jobs import say_saved
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, show_problems
from rebal_xl.orders.fills_enter import FillsEntered, is_partly
from rebal_xl.orders.fills_match import OrderFilled


def fills(screen: Screen, workbook: Path, file: Path, out: Path | None, *, dry_run: bool, fills_only: bool) -> Exit:
    """Enter the fills, and say what they come to."""
    with ending_well(screen, "fills"):
        entered = api.read_fills_into(workbook, file, out, write=not dry_run, fills_only=fills_only)
        if screen.as_json:
            screen.write(documents.as_text(document(entered)))
            return Exit.DONE
        show(screen, entered)
        if entered.saved is not None:
            say_saved(screen, "The workbook with the fills is", entered.saved)
        elif not entered.matched.pieces:
            screen.err.print("No fill is new and of a plan. Nothing was written.")
        else:
            screen.err.print("Dry run: nothing was written.")
        return Exit.DONE


def show(screen: Screen, entered: FillsEntered) -> None:
    """Order by order what was filled and at what slippage, then what is open."""
    if entered.matched.orders:
        table = plain_table()
        for name in ("Account", "Order"):
            table.add_column(name, overflow="fold")
        for name in ("Ordered", "Filled", "Left", "Plan", "Price", "Slippage", "bp", "Fees"):
            number_column(table, name)
        for order in entered.matched.orders:
            table.add_row(*_cells(order))
        screen.out.print(table)
        told = f"Worse than the plan by {words.dollars(entered.slippage_usd)} in all"
        if entered.slippage_usd < 0.0:
            told = f"Better than the plan by {words.dollars(-entered.slippage_usd)} in all"
        screen.out.print(Text(f"{told}, fees apart."))
    for one in entered.open_orders:
        screen.out.print(Text(f"Not filled yet: {one.side.value} {one.quantity:,.6g} {one.symbol} in {one.account}."))
    for account, (before, after) in entered.change.cash.items():
        screen.out.print(Text(f"Cash of {account}: {words.dollars(before)}, then {words.dollars(after)}."))
    if entered.notices:
        show_problems(screen.err, entered.notices)


def _cells(order: OrderFilled) -> list[Text | str]:
    first = order.lots[0]
    bp = order.slippage_bp
    return [
        Text(first.account),
        Text(f"{first.side.value} {first.symbol}"),
        f"{order.ordered:,.6g}",
        f"{order.filled:,.6g}",
        f"{sum(order.left()):,.6g}",
        words.cents(first.price_usd),
        words.cents(order.price_usd),
        words.cents(order.slippage_usd),
        "" if bp is None else f"{bp:,.1f}",
        words.cents(order.fees_usd),
    ]


def document(entered: FillsEntered) -> documents.Document:
    """What --json prints."""
    change, matched = entered.change, entered.matched
    return documents.head("fills", entered.notices, 0) | {
        "fills": {
            "bought": [
                {
                    "account": lot.account,
                    "acquired": figures.day(lot.acquired),
                    "basis_usd": figures.usd(lot.basis_usd),
                    "price_usd": round(lot.price_usd, 6),
                    "quantity": figures.quantity(lot.quantity),
                    "symbol": lot.symbol,
                }
                for lot in change.bought
            ],
            "cash": [
                {"account": account, "after_usd": figures.usd(after), "before_usd": figures.usd(before)}
                for account, (before, after) in change.cash.items()
            ],
            "fees_usd": figures.usd(sum(order.fees_usd for order in matched.orders)),
            "fills_only": entered.fills_only,
            "known": [one.line for one in matched.known],
            "open": [
                {
                    "account": one.account,
                    "fingerprint": one.fingerprint,
                    "quantity": figures.quantity(one.quantity),
                    "side": one.side.value,
                    "symbol": one.symbol,
                }
                for one in entered.open_orders
            ],
            "orders": [_order(order) for order in matched.orders],
            "recent_trades_written": entered.has_recent and not entered.fills_only and bool(matched.pieces),
            "slippage_usd": figures.usd(entered.slippage_usd),
            "sold": [
                {
                    "account": sold.lot.account,
                    "gain_usd": figures.usd(sold.gain_usd),
                    "left": figures.quantity(sold.left),
                    "lot": sold.lot.lot_id,
                    "proceeds_usd": figures.usd(sold.proceeds_usd),
                    "quantity": figures.quantity(sold.piece.quantity),
                    "symbol": sold.lot.symbol,
                }
                for sold in change.sold
            ],
            "unmatched": [
                {
                    "account": fill.account,
                    "line": fill.line,
                    "quantity": figures.quantity(fill.quantity),
                    "side": fill.side.value,
                    "symbol": fill.symbol,
                    "why": why,
                }
                for fill, why in matched.unmatched
            ],
        },
        "written": {"workbook": str(entered.saved.path)} if entered.saved is not None else None,
    }


def _order(order: OrderFilled) -> documents.Document:
    first, bp = order.lots[0], order.slippage_bp
    return {
        "account": first.account,
        "fees_usd": figures.usd(order.fees_usd),
        "filled": figures.quantity(order.filled),
        "filled_before": figures.quantity(sum(order.before)),
        "fingerprint": order.fingerprint,
        "left": figures.quantity(sum(order.left())),
        "ordered": figures.quantity(order.ordered),
        "plan_price_usd": round(first.price_usd, 6),
        "price_usd": round(order.price_usd, 6),
        "side": first.side.value,
        "slippage_bp": None if bp is None else round(bp, 4) + 0.0,
        "slippage_usd": figures.usd(order.slippage_usd),
        "status": "partly filled" if is_partly(order) else "filled",
        "symbol": first.symbol,
    }
