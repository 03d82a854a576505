"""`rebal-xl explain`: why the plan of a workbook is what it is, order by order and rule by rule; nothing is written."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from rebal_xl import api, words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.jobs import Wish, searched
from rebal_xl.cli.progress import Watch
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, say_heading, show_problems
from rebal_xl.cli.show_plan import proof, show_left_alone, show_relaxed, show_waits
from rebal_xl.household import BindingRule, Household, Plan, RuleCosts, Side
from rebal_xl.sheets.results_trades import no_trade


def explain(screen: Screen, file: Path, wish: Wish) -> Exit:
    """Find the plan again and say what made it so."""
    with ending_well(screen, "explain"):
        household, own = api.read_workbook(file, wish.as_of, wish.household)
        policy = wish.revise(own)
        if household.notices and not screen.as_json:
            show_problems(screen.err, household.notices)
        plan = searched(screen, household, policy)
        with Watch(screen.err) as watch:
            costs = api.binding_rules(household, policy, plan, progress=watch.step)
        code = Exit.RELAXED if plan.relaxed else Exit.DONE
        if screen.as_json:
            screen.write(documents.as_text(document(household, plan, costs, code)))
            return code
        show(screen.out, plan, costs)
        return code


def document(household: Household, plan: Plan, costs: RuleCosts, code: int) -> documents.Document:
    """What --json prints."""
    told = documents.plan_figures(plan)
    kept = (
        "as_of", "cost", "fingerprint", "household", "law", "left_alone", "method", "proof", "relaxed", "status", "tax",
        "trades", "waits",
    )  # fmt: skip
    rules = {
        "binding": [_binding(rule) for rule in costs.binding],
        "free": list(costs.free),
        "not_tried": list(costs.not_tried),
    }
    explanation = {name: told[name] for name in kept} | {"rules": rules}
    return documents.head("explain", household.notices, code) | {"explanation": explanation}


def show(console: Console, plan: Plan, costs: RuleCosts) -> None:
    """Orders, rules, waits, and how good the plan is."""
    say_heading(console, f"{plan.household}: {plan.method.value} as of {plan.as_of:%m/%d/%Y}")
    _show_orders(console, plan)
    show_relaxed(console, plan)
    show_left_alone(console, plan)
    _show_rules(console, costs)
    show_waits(console, plan)
    console.print()
    console.print(Text(proof(plan), style="bold"))


def _show_orders(console: Console, plan: Plan) -> None:
    if not plan.trades:
        console.print(no_trade(plan))
        return
    say_heading(console, "Why each order, and what it costs by itself")
    table = plain_table()
    table.add_column("Order", overflow="fold")
    for name in ("Amount", "Tax", "Later tax", "Cost", "Location"):
        number_column(table, name)
    table.add_column("Why")
    for trade in sorted(plan.trades, key=lambda one: (one.account, one.side is Side.BUY, one.symbol)):
        table.add_row(
            f"{trade.side.value} {trade.symbol}, {trade.account}",
            words.whole(trade.amount_usd),
            *(words.cents(usd) if round(usd, 2) else "" for usd in (trade.tax_usd, trade.later_tax_usd)),
            words.cents(trade.cost_usd),
            words.cents(trade.location_usd) if round(trade.location_usd, 2) else "",
            Text(trade.reason),
        )
    console.print(table)
    cost = plan.tax.cost_usd
    verb = "saves" if round(cost, 2) < 0 else "costs"
    console.print(
        f"Together the plan {verb} {words.dollars(abs(cost))} of tax this year: orders meet in one return, so their "
        "own taxes do not add up."
    )


def _show_rules(console: Console, costs: RuleCosts) -> None:
    say_heading(console, "What the rules cost (each loosened by itself, and planned again)")
    if not (costs.binding or costs.free or costs.not_tried):
        console.print("No rule stands at its edge.")
    elif not costs.binding:
        console.print("No rule costs money that can be told from the gap.")
    for rule in costs.binding:
        console.print(Text(rule.sentence))
    if costs.free:
        console.print(
            Text(
                "Loosening these saves no money that could be told from the gaps of the plans, and from prices that "
                f"nobody pays: {', '.join(costs.free)}."
            )
        )
    if costs.not_tried:
        console.print(Text(f"Not tried to the end: {', '.join(costs.not_tried)}."))


def _binding(rule: BindingRule) -> documents.Document:
    return {
        "mends": list(rule.mends),
        "parts": [{"name": name, "usd": figures.usd(usd)} for name, usd in rule.parts],
        "rule": rule.rule,
        "saves_usd": figures.usd(rule.saves_usd),
        "sentence": rule.sentence,
        "step": rule.step,
        "within_usd": figures.usd(rule.within_usd),
        "worsens": list(rule.worsens),
    }
