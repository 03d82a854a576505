"""Commands that make a plan and carry it out: rebalance, report, orders, fills."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rebal_xl.cli.arguments import AS_OF, DEADLINE, GAP, HOUSEHOLD, IN_PLACE, JSON, METHOD, OUT, PAGE, WORKBOOK
from rebal_xl.cli.options import read_day
from rebal_xl.cli.screen import Screen
from rebal_xl.household import Method

commands = typer.Typer()


@commands.command(short_help="Find the plan, show it and write it on sheets.")
def rebalance(
    file: Annotated[Path, WORKBOOK],
    out: Annotated[Path | None, OUT] = None,
    in_place: Annotated[bool, IN_PLACE] = False,
    method: Annotated[Method | None, METHOD] = None,
    as_of: Annotated[date | None, AS_OF] = None,
    gap: Annotated[float | None, GAP] = None,
    deadline: Annotated[float | None, DEADLINE] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:  # fmt: skip
    """Find the plan, show it, and write it on sheets of a copy of the workbook.

    Ctrl-C stops a long search with the best plan found so far; a second Ctrl-C gives up.
    """
    from rebal_xl.cli import jobs

    if in_place and out is not None:
        raise typer.BadParameter("--in-place and --out cannot both be given: leave one out.")
    wish = jobs.Wish(as_of=as_of, method=method, gap_bp=gap, deadline_s=deadline, household=household)
    raise typer.Exit(jobs.rebalance(Screen.open(as_json), file, wish, out=out, in_place=in_place))


@commands.command(short_help="Write a page for the client: the plan, explained.")
def report(
    file: Annotated[Path, WORKBOOK],
    out: Annotated[Path | None, PAGE] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Show the page in the browser.")] = False,
    points: Annotated[
        int | None,
        typer.Option(
            "--points", metavar="N", min=2, max=100, show_default=False,
            help="Plan also for N caps on household drift, for a chart of what each step nearer to the target costs.",
        ),
    ] = None,
    method: Annotated[Method | None, METHOD] = None,
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    gap: Annotated[float | None, GAP] = None,
    deadline: Annotated[float | None, DEADLINE] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:  # fmt: skip
    """Find the plan and write it as one page for the client: words, charts and tables, on screen, phone and paper.

    The page is a single HTML file that loads nothing from anywhere. The workbook is not changed.
    """
    from rebal_xl.cli import report as client_page
    from rebal_xl.cli.jobs import Wish

    wish = Wish(as_of=as_of, method=method, gap_bp=gap, deadline_s=deadline, household=household)
    raise typer.Exit(client_page.report(Screen.open(as_json), file, wish, points=points, out=out, open_it=open_it))


@commands.command(short_help="Write the plan's orders as a file to enter.")
def orders(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Workbooks that were rebalanced.", show_default=False),
    ],
    form: Annotated[
        str,
        typer.Option("--format", metavar="FORMAT",
                     help="lots, fidelity, block, or the name or path of an order map of yours."),
    ] = "lots",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="OUT", show_default=False,
                     help="The file to write. Without it 'orders <day> <name> <format>.csv' beside FILE."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show totals and checks and write nothing.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="CODE", show_default=False,
                     help="Write although this error was found: stale-plan, stale-price, wash-window or "
                     "already-exported."),
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option("--as-of", metavar="DAY", parser=read_day, show_default=False,
                     help="The day on which the orders are entered; without it today in New York."),
    ] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:  # fmt: skip
    """Write the orders of the plan that each workbook holds, after checks, into one file, and stamp its Run Log.

    The plan is made again from the workbook and must be the one in its Run Log; otherwise rebalance first. Errors keep
    everything from being written.
    """
    from rebal_xl.cli import orders as out_going

    code = out_going.orders(
        Screen.open(as_json), files, form, out, dry_run=dry_run, today=as_of, accepted=tuple(accept or ())
    )
    raise typer.Exit(code)


@commands.command(short_help="Enter executed fills into a copy of the workbook.")
def fills(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False,
                                         help="The workbook whose orders were filled.")],
    executed: Annotated[Path, typer.Argument(metavar="FILLS", show_default=False,
                                             help="A CSV file with a row for each fill.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="OUT", show_default=False,
                     help="The workbook to write. Without it '<name> filled.xlsx' beside FILE."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and write nothing.")] = False,
    fills_only: Annotated[
        bool, typer.Option("--fills-only", help="Write the table Fills alone: Holdings has these trades already.")
    ] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:  # fmt: skip
    """Match executed fills with the orders of the Run Log and bring lots, cash and Recent Trades up to date in a copy.

    Slippage against the plan is told order by order, with partly filled orders and fills that fit no order.
    """
    from rebal_xl.cli import fills as executions

    raise typer.Exit(
        executions.fills(Screen.open(as_json), file, executed, out, dry_run=dry_run, fills_only=fills_only)
    )


@commands.command("order-map", short_help="Check and keep a map of a custodian's order file.")
def order_map(
    file: Annotated[
        Path | None, typer.Argument(metavar="MAP", show_default=False, help="The map, a file ending in .toml.")
    ] = None,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="NAME", show_default=False, help="Keep the map by this name.")
    ] = None,
    example: Annotated[
        str | None,
        typer.Option("--example", metavar="NAME", show_default=False, help="Print a map to start from."),
    ] = None,
) -> None:
    """Check a map of the columns of a custodian's order file, and keep it by a name; without MAP list what there is."""
    from rebal_xl.cli import orders as out_going

    if keep is not None and file is None:
        raise typer.BadParameter("--keep needs MAP: name the file to keep.")
    out_going.order_map(Screen.open(), file, keep, example)
