"""Where a figure's path leads, found without the code that wrote the figure; and whether its words say no more."""

import ast
import math
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from rebal_xl.explain import Told
from rebal_xl.household.explanation import Explanation, Figure, Passage

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+)|(?P<function>sum|count|distinct|min|max)\(|(?P<sign>[-+*()])"
    r"|(?P<path>[a-z_]+(?:\.\w+|\[(?:[^\]'\"]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")*\])*))"
)
STEP = re.compile(r"\.(\w+)|\[(\d+)\]|\[([\w.]+)([=<>])((?:[^\]'\"]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")*)\]")
TEXT_NUMBER = re.compile(r"^(-?)(\$?)([\d,]+(?:\.(\d+))?)(%?)(?: [a-z]+)?$")


def resolve(told: Told, source: str) -> Any:
    """What a source says, computed from what is told of."""
    tokens = _tokens(source)
    value = _sum(told, tokens)
    assert not tokens, f"{source}: {tokens} is left"
    return value


def _tokens(source: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(source):
        match = TOKEN.match(source, at)
        assert match is not None, f"{source!r} cannot be read from {source[at:]!r} on"
        assert match.lastgroup is not None
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def _sum(told: Told, tokens: list[tuple[str, str]]) -> Any:
    negative = bool(tokens) and tokens[0] == ("sign", "-")
    if negative:
        tokens.pop(0)
    value = _product(told, tokens)
    value = -value if negative else value
    while tokens and tokens[0] in (("sign", "+"), ("sign", "-")):
        sign = tokens.pop(0)[1]
        other = _product(told, tokens)
        value = value + other if sign == "+" else value - other
    return value


def _product(told: Told, tokens: list[tuple[str, str]]) -> Any:
    value = _atom(told, tokens)
    while tokens and tokens[0] == ("sign", "*"):
        tokens.pop(0)
        value *= _atom(told, tokens)
    return value


def _atom(told: Told, tokens: list[tuple[str, str]]) -> Any:
    kind, text = tokens.pop(0)
    if kind == "number":
        return int(text)
    if (kind, text) == ("sign", "("):
        value = _sum(told, tokens)
        assert tokens.pop(0) == ("sign", ")")
        return value
    if kind == "function":
        path = tokens.pop(0)
        assert path[0] == "path"
        assert tokens.pop(0) == ("sign", ")")
        held = _walk(told, path[1])
        return {"sum": sum, "count": len, "distinct": lambda all_: len(set(all_)), "min": min, "max": max}[text](held)
    assert kind == "path", (kind, text)
    held = _walk(told, text)
    assert len(held) == 1, f"{text} leads to {len(held)} things"
    return held[0]


def _walk(told: Told, path: str) -> list[Any]:
    """Everything that a path leads to; tuples are gone into."""
    first = re.match(r"[a-z_]+", path)
    assert first is not None
    values, at = [getattr(told, first[0])], first.end()
    while at < len(path):
        step = STEP.match(path, at)
        assert step is not None, f"{path!r} cannot be read from {path[at:]!r} on"
        at = step.end()
        name, index, key, sign, literal = step.groups()
        if index is not None:
            values = [value[int(index)] for value in values]
        elif key is not None:
            wanted = ast.literal_eval(literal)
            values = [one for one in _inside(values) if _matches(_of(told, one, key), sign, wanted)]
        elif name.isdigit():
            values = [pair[int(name)] for pair in (values if isinstance(values[0][0], str) else _inside(values))]
        else:
            values = [getattr(value, name) for value in _inside(values)]
    return list(_inside(values))


def _inside(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def _of(told: Told, thing: Any, key: str) -> Any:
    if key == "class":
        return told.household.security(thing.symbol).main_class
    if key.startswith("account."):
        return getattr(told.household.account(thing.account), key.removeprefix("account."))
    return getattr(thing, key)


def _matches(held: Any, sign: str, wanted: Any) -> bool:
    return held == wanted if sign == "=" else held < wanted if sign == "<" else held > wanted


def assert_traced(told: Told, figure: Figure) -> None:
    """The figure's path leads to its value, and its text is that value as it is written."""
    held = resolve(told, figure.source)
    if isinstance(held, str):
        assert _in_sentence(figure, held), f"{figure} is not in {held!r}"
    elif isinstance(held, date):
        assert figure.value == held, figure
    else:
        assert not isinstance(figure.value, date)
        assert math.isclose(float(held), figure.value, rel_tol=1e-9, abs_tol=1e-9), f"{figure}: {held}"
    _assert_written(figure)


def _in_sentence(figure: Figure, sentence: str) -> bool:
    if isinstance(figure.value, date):
        return figure.value.strftime("%m/%d/%Y") in sentence
    return re.search(rf"(?<![\d.,]){re.escape(figure.text)}(?!\d)", sentence) is not None


def _assert_written(figure: Figure) -> None:
    if isinstance(figure.value, date):
        assert datetime.strptime(figure.text, "%B %d, %Y").date() == figure.value  # noqa: DTZ007
        return
    if figure.text == "less than 0.1%":
        assert 0 < figure.value < 0.0005
        return
    match = TEXT_NUMBER.match(figure.text)
    assert match is not None, figure
    minus, dollar, digits, decimals, percent = match.groups()
    assert not (dollar and percent), figure
    number = float(digits.replace(",", "")) * (-1.0 if minus else 1.0)
    assert not (minus and number == 0), f"{figure} is a negative zero"
    value = figure.value * (100.0 if percent else 1.0)
    if figure.source == "plan.gap_usd":
        assert number - 1.0 < value <= number + 0.005, figure
        return
    assert abs(value - number) <= 0.5 * 10.0 ** -len(decimals or "") + 1e-6, figure


def untraced(passage: Passage) -> str:
    """What is left of a text without its names and figures; figures must come in their order."""
    text = passage.text
    for name in sorted(passage.names, key=len, reverse=True):
        if any(sign.isdigit() for sign in name):
            assert name in text, (name, passage.text)
            text = text.replace(name, "_")
    rest, at = "", 0
    for figure in passage.figures:
        found = text.find(figure.text, at)
        assert found >= 0, f"{figure.text!r} is not in its place in {passage.text!r}"
        rest, at = rest + text[at:found], found + len(figure.text)
    return rest + text[at:]


def passages(explanation: Explanation) -> Iterator[Passage]:
    """Everything that is told in sentences."""
    for section in explanation.sections:
        yield from section.passages
    yield from explanation.small_print


def words(explanation: Explanation) -> str:
    """All of it as one text."""
    return "\n".join(
        [f"{section.title}\n" + "\n".join(one.text for one in section.passages) for section in explanation.sections]
        + [one.text for one in explanation.small_print]
    )
