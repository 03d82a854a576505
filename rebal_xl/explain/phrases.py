"""Putting sentences together so that every number and name in them stays known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import Formatter

from rebal_xl.explain import figures
from rebal_xl.household import Length, Policy, Tone
from rebal_xl.household.explanation import Figure, Passage, Section

Part = Figure | Passage


@dataclass(frozen=True, slots=True)
class Voice:
    """How the client is spoken to."""

    tone: Tone
    length: Length

    @classmethod
    def of(cls, policy: Policy) -> "Voice":
        """As the policy wants it."""
        return cls(policy.tone, policy.explanation_length)

    @property
    def full(self) -> bool:
        """Whether everything is told, or the main things only."""
        return self.length is Length.FULL

    def pick(self, formal: str, friendly: str) -> str:
        """The words in this tone."""
        return friendly if self.tone is Tone.FRIENDLY else formal


def say(template: str, **parts: Part) -> Passage:
    """A sentence with parts in its braces."""
    text = ""
    found: list[Figure] = []
    names: list[str] = []
    for literal, field, _, _ in Formatter().parse(template):
        text += literal
        if field is None:
            continue
        part = parts[field]
        text += part.text
        if isinstance(part, Figure):
            found.append(part)
        else:
            found += part.figures
            names += part.names
    return Passage(text, tuple(found), tuple(names))


def name(text: str) -> Passage:
    """What somebody or something is called."""
    return Passage(text, (), (text,))


def joined(parts: Sequence[Part], between: str = ", ", last: str = " and ") -> Passage:
    """One, two and three."""
    template = ""
    for at in range(len(parts)):
        template += "" if at == 0 else last if at == len(parts) - 1 else between
        template += f"{{part{at}}}"
    return say(template, **{f"part{at}": part for at, part in enumerate(parts)})


def named(texts: Sequence[str], source: str, most: int = 4) -> Passage:
    """Names; beyond `most` the rest is counted, unless it is a single one, which takes no more room than its count.

    `source` leads to as many things as there are names.
    """
    if len(texts) <= most + 1:
        return joined([name(text) for text in texts])
    rest = figures.number(len(texts) - most, f"{source} - {most}")
    return joined([*(name(text) for text in texts[:most]), say("{rest} more", rest=rest)])


def together(*passages: Passage | None) -> Passage:
    """Sentences that belong together, as one passage."""
    held = [passage for passage in passages if passage is not None]
    return joined(held, between=" ", last=" ")


def section(key: str, title: str, passages: Iterable[Passage | None], *, listed: bool = False) -> Section | None:
    """A section of what there is to say; None where that is nothing."""
    held = tuple(passage for passage in passages if passage is not None and passage.text)
    return Section(key, title, held, listed) if held else None
