"""The year so far: which runs were carried out, how far, and what they were worth against the ordinary way.

A run counts once its status is done, or as far as fills say. The same plan found again counts once. What a run saved is
the difference measured on its own day; a year is the sum of such differences, not a simulated other history.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from rebal_xl.household import Fill, Household, RunEntry, RunStatus, RunValue, ValueSoFar
from rebal_xl.measure.fills import Filled, filled_plan

# Fills without a fingerprint belong to the newest plan of so many days before them that has such an order.
MATCH_DAYS = 30
DAYS_OF_YEAR = 365.0
# A plan is carried out whole when no more than this part of it is missing: whole shares, cents.
WHOLE_SHARE = 0.995


@dataclass(frozen=True, slots=True)
class _Plan:
    """The rows of the log that hold one plan, as one."""

    run: RunEntry
    # None where the advisor wrote something else
    status: RunStatus | None


def run_status(text: str) -> RunStatus | None:
    """The status that a text means, whatever its case and spaces; blank is proposed, None when it is none of ours."""
    squeezed = _squeezed(text)
    if not squeezed:
        return RunStatus.PROPOSED
    return next((status for status in RunStatus if _squeezed(status) == squeezed), None)


def value_so_far(household: Household, runs: Sequence[RunEntry], as_of: date) -> ValueSoFar:
    """The calendar year of `as_of` up to that day, from the Run Log (the newest first) and the household's fills.

    All sums are estimates in dollars. Nothing of another year counts.
    """
    plans = _plans([run for run in runs if run.as_of <= as_of])
    notes: list[str] = []
    of_plan = _matched(plans, [fill for fill in household.fills if fill.filled.year == as_of.year], as_of, notes)
    counted: list[RunValue] = []
    tally = {RunStatus.PROPOSED: 0, RunStatus.DROPPED: 0}
    filled_words: list[tuple[str, str]] = []
    for number, plan in enumerate(plans):
        if plan.run.as_of.year != as_of.year:
            if number in of_plan:
                notes.append(
                    f"Fills of this year belong to {_name(plan.run)}, of an earlier year: they are not counted."
                )
            continue
        filled = filled_plan(household, plan.run, of_plan[number]) if number in of_plan else None
        if filled is not None:
            filled_words.append((plan.run.fingerprint, filled.words))
            notes += filled.notes
        value = _value(plan, filled, as_of, notes)
        if value is not None:
            counted.append(value)
        elif plan.status in tally:
            tally[plan.status] += 1
    notes += _twice_in_a_day(counted)
    # the log has the newest first, also of one day
    counted.reverse()
    return ValueSoFar(
        household=household.name,
        as_of=as_of,
        runs=tuple(sorted(counted, key=lambda one: one.run.as_of)),
        proposed=tally[RunStatus.PROPOSED],
        dropped=tally[RunStatus.DROPPED],
        notes=tuple(dict.fromkeys(notes)),
        filled=tuple(filled_words),
    )


def _plans(runs: Sequence[RunEntry]) -> list[_Plan]:
    """Rows of one fingerprint are one plan: the newest marked done, else partly done, else the newest counts."""
    rows: dict[str, list[RunEntry]] = {}
    for number, run in enumerate(runs):
        rows.setdefault(run.fingerprint or f"row {number}", []).append(run)
    plans = []
    for same in rows.values():
        read = [_Plan(run, run_status(run.status)) for run in same]
        marked = [plan for wanted in (RunStatus.DONE, RunStatus.PARTLY_DONE) for plan in read if plan.status is wanted]
        chosen = (marked or read)[0]
        # every row of a plan has the same orders, and only one holds them
        orders = next((run.orders for run in same if run.orders), ())
        plans.append(replace(chosen, run=replace(chosen.run, orders=orders)))
    return plans


def _matched(plans: Sequence[_Plan], fills: Iterable[Fill], as_of: date, notes: list[str]) -> dict[int, list[Fill]]:
    """Fills by the number of the plan they carry out; the others are told."""
    keys = [{order.key for order in plan.run.orders} for plan in plans]
    found: dict[int, list[Fill]] = {}
    strangers: list[Fill] = []
    for fill in fills:
        if fill.filled > as_of:
            continue
        key = (fill.account, fill.symbol, fill.side)
        if fill.fingerprint:
            fitting = [n for n, plan in enumerate(plans) if plan.run.fingerprint == fill.fingerprint and key in keys[n]]
        else:
            fitting = [
                n
                for n, plan in enumerate(plans)
                if key in keys[n]
                and plan.status is not RunStatus.DROPPED
                and 0 <= (fill.filled - plan.run.as_of).days <= MATCH_DAYS
            ]
        if fitting:
            # of one day the log has the newest first
            found.setdefault(min(fitting, key=lambda n: (-plans[n].run.as_of.toordinal(), n)), []).append(fill)
        else:
            strangers.append(fill)
    if strangers:
        first = strangers[0]
        more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
        notes.append(
            f"{len(strangers)} of the fills match no order of a plan in the Run Log and are not counted: "
            f"{first.side.value} {first.symbol} in {first.account} on {first.filled:%m/%d/%Y}{more}."
        )
    return found


def _value(plan: _Plan, filled: Filled | None, as_of: date, notes: list[str]) -> RunValue | None:
    """What a plan was worth; None, with a note where that is not plain, when it does not count."""
    run, name = plan.run, _name(plan.run)
    if plan.status is None:
        near = get_close_matches(run.status.casefold(), list(RunStatus), n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        words = ", ".join(RunStatus)
        tail = "its fills are counted" if filled else "it is not counted"
        notes.append(f'The status "{run.status}" of {name} is none of {words}: {tail}.{hint}')
    if filled is not None:
        share = f"{filled.order_share:.0%}"
        if plan.status is RunStatus.DROPPED:
            notes.append(
                f"{_capital(name)} is marked dropped, but has fills for {share} of its orders: these are counted."
            )
        elif plan.status is RunStatus.DONE and filled.order_share < WHOLE_SHARE:
            notes.append(
                f"{_capital(name)} is marked done, but has fills for {share} of its orders: these are counted."
            )
        return _by_fills(run, filled, as_of)
    if plan.status is RunStatus.PARTLY_DONE:
        notes.append(f"{_capital(name)} is partly done and has no fills, so nobody can say how far: it is not counted.")
        return None
    if plan.status is not RunStatus.DONE:
        return None
    if run.tax_usd is None:
        notes.append(f"{_capital(name)} was logged by a version that kept no tax figures: it is not counted.")
        return None
    if run.against is None:
        notes.append(f"{_capital(name)} could not be compared: its tax counts, and no saving.")
    return _whole(run, run.tax_usd, as_of)


def _whole(run: RunEntry, tax_usd: float, as_of: date) -> RunValue:
    """A run carried out as planned, at the plan's prices."""
    year = _location_year_usd(run)
    return RunValue(
        run=run,
        status=RunStatus.DONE,
        by_fills=False,
        share=1.0,
        order_share=1.0,
        tax_usd=tax_usd,
        short_gain_usd=run.short_gain_usd,
        long_gain_usd=run.long_gain_usd,
        losses_usd=run.losses_usd,
        disallowed_usd=run.disallowed_usd,
        own=run.against.own if run.against else None,
        hifo=run.against.hifo if run.against else None,
        location_year_usd=year,
        location_usd=year * _years(run, as_of),
    )


def _by_fills(run: RunEntry, filled: Filled, as_of: date) -> RunValue:
    """A run as far as it was filled, gains at the prices of the fills.

    Its tax is the filled part of the plan's, and the plan's marginal rates on what gains differ from that part of its.
    """
    year = filled.order_share * _location_year_usd(run)
    return RunValue(
        run=run,
        status=RunStatus.DONE if filled.order_share >= WHOLE_SHARE else RunStatus.PARTLY_DONE,
        by_fills=True,
        share=filled.share,
        order_share=filled.order_share,
        tax_usd=filled.share * (run.tax_usd or 0.0) + filled.tax_of_difference_usd,
        short_gain_usd=filled.short_gain_usd,
        long_gain_usd=filled.long_gain_usd,
        losses_usd=filled.losses_usd,
        disallowed_usd=filled.disallowed_usd,
        own=run.against.own.scaled(filled.share) if run.against else None,
        hifo=run.against.hifo.scaled(filled.share) if run.against else None,
        location_year_usd=year,
        location_usd=year * _years(run, as_of),
        slippage_usd=filled.slippage_usd,
        filled_usd=filled.filled_usd,
    )


def _location_year_usd(run: RunEntry) -> float:
    if run.location_before_usd is None or run.location_after_usd is None:
        return 0.0
    return run.location_before_usd - run.location_after_usd


def _years(run: RunEntry, as_of: date) -> float:
    return (as_of - run.as_of).days / DAYS_OF_YEAR


def _twice_in_a_day(counted: Iterable[RunValue]) -> Iterable[str]:
    """Different plans of one day that are both done may be one in place of the other."""
    days: dict[date, int] = {}
    for one in counted:
        if not one.by_fills:
            days[one.run.as_of] = days.get(one.run.as_of, 0) + 1
    for day, number in sorted(days.items()):
        if number > 1:
            yield (
                f"{number} different plans of {day:%m/%d/%Y} are marked done, and all are counted: where one replaced "
                "another, mark the other dropped."
            )


def _name(run: RunEntry) -> str:
    return f"the run of {run.as_of:%m/%d/%Y} ({run.method})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _squeezed(text: str) -> str:
    """Without case, spaces, hyphens and a full stop at the end: nothing else is overlooked."""
    return "".join(text.casefold().replace("-", "").replace("_", "").split()).rstrip(".")


def by_month(value: ValueSoFar) -> tuple[Mapping[str, float] | None, ...]:
    """Twelve months, each with the sums from January to its end; None for months that have not begun.

    `tax`, `own` and `hifo` are this year's tax of the runs compared, `saved` and `kept` against each account's own
    method; location is left out, since it grows by the day.
    """
    months: list[Mapping[str, float] | None] = []
    for month in range(1, 13):
        if month > value.as_of.month:
            months.append(None)
            continue
        part = replace(value, runs=tuple(run for run in value.runs if run.run.as_of.month <= month))
        months.append(
            {
                "tax": part.own.plan_tax_usd,
                "own": part.own.tax_usd,
                "hifo": part.hifo.tax_usd,
                "saved": part.own.saved_usd,
                "kept": part.own.kept_usd,
            }
        )
    return tuple(months)
