"""What `rebalance` prints: drift before and after, the orders, the lots, the tax, the cost and its proof."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rebal_xl import words
from rebal_xl.cli.show import WIDE, number_column, plain_table, say_heading, status
from rebal_xl.household import Comparison, Drift, LotSale, Plan, Side, TaxBill, TaxChange, Trade
from rebal_xl.sheets.results_trades import no_trade

# Lines of the return, and the figure behind each.
TAX_LINES = (
    ("Short-term net gain", "short_net_usd"),
    ("Long-term net gain", "long_net_usd"),
    ("Income tax", "income_tax_usd"),
    ("Net investment income tax", "niit_usd"),
    ("Alternative minimum tax", "amt_usd"),
    ("State tax (estimate)", "state_usd"),
    ("Total tax", "total_usd"),
    ("Short-term loss carried on", "short_carryforward_usd"),
    ("Long-term loss carried on", "long_carryforward_usd"),
)

# Waits that are printed; the others are on their sheet.
WAITS_SHOWN = 10
ENDED = {"deadline": "The time limit ended the search.", "cancelled": "The search was stopped on request."}


def show_plan(console: Console, plan: Plan) -> None:
    """The whole plan, in the order in which an advisor asks for it."""
    say_heading(console, f"{plan.household}: {plan.method.value} as of {plan.as_of:%m/%d/%Y}{_law(plan)}")
    console.print(_drift(plan.before, plan.after, wide=console.width >= WIDE))
    console.print(_household_drift(plan))
    _show_trades(console, plan)
    _show_lots(console, plan)
    _show_tax(console, plan)
    _show_cost(console, plan)
    _show_comparison(console, plan)
    show_relaxed(console, plan)
    show_left_alone(console, plan)
    show_waits(console, plan)
    _show_notices(console, plan)
    console.print()
    console.print(Text(proof(plan), style="bold"))


def proof(plan: Plan) -> str:
    """How good the plan is proven to be."""
    value = plan.before.value_usd
    if not math.isfinite(plan.gap_usd):
        return "The search was stopped before anything was proven: a much better plan may exist."
    # Rounded up, as a proof must be.
    gap_bp = math.ceil(1e6 * plan.gap_usd / value) / 100 if value > 0 else 0.0
    said = f"No plan under these rules is more than {words.at_most(plan.gap_usd)} better"
    said += f" ({gap_bp:,.2f} basis points of the household's ${words.whole(value)})."
    if plan.relaxed:
        said += f" {words.count(len(plan.relaxed), 'rule')} could not be kept: see above."
    return f"{said} {ENDED.get(plan.status, '')}".rstrip()


def _law(plan: Plan) -> str:
    if not plan.law_year:
        return ""
    return f", {plan.law_year} law, ESTIMATE" if plan.law_estimate else f", {plan.law_year} law"


def _drift(before: Drift, after: Drift, *, wide: bool) -> Table:
    table = plain_table()
    table.add_column("Class")
    for name in ("Target", "Before", "After", *(["Drift after"] if wide else []), "Band"):
        number_column(table, name)
    table.add_column("Status after", no_wrap=True)
    ended = {line.asset_class: line for line in after.lines}
    for line in before.lines:
        # a class of which nothing is left, and nothing is wanted, has no line any more
        end = ended.get(line.asset_class) or replace(line, actual_usd=0.0, actual_weight=0.0)
        table.add_row(
            line.asset_class,
            words.percent(line.target_weight),
            Text(words.percent(line.actual_weight), style="red" if line.triggered else ""),
            words.percent(end.actual_weight),
            *([words.signed_percent(end.drift)] if wide else []),
            words.band(line.trigger_low, line.trigger_high),
            status(end),
        )
    return table


def _household_drift(plan: Plan) -> str:
    before, after = plan.before.household_drift, plan.after.household_drift
    text = f"Household drift {words.percent(before)} before, {words.percent(after)} after."
    errors = (plan.before.tracking_error, plan.after.tracking_error)
    if plan.before.tracking_trigger is not None and errors[0] is not None and errors[1] is not None:
        text += f" Tracking error {words.percent(errors[0])} a year before, {words.percent(errors[1])} after."
    return text


def _show_trades(console: Console, plan: Plan) -> None:
    say_heading(console, "Trades")
    if not plan.trades:
        console.print(no_trade(plan))
        return
    table = plain_table()
    table.add_column("Account / order", overflow="fold")
    table.add_column("Symbol", no_wrap=True)
    for name in ("Shares", "Price", "Amount", "Tax"):
        number_column(table, name)
    table.add_column("")
    decimals = words.share_decimals(trade.quantity for trade in plan.trades)
    cash = dict(plan.cash_after)
    for account, trades in groupby(_in_order(plan.trades), key=lambda trade: trade.account):
        table.add_row(Text(account, style="bold"))
        for trade in trades:
            sell = trade.side is Side.SELL
            table.add_row(
                f"  {trade.side.value}",
                trade.symbol,
                f"{trade.quantity:,.{decimals}f}",
                f"{trade.price_usd:,.2f}",
                words.cents(trade.amount_usd),
                words.cents(trade.tax_usd) if round(trade.tax_usd, 2) else "",
                "whole position" if sell and trade.closes_position else "",
            )
        if account in cash:
            table.add_row("  Cash left", "", "", "", words.cents(cash[account]), style="dim")
    console.print(table)
    if sum(bool(round(trade.tax_usd, 2)) for trade in plan.trades) > 1:
        console.print(
            "The tax of an order is what it adds or saves by itself; orders meet in one return, so it does not add up."
        )
    _show_withdrawals(console, plan)
    _show_reasons(console, plan.trades)


def _show_withdrawals(console: Console, plan: Plan) -> None:
    paid = [f"{words.dollars(usd)} from {name}" for name, usd in plan.withdrawals_paid if usd]
    if paid:
        console.print(f"Withdrawn: {', '.join(paid)}.")


def _show_reasons(console: Console, trades: Sequence[Trade]) -> None:
    """Orders that serve the same end share one line."""
    groups: dict[tuple[Side, str], list[str]] = {}
    for trade in _in_order(trades):
        symbols = groups.setdefault((trade.side, trade.reason), [])
        if trade.reason and trade.symbol not in symbols:
            symbols.append(trade.symbol)
    table = _list_table()
    for (side, reason), symbols in sorted(groups.items(), key=lambda item: item[0][0] is Side.BUY):
        if symbols:
            table.add_row(Text(f"{side.value} {', '.join(symbols)}"), Text(reason))
    if table.row_count:
        say_heading(console, "Why")
        console.print(table)


def _show_lots(console: Console, plan: Plan) -> None:
    if not plan.lot_sales:
        return
    say_heading(console, "Lots sold")
    wide = console.width >= WIDE
    table = plain_table()
    table.add_column("Account / symbol", overflow="fold")
    if wide:
        table.add_column("Lot", overflow="fold")
    table.add_column("Acquired", no_wrap=True)
    table.add_column("Term", no_wrap=True)
    for name in ("Shares", "Proceeds", "Basis", "Gain"):
        number_column(table, name)
    decimals = words.share_decimals(sale.quantity for sale in plan.lot_sales)
    for account, sales in groupby(plan.lot_sales, key=lambda sale: sale.account):
        table.add_row(Text(account, style="bold"))
        for sale in sales:
            table.add_row(*_lot_cells(sale, decimals, wide=wide))
    console.print(table)
    disallowed = sum(sale.disallowed_usd for sale in plan.lot_sales)
    if round(disallowed, 2):
        lost = sum(sale.permanent_usd for sale in plan.lot_sales)
        console.print(
            f"{words.dollars(disallowed)} of these losses are disallowed by the wash-sale rule, "
            f"{words.dollars(lost)} of it for good."
        )


def _lot_cells(sale: LotSale, decimals: int, *, wide: bool) -> tuple[str, ...]:
    """One lot; where gains are not taxed, its term and gain mean nothing. Where room is short, so are dollars."""
    money = words.cents if wide else words.whole
    return (
        f"  {sale.symbol}",
        *([sale.lot_id] if wide else []),
        f"{sale.acquired:%m/%d/%Y}" if sale.acquired else "not known",
        sale.term.value if sale.term else "",
        f"{sale.quantity:,.{decimals}f}",
        money(sale.proceeds_usd),
        "not known" if sale.basis_usd is None else money(sale.basis_usd),
        money(sale.gain_usd) if sale.term else "not taxed",
    )


def _show_tax(console: Console, plan: Plan) -> None:
    for change in plan.tax.changes:
        stamp = f"{change.after.law_year} law{', ESTIMATE' if change.after.estimate else ''}"
        say_heading(console, f"Tax of {change.after.taxpayer} ({change.after.status.value}, {stamp})")
        console.print(_tax_table(change))
        console.print(
            f"One more dollar of short-term gain is taxed at {words.percent(change.short_marginal_rate)}, "
            f"of long-term gain at {words.percent(change.long_marginal_rate)}."
        )
        if round(change.distributions_usd, 2):
            console.print(
                f"Withdrawals of {words.dollars(change.distributions_usd)} from tax-deferred accounts bring "
                f"{words.dollars(change.distributions_tax_usd)} of it, with or without the plan."
            )
    if plan.tax.changes:
        cost = plan.tax.cost_usd
        verb = "saves" if round(cost, 2) < 0 else "costs"
        console.print(f"The plan {verb} {words.dollars(abs(cost))} of tax this year, by estimate.")


def _tax_table(change: TaxChange) -> Table:
    table = plain_table()
    table.add_column("For the year")
    for name in ("Without plan", "Change", "With plan"):
        number_column(table, name)
    for name, field in TAX_LINES:
        before, after = _figure(change.before, field), _figure(change.after, field)
        if round(before, 2) or round(after, 2) or field == "total_usd":
            style = "bold" if field == "total_usd" else ""
            table.add_row(name, words.cents(before), words.signed(after - before), words.cents(after), style=style)
    return table


def _figure(bill: TaxBill, field: str) -> float:
    return float(getattr(bill, field))


def _show_cost(console: Console, plan: Plan) -> None:
    say_heading(console, "What the plan costs")
    table = plain_table()
    table.add_column("Part")
    number_column(table, "Dollars")
    for term in plan.money_terms:
        if round(term.usd, 2):
            table.add_row(f"{term.name[:1].upper()}{term.name[1:]}", words.cents(term.usd))
    table.add_section()
    table.add_row("Cost of the plan", words.cents(plan.money_usd), style="bold")
    table.add_row("Of it paid, now or later", words.cents(plan.paid_usd))
    if math.isfinite(plan.bound_usd):
        table.add_row("No plan costs less than", words.cents(plan.money_usd - plan.gap_usd))
    console.print(table)


def _show_comparison(console: Console, plan: Plan) -> None:
    """The plan beside ordinary rebalancing, and what it saves."""
    if not plan.comparisons:
        return
    does = plan.comparisons[0].name.partition(", ")[0]
    say_heading(console, f"Beside ordinary rebalancing, {does[:1].lower()}{does[1:]} (estimate)")
    table = plain_table()
    table.add_column("Way", overflow="fold")
    followed = any(way.tracking_error is not None for way in plan.compared)
    for name in ("Tax", "All costs", "Drift after", *(["Tracking error"] if followed else []), "Orders"):
        number_column(table, name)
    for way in plan.compared:
        ends = [words.percent(way.household_drift)]
        if followed:
            ends.append("" if way.tracking_error is None else words.percent(way.tracking_error))
        name = way.name.partition(", ")[2] or way.name
        costs = (words.cents(way.tax_usd), words.cents(way.cost_usd))
        table.add_row(f"{name[:1].upper()}{name[1:]}", *costs, *ends, str(way.orders))
    console.print(table)
    for way in plan.comparisons:
        saved = plan.tax_saved_usd(way)
        name = way.name.partition(", ")[2] or way.name
        verb = "saves" if round(saved, 2) >= 0 else "pays"
        said = f"{words.dollars(abs(saved))}{'' if verb == 'saves' else ' more'} of tax"
        console.print(f"Against {name[:1].lower()}{name[1:]} the plan {verb} {said}.{_faults(way)}")
    console.print("Measured on this household, this rebalance.")


def _faults(way: Comparison) -> str:
    """What an ordinary way does that the plan does not, for the end of a line."""
    faults = list(way.breaks)
    if round(way.disallowed_usd, 2):
        faults.append(f"{words.dollars(way.disallowed_usd)} of loss disallowed")
    if way.classes_out:
        faults.append(f"out of band {', '.join(way.classes_out)}")
    return f" Faults there: {'; '.join(faults)}." if faults else ""


def show_relaxed(console: Console, plan: Plan) -> None:
    """Rules that gave way, why, and what to loosen."""
    if not plan.relaxed:
        return
    say_heading(console, "Rules that no plan could keep")
    table = _list_table()
    for one in plan.relaxed:
        text = Text(one.sentence)
        if one.advice:
            text.append(f"\n{one.advice}")
        table.add_row(Text(one.rule, style="bold red"), text)
    console.print(table)


def show_left_alone(console: Console, plan: Plan) -> None:
    """Classes that end outside their band, and why."""
    if not plan.left_alone:
        return
    say_heading(console, "Left outside their band")
    for one in plan.left_alone:
        console.print(Text(one.sentence))


def show_waits(console: Console, plan: Plan) -> None:
    """Gains that turn long-term soon, the largest saving first."""
    if not plan.waits:
        return
    say_heading(console, "Waiting saves tax (each lot by itself, at today's price)")
    for wait in plan.waits[:WAITS_SHOWN]:
        console.print(Text(wait.sentence))
    if len(plan.waits) > WAITS_SHOWN:
        console.print(f"{words.count(len(plan.waits) - WAITS_SHOWN, 'lot')} more on the sheet Checks.")


def _show_notices(console: Console, plan: Plan) -> None:
    if plan.wash_blocks:
        say_heading(console, "Do not trade")
        table = plain_table()
        table.add_column("Symbol", no_wrap=True)
        table.add_column("Rule")
        table.add_column("Safe from", no_wrap=True)
        table.add_column("Accounts")
        everywhere = {name for name, _ in plan.cash_after}
        for block in sorted(plan.wash_blocks, key=lambda one: (one.safe_from, one.symbol)):
            table.add_row(
                Text(block.symbol, style="bold"),
                block.rule,
                f"{block.safe_from:%m/%d/%Y}",
                "every account" if everywhere <= set(block.accounts) else ", ".join(block.accounts),
            )
        console.print(table)
    if plan.notices:
        say_heading(console, "Notices")
        table = _list_table()
        for notice in plan.notices:
            table.add_row(Text(notice.topic[:1].upper() + notice.topic[1:]), Text(notice.sentence))
        console.print(table)


def _list_table() -> Table:
    """Two columns of text without lines: what it is about, and what there is to say."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(max_width=32)
    table.add_column()
    return table


def _in_order(trades: Iterable[Trade]) -> list[Trade]:
    """Account by account, sales first."""
    return sorted(trades, key=lambda trade: (trade.account, trade.side is Side.BUY, trade.symbol))
