"""Sentences keep what they are made of."""

from rebal_xl.explain import figures
from rebal_xl.explain.phrases import joined, name, named, say, section, together

THREE = figures.number(3, "count(plan.trades)")


def test_a_sentence_knows_its_figures_and_names_in_their_order() -> None:
    two = figures.number(2, "count(plan.waits)")
    passage = say(
        "{two} of {three} in {where}, {braces}.", three=THREE, two=two, where=name("401(k)"), braces=name("{x}")
    )
    assert passage.text == "2 of 3 in 401(k), {x}."
    assert passage.figures == (two, THREE)
    assert passage.names == ("401(k)", "{x}")


def test_a_part_that_is_not_said_is_not_kept() -> None:
    assert say("Nothing.", three=THREE).figures == ()


def test_lists_read_as_lists() -> None:
    parts = [name(text) for text in "ABC"]
    assert [joined(parts[:count]).text for count in range(4)] == ["", "A", "A and B", "A, B and C"]


def test_long_lists_count_the_rest() -> None:
    passage = named(list("ABCDE"), "distinct(plan.trades.symbol)", most=3)
    assert passage.text == "A, B, C and 2 more"
    assert [(one.value, one.source) for one in passage.figures] == [(2.0, "distinct(plan.trades.symbol) - 3")]
    assert named(list("ABC"), "distinct(plan.trades.symbol)", most=3).text == "A, B and C"
    # "and 1 more" would take the room of the name
    assert named(list("ABCD"), "distinct(plan.trades.symbol)", most=3).text == "A, B, C and D"


def test_sentences_go_together_without_those_that_are_not_there() -> None:
    assert together(say("One."), None, say("Two."), say("Three.")).text == "One. Two. Three."


def test_an_empty_section_is_none() -> None:
    assert section("key", "Title", [None, say("")]) is None
