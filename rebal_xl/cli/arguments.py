"""Arguments and options that several commands take."""

import typer

from rebal_xl.cli.options import read_day, read_method

WORKBOOK = typer.Argument(metavar="FILE", help="The household's workbook (.xlsx or .xlsm).", show_default=False)
FILES = "Files, folders and ZIP files: custodians' exports as they are downloaded (CSV, Excel, OFX)."
METHOD = typer.Option(
    "--method", metavar="METHOD", parser=read_method, show_default=False,
    help="Instead of the workbook's Method: Opportunistic, Full, Cash only, Harvest, Location or None.",
)  # fmt: skip
GAP = typer.Option(
    "--gap", metavar="BP", min=0.0, show_default=False,
    help="Stop when the plan is proven within so many basis points of the household's value.",
)  # fmt: skip
DEADLINE = typer.Option(
    "--deadline", metavar="SECONDS", min=0.1, show_default=False,
    help="Stop with the best plan found after so many seconds.",
)  # fmt: skip
AS_OF = typer.Option(
    "--as-of", metavar="DAY", parser=read_day, show_default=False,
    help="The day to plan for, as 2026-11-20 or 11/20/2026. Without it the workbook's As Of, else today.",
)  # fmt: skip
HOUSEHOLD = typer.Option(
    "--household", metavar="NAME", show_default=False, help="The household that is meant, where FILE holds several."
)
OUT = typer.Option(
    "--out", metavar="OUT", show_default=False,
    help="The workbook to write. Without it '<name> rebalanced.xlsx' beside FILE.",
)  # fmt: skip
PAGE = typer.Option(
    "--out", metavar="OUT", show_default=False,
    help="The page to write, ending in .html. Without it '<name> report.html' beside FILE.",
)  # fmt: skip
IN_PLACE = typer.Option("--in-place", help="Write into FILE itself; the file as it was is kept as a backup.")
JSON = typer.Option("--json", help="Print one JSON document on stdout and nothing else.")
