"""What a study says, in sentences for an advisor and a client. The first one answers "how often?".

A difference whose interval spans zero is called indistinguishable, and more value is never told without the risk that
was run for it. Nothing here says that a rule adds return.
"""

from collections.abc import Sequence

from rebal_xl.household import LookRule, Study, StudyLine
from rebal_xl.words import count, percent, whole

# Orders a year that nobody would place.
NO_ORDERS = 0.005
# Look and drift are told for this rule first: what most advisors do is to look every quarter.
USUAL_MONTHS = 3
# Less than this is not worth a word: a yearly return that shows as 0.00 %, and tax that shows as $0.
NO_LEAN, NO_TAX_USD = 0.00005, 0.5
# Fewer paths than this leave wide intervals.
FEW_PATHS = 200


def study_sentences(study: Study) -> tuple[str, ...]:
    """Every sentence of a study."""
    said = [answer(study), *_tax_words(study), *_differences(study), *_never(study), *_single_paths(study)]
    return (*said, *_happened(study), *_basis(study))


def answer(study: Study) -> str:
    """The answer to "how often should we rebalance?"."""
    if len(study.classes) == 1:
        only = study.classes[0].asset_class
        return f"The target holds one class alone, {only}: there is nothing to rebalance, however often one looks."
    working = [line for line in study.lines if line.rule.every_months]
    if not any(line.orders > NO_ORDERS for line in working):
        return "Nothing was traded under any of these rules: for this mix it made no difference how often one looked."
    line = told_first(study)
    never = _untouched(study)
    beside = f" ({percent(never.tracking_error.mean)} without any rebalancing)" if never else ""
    apart = percent(line.tracking_error.mean)
    said = (
        f"For this mix, {phrase(line.rule)} kept the tracking error at {apart} a year{beside} "
        f"with {_number(line.orders)} orders and {percent(line.turnover)} of the household sold a year"
    )
    others = [one for one in working if one is not line]
    if not others:
        return f"{said}."
    return f"{said}; {_value_clause(study, working)}."


def told_first(study: Study) -> StudyLine:
    """The rule that the answer is about: bands looked at quarterly, else the nearest thing to it."""
    working = [line for line in study.lines if line.rule.every_months] or list(study.lines)
    return min(working, key=lambda line: (not line.rule.banded, abs(line.rule.every_months - USUAL_MONTHS)))


def phrase(rule: LookRule) -> str:
    """A rule as a sentence says it."""
    if not rule.every_months:
        return "never rebalancing"
    when = rule.name.removeprefix("Bands, ").lower()
    return f"looking {when} with your bands" if rule.banded else f"going back to the target {when}"


def _value_clause(study: Study, working: Sequence[StudyLine]) -> str:
    """How the rules that rebalance differ in after-tax value."""
    others = [line for line in working if line.rule.name != study.reference]
    means = [line.value_usd.mean for line in working]
    share = percent(_part_of_value(study, max(means) - min(means)))
    if len(others) < len(working) and all(line.difference_usd.spans_zero for line in others):
        return (
            f"differences in after-tax value between the rules that rebalance are within noise ({share} of the ending "
            "value at most on average, and every 95% interval spans zero)"
        )
    return f"the rules that rebalance ended within {share} of each other's after-tax value on average"


def _part_of_value(study: Study, usd: float) -> float:
    mean = study.line(study.reference).value_usd.mean
    return abs(usd) / mean if mean > 0.0 else 0.0


def _tax_words(study: Study) -> list[str]:
    if study.taxable_share <= 0.0:
        return ["Everything lies in sheltered accounts, so no trade is taxed: the rules differ by their mixes alone."]
    tax = study.tax
    if not any((tax.short_gain, tax.long_gain, tax.ordinary, *(each.payout_tax for each in study.classes))):
        return ["Nothing is taxed at these rates, so no trade costs tax: the rules differ by their mixes alone."]
    return []


def _differences(study: Study) -> list[str]:
    """Every rule against the reference: what can be told apart, with its price, and what cannot."""
    others = [line for line in study.lines if line.rule.name != study.reference and line.rule.every_months]
    same = [line for line in others if line.difference_usd.spans_zero]
    said = [_told_apart(study, line) for line in others if not line.difference_usd.spans_zero]
    if same and len(study.classes) > 1:
        names = _listed([_quoted(line.rule) for line in same])
        said.append(f"In after-tax value {names} cannot be told from {_name(study)}: the 95% interval spans zero.")
    return said


def _told_apart(study: Study, line: StudyLine) -> str:
    found = line.difference_usd
    low, high = (f"${whole(usd)}" for usd in sorted((abs(found.low), abs(found.high))))
    share = percent(_part_of_value(study, found.mean))
    return (
        f"{_quoted(line.rule)} ended with ${whole(abs(found.mean))} {_more(found.mean)} than {_name(study)} on average "
        f"({share}; 95% interval {low} to {high}): {_why(study, line)}."
    )


def _why(study: Study, line: StudyLine) -> str:
    """What stands beside a difference in value: the risk of the mix, and the tax."""
    reference = study.line(study.reference)
    lean, tax = line.lean - reference.lean, line.tax_paid_usd.mean - reference.tax_paid_usd.mean
    returned = f"{percent(abs(lean))} a year {_more(lean)}" if abs(lean) >= NO_LEAN else "the same"
    paid = f", and it paid ${whole(abs(tax))} {_more(tax)} tax on the way" if abs(tax) >= NO_TAX_USD else ""
    return (
        f"its mix was expected to return {returned} (volatility {percent(line.volatility)} against "
        f"{percent(reference.volatility)}){paid}"
    )


def _more(number: float) -> str:
    return "more" if number > 0.0 else "less"


def _untouched(study: Study) -> StudyLine | None:
    """The line of never rebalancing, where it was studied."""
    return next((line for line in study.lines if not line.rule.every_months), None)


def _never(study: Study) -> list[str]:
    """What doing nothing does to the mix."""
    never = _untouched(study)
    if never is None or len(study.classes) == 1 or never.widest_drift <= 0.0:
        return []
    said = [
        f"Without any rebalancing the mix wandered off: {percent(never.widest_drift)} of the household lay in other "
        "classes than the target asks for at the widest, on average."
    ]
    reference = study.line(study.reference)
    found = never.difference_usd
    if never is reference:
        return said
    if found.spans_zero:
        return [*said, f"In after-tax value it cannot be told from {_name(study)}: the 95% interval spans zero."]
    ended = (
        f"It ended with ${whole(abs(found.mean))} {_more(found.mean)} than {_name(study)} on average, and with more in "
        f"{never.better:.0%} of the paths"
    )
    risk = ""
    if found.mean > 0.0 and never.volatility > reference.volatility:
        risk = " That is what more risk than the target asks for is expected to pay, not a reward for looking away."
    return [*said, f"{ended}: {_why(study, never)}.{risk}"]


def _single_paths(study: Study) -> list[str]:
    """What chance does to one client, whatever the mean says."""
    line = told_first(study)
    spread = line.difference_spread
    if line.rule.name == study.reference or spread.p5 == spread.p95:
        return []
    values = study.line(study.reference).value_spread
    least, most = whole(values.p5), whole(values.p95)
    return [
        f"One client lives one path: in nine of ten paths {_quoted(line.rule)} ended between {_signed(spread.p5)} and "
        f"{_signed(spread.p95)} beside {_name(study)}, while the ending value itself lay between ${least} and ${most}."
    ]


def _happened(study: Study) -> list[str]:
    if not study.happened or len(study.classes) == 1:
        return []
    wanted = told_first(study).rule
    line = next(one for one in study.happened if one.rule == wanted)
    return [
        f"Over the {count(study.history_months, 'month')} of the history as they happened, {phrase(wanted)} kept the "
        f"tracking error at {percent(line.tracking_error)} a year. That is one path, so nothing is said of its noise."
    ]


def _basis(study: Study) -> list[str]:
    drawn = (
        f"paths of {count(study.years, 'year')} put together from twelve-month blocks of {study.source}"
        if study.history_months
        else f"simulated paths of {count(study.years, 'year')} ({study.source})"
    )
    end = "heirs take the assets at their value" if study.step_up else "everything is sold and taxed at the end"
    few = " So few paths leave wide intervals." if study.paths < FEW_PATHS else ""
    return [
        f"Hypothetical figures: {study.paths:,d} {drawn}, today's tax rates throughout, and {end}. The intervals tell "
        f"the noise of the paths, not whether the assumptions come true.{few}",
        "No rule is claimed to add return: rebalancing keeps the risk that was agreed on, and costs what is shown.",
    ]


def _name(study: Study) -> str:
    return _quoted(study.line(study.reference).rule)


def _quoted(rule: LookRule) -> str:
    return f'"{rule.name}"'


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _number(orders: float) -> str:
    return f"{orders:,.0f}" if orders >= 9.95 else f"{orders:.1f}"


def _signed(usd: float) -> str:
    rounded = round(usd)
    return f"-${-rounded:,d}" if rounded < 0 else f"+${rounded:,d}" if rounded else "$0"
