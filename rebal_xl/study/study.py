"""The study itself: what is asked, what makes it impossible, and from there to lines and sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rebal_xl.household import (
    CASH_CLASS,
    Covariance,
    HappenedLine,
    Household,
    InputErrors,
    LookRule,
    Policy,
    Problem,
    ReturnHistory,
    Study,
    StudyClass,
)
from rebal_xl.measure.assumptions import shipped_assumptions, shipped_covariance
from rebal_xl.study.paths import MONTHS_A_YEAR, Bootstrap, FloatArray, Lognormal, Returns, draw_blocks
from rebal_xl.study.rates import study_rates, unknown_payers
from rebal_xl.study.rules import DEFAULT_RULES
from rebal_xl.study.sentences import study_sentences
from rebal_xl.study.simulate import Start, simulate
from rebal_xl.study.start import holdings_of, start_of, targets_of
from rebal_xl.study.statistics import happened_lines, study_lines
from rebal_xl.tax import LawMissing

PATHS, YEARS, SEED = 1_000, 20, 1
MOST_PATHS, MOST_YEARS = 100_000, 60
# The rule that the others are compared with, where it is among them.
REFERENCE = "Annually"
# Blocks of twelve months out of less history would be nearly the same everywhere.
LEAST_MONTHS = 36
TARGET_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked of a study."""

    rules: tuple[LookRule, ...] = DEFAULT_RULES
    # name of the rule that the others are compared with; "" for Annually where it is among them, else the first
    reference: str = ""
    paths: int = PATHS
    years: int = YEARS
    seed: int = SEED
    # gains are not taxed at the end: heirs take the assets at their value (IRC 1014)
    step_up: bool = False


@dataclass(frozen=True, slots=True)
class _Market:
    """Where returns come from, and what they are a year, by class."""

    returns: Returns
    expected: FloatArray
    covariance: FloatArray
    source: str


def how_often(
    household: Household,
    policy: Policy,
    wishes: Wishes | None = None,
    *,
    history: ReturnHistory | None = None,
    expected: Mapping[str, float] | None = None,
) -> Study:
    """The household at its target under every rule of `wishes`, over the same paths of monthly returns.

    Paths are put together from blocks of `history` where it is given, else drawn from the policy's covariance (or the
    shipped one) and `expected` returns (class -> mean of a year, 0..1; the shipped ones where a class is missing).
    Raises InputErrors with everything that makes a study impossible, all at once.
    """
    wishes = wishes or Wishes()
    problems = study_problems(household, policy, wishes, history, expected)
    if problems:
        raise InputErrors(problems)
    held = holdings_of(household, policy)
    market = _market(policy, history, expected or {})
    tax, rates = study_rates(household, policy)
    start = start_of(household, policy, held, tax, rates, market.expected, market.covariance)
    rules = wishes.rules
    reference = _reference(wishes)
    blocks = draw_blocks(market.returns, wishes.seed, wishes.paths, wishes.years * MONTHS_A_YEAR)
    outcome = simulate(start, rules, blocks, step_up=wishes.step_up)
    taxable, sheltered = float(start.taxable.sum()), float(start.sheltered.sum())
    study = Study(
        household=household.name,
        as_of=policy.as_of,
        sentences=(),
        lines=study_lines(outcome, rules, reference),
        reference=rules[reference].name,
        classes=_classes(policy, start, market),
        tax=tax,
        paths=wishes.paths,
        years=wishes.years,
        seed=wishes.seed,
        step_up=wishes.step_up,
        start_usd=taxable + sheltered,
        taxable_share=taxable / (taxable + sheltered),
        deferred_share=held.deferred_share,
        source=market.source,
        history_months=len(history.rows) if history else 0,
        happened=_happened(policy, history, start, wishes),
    )
    return replace(study, sentences=study_sentences(study))


def _happened(policy: Policy, history: ReturnHistory | None, start: Start, wishes: Wishes) -> tuple[HappenedLine, ...]:
    """The rules over the history as it happened; nothing without one."""
    if history is None:
        return ()
    past = _growth(policy, history)[:, None, :]
    outcome = simulate(start, wishes.rules, [past], step_up=wishes.step_up)
    return happened_lines(outcome, wishes.rules, _reference(wishes))


def study_problems(
    household: Household,
    policy: Policy,
    wishes: Wishes,
    history: ReturnHistory | None = None,
    expected: Mapping[str, float] | None = None,
) -> tuple[Problem, ...]:
    """Every reason why there can be no study; arguments as of `how_often`."""
    targets = targets_of(policy)
    problems = [*_wish_problems(wishes), *unknown_payers(household)]
    if not targets:
        problems.append(Problem("There are no targets.", "Fill the Targets table.", "Targets", code="no-targets"))
    elif abs(sum(target.weight for target in targets) - 1.0) > TARGET_ROUNDING:
        total = sum(target.weight for target in targets)
        problems.append(
            Problem(f"The targets sum to {total:.2%}.", "Let them sum to 100 %.", "Targets", code="targets-total")
        )
    if holdings_of(household, policy).total_usd <= 0.0:
        problems.append(Problem("The household holds nothing.", "Fill in Holdings.", "Holdings", code="nothing-held"))
    names = [target.asset_class for target in targets]
    problems += (
        _market_problems(names, policy, expected or {}) if history is None else _history_problems(names, history)
    )
    try:
        study_rates(household, policy)
    except InputErrors as found:
        problems += found.problems
    except LawMissing as missing:
        problems.append(Problem(str(missing), code="law-missing"))
    return tuple(problems)


def _wish_problems(wishes: Wishes) -> list[Problem]:
    found = []
    if not wishes.rules:
        found.append(_wish("--policies", "No rule of looking is given.", "Name one, such as annually."))
    names = [rule.name for rule in wishes.rules]
    if wishes.reference and wishes.reference not in names:
        message = f"The others cannot be compared with {wishes.reference}, which is not studied."
        found.append(_wish("--reference", message, "Name one of the rules of --policies."))
    if not 2 <= wishes.paths <= MOST_PATHS:
        found.append(_wish("--paths", f"{wishes.paths:,d} paths cannot be.", f"Write 2 to {MOST_PATHS:,d}."))
    if not 1 <= wishes.years <= MOST_YEARS:
        found.append(_wish("--years", f"{wishes.years:,d} years cannot be.", f"Write 1 to {MOST_YEARS}."))
    if wishes.seed < 0:
        found.append(_wish("--seed", f"The seed {wishes.seed} is negative.", "Write a whole number of 0 or more."))
    return found


def _wish(option: str, message: str, advice: str) -> Problem:
    return Problem(message, advice, sheet=option, code="study-option")


def _market_problems(names: Sequence[str], policy: Policy, expected: Mapping[str, float]) -> list[Problem]:
    """Classes of which no return or no risk is known."""
    known = shipped_assumptions()
    covered = (*policy.covariance.classes, CASH_CLASS) if policy.covariance else None
    no_return = [name for name in names if name not in expected and known.of(name) is None]
    no_risk = [name for name in names if (name not in covered if covered else known.of(name) is None)]
    found = [
        Problem(
            f"The expected return of {name} is not known.",
            "Fill in Expected Return in the Assumptions table, or give returns of its past.",
            "Assumptions",
            code="no-expected-return",
        )
        for name in no_return
    ]
    found += [
        Problem(
            f"Expected Return of {name} is {expected[name]:.0%}: more cannot be lost than everything.",
            "Correct it in the Assumptions table.",
            "Assumptions",
            code="expected-return",
        )
        for name in names
        if expected.get(name, 0.0) <= -1.0
    ]
    found += [
        Problem(
            f"How {name} varies and moves with the others is not known.",
            "Call the class by a common name, such as US Large Cap, fill in Covariance, or give returns of its past.",
            "Covariance",
            code="no-covariance",
        )
        for name in no_risk
    ]
    return found


def _history_problems(names: Sequence[str], history: ReturnHistory) -> list[Problem]:
    found = [
        Problem(
            f"The history has no returns of {name}.",
            f'Add a column "{name}".',
            history.source,
            code="returns-class",
        )
        for name in names
        if name not in history.classes
    ]
    if len(history.rows) < LEAST_MONTHS:
        found.append(
            Problem(
                f"The history has {len(history.rows)} months, too few to put paths together.",
                f"Give at least {LEAST_MONTHS} months, or leave it out.",
                history.source,
                code="returns-short",
            )
        )
    return found


def _reference(wishes: Wishes) -> int:
    names = [rule.name for rule in wishes.rules]
    wanted = wishes.reference or REFERENCE
    return names.index(wanted) if wanted in names else 0


def _market(policy: Policy, history: ReturnHistory | None, expected: Mapping[str, float]) -> _Market:
    names = [target.asset_class for target in targets_of(policy)]
    if history is not None:
        growth = _growth(policy, history)
        covariance = np.atleast_2d(np.cov(growth, rowvar=False)) * MONTHS_A_YEAR
        return _Market(Bootstrap(growth), growth.mean(axis=0) ** MONTHS_A_YEAR - 1.0, covariance, _told_source(history))
    known = shipped_assumptions()
    assumed = {name: found.expected_return for name in names if (found := known.of(name)) is not None}
    means = np.array([expected[name] if name in expected else assumed[name] for name in names])
    table = policy.covariance or shipped_covariance(tuple(sorted(names)))
    assert table is not None, "classes without covariance are refused before"
    covariance = _table_of(names, table)
    own = [*(["expected returns"] if set(names) & set(expected) else []), *(["risks"] if policy.covariance else [])]
    shipped = f"{known.source}, {known.year}"
    whole = set(names) <= set(expected) and policy.covariance is not None
    source = "the workbook's own assumptions" if whole else shipped
    if own and not whole:
        source += f", with the workbook's own {' and '.join(own)}"
    return _Market(Lognormal.of_years(means, covariance), means, covariance, source)


def _growth(policy: Policy, history: ReturnHistory) -> FloatArray:
    """Growth factors of the target's classes by month."""
    places = [history.classes.index(target.asset_class) for target in targets_of(policy)]
    return 1.0 + np.array(history.rows)[:, places]


def _told_source(history: ReturnHistory) -> str:
    name = f"{history.source}, " if history.source else ""
    return f"{name}{history.first:%m/%Y} to {history.last:%m/%Y}"


def _table_of(names: Sequence[str], table: Covariance) -> FloatArray:
    """The covariance of these classes in their order; cash without a row has no risk."""
    place = {name: number for number, name in enumerate(table.classes)}
    found = np.zeros((len(names), len(names)))
    for row, one in enumerate(names):
        for column, other in enumerate(names):
            if one in place and other in place:
                found[row, column] = table.rows[place[one]][place[other]]
    return found


def _classes(policy: Policy, start: Start, market: _Market) -> tuple[StudyClass, ...]:
    return tuple(
        StudyClass(
            asset_class=target.asset_class,
            target=target.weight,
            taxable_usd=float(start.taxable[number]),
            sheltered_usd=float(start.sheltered[number]),
            basis_usd=float(start.basis[number]),
            expected_return=float(market.expected[number]),
            volatility=float(np.sqrt(market.covariance[number, number])),
            payout=float(start.terms.payout[number]),
            payout_tax=float(start.terms.payout_tax[number]),
        )
        for number, target in enumerate(targets_of(policy))
    )
