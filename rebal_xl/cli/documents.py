"""What --json prints: documented in docs/json.md, checked against docs/schema/, the same on every machine.

Dollars are rounded to cents, weights and rates to ten decimals, quantities to six; dates are ISO; keys are sorted.
A figure that is not known is null. Fields may be added; a change of meaning raises `schema_version`.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rebal_xl import __version__
from rebal_xl.cli import figures
from rebal_xl.household import (
    Comparison,
    Drift,
    DriftLine,
    Household,
    LeftAlone,
    LotSale,
    Plan,
    Policy,
    Problem,
    Relaxation,
    TaxBill,
    TaxChange,
    Trade,
    Wait,
    WashBlock,
)
from rebal_xl.household.explanation import Explanation
from rebal_xl.household.plan import paid_usd

SCHEMA_VERSION = 1
# The fields of a command's answer: null when it found problems instead.
ANSWERS = {
    "check": (),
    "drift": ("drift",),
    "explain": ("explanation",),
    "fills": ("fills", "written"),
    "frontier": ("frontier", "written"),
    "import": ("import", "written"),
    "location": ("location",),
    "mapping": ("mapping",),
    "overlap": ("overlap",),
    "orders": ("orders",),
    "read": ("read",),
    "rebalance": ("plan", "told", "written"),
    "report": ("report", "written"),
    "scan": ("scan",),
    "security": ("security",),
    "study": ("study", "written"),
    "tax": ("tax",),
    "value": ("value",),
    "wash": ("wash",),
    "what-if": ("what_if",),
}
Document = dict[str, Any]


def as_text(document: Document) -> str:
    """The document as it is printed: ASCII, so that no console's encoding can break it."""
    return json.dumps(document, indent=2, sort_keys=True, allow_nan=False)


def checked(problems: Sequence[Problem], code: int) -> Document:
    """Of `rebal-xl check`."""
    return head("check", problems, code)


def failed(command: str, problems: Sequence[Problem], code: int) -> Document:
    """Of a command that found problems instead of an answer."""
    document = head(command, problems, code)
    return document | dict.fromkeys(ANSWERS.get(command, ()))


def drifted(household: Household, policy: Policy, drift: Drift) -> Document:
    """Of `rebal-xl drift`."""
    measured = {"as_of": figures.day(policy.as_of), "household": household.name, **drift_figures(drift)}
    return head("drift", household.notices, 0) | {"drift": measured}


def planned(
    household: Household, plan: Plan, told: Explanation, code: int, workbook: Path, backup: Path | None
) -> Document:
    """Of `rebal-xl rebalance`."""
    written = {"backup": str(backup) if backup else None, "workbook": str(workbook)}
    answer = {"plan": plan_figures(plan), "told": explanation_words(told), "written": written}
    return head("rebalance", household.notices, code) | answer


def explanation_words(told: Explanation) -> Document:
    """What a client is told."""
    return {
        "headlines": [
            {"label": one.label, "note": one.note, "text": one.figure.text, "value": round(one.figure.value, 6)}
            for one in told.headlines
            if isinstance(one.figure.value, float)
        ],
        "sections": [
            {"key": one.key, "sentences": [passage.text for passage in one.passages], "title": one.title}
            for one in told.sections
        ],
        "small_print": [passage.text for passage in told.small_print],
        "title": told.title,
    }


def plan_figures(plan: Plan) -> Document:
    """Everything that a plan says."""
    return {
        "after": drift_figures(plan.after),
        "as_of": figures.day(plan.as_of),
        "before": drift_figures(plan.before),
        "cash_after": [{"account": name, "usd": figures.usd(usd)} for name, usd in plan.cash_after],
        "comparisons": [_comparison(plan, way) for way in plan.comparisons],
        "cost": {
            "paid_usd": figures.usd(paid_usd(plan.cost_terms)),
            "terms": [{"name": term.name, "usd": figures.usd(term.usd)} for term in plan.cost_terms],
            "total_usd": figures.usd(plan.cost_usd),
        },
        "fingerprint": plan.fingerprint,
        "household": plan.household,
        "law": {"estimate": plan.law_estimate, "year": plan.law_year or None},
        "left_alone": [_left_alone(one) for one in plan.left_alone],
        "lots_sold": [_lot_sale(sale) for sale in plan.lot_sales],
        "method": plan.method.value,
        "notices": [
            {"account": one.account, "sentence": one.sentence, "symbol": one.symbol, "topic": one.topic}
            for one in plan.notices
        ],
        "proof": {
            "bound_usd": figures.usd(plan.bound_usd),
            "gap_bp": _gap_bp(plan),
            "gap_usd": figures.usd(plan.gap_usd),
        },
        "relaxed": [_relaxation(one) for one in plan.relaxed],
        "seconds": round(plan.solve_seconds, 3),
        "status": plan.status,
        "tax": {
            "cost_usd": figures.usd(plan.tax.cost_usd),
            "taxpayers": [_tax_change(change) for change in plan.tax.changes],
        },
        "trades": [_trade(trade) for trade in plan.trades],
        "waits": [_wait(wait) for wait in plan.waits],
        "wash_blocks": [_wash_block(block) for block in plan.wash_blocks],
        "withdrawals_paid": [{"account": name, "usd": figures.usd(usd)} for name, usd in plan.withdrawals_paid],
    }


def _left_alone(one: LeftAlone) -> Document:
    return {
        "asset_class": one.asset_class,
        "outside_usd": figures.usd(one.outside_usd),
        "sentence": one.sentence,
        "weight": figures.weight(one.weight),
    }


def _relaxation(one: Relaxation) -> Document:
    return {
        "advice": one.advice,
        "amount_usd": figures.usd(one.amount_usd),
        "rule": one.rule,
        "sentence": one.sentence,
    }


def _comparison(plan: Plan, way: Comparison) -> Document:
    return {
        "breaks": list(way.breaks),
        "classes_out": list(way.classes_out),
        "cost_usd": figures.usd(way.cost_usd),
        "disallowed_usd": figures.usd(way.disallowed_usd),
        "household_drift": figures.weight(way.household_drift),
        "name": way.name,
        "orders": way.orders,
        "permanent_usd": figures.usd(way.permanent_usd),
        "tax_saved_usd": figures.usd(plan.tax_saved_usd(way)),
        "tax_usd": figures.usd(way.tax_usd),
        "tracking_error": figures.weight(way.tracking_error),
    }


def drift_figures(drift: Drift) -> Document:
    """Everything that a drift says."""
    return {
        "accounts": [
            {"account": account, "asset_class": asset_class, "usd": figures.usd(usd)}
            for account, asset_class, usd in drift.by_account
        ],
        "classes": [_line(line) for line in drift.lines],
        "household_drift": figures.weight(drift.household_drift),
        "needed": drift.needed,
        "tracking_error": figures.weight(drift.tracking_error),
        "tracking_trigger": figures.weight(drift.tracking_trigger),
        "value_usd": figures.usd(drift.value_usd),
    }


def head(command: str, problems: Sequence[Problem], code: int) -> Document:
    """What every document has."""
    return {
        "command": command,
        "exit_code": int(code),
        "problems": [finding(problem) for problem in problems],
        "schema_version": SCHEMA_VERSION,
        "version": __version__,
    }


def finding(problem: Problem) -> Document:
    """One finding about an input."""
    return {
        "advice": problem.advice,
        "cell": problem.cell,
        "code": problem.code,
        "message": problem.message,
        "severity": problem.severity.value,
        "sheet": problem.sheet,
    }


def _line(line: DriftLine) -> Document:
    return {
        "actual_usd": figures.usd(line.actual_usd),
        "actual_weight": figures.weight(line.actual_weight),
        "asset_class": line.asset_class,
        "destination_high": figures.weight(line.destination_high),
        "destination_low": figures.weight(line.destination_low),
        "drift": figures.weight(line.drift),
        "group": line.group,
        "status": line.status,
        "target_weight": figures.weight(line.target_weight),
        "trigger_high": figures.weight(line.trigger_high),
        "trigger_low": figures.weight(line.trigger_low),
    }


def _trade(trade: Trade) -> Document:
    return {
        "account": trade.account,
        "amount_usd": figures.usd(trade.amount_usd),
        "closes_position": trade.closes_position,
        "cost_usd": figures.usd(trade.cost_usd),
        "later_tax_usd": figures.usd(trade.later_tax_usd),
        "location_usd": figures.usd(trade.location_usd),
        "price_usd": round(trade.price_usd, 6),
        "quantity": figures.quantity(trade.quantity),
        "reason": trade.reason,
        "serves": trade.serves,
        "side": trade.side.value,
        "symbol": trade.symbol,
        "tax_usd": figures.usd(trade.tax_usd),
    }


def _wait(wait: Wait) -> Document:
    return {
        "account": wait.account,
        "days": wait.days,
        "gain_usd": figures.usd(wait.gain_usd),
        "long_from": figures.day(wait.long_from),
        "lot_id": wait.lot_id,
        "quantity": figures.quantity(wait.quantity),
        "saved_usd": figures.usd(wait.saved_usd),
        "sentence": wait.sentence,
        "sold": wait.sold,
        "symbol": wait.symbol,
    }


def _lot_sale(sale: LotSale) -> Document:
    return {
        "account": sale.account,
        "acquired": figures.day(sale.acquired),
        "basis_usd": figures.usd(sale.basis_usd),
        "disallowed_usd": figures.usd(sale.disallowed_usd),
        "gain_usd": figures.usd(sale.gain_usd),
        "lot_id": sale.lot_id,
        "permanent_usd": figures.usd(sale.permanent_usd),
        "proceeds_usd": figures.usd(sale.proceeds_usd),
        "quantity": figures.quantity(sale.quantity),
        "symbol": sale.symbol,
        "term": sale.term.value if sale.term else None,
    }


def _tax_change(change: TaxChange) -> Document:
    return {
        "after": bill_figures(change.after),
        "before": bill_figures(change.before),
        "cost_usd": figures.usd(change.cost_usd),
        "distributions_tax_usd": figures.usd(change.distributions_tax_usd),
        "distributions_usd": figures.usd(change.distributions_usd),
        "law_estimate": change.after.estimate,
        "law_year": change.after.law_year,
        "long_gain_usd": figures.usd(change.long_gain_usd),
        "long_marginal_rate": figures.weight(change.long_marginal_rate),
        "short_gain_usd": figures.usd(change.short_gain_usd),
        "short_marginal_rate": figures.weight(change.short_marginal_rate),
        "status": change.after.status.value,
        "taxpayer": change.after.taxpayer,
    }


def bill_figures(bill: TaxBill) -> Document:
    """One bill."""
    return {
        "agi_usd": figures.usd(bill.agi_usd),
        "amt_usd": figures.usd(bill.amt_usd),
        "federal_usd": figures.usd(bill.federal_usd),
        "gain_in_income_usd": figures.usd(bill.gain_in_income_usd),
        "income_tax_usd": figures.usd(bill.income_tax_usd),
        "long_carryforward_usd": figures.usd(bill.long_carryforward_usd),
        "long_net_usd": figures.usd(bill.long_net_usd),
        "niit_usd": figures.usd(bill.niit_usd),
        "short_carryforward_usd": figures.usd(bill.short_carryforward_usd),
        "short_net_usd": figures.usd(bill.short_net_usd),
        "state_usd": figures.usd(bill.state_usd),
        "taxable_income_usd": figures.usd(bill.taxable_income_usd),
        "total_usd": figures.usd(bill.total_usd),
    }


def _wash_block(block: WashBlock) -> Document:
    return {
        "accounts": list(block.accounts),
        "because": block.because,
        "group": block.group,
        "rule": block.rule,
        "safe_from": figures.day(block.safe_from),
        "symbol": block.symbol,
    }


def _gap_bp(plan: Plan) -> float | None:
    """The gap in basis points of the household's value."""
    value = plan.before.value_usd
    return figures.weight(1e4 * plan.gap_usd / value) if value > 0 else None
