"""What `check` and `drift` print: findings with their cells, the household class by class and account by account."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD, Box
from rich.console import Console, ConsoleOptions
from rich.table import Table
from rich.text import Text

from rebal_xl import words
from rebal_xl.household import Drift, DriftLine, Problem, Severity

# Below so many columns the dollars give way, so that no class name is folded.
WIDE = 96
STATUS_STYLE = {"above band": "bold red", "below band": "bold red", "in destination": "green"}


class _Ruled(Box):
    """A line under the header; made of hyphens where the console has no other."""

    def substitute(self, options: ConsoleOptions, safe: bool = True) -> Box:
        return _HYPHENS if options.ascii_only else SIMPLE_HEAD


_HYPHENS = Box("    \n    \n -- \n    \n    \n -- \n    \n    \n", ascii=True)
RULED = _Ruled(str(SIMPLE_HEAD))


def plain_table(title: str = "") -> Table:
    """A table in the project's look: a line under the header and above the totals, nothing else."""
    return Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=RULED,
        # With the line between columns that makes two spaces.
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
        header_style="bold",
    )


def number_column(table: Table, name: str) -> None:
    """A column of figures: right-aligned, never folded."""
    table.add_column(name, justify="right", no_wrap=True)


def say_heading(console: Console, text: str) -> None:
    """A heading with an empty line above."""
    console.print()
    console.print(Text(text, style="bold"))


def show_problems(console: Console, problems: Sequence[Problem]) -> None:
    """Every finding with its place, errors first; below each, what to write instead."""
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(no_wrap=True)
    placed = any(problem.place for problem in problems)
    if placed:
        table.add_column(overflow="fold", max_width=40)
    table.add_column(overflow="fold")
    for problem in sorted(problems, key=lambda one: one.severity is not Severity.ERROR):
        error = problem.severity is Severity.ERROR
        kind = Text("Error" if error else "Notice", style="bold red" if error else "yellow")
        text = Text(problem.message)
        if problem.advice:
            text.append(f"\n{problem.advice}", style="dim" if console.is_terminal else "")
        table.add_row(kind, *([Text(problem.place, style="bold")] if placed else []), text)
    console.print(table)


def say_count(console: Console, problems: Sequence[Problem]) -> None:
    """How many errors and notices."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    notices = len(problems) - errors
    if not problems:
        console.print("No problems found.")
        return
    console.print()
    console.print(f"{words.count(errors, 'error')}, {words.count(notices, 'notice')}.")


def show_drift(console: Console, drift: Drift) -> None:
    """Class by class with bands and status, then the household, then every account."""
    say_heading(console, "Drift by class, after contributions and withdrawals")
    console.print(_classes(drift, wide=console.width >= WIDE))
    console.print(summary(drift))
    say_heading(console, "Dollars by account, before withdrawals")
    console.print(accounts(drift))


def summary(drift: Drift) -> Text:
    """The household in a sentence."""
    outside = [line.asset_class for line in drift.lines if line.triggered]
    text = f"The household is {words.percent(drift.household_drift)} away from its target"
    if drift.tracking_error is not None:
        text += f", with a tracking error of {words.percent(drift.tracking_error)} a year"
    if drift.tracking_trigger is not None and drift.tracking_error is not None:
        said = "beyond its trigger of" if drift.needed else "within its trigger of"
        rest = "." if drift.needed else ": nothing needs to be done."
        return Text(f"{text}, {said} {words.percent(drift.tracking_trigger)}{rest}")
    if not outside:
        return Text(f"{text}. Every class is inside its band: nothing needs to be done.")
    verb = "is outside its band" if len(outside) == 1 else "are outside their bands"
    return Text(f"{text}. {words.count(len(outside), 'class').replace('classs', 'classes')} {verb}.")


def status(line: DriftLine) -> Text:
    """The status of a class in its colour."""
    return Text(line.status, style=STATUS_STYLE.get(line.status, ""))


def _classes(drift: Drift, *, wide: bool) -> Table:
    table = plain_table()
    table.add_column("Class")
    if wide:
        number_column(table, "Dollars")
    for name in ("Now", "Target", "Drift", "Band"):
        number_column(table, name)
    table.add_column("Status", no_wrap=True)
    table.show_footer = True
    for line in drift.lines:
        table.add_row(
            line.asset_class,
            *([words.whole(line.actual_usd)] if wide else []),
            words.percent(line.actual_weight),
            words.percent(line.target_weight),
            words.signed_percent(line.drift),
            words.band(line.trigger_low, line.trigger_high),
            status(line),
        )
    total = ["Total", *([words.whole(sum(line.actual_usd for line in drift.lines))] if wide else [])]
    total.append(words.percent(sum(line.actual_weight for line in drift.lines)))
    total.append(words.percent(sum(line.target_weight for line in drift.lines)))
    for column, text in zip(table.columns, total, strict=False):
        column.footer = Text(text, style="bold")
    return table


def accounts(drift: Drift) -> Table:
    """What lies where: one row per account and class, with the account's share."""
    table = plain_table()
    table.add_column("Account / class")
    number_column(table, "Dollars")
    number_column(table, "Of account")
    names = list(dict.fromkeys(account for account, _, _ in drift.by_account))
    for name in names:
        rows = [(asset_class, usd) for account, asset_class, usd in drift.by_account if account == name]
        total = sum(usd for _, usd in rows)
        table.add_row(Text(name, style="bold"), Text(words.whole(total), style="bold"), "")
        for asset_class, usd in sorted(rows, key=lambda row: -row[1]):
            share = words.percent(usd / total) if total > 0 else ""
            table.add_row(f"  {asset_class}", words.whole(usd), share)
    return table
