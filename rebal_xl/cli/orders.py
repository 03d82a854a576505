"""`rebal-xl orders` and `order-map`: plans as files to enter, checked, totalled, stamped; and the maps they follow."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from rich.text import Text

from rebal_xl import words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.progress import Watch
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, show_problems
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import InputErrors, Problem
from rebal_xl.intake.settings import today_in_new_york
from rebal_xl.intake.values import listed
from rebal_xl.orders.checks import ACCEPTABLE
from rebal_xl.orders.export import Export, HouseholdPart, default_file, make_export, save_export
from rebal_xl.orders.maps import OrderMap
from rebal_xl.orders.ready import Ready, get_ready
from rebal_xl.orders.store import BLOCK, EXAMPLES, SHIPPED, find_map, keep_map, kept_names, read_map_file, shipped_text


def orders(
    screen: Screen,
    files: Sequence[Path],
    asked: str,
    out: Path | None,
    *,
    dry_run: bool,
    today: date | None,
    accepted: Sequence[str],
) -> Exit:
    """The orders of the workbooks in one file."""
    with ending_well(screen, "orders"):
        unknown = sorted(set(accepted) - set(ACCEPTABLE))
        if unknown:
            raise FileRefused(f"'{unknown[0]}' cannot be accepted. Only {listed(ACCEPTABLE, 'and')} can.")
        if asked != BLOCK:
            find_map(asked)
        ready = _all_ready(screen, files)
        made = make_export(ready, asked, today or today_in_new_york(), accepted)
        path = out or default_file(ready, made.format)
        code = Exit.PROBLEMS if made.errors else Exit.DONE
        written = None
        if not made.errors and not dry_run and any(part.orders for part in made.parts):
            # as the clock on the wall shows it
            now = datetime.now(UTC).astimezone().replace(tzinfo=None, second=0, microsecond=0)
            written = save_export(made, path, now).path
        if screen.as_json:
            screen.write(documents.as_text(document(made, code, written, dry_run=dry_run)))
            return code
        show(screen, made)
        screen.err.print(_end(made, written, dry_run=dry_run), soft_wrap=True)
        return code


def _all_ready(screen: Screen, files: Sequence[Path]) -> tuple[Ready, ...]:
    """Every household; where some cannot be read, everything that is wrong with all of them."""
    ready: list[Ready] = []
    problems: list[Problem] = []
    for file in files:
        try:
            with Watch(screen.err) as watch:
                ready.append(get_ready(file, watch.report))
        except FileRefused as refused:
            problems.append(Problem(refused.sentence, sheet=file.name, code="file-refused"))
        except InputErrors as found:
            problems += found.problems
    if problems:
        raise InputErrors(problems)
    return tuple(ready)


def document(made: Export, code: int, written: Path | None, *, dry_run: bool) -> documents.Document:
    """What --json prints."""
    return documents.head("orders", made.problems, code) | {
        "orders": {
            "blocks": [
                {
                    "allocations": len([share for share in block.shares if share.quantity]),
                    "custodian": block.custodian,
                    "quantity": float(block.quantity),
                    "side": block.side.value,
                    "symbol": block.symbol,
                    "usd": float(block.usd),
                }
                for block in made.blocks
            ],
            "bought_usd": figures.usd(sum(part.bought_usd for part in made.parts)),
            "dry_run": dry_run,
            "file": str(written) if written else None,
            "format": made.format,
            "households": [_part(part, stamped=written is not None and part.orders > 0) for part in made.parts],
            "left_out": [
                {"account": account, "custodian": custodian, "orders": number, "workbook": workbook}
                for workbook, account, custodian, number in made.left_out
            ],
            "orders": sum(part.orders for part in made.parts),
            "sold_usd": figures.usd(sum(part.sold_usd for part in made.parts)),
        }
    }


def _part(part: HouseholdPart, *, stamped: bool) -> documents.Document:
    return {
        "bought_usd": figures.usd(part.bought_usd),
        "fees_usd": figures.usd(part.fees_usd),
        "fingerprint": part.ready.plan.fingerprint,
        "household": part.ready.household.name,
        "lines": part.lines,
        "orders": part.orders,
        "sold_usd": figures.usd(part.sold_usd),
        "stamped": stamped,
        "withdrawn_usd": figures.usd(part.withdrawn_usd),
        "workbook": str(part.ready.path),
    }


def show(screen: Screen, made: Export) -> None:
    """Totals by household, what is not in the file, and the checks."""
    table = plain_table()
    table.add_column("Household")
    for name in ("Orders", "Lines", "Sold", "Bought", "Fees", "Withdrawn"):
        number_column(table, name)
    for part in made.parts:
        amounts = (part.sold_usd, part.bought_usd, part.fees_usd, part.withdrawn_usd)
        table.add_row(Text(part.ready.household.name), str(part.orders), str(part.lines), *map(words.cents, amounts))
    screen.out.print(table)
    for workbook, account, custodian, number in made.left_out:
        told = f"Not in the file: {words.count(number, 'order')} in {account} ({custodian}) of {workbook}."
        screen.out.print(Text(told))
    if any(part.withdrawn_usd for part in made.parts):
        screen.out.print("Withdrawals are in no order file: enter them at the custodian.")
    if made.problems:
        show_problems(screen.out, made.problems)


def _end(made: Export, written: Path | None, *, dry_run: bool) -> str:
    if made.errors:
        return "Nothing was written."
    if not any(part.orders for part in made.parts):
        return "There are no orders to write. Nothing was written."
    if dry_run or written is None:
        return "Dry run: nothing was written."
    return (
        f"The orders are in {written}, and the Run Log says so. Prices and amounts are estimates; check every order "
        "before you send it."
    )


def order_map(screen: Screen, file: Path | None, keep: str | None, example: str | None) -> None:
    """Check a map and keep it, print one to start from, or list those there are."""
    with ending_well(screen, "order-map"):
        if example is not None:
            if example not in (*SHIPPED, *EXAMPLES):
                raise FileRefused(f"There is no example '{example}'. Write one of {listed([*EXAMPLES, *SHIPPED])}.")
            screen.write(shipped_text(example).rstrip("\n"))
            return
        if file is None:
            for name in (*SHIPPED, *EXAMPLES, *kept_names()):
                screen.out.print(Text(f"{name}: {find_map(name).note or 'your own'}"))
            return
        made = read_map_file(file)
        screen.out.print(Text(_told(made)))
        if keep is not None:
            screen.err.print(f"It is kept as {keep}: {keep_map(file, keep)}", soft_wrap=True)


def _told(made: OrderMap) -> str:
    columns = ", ".join(column.header or column.field or f'"{column.constant}"' for column in made.columns)
    return f"{made.name}: {words.count(len(made.columns), 'column')}, a line for each of the {made.rows}: {columns}."
