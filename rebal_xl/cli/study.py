"""`rebal-xl study`: how often to rebalance, as sentences, two tables, a JSON document and a workbook of its own."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rebal_xl import api, words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import ending_well
from rebal_xl.cli.jobs import say_saved
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, say_heading, show_problems
from rebal_xl.files import studies
from rebal_xl.files.save import Saved
from rebal_xl.files.studies import StudyInput
from rebal_xl.household import (
    Estimate,
    HappenedLine,
    InputErrors,
    Percentiles,
    Problem,
    Study,
    StudyClass,
    StudyLine,
)
from rebal_xl.study import DEFAULT_RULES, PATHS, SEED, YEARS, Wishes, read_rules, study_problems


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command, as they were typed."""

    as_of: date | None = None
    returns: Path | None = None
    paths: int = PATHS
    years: int = YEARS
    seed: int = SEED
    # rules separated by commas; "" for the usual ones
    policies: str = ""
    reference: str = ""
    step_up: bool = False
    # the one that is meant where the workbook holds several
    household: str = ""


def study(screen: Screen, file: Path, asked: Asked, out: Path | None) -> None:
    """Study a household, show what came out and write it."""
    with ending_well(screen, "study"):
        studies.study_path(file, out)
        wishes, given = _gathered(file, asked)
        notices = (*given.household.notices, *(given.history.notices if given.history else ()))
        if notices and not screen.as_json:
            show_problems(screen.err, notices)
        found = api.how_often(given.household, given.policy, wishes, history=given.history, expected=given.expected)
        saved = studies.write_study(file, found, out, firm=given.policy.firm)
        if screen.as_json:
            screen.write(documents.as_text(document(found, notices, saved)))
            return
        show(screen.out, found)
        say_saved(screen, "The study is", saved)


def _gathered(file: Path, asked: Asked) -> tuple[Wishes, StudyInput]:
    """What was asked and what it is asked of. Raises InputErrors with every problem of options and files at once."""
    wishes, problems = _wishes(asked)
    given = None
    try:
        given = studies.read_study(file, asked.as_of, asked.returns, asked.household)
    except InputErrors as found:
        problems += found.problems
    if given is not None:
        problems += study_problems(given.household, given.policy, wishes, given.history, given.expected)
    if problems or given is None:
        raise InputErrors(list(dict.fromkeys(problems)))
    return wishes, given


def _wishes(asked: Asked) -> tuple[Wishes, list[Problem]]:
    problems: list[Problem] = []
    rules = DEFAULT_RULES
    if asked.policies.strip():
        rules, wrong = read_rules(part for part in asked.policies.split(",") if part.strip())
        problems += wrong
    reference = ""
    if asked.reference:
        named, wrong = read_rules([asked.reference])
        problems += [replace(problem, sheet="--reference") for problem in wrong]
        reference = named[0].name if named else ""
    wishes = Wishes(
        rules=rules or DEFAULT_RULES,
        # compared with a rule that could not be read, they are compared with none
        reference="" if problems else reference,
        paths=asked.paths,
        years=asked.years,
        seed=asked.seed,
        step_up=asked.step_up,
    )
    return wishes, problems


def document(found: Study, notices: tuple[Problem, ...], saved: Saved) -> documents.Document:
    """What --json prints."""
    told = {
        "as_of": figures.day(found.as_of),
        "classes": [_class(one) for one in found.classes],
        "deferred_share": figures.weight(found.deferred_share),
        "happened": [_happened(line) for line in found.happened],
        "history_months": found.history_months,
        "household": found.household,
        "law": {"estimate": found.tax.law_estimate, "year": found.tax.law_year or None},
        "lines": [_line(line) for line in found.lines],
        "paths": found.paths,
        "rates": {
            "long_gain": _rate(found.tax.long_gain),
            "ordinary": _rate(found.tax.ordinary),
            "short_gain": _rate(found.tax.short_gain),
        },
        "reference": found.reference,
        "seed": found.seed,
        "sentences": list(found.sentences),
        "source": found.source,
        "start_usd": figures.usd(found.start_usd),
        "step_up": found.step_up,
        "taxable_share": figures.weight(found.taxable_share),
        "years": found.years,
    }
    written = {"backup": str(saved.backup) if saved.backup else None, "workbook": str(saved.path)}
    return documents.head("study", notices, 0) | {"study": told, "written": written}


def _line(line: StudyLine) -> documents.Document:
    return {
        "better": _rate(line.better),
        "cost_usd": figures.usd(line.cost_usd),
        "difference_percentiles_usd": _percentiles(line.difference_spread),
        "difference_usd": _estimate(line.difference_usd),
        "distinguishable": not line.difference_usd.spans_zero,
        "drift": _rate(line.drift),
        "lean": _rate(line.lean),
        "orders_a_year": round(line.orders, 4),
        "rebalances_a_year": round(line.rebalances, 4),
        "rule": line.rule.name,
        "tax_at_end_usd": _estimate(line.tax_at_end_usd),
        "tax_paid_usd": _estimate(line.tax_paid_usd),
        "tracking_error": {
            "high": _rate(line.tracking_error.high),
            "low": _rate(line.tracking_error.low),
            "mean": _rate(line.tracking_error.mean),
        },
        "turnover": _rate(line.turnover),
        "value_percentiles_usd": _percentiles(line.value_spread),
        "value_usd": _estimate(line.value_usd),
        "volatility": _rate(line.volatility),
        "widest_drift": _rate(line.widest_drift),
    }


def _rate(number: float) -> float:
    """Estimated weights and rates: six decimals, so that they are the same on every machine."""
    return round(number, 6) + 0.0


def _estimate(found: Estimate) -> documents.Document:
    return {"high": figures.usd(found.high), "low": figures.usd(found.low), "mean": figures.usd(found.mean)}


def _percentiles(found: Percentiles) -> documents.Document:
    return {name: figures.usd(getattr(found, name)) for name in ("p5", "p25", "p50", "p75", "p95")}


def _happened(line: HappenedLine) -> documents.Document:
    return {
        "difference_usd": figures.usd(line.difference_usd),
        "orders_a_year": round(line.orders, 4),
        "rule": line.rule.name,
        "tax_paid_usd": figures.usd(line.tax_paid_usd),
        "tracking_error": _rate(line.tracking_error),
        "turnover": _rate(line.turnover),
        "value_usd": figures.usd(line.value_usd),
    }


def _class(one: StudyClass) -> documents.Document:
    return {
        "asset_class": one.asset_class,
        "basis_usd": figures.usd(one.basis_usd),
        "expected_return": _rate(one.expected_return),
        "payout": _rate(one.payout),
        "payout_tax": _rate(one.payout_tax),
        "sheltered_usd": figures.usd(one.sheltered_usd),
        "target": figures.weight(one.target),
        "taxable_usd": figures.usd(one.taxable_usd),
        "volatility": _rate(one.volatility),
    }


def show(console: Console, found: Study) -> None:
    """The answer, the tables, and what else there is to say."""
    say_heading(console, f"{found.household}: how often to rebalance, {found.as_of:%m/%d/%Y}")
    console.print(Text(found.sentences[0]))
    say_heading(console, f"After-tax value after {found.years} years, beside {found.reference}")
    console.print(_values(found))
    say_heading(console, "How near to the target, and what it took, a year")
    console.print(_care(found))
    for sentence in found.sentences[1:]:
        console.print(Text(f"- {sentence}"))


def _values(found: Study) -> Table:
    table = plain_table()
    table.add_column("Rule", no_wrap=True)
    for name in ("Mean", "5th pct", "95th pct", "Difference", "95% interval"):
        number_column(table, name)
    table.add_column("", no_wrap=True)
    for line in found.lines:
        difference, interval, noise = "", "", "compared with"
        if line.rule.name != found.reference:
            difference = words.whole(line.difference_usd.mean)
            interval = f"{words.whole(line.difference_usd.low)} to {words.whole(line.difference_usd.high)}"
            noise = "within noise" if line.difference_usd.spans_zero else ""
        spread = line.value_spread
        values = (words.whole(usd) for usd in (line.value_usd.mean, spread.p5, spread.p95))
        table.add_row(line.rule.name, *values, difference, interval, noise)
    return table


def _care(found: Study) -> Table:
    table = plain_table()
    table.add_column("Rule", no_wrap=True)
    for name in ("Tracking error", "Widest drift", "Volatility", "Turnover", "Orders", "Tax on the way", "at the end"):
        number_column(table, name)
    for line in found.lines:
        shares = (line.tracking_error.mean, line.widest_drift, line.volatility, line.turnover)
        taxes = (line.tax_paid_usd.mean, line.tax_at_end_usd.mean)
        cells = (*map(words.percent, shares), f"{line.orders:.1f}", *map(words.whole, taxes))
        table.add_row(line.rule.name, *cells)
    return table
