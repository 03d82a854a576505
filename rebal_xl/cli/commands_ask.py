"""Commands that answer a question about a household; only a few write, into copies."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rebal_xl.cli import returns
from rebal_xl.cli.arguments import AS_OF, DEADLINE, GAP, HOUSEHOLD, IN_PLACE, JSON, METHOD, OUT, WORKBOOK
from rebal_xl.cli.screen import Screen
from rebal_xl.household import Method

commands = typer.Typer()


@commands.command(short_help="Show how far the household is from its target.")
def drift(
    file: Annotated[Path, WORKBOOK],
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Show how far the household is from its target, by class and account."""
    from rebal_xl.cli import jobs

    jobs.drift(Screen.open(as_json), file, as_of, household)


@commands.command(short_help="Show what it costs that classes lie where they do.")
def location(
    file: Annotated[Path, WORKBOOK],
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Show what the location of the classes costs a year, its score between worst and best, and the next best swaps."""
    from rebal_xl.cli import location as placement

    placement.location(Screen.open(as_json), file, as_of, household)


@commands.command(short_help="Show what is held more than once, and what consolidating costs.")
def overlap(
    file: Annotated[Path, WORKBOOK],
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Show what is held more than once, in dollars, and what consolidating it would cost in tax and save in positions.

    Nothing is written. The setting Consolidate does it within a tax budget, as part of a plan.
    """
    from rebal_xl.cli import overlap as held_twice

    held_twice.overlap(Screen.open(as_json), file, as_of, household)


@commands.command(short_help="Show what this year's advice was worth.")
def value(
    file: Annotated[Path, WORKBOOK],
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Show what the runs carried out this year were worth against the ordinary way, from the Run Log and the fills.

    A run counts once its Status in the Run Log is done, or as far as the sheet Fills says. Nothing is written.
    """
    from rebal_xl.cli import value as worth

    worth.value(Screen.open(as_json), file, as_of, household)


@commands.command(short_help="Show what became of losses, and what has to wait.")
def wash(
    file: Annotated[Path, WORKBOOK],
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Show the wash-sale ledger: what became of every loss taken, and what must not be bought or sold until when."""
    from rebal_xl.cli import wash as ledger

    ledger.wash(Screen.open(as_json), file, as_of, household)


@commands.command(short_help="Show a year's tax line by line, and the room left.")
def tax(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", show_default=False, help=returns.FILE_HELP)] = None,
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    status: returns.Status = None,
    year: returns.Year = None,
    state: returns.State = None,
    ordinary: returns.Ordinary = None,
    qualified_dividends: returns.QualifiedDividends = None,
    short: returns.Short = None,
    long: returns.Long = None,
    collectible: returns.Collectible = None,
    short_carryforward: returns.ShortCarryforward = None,
    long_carryforward: returns.LongCarryforward = None,
    social_security: returns.SocialSecurity = None,
    tax_exempt_interest: returns.TaxExemptInterest = None,
    niit_income: returns.NiitIncome = None,
    itemized: returns.Itemized = None,
    salt: returns.Salt = None,
    aged_65: returns.Aged65 = None,
    blind: returns.Blind = None,
    state_short_rate: returns.StateShortRate = None,
    state_long_rate: returns.StateLongRate = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Show a year's tax line by line: where each line comes from, the next dollar's rate, and the room left.

    With FILE for every tax profile as it stands, without a plan; without FILE for the return that the options describe.
    """
    given = {name: value for name, value in locals().items() if name in returns.FIELDS and value is not None}
    from rebal_xl.cli import tax as year_of_tax

    if file is not None and (given or status or year):
        raise typer.BadParameter("FILE holds the tax profiles: leave out FILE, or the options that describe a return.")
    if file is not None:
        year_of_tax.tax_of_file(Screen.open(as_json), file, as_of, household)
        return
    if as_of is not None:
        raise typer.BadParameter("--as-of goes with FILE. Give --year instead.")
    if household:
        raise typer.BadParameter("--household goes with FILE. Leave it out.")
    if status is None:
        raise typer.BadParameter("give FILE, or --status and the other options that describe a return.")
    year_of_tax.tax_of_options(Screen.open(as_json), returns.described(status, given), year)


@commands.command(short_help="Show which households of a folder need attention.")
def scan(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder with the households' files.", show_default=False)
    ],
    as_of: Annotated[date | None, AS_OF] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Show every household of a folder in one table, those that need attention first. Nothing is written.

    Files that cannot be read are listed with their problems and do not stop the others; Ctrl-C keeps what was scanned.
    """
    from rebal_xl.cli import scan as book

    raise typer.Exit(book.scan(Screen.open(as_json), folder, as_of))


@commands.command(short_help="Show what each step nearer to the target costs.")
def frontier(
    file: Annotated[Path, WORKBOOK],
    points: Annotated[
        int, typer.Option("--points", metavar="N", min=2, max=100, help="How many caps on household drift to plan for.")
    ] = 10,
    out: Annotated[Path | None, OUT] = None,
    in_place: Annotated[bool, IN_PLACE] = False,
    method: Annotated[Method | None, METHOD] = None,
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    gap: Annotated[float | None, GAP] = None,
    deadline: Annotated[float | None, DEADLINE] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Plan for several caps on household drift, show what each costs, and write them beside the plan.

    The caps go from today's drift down to the least that any plan reaches, instead of the bands; other rules hold.
    """
    from rebal_xl.cli import frontier as curve
    from rebal_xl.cli.jobs import Wish

    if in_place and out is not None:
        raise typer.BadParameter("--in-place and --out cannot both be given: leave one out.")
    wish = Wish(as_of=as_of, method=method, gap_bp=gap, deadline_s=deadline, household=household)
    raise typer.Exit(curve.frontier(Screen.open(as_json), file, wish, points=points, out=out, in_place=in_place))


@commands.command(short_help="Study how often to rebalance.")
def study(
    file: Annotated[Path, WORKBOOK],
    returns: Annotated[
        Path | None,
        typer.Option("--returns", metavar="FILE", show_default=False,
                     help="Monthly returns of the classes, .csv or .xlsx; else the workbook's table Returns, "
                     "else simulated ones."),
    ] = None,
    paths: Annotated[int, typer.Option("--paths", metavar="N", help="How many paths.")] = 1_000,
    years: Annotated[int, typer.Option("--years", metavar="N", help="Years of each path.")] = 20,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another number draws other paths.")] = 1,
    policies: Annotated[
        str,
        typer.Option("--policies", metavar="LIST", show_default=False,
                     help="Rules to study, such as never,annually,6m,bands-monthly,bands-90d."),
    ] = "",
    reference: Annotated[
        str,
        typer.Option("--reference", metavar="RULE", show_default=False,
                     help="The rule that the others are compared with; without it annually."),
    ] = "",
    step_up: Annotated[
        bool, typer.Option("--step-up", help="Leave gains untaxed at the end: heirs take them at their value.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="OUT", show_default=False,
                     help="The workbook to write. Without it '<name> study.xlsx' beside FILE."),
    ] = None,
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:  # fmt: skip
    """Compare ways of looking at this household - never, by the calendar, by its bands - over many paths of returns.

    After-tax value, tracking error, turnover, tax and orders, with confidence intervals, on a sheet of its own.
    """
    from rebal_xl.cli import study as how_often

    asked = how_often.Asked(as_of, returns, paths, years, seed, policies, reference, step_up, household)
    how_often.study(Screen.open(as_json), file, asked, out)


@commands.command(short_help="Say why the plan is what it is, and what rules cost.")
def explain(
    file: Annotated[Path, WORKBOOK],
    method: Annotated[Method | None, METHOD] = None,
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    gap: Annotated[float | None, GAP] = None,
    deadline: Annotated[float | None, DEADLINE] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Say why every order, what each rule costs, what to wait for, and what was left alone. Nothing is written.

    Every rule at its edge is loosened by a step and the household planned again, which takes as long as that many
    plans, but no longer than the deadline.
    """
    from rebal_xl.cli import explain as reasons
    from rebal_xl.cli.jobs import Wish

    wish = Wish(as_of=as_of, method=method, gap_bp=gap, deadline_s=deadline, household=household)
    raise typer.Exit(reasons.explain(Screen.open(as_json), file, wish))


@commands.command("what-if", short_help="Show what some edits would change in the plan.")
def what_if(
    file: Annotated[Path, WORKBOOK],
    method: Annotated[Method | None, METHOD] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", show_default=False,
                     help="Another value of a setting, such as 'Most Orders=5'; blank is its default."),
    ] = None,
    targets: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="CLASS=PERCENT", show_default=False,
                     help="Another target of a class, such as 'US Bonds=40%'; all targets still sum to 100 %."),
    ] = None,
    trades: Annotated[
        list[str] | None,
        typer.Option("--trade", metavar="TRADE", show_default=False,
                     help="A trade done as typed: Sell,Account,Symbol,100 ($5000 for dollars; a lot may follow)."),
    ] = None,
    as_of: Annotated[date | None, AS_OF] = None,
    household: Annotated[str, HOUSEHOLD] = "",
    gap: Annotated[float | None, GAP] = None,
    deadline: Annotated[float | None, DEADLINE] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:  # fmt: skip
    """Plan as the workbook says and once more after edits, and show what they change. Nothing is written.

    --set, --target and --trade may be given several times. Edits that cannot be are refused, all at once.
    """
    from rebal_xl.cli import what_if as edits
    from rebal_xl.cli.jobs import Wish
    from rebal_xl.intake.edits import Edits

    named = (("Method", method.value),) if method else ()
    typed = Edits(
        settings=(*named, *edits.read_pairs(settings or (), "--set", "'Most Orders=5'")),
        targets=edits.read_pairs(targets or (), "--target", "'US Bonds=40%'"),
        trades=edits.read_trades(trades or ()),
    )
    wish = Wish(as_of=as_of, gap_bp=gap, deadline_s=deadline, household=household)
    raise typer.Exit(edits.what_if(Screen.open(as_json), file, wish, typed))
