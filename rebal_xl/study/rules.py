"""The rules of looking, and how people write them: never, annually, bands-quarterly, bands-90d."""

import re
from collections.abc import Iterable

from rebal_xl.household import LookRule, Problem

# Returns are monthly: a look every 30 days is a look every month.
DAYS_A_MONTH = 30
MOST_MONTHS = 120
_EVERY = {"monthly": 1, "quarterly": 3, "semiannually": 6, "annually": 12}
_SAME = {
    "yearly": "annually",
    "annual": "annually",
    "month": "monthly",
    "quarter": "quarterly",
    "halfyearly": "semiannually",
}
_WORDS = {months: word for word, months in _EVERY.items()}
_COUNTED = re.compile(r"(\d{1,4})(m|months?|d|days?)")
HOW = "Write never, monthly, quarterly, annually, 6m (every six months), bands-monthly, bands-quarterly or bands-90d."


def never() -> LookRule:
    """Nothing is ever traded after the start."""
    return LookRule("Never", 0)


def calendar(months: int) -> LookRule:
    """All the way to the target every so many months."""
    return LookRule(_when(months).capitalize(), months)


def bands(months: int) -> LookRule:
    """Looked at every so many months; traded only when a class is outside its trigger band."""
    return LookRule(f"Bands, {_when(months)}", months, banded=True)


def read_rules(written: Iterable[str]) -> tuple[tuple[LookRule, ...], tuple[Problem, ...]]:
    """Rules as people write them, each once and in their order, and everything that is no rule."""
    found: dict[str, LookRule] = {}
    problems = []
    for text in written:
        rule = _read(text)
        if isinstance(rule, LookRule):
            found.setdefault(rule.name, rule)
        else:
            problems.append(rule)
    return tuple(found.values()), tuple(problems)


def _read(text: str) -> LookRule | Problem:
    word = re.sub(r"[\s,_-]+", "", text.casefold())
    if word == "never":
        return never()
    banded = word.startswith("bands")
    rest = word.removeprefix("bands").removeprefix("every") if banded else word.removeprefix("every")
    rest = _SAME.get(rest, rest)
    months = 1 if banded and not rest else _EVERY.get(rest)
    counted = _COUNTED.fullmatch(rest)
    if counted:
        number, by_days = int(counted[1]), counted[2].startswith("d")
        if by_days and number % DAYS_A_MONTH:
            return _problem(
                f'"{text}" looks every {number} days, but returns are monthly.',
                "Write a multiple of 30 days, such as bands-30d or bands-90d.",
            )
        months = number // DAYS_A_MONTH if by_days else number
    if months is None:
        return _problem(f'"{text}" is no rule of looking.', HOW)
    if not 1 <= months <= MOST_MONTHS:
        return _problem(f'"{text}" does not lie between one month and {MOST_MONTHS // 12} years.', HOW)
    return bands(months) if banded else calendar(months)


def _problem(message: str, advice: str) -> Problem:
    return Problem(message, advice, sheet="--policies", code="study-policy")


def _when(months: int) -> str:
    return _WORDS.get(months) or (f"every {months // 12} years" if months % 12 == 0 else f"every {months} months")


DEFAULT_RULES: tuple[LookRule, ...] = (never(), calendar(12), calendar(3), calendar(1), bands(12), bands(3), bands(1))
