"""The command line as a whole: its commands stand by what they are for in three modules beside this one."""

from typing import Annotated

import typer

from rebal_xl import __version__
from rebal_xl.cli import commands_ask, commands_books, commands_plan
from rebal_xl.cli.screen import Screen

app = typer.Typer(
    name="rebal-xl",
    help="Tax-aware household rebalancing on workbook files. Nothing leaves this machine.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run() -> int:
    """Run the command line on this process's arguments; returns the exit code."""
    Screen.open()
    try:
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rebal-xl {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Tax-aware household rebalancing on workbook files. Nothing leaves this machine."""


for part in (commands_books, commands_ask, commands_plan):
    app.add_typer(part.commands)
