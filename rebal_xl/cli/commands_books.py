"""Commands about workbooks and files: begin, check, read, import."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rebal_xl.cli.arguments import AS_OF, FILES, HOUSEHOLD, IN_PLACE, JSON, WORKBOOK
from rebal_xl.cli.screen import Screen

commands = typer.Typer()


@commands.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The workbook to make.")] = Path("household.xlsx"),
    force: Annotated[bool, typer.Option("--force", help="Replace a file of that name; a backup is kept.")] = False,
) -> None:
    """Write an empty household workbook to fill in."""
    from rebal_xl.cli import jobs

    jobs.new(Screen.open(), file, force)


@commands.command(short_help="Rebalance a sample household and show the plan.")
def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where to put the files.")] = Path("demo"),
) -> None:
    """Write a sample household, rebalance it and show the plan."""
    from rebal_xl.cli import jobs

    raise typer.Exit(jobs.demo(Screen.open(), folder))


@commands.command(short_help="Print every problem, its cell and its remedy.")
def check(
    file: Annotated[Path, WORKBOOK],
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Print every problem and notice: where it is, what is wrong, what to write instead."""
    from rebal_xl.cli import jobs

    raise typer.Exit(jobs.check(Screen.open(as_json), file, as_of, household))


@commands.command(short_help="Write what was understood of a workbook, to correct.")
def understand(
    file: Annotated[Path, WORKBOOK],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="OUT", show_default=False,
                     help="The workbook to write. Without it '<name> understood.xlsx' beside FILE."),
    ] = None,
    in_place: Annotated[bool, IN_PLACE] = False,
    household: Annotated[str, HOUSEHOLD] = "",
) -> None:  # fmt: skip
    """Write the sheet Understood into a copy of the workbook: what every range and column was taken for.

    A word under Correction is followed whenever that workbook is read again; the other sheets are not changed.
    """
    from rebal_xl.cli import jobs

    if in_place and out is not None:
        raise typer.BadParameter("--in-place and --out cannot both be given: leave one out.")
    jobs.understand(Screen.open(), file, out, household, in_place=in_place)


@commands.command(short_help="Show what custodians' files say.")
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help=FILES, show_default=False)],
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Show what custodians' files say: which files they are, and the positions, lots and trades read from them."""
    from rebal_xl.cli import imports

    raise typer.Exit(imports.read(Screen.open(as_json), files))


@commands.command("import", short_help="Bring custodians' files into a copy of a workbook.")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help=FILES, show_default=False)],
    into: Annotated[
        Path, typer.Option("--into", metavar="WORKBOOK", help="The household's workbook.", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="OUT", show_default=False,
                     help="The workbook to write. Without it '<name> imported.xlsx' beside WORKBOOK."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and write nothing.")] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:  # fmt: skip
    """Bring custodians' files into a copy of WORKBOOK: holdings and cash, prices, and recent trades.

    Everything else in the workbook stays. New, gone and changed lots and prices are listed.
    """
    from rebal_xl.cli import imports

    raise typer.Exit(imports.bring_in(Screen.open(as_json), files, into, out, dry_run=dry_run))


@commands.command(short_help="Name the columns of a portal's export once.")
def mapping(
    action: Annotated[str, typer.Argument(metavar="new|list|show", help="What to do.", show_default=False)],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The mapping's name.", show_default=False)] = "",
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="With new: an export of the portal.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a mapping of that name; a new file is made.")] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Keep a mapping of a portal's columns: 'new NAME FILE' makes one to complete, 'list' and 'show NAME' show them."""
    from rebal_xl.cli import imports

    raise typer.Exit(imports.mapping(Screen.open(as_json), action, name, file, force=force))


@commands.command(short_help="Show what the security master knows of symbols.")
def security(
    symbols: Annotated[list[str], typer.Argument(metavar="SYMBOL...", help="Tickers.", show_default=False)],
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Show class, index, share-class family and replacement of symbols in the security master, with sources."""
    from rebal_xl.cli import security as lookup

    raise typer.Exit(lookup.security(Screen.open(as_json), symbols))
