"""What a plan is told to a client with: sections of sentences, and where each number in a sentence comes from."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a day, as it is told."""

    # as it stands in the sentence: "$12,345", "3.2%", "12/21/2026"
    text: str
    # what it was rounded from: dollars, a weight 0..1, a count, a day
    value: float | date
    # what it is: a path from what is told of, such as "plan.before.household_drift"
    source: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, or a few that belong together."""

    text: str
    # every number of the text, in its order; names of accounts and securities may hold digits of their own
    figures: tuple[Figure, ...] = ()
    # names in the text that may hold digits: accounts, securities, classes, people
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the client's, answered."""

    # a word that stays the same in every tone and length, such as "why now"
    key: str
    title: str
    passages: tuple[Passage, ...]
    # the passages are points of a list, not running text
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure that is seen before anything is read."""

    label: str
    figure: Figure
    # what it is measured against, in a few words
    note: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A plan in the words of a client's meeting. Every figure is an estimate, and says so in the small print."""

    household: str
    as_of: date
    title: str
    headlines: tuple[Headline, ...]
    sections: tuple[Section, ...]
    # what the figures rest on: assumptions, law, that they are hypothetical
    small_print: tuple[Passage, ...]
    firm: str = ""
    # the firm's own text, word for word
    disclosure: str = ""

    def section(self, key: str) -> Section | None:
        """The section of that key; None where this plan has nothing to say under it."""
        for section in self.sections:
            if section.key == key:
                return section
        return None
