"""The reason behind the error or the notice of a cell, by the address of the cell; what =REBAL_WHY(cell) shows."""

import re
from collections import OrderedDict
from threading import Lock

# So many cells are remembered; those that were calculated longest ago are forgotten first.
MOST_CELLS = 20_000

_FIRST_CELL = re.compile(r"[:,].*$")
_reasons: OrderedDict[str, str] = OrderedDict()
_lock = Lock()


def keep(caller: str, sentence: str) -> None:
    """Remember why a cell shows what it shows; "" when there is nothing to say about it any more."""
    address = _address(caller)
    with _lock:
        # A caller that nobody knows (LibreOffice) answers for every cell: its last reason stays.
        if address or sentence:
            _reasons[address] = sentence
            _reasons.move_to_end(address)
        while len(_reasons) > MOST_CELLS:
            _reasons.popitem(last=False)


def why(address: str) -> str:
    """The reason kept for a cell; "" when there is none.

    For a cell that was never seen it is the last reason of an unknown caller, if there was one.
    """
    with _lock:
        return _reasons.get(_address(address), _reasons.get("", ""))


def forget() -> None:
    """Forget every reason."""
    with _lock:
        _reasons.clear()


def _address(text: str) -> str:
    """One spelling of an external address: its first cell, without quotes and dollar signs."""
    sheet, mark, cell = text.strip().rpartition("!")
    if sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return f"{sheet}{mark}{_FIRST_CELL.sub('', cell.replace('$', ''))}".casefold()
