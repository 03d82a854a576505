"""`rebal-xl frontier`: what each step nearer to the target costs, as a table, a JSON document and a sheet."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from rebal_xl import api, words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.jobs import Wish, say_saved, show_notices
from rebal_xl.cli.progress import Watch
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, say_heading
from rebal_xl.files.save import Saved
from rebal_xl.household import Frontier, FrontierPoint, Household, Plan, Policy
from rebal_xl.sheets.results_frontier import beside_curve

ENDED = {
    "deadline": "The time limit ended the search: some plans are only the best found by then.",
    "cancelled": "The search was stopped on request: points are missing, or are only the best found by then.",
}


def frontier(screen: Screen, file: Path, wish: Wish, *, points: int, out: Path | None, in_place: bool) -> Exit:
    """Find the frontier, show it and write it beside the plan."""
    with ending_well(screen, "frontier"):
        api.result_path(file, out, in_place=in_place)
        household, own = api.read_workbook(file, wish.as_of, wish.household)
        if not screen.as_json:
            show_notices(screen, household)
        found = searched(screen, household, wish.revise(own), points)
        report = api.write_results(file, found.chosen, out, in_place=in_place, revise=wish.revise, frontier=found)
        saved = report.saved or Saved(file)
        code = Exit.RELAXED if found.chosen.relaxed else Exit.DONE
        if screen.as_json:
            screen.write(documents.as_text(document(household, found, code, saved)))
            return code
        show(screen.out, found)
        say_saved(screen, "The frontier and the plan are", saved)
        return code


def searched(screen: Screen, household: Household, policy: Policy, points: int) -> Frontier:
    """The frontier, with its progress shown; Ctrl-C keeps the plans found so far."""
    with Watch(screen.err) as watch:
        try:
            return api.frontier(household, policy, points=points, progress=watch.points)
        except api.SolverError as wrong:
            if watch.stopping:
                # Stopped before there was anything to keep.
                raise KeyboardInterrupt from wrong
            raise


def document(household: Household, found: Frontier, code: int, saved: Saved) -> documents.Document:
    """What --json prints."""
    chosen = found.chosen
    told = {
        "as_of": figures.day(chosen.as_of),
        "before": documents.drift_figures(chosen.before),
        "beside_chosen": _point(found.beside_chosen),
        "chosen": _plan(chosen) | {"gap_usd": figures.usd(chosen.gap_usd)},
        "extra_usd": figures.usd(found.extra_usd),
        "fingerprint": chosen.fingerprint,
        "household": chosen.household,
        "law": {"estimate": chosen.law_estimate, "year": chosen.law_year or None},
        "method": chosen.method.value,
        "points": [_point(point) for point in found.points],
        "seconds": round(found.seconds, 3),
        "status": found.status,
    }
    written = {"backup": str(saved.backup) if saved.backup else None, "workbook": str(saved.path)}
    return documents.head("frontier", household.notices, code) | {"frontier": told, "written": written}


def _point(point: FrontierPoint) -> documents.Document:
    cap = figures.weight(point.drift_cap)
    return {"drift_cap": cap, "gap_usd": figures.usd(point.gap_usd), **_plan(point.plan)}


def _plan(plan: Plan) -> documents.Document:
    told = documents.plan_figures(plan)
    return {
        "household_drift": figures.weight(plan.after.household_drift),
        "money_usd": figures.usd(plan.money_usd),
        "orders": len(plan.trades),
        "paid_usd": figures.usd(plan.paid_usd),
        "relaxed": told["relaxed"],
        "status": plan.status,
        "tax_usd": figures.usd(plan.tax.cost_usd),
        "trades": told["trades"],
    }


def show(console: Console, found: Frontier) -> None:
    """The curve, then the plan beside it."""
    chosen = found.chosen
    say_heading(console, f"{chosen.household}: what coming nearer to the target costs, {chosen.as_of:%m/%d/%Y}")
    table = plain_table()
    for name in ("Drift allowed", "Drift after", "Cost", "Paid", "Tax", "Orders", "Proven within"):
        number_column(table, name)
    table.add_column("")
    for point in found.points:
        table.add_row(words.percent(point.drift_cap), *_cells(point.plan, point.gap_usd), _fault(point.plan))
    table.add_section()
    table.add_row("This plan", *_cells(chosen, chosen.gap_usd), _fault(chosen), style="bold")
    console.print(table)
    console.print(Text(beside_curve(found)))
    if found.status in ENDED:
        console.print(Text(ENDED[found.status]))


def _cells(plan: Plan, gap_usd: float) -> tuple[str, ...]:
    return (
        words.percent(plan.after.household_drift),
        words.cents(plan.money_usd),
        words.cents(plan.paid_usd),
        words.cents(plan.tax.cost_usd),
        str(len(plan.trades)),
        words.at_most(gap_usd),
    )


def _fault(plan: Plan) -> str:
    return f"{words.count(len(plan.relaxed), 'rule')} not kept" if plan.relaxed else ""
