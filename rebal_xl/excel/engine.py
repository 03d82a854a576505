"""What Excel may ask of us, and nothing else: call a formula, ask why, start, poll, finish and cancel a job.

Pure Python: `server` puts it behind COM. No method raises, since VBA could say nothing sensible about it; no method
takes the name of a module, a file or an expression.
"""

import contextlib
import gc
import importlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

import rebal_xl
from rebal_xl.excel import failures

# What VBA sends for an argument that was left out: the scode of "parameter not found".
LEFT_OUT = -2147352572
# Day 0 of the two date systems of workbooks; 1900's is off by one because of a leap day that never was.
DAY_ZERO, DAY_ZERO_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - Excel's dates have no zone
# What may pass as it is.
PLAIN = (str, float, int, bool)


class FormulaCall(Protocol):
    """`rebal_xl.excel.call.call`."""

    def __call__(
        self, name: str, args: Sequence[object], places: Sequence[str], caller: str, date1904: bool, wizard: bool
    ) -> object: ...


class RibbonJobs(Protocol):
    """`rebal_xl.excel.jobs.Jobs`; a book is an xlwings.Book or None."""

    def start(self, job: str, book: object, answer: str) -> str: ...
    def poll(self, id: str) -> str: ...
    def finish(self, id: str, book: object, force: bool) -> str: ...
    def cancel(self, id: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What the engine hands its questions to."""

    call: FormulaCall
    why: Callable[[str], str]
    jobs: RibbonJobs


def our_parts() -> Parts:
    """The real ones; loads numpy, scipy and the solver."""
    call = importlib.import_module("rebal_xl.excel.call").call
    why = importlib.import_module("rebal_xl.excel.reasons").why
    return Parts(call, why, LateJobs())


class LateJobs:
    """The real jobs, loaded by the first click: no formula waits for them."""

    def __init__(self) -> None:
        self._jobs: RibbonJobs | None = None

    def _loaded(self) -> RibbonJobs:
        if self._jobs is None:
            self._jobs = importlib.import_module("rebal_xl.excel.jobs").Jobs()
        return self._jobs

    def start(self, job: str, book: object, answer: str) -> str:
        """See RibbonJobs."""
        return self._loaded().start(job, book, answer)

    def poll(self, id: str) -> str:
        """See RibbonJobs."""
        return self._loaded().poll(id)

    def finish(self, id: str, book: object, force: bool) -> str:
        """See RibbonJobs."""
        return self._loaded().finish(id, book, force)

    def cancel(self, id: str) -> str:
        """See RibbonJobs."""
        return self._loaded().cancel(id)


class Engine:
    """The seven calls. What they need is loaded when it is first needed, so that Excel gets its engine at once."""

    def __init__(self, to_book: Callable[[object], object], parts: Callable[[], Parts] = our_parts) -> None:
        """`to_book` turns what Excel sends as a workbook (None for none) into an xlwings.Book or None."""
        self._to_book = to_book
        self._load = parts
        self._loaded: Parts | None = None
        self._loading = threading.Lock()  # the thread that warms and Excel's may ask at once

    def Call(
        self, name: object, args: object, places: object, caller: object, date1904: object, wizard: object
    ) -> object:
        """The value of a formula, equally long tuples of values, or the mark of an error."""
        try:
            is_1904 = bool(date1904)
            values = [plain(value, is_1904) for value in sequence(args)]
            where = [text(place) for place in sequence(places)]
            answer = self._parts().call(text(name), values, where, text(caller), is_1904, bool(wizard))
        except Exception as wrong:  # noqa: BLE001 - nothing raises through COM
            return f"#REBAL!VALUE|{failures.sentence(wrong)}"
        return "" if answer is None else answer

    def Why(self, address: object) -> str:
        """The reason kept for the cell at this external address, "" when there is none."""
        return self._told("", lambda: self._parts().why(text(address)))

    def Start(self, job: object, book: object, answer: object) -> str:
        """Start a ribbon job on a workbook: job:<id>, done|…, ask|…, or failed|…."""
        told = self._told("failed|", lambda: self._parts().jobs.start(text(job), self._to_book(book), text(answer)))
        self._let_go()
        return told

    def Poll(self, id: object) -> str:
        """How a job is doing: running|…, ready|…, failed|… or cancelled|…."""
        return self._told("failed|", lambda: self._parts().jobs.poll(text(id)))

    def Finish(self, id: object, book: object, force: object) -> str:
        """Write what a job found into the workbook: done|…, changed|… or failed|…."""
        told = self._told("failed|", lambda: self._parts().jobs.finish(text(id), self._to_book(book), bool(force)))
        self._let_go()
        return told

    def Cancel(self, id: object) -> str:
        """Ask a job to stop."""
        return self._told("failed|", lambda: self._parts().jobs.cancel(text(id)))

    def Version(self) -> str:
        """The version of rebal_xl."""
        return rebal_xl.__version__

    def warm(self) -> None:
        """Load what the first formula needs before it is asked for; a failure waits for the call that it stops."""
        with contextlib.suppress(Exception):
            self._parts()

    def _parts(self) -> Parts:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    @staticmethod
    def _let_go() -> None:
        """Let go of Excel's objects that are left in cycles: a closed Excel lives on as long as one is held."""
        gc.collect()

    def _told(self, mark: str, ask: Callable[[], str]) -> str:
        try:
            return ask()
        except Exception as wrong:  # noqa: BLE001 - nothing raises through COM
            return f"{mark}{failures.sentence(wrong)}"


def text(value: object) -> str:
    """A text that Excel sent; blank and left out are ""."""
    return "" if value is None or value == LEFT_OUT else str(value)


def sequence(value: object) -> Sequence[object]:
    """An array that Excel sent; one value is an array of one, Empty is none."""
    if isinstance(value, (tuple, list)):
        return value
    return () if value is None else (value,)


def plain(value: object, date1904: bool = False) -> object:
    """A value or a range's values as formulas take them: blanks are None, dates serial days, money a float.

    Errors of cells stay the ints that COM makes of them. TypeError for what is no value of a cell, such as an object.
    """
    if isinstance(value, (tuple, list)):
        return tuple(plain(part, date1904) for part in value)
    if value is None or value == LEFT_OUT or getattr(type(value), "__name__", "") == "PyOleMissing":
        return None
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        day_zero = DAY_ZERO_1904 if date1904 else DAY_ZERO
        return (value.replace(tzinfo=None) - day_zero).total_seconds() / 86400
    if isinstance(value, date):
        return float((value - (DAY_ZERO_1904 if date1904 else DAY_ZERO).date()).days)
    raise TypeError(f"A formula takes the values of cells, not {type(value).__name__}.")
