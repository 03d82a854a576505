"""`rebal-xl what-if`: the plan, the plan after some edits, and what the edits change; nothing is written."""

import csv
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rebal_xl import api, words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.jobs import Wish, searched, show_notices
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, say_heading
from rebal_xl.cli.show_plan import proof, show_relaxed
from rebal_xl.household import ClassChange, FigureChange, Household, OrderChange, WhatIf
from rebal_xl.intake.edits import Edits

TRADE_PARTS = (4, 5)


def read_pairs(typed: Sequence[str], option: str, example: str) -> tuple[tuple[str, str], ...]:
    """Name and value of `Name=Value` options. Raises typer.BadParameter when one has no equals sign."""
    pairs = []
    for one in typed:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f'{option} "{one}" has no name before an equals sign. Write it as {example}.')
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


def read_trades(typed: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The parts of `Sell,Account,Symbol,100` options; names with commas stand in quotes."""
    trades = []
    for one in typed:
        parts = tuple(part.strip() for part in next(csv.reader([one], skipinitialspace=True), []))
        if len(parts) not in TRADE_PARTS:
            raise typer.BadParameter(
                f'--trade "{one}" has {words.count(len(parts), "part")}. Write it as Sell,Account,Symbol,100 or with '
                "a lot's name behind; an account with a comma in its name stands in quotes."
            )
        trades.append(parts)
    return tuple(trades)


def what_if(screen: Screen, file: Path, wish: Wish, edits: Edits) -> Exit:
    """Plan twice and show the differences."""
    with ending_well(screen, "what-if"):
        household, own = api.read_workbook(file, wish.as_of, wish.household)
        policy = wish.revise(own)
        if not screen.as_json:
            show_notices(screen, household)
        edited = api.edit_policy(household, policy, edits)
        base = searched(screen, household, policy)
        found = WhatIf(base, searched(screen, household, edited.policy), edited.sentences)
        code = Exit.RELAXED if found.edited.relaxed else Exit.DONE
        if screen.as_json:
            screen.write(documents.as_text(document(household, found, code)))
            return code
        show(screen.out, found)
        return code


def document(household: Household, found: WhatIf, code: int) -> documents.Document:
    """What --json prints."""
    told = {
        "base": documents.plan_figures(found.base),
        "classes": [_class(one) for one in found.classes],
        "cost_terms": [_figure(one) for one in found.terms],
        "edited": documents.plan_figures(found.edited),
        "edits": list(found.edits),
        "orders": [_order(one) for one in found.orders],
        "tax": [_figure(one) for one in found.tax],
    }
    return documents.head("what-if", household.notices, code) | {"what_if": told}


def _figure(one: FigureChange) -> documents.Document:
    return {
        "base_usd": figures.usd(one.base_usd),
        "change_usd": figures.usd(one.change_usd),
        "edited_usd": figures.usd(one.edited_usd),
        "name": one.name,
    }


def _class(one: ClassChange) -> documents.Document:
    return {
        "asset_class": one.asset_class,
        "base_drift": figures.weight(one.base_drift),
        "base_weight": figures.weight(one.base_weight),
        "edited_drift": figures.weight(one.edited_drift),
        "edited_weight": figures.weight(one.edited_weight),
    }


def _order(one: OrderChange) -> documents.Document:
    return {
        "account": one.account,
        "base_quantity": figures.quantity(one.base_quantity),
        "base_usd": figures.usd(one.base_usd),
        "edited_quantity": figures.quantity(one.edited_quantity),
        "edited_usd": figures.usd(one.edited_usd),
        "kind": one.kind,
        "side": one.side.value,
        "symbol": one.symbol,
    }


def show(console: Console, found: WhatIf) -> None:
    """The edits, then money, classes and orders side by side."""
    say_heading(console, f"{found.base.household}: what if, {found.base.as_of:%m/%d/%Y}")
    for sentence in found.edits or ("Nothing was edited.",):
        console.print(Text(sentence))
    say_heading(console, "Money")
    console.print(_money(found))
    say_heading(console, "Classes after trading")
    console.print(_classes(found))
    say_heading(console, "Orders that change")
    if found.orders:
        console.print(_orders(found))
    else:
        console.print("None: both plans have the same orders.")
    show_relaxed(console, found.edited)
    console.print()
    console.print(Text(f"The plan as it is: {proof(found.base)}"))
    console.print(Text(f"The edited plan: {proof(found.edited)}", style="bold"))


def _money(found: WhatIf) -> Table:
    table = plain_table()
    table.add_column("")
    for name in ("As it is", "Edited", "Change"):
        number_column(table, name)

    def add(one: FigureChange, style: str = "") -> None:
        base, edited = round(one.base_usd, 2), round(one.edited_usd, 2)
        # Of the cents shown beside it, so that the row adds up.
        table.add_row(one.name, words.cents(base), words.cents(edited), words.signed(edited - base), style=style)

    for one in found.tax:
        add(FigureChange(f"Tax this year, {one.name}", one.base_usd, one.edited_usd))
    terms = {term.name for plan in (found.base, found.edited) for term in plan.money_terms}
    for one in found.terms:
        if one.name in terms and (round(one.base_usd, 2) or round(one.edited_usd, 2)):
            add(FigureChange(f"Cost: {one.name}", one.base_usd, one.edited_usd))
    table.add_section()
    add(FigureChange("Cost of the plan", found.base.money_usd, found.edited.money_usd), "bold")
    add(FigureChange("Of it paid, now or later", found.base.paid_usd, found.edited.paid_usd))
    orders = (len(found.base.trades), len(found.edited.trades))
    table.add_row("Orders", *map(str, orders), f"{orders[1] - orders[0]:+d}" if orders[0] != orders[1] else "0")
    drifts = (found.base.after.household_drift, found.edited.after.household_drift)
    table.add_row("Household drift", *map(words.percent, drifts), words.signed_percent(drifts[1] - drifts[0]))
    return table


def _classes(found: WhatIf) -> Table:
    table = plain_table()
    table.add_column("Class")
    for name in ("Target", "As it is", "Edited", "Change", "Drift edited"):
        number_column(table, name)
    for one in found.classes:
        target = words.percent(one.edited_target)
        if one.base_target != one.edited_target:
            target = f"{words.percent(one.base_target)} -> {target}"
        table.add_row(
            one.asset_class,
            target,
            words.percent(one.base_weight),
            words.percent(one.edited_weight),
            words.signed_percent(one.edited_weight - one.base_weight),
            words.signed_percent(one.edited_drift),
        )
    return table


def _orders(found: WhatIf) -> Table:
    table = plain_table()
    table.add_column("Account", overflow="fold")
    table.add_column("Order", no_wrap=True)
    table.add_column("", no_wrap=True)
    for name in ("Shares as it is", "Edited", "Dollars as it is", "Edited"):
        number_column(table, name)
    decimals = words.share_decimals(
        quantity for one in found.orders for quantity in (one.base_quantity, one.edited_quantity)
    )
    for one in found.orders:
        shares = [
            f"{quantity:,.{decimals}f}" if quantity else "" for quantity in (one.base_quantity, one.edited_quantity)
        ]
        dollars = [words.cents(usd) if usd else "" for usd in (one.base_usd, one.edited_usd)]
        table.add_row(one.account, f"{one.side.value} {one.symbol}", one.kind, *shares, *dollars)
    return table
