"""No number stands free: each leads to the plan, and nothing but names and figures holds a digit."""

import re
from dataclasses import replace

import pytest

from rebal_xl.explain import Told, explain
from rebal_xl.household import Length, Tone
from rebal_xl.household.explanation import Explanation
from tests.explain.stories import STORIES
from tests.explain.tracing import assert_traced, passages, resolve, untraced, words

VOICES = [(tone, length) for tone in Tone for length in Length]


@pytest.fixture(params=STORIES, scope="module")
def told(request: pytest.FixtureRequest) -> Told:
    """Each story."""
    return STORIES[request.param]()


@pytest.fixture(params=VOICES, ids=lambda voice: " ".join(voice), scope="module")
def explained(request: pytest.FixtureRequest, told: Told) -> tuple[Told, Explanation]:
    """Told in each tone and length."""
    tone, length = request.param
    spoken = replace(told, policy=replace(told.policy, tone=tone, explanation_length=length))
    return spoken, explain(spoken)


def test_every_number_is_a_figure_and_leads_to_the_plan(explained: tuple[Told, Explanation]) -> None:
    told, explanation = explained
    for passage in passages(explanation):
        rest = untraced(passage)
        assert not any(sign.isdigit() for sign in rest), f"{rest!r} of {passage.text!r}"
        for figure in passage.figures:
            assert_traced(told, figure)


def test_headlines_lead_there_too(explained: tuple[Told, Explanation]) -> None:
    told, explanation = explained
    for headline in explanation.headlines:
        assert_traced(told, headline.figure)
        assert not any(sign.isdigit() for sign in headline.label + headline.note)


def test_titles_hold_no_numbers(explained: tuple[Told, Explanation]) -> None:
    _, explanation = explained
    titles = [explanation.title, *(section.title for section in explanation.sections)]
    assert not any(sign.isdigit() for title in titles for sign in title)


def test_it_reads_as_sentences(explained: tuple[Told, Explanation]) -> None:
    _, explanation = explained
    text = words(explanation)
    for wrong in (r"-\$", r"\b1 (orders|accounts|years)\b", r"\bnan\b|\binf\b|None", r"[{}]", "  ", r"\.\.", r" [.,;:]",
                  r"\b(\w+) \1\b"):  # fmt: skip
        assert re.search(wrong, text) is None, (wrong, re.findall(f".{{0,40}}{wrong}.{{0,40}}", text))
    for section in explanation.sections:
        assert section.title
        assert section.passages
        for passage in section.passages:
            assert passage.text.endswith("."), passage.text
            assert passage.text[0].isupper() or passage.text.startswith(("$", *passage.names)), passage.text


def test_no_sentence_is_told_twice(explained: tuple[Told, Explanation]) -> None:
    _, explanation = explained
    told = [one.strip() for passage in passages(explanation) for one in re.split(r"(?<=\.) (?=[A-Z])", passage.text)]
    assert len(told) == len(set(told)), [one for one in told if told.count(one) > 1]


def test_it_promises_nothing(explained: tuple[Told, Explanation]) -> None:
    _, explanation = explained
    text = words(explanation).lower()
    for never in ("guarantee", "optimal", "outperform", "will rise", "will grow", "beat the market", "tax-free"):
        assert never not in text
    for found in re.finditer(r"[^.]*higher return[^.]*", text):
        assert "no promise of" in found[0] or "doesn't promise" in found[0]
    assert "hypothetical estimates" in text
    assert "promises a return" in text


def test_a_saving_is_told_only_where_the_usual_way_costs_more(explained: tuple[Told, Explanation]) -> None:
    told, explanation = explained
    labels = {headline.label for headline in explanation.headlines}
    dearer = told.plan.trades and told.plan.comparisons and told.plan.comparisons[0].tax_usd > told.plan.tax.cost_usd
    if not dearer:
        assert "Less tax than the usual way" not in labels
        assert "more than this plan" not in words(explanation).split("costliest")[0]


def test_nothing_is_proposed_without_orders(explained: tuple[Told, Explanation]) -> None:
    told, explanation = explained
    if not told.plan.trades:
        assert not re.search(r"we propose|we suggest|order|we'd like to do", words(explanation), re.IGNORECASE)


def test_the_same_plan_is_told_in_the_same_words(told: Told) -> None:
    assert explain(told) == explain(told)


def test_a_brief_explanation_says_less(told: Told) -> None:
    brief, full = (
        words(explain(replace(told, policy=replace(told.policy, explanation_length=length))))
        for length in (Length.BRIEF, Length.FULL)
    )
    assert len(brief) < len(full) or not told.plan.trades


def test_the_resolver_sees_a_wrong_path_and_a_wrong_number() -> None:
    told = STORIES["one_account"]()
    headline = explain(told).headlines[0]
    for wrong in (
        replace(headline.figure, source="plan.before.household_drift"),
        replace(headline.figure, text="$100,001"),
        replace(headline.figure, value=100_001.0),
    ):
        with pytest.raises(AssertionError):
            assert_traced(told, wrong)
    assert resolve(told, "count(plan.trades) - 1") == len(told.plan.trades) - 1
    # from 80 % to 66 % of $100,000 by thousandths of shares; a filter that matches nothing sums to nothing
    assert resolve(told, "sum(plan.trades[side='Sell'].amount_usd)") == pytest.approx(14_000.0, abs=1.0)
    assert resolve(told, "sum(plan.trades[side='Sell'][class='Bond'].amount_usd)") == 0
