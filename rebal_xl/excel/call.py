"""One call of a formula, from the values that Excel sends to what its cell gets. Nothing here ever raises.

An error goes back as the text `#REBAL!<CODE>|<sentence>`, which the VBA wrapper turns into Excel's own error; its
sentence is kept for =REBAL_WHY(). Only a text that stands alone is such a mark: one in a result array is a text.
"""

import gc
import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rebal_xl.excel import failures, reasons
from rebal_xl.excel.asked import Asked, asking
from rebal_xl.excel.cache import Cache, fingerprint
from rebal_xl.excel.convert import read_argument, write_result
from rebal_xl.excel.formulas import CATALOG
from rebal_xl.excel.refusal import Code, refusal_of
from rebal_xl.excel.udf import Formula
from rebal_xl.intake.settings import today_in_new_york
from rebal_xl.log import LOGGER

MARK = "#REBAL!"
FORMULAS: Mapping[str, Formula] = {each.name: each for each in CATALOG}
# Answers kept, and the cells of all of them together.
MOST_ANSWERS = 512
MOST_CELLS = 1_000_000
# After so many computed answers a search for unused cycles among all objects, since none is made meanwhile.
CALLS_TO_A_SEARCH = 500
_CALLS = itertools.count(1)
IN_WIZARD = "Not computed while the Function Wizard is open: press OK to compute it."


@dataclass(frozen=True, slots=True)
class Answered:
    """What a cell gets, and what =REBAL_WHY() says of it ("" when there is nothing to say)."""

    value: object
    reason: str = ""
    size: int = 1


_ANSWERS: Cache[Answered] = Cache(MOST_ANSWERS, MOST_CELLS)


def call(
    name: str,
    args: Sequence[object],
    places: Sequence[str] = (),
    caller: str = "",
    date1904: bool = False,
    wizard: bool = False,
) -> object:
    """The answer of a formula: one value, equally long tuples of values, or the mark of an error. Never raises.

    `args` in declared order, those left out at the end may be missing; `places` the address of the range that each
    came from, "" for none; `caller` the address of the cell; `wizard` True inside the Function Wizard.
    """
    try:
        answered = _answer(str(name).upper(), args, places, bool(date1904), bool(wizard))
    except Exception as wrong:  # noqa: BLE001 - Excel must get an answer, whatever happens
        answered = _unexpected(str(name), wrong)
    try:
        reasons.keep(str(caller or ""), answered.reason)
    except Exception as wrong:  # noqa: BLE001
        return _unexpected(str(name), wrong).value
    return answered.value


def forget_answers() -> None:
    """Forget every answer that was kept."""
    _ANSWERS.clear()


def _answer(name: str, args: Sequence[object], places: Sequence[str], date1904: bool, wizard: bool) -> Answered:
    formula = FORMULAS.get(name)
    if formula is None:
        return _refused(Code.VALUE, f"There is no formula {name}. The add-in and the engine are of different versions.")
    if wizard and formula.heavy:
        return _refused(Code.NA, IN_WIZARD)
    values = [*args] if isinstance(args, (list, tuple)) else [args]
    # The day counts too: what is asked without a date is asked for today.
    inputs = fingerprint(values, [*places], date1904, today_in_new_york().toordinal()) if formula.cached else b""
    key = fingerprint(name, inputs) if inputs else b""
    kept = _ANSWERS.get(key)
    if kept is None:
        with _collector_at_rest(formula):
            kept = _computed(formula, values, places, date1904, inputs)
        _ANSWERS.keep(key, kept, kept.size)
    return kept


@contextmanager
def _collector_at_rest(formula: Formula) -> Iterator[None]:
    """No search for unused cycles while a few thousand rows are read: it would take as long as the reading."""
    if formula.heavy or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if next(_CALLS) % CALLS_TO_A_SEARCH:
            # What was read is among the old objects at once: the next search for young ones need not go through it.
            gc.freeze()
            gc.unfreeze()
        else:
            gc.collect()
        gc.enable()


def _computed(formula: Formula, values: list[object], places: Sequence[str], date1904: bool, inputs: bytes) -> Answered:
    names = [argument.name for argument in formula.arguments]
    where = dict(zip(names, (str(place or "") for place in places), strict=False))
    # Formulas with the same arguments read the same household, and the same plan.
    shared = fingerprint(names, inputs) if inputs else b""
    with asking(Asked(where, date1904, shared)) as question:
        try:
            arguments = [
                None if value in ((), []) else _none_if_blank(read_argument(value, argument.options))
                for value, argument in zip(values, formula.arguments, strict=False)
            ]
            missing = formula.arguments[len(arguments) :]
            result = formula.function(*arguments, *(None for _ in missing))
        except Exception as wrong:
            refused = refusal_of(wrong)
            if refused is None:
                raise
            return _refused(*refused)
        rows = write_result(result, {})
    return _shaped(rows, isinstance(result, (list, tuple)), " ".join(question.notes))


def _none_if_blank(value: object) -> object:
    """None for an argument that was left out, whatever shape xlwings gave the blank."""
    if isinstance(value, list):
        blank = all(cell in (None, "") for row in value for cell in (row if isinstance(row, list) else [row]))
        return None if blank else value
    return None if value == "" else value


def _shaped(rows: list[list[str | float | bool]], is_table: bool, reason: str) -> Answered:
    if not is_table:
        return Answered(rows[0][0], reason)
    width = max(1, *(len(row) for row in rows)) if rows else 1
    table = tuple((*row, *([""] * (width - len(row)))) for row in rows) or (("",),)
    return Answered(table, reason, width * len(table))


def _refused(code: Code, sentence: str) -> Answered:
    return Answered(f"{MARK}{code}|{sentence}", sentence)


def _unexpected(name: str, error: BaseException) -> Answered:
    """One sentence for the cell; the details go to the log, account numbers masked."""
    LOGGER.info("formula %s", name)
    return _refused(Code.VALUE, failures.sentence(error))
