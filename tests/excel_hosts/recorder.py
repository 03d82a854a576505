"""The engine that VBA in LibreOffice reaches: the product's own, with a record of what was asked and answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from rebal_xl.excel.call import call
from rebal_xl.excel.engine import Engine, Parts
from rebal_xl.excel.reasons import why


class NoJobs:
    """No ribbon job can be had here."""

    def start(self, job: str, book: object, answer: str) -> str:
        """Refuse."""
        raise NotImplementedError

    poll = finish = cancel = start


@dataclass(frozen=True)
class Asked:
    """One call of a formula, as it reached Python."""

    name: str
    args: tuple[object, ...]
    places: tuple[str, ...]
    caller: str
    date1904: bool
    wizard: bool
    answer: object


class Recorder(Engine):
    """Answers formulas and remembers them."""

    def __init__(self) -> None:
        super().__init__(lambda book: None, lambda: Parts(self._call, why, NoJobs()))
        self.asked: list[Asked] = []

    def _call(
        self, name: str, args: Sequence[object], places: Sequence[str], caller: str, date1904: bool, wizard: bool
    ) -> object:
        answer = call(name, args, places, caller, date1904, wizard)
        self.asked.append(Asked(name, tuple(args), tuple(places), caller, date1904, wizard, answer))
        return answer

    @property
    def last(self) -> Asked:
        """The latest call."""
        return self.asked[-1]
