"""What one call of a formula knows beside its arguments: where they came from, the date system, and what to tell."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class Asked:
    """One call of one formula."""

    # argument name -> external address of the range it came from, such as "[Book1.xlsx]Holdings!$A$1:$L$186"
    places: Mapping[str, str] = field(default_factory=dict)
    # the caller's workbook counts days from 1904
    date1904: bool = False
    # tells one set of arguments from another; empty when they cannot be compared
    fingerprint: bytes = b""
    # sentences for =REBAL_WHY() that do not stop the answer
    notes: list[str] = field(default_factory=list)

    def tell(self, sentence: str) -> None:
        """Keep a sentence for =REBAL_WHY(), once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


_ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)


def asked() -> Asked:
    """The call that is being answered; an empty one when a formula is called as plain Python."""
    return _ASKED.get() or Asked()


@contextmanager
def asking(question: Asked) -> Iterator[Asked]:
    """Answer one call."""
    token = _ASKED.set(question)
    try:
        yield question
    finally:
        _ASKED.reset(token)
