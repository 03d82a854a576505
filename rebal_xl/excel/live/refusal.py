"""Why an open workbook cannot be read or changed: our own sentences, and Excel's refusals made into some."""

from __future__ import annotations

from rebal_xl.excel.live.mac_api import TIMED_OUT, is_mac_refusal, why_mac_refused
from rebal_xl.files.refusal import FileRefused

# What COM answers while Excel is editing a cell or shows a dialog of its own.
BUSY = (-2147418111, -2146777998)


class BookRefused(FileRefused):
    """An open workbook that cannot be read or changed as it is; `sentence` is fit to show as it stands."""


def is_com_error(error: BaseException) -> bool:
    """Whether Excel itself refused; pywin32's class is known by its name, since it exists on Windows only."""
    return is_mac_refusal(error) or any(kind.__name__ == "com_error" for kind in type(error).__mro__)


def is_busy(error: BaseException) -> bool:
    """Whether Excel turns every call away for now."""
    codes = {getattr(error, "hresult", None), *error.args[:1]}
    info = error.args[2] if len(error.args) > 2 else None
    codes |= {info[5]} if isinstance(info, tuple) and len(info) > 5 else set()
    return bool(codes & set(BUSY)) or (is_mac_refusal(error) and getattr(error, "errornumber", 0) == TIMED_OUT)


def why_refused(error: BaseException) -> str:
    """Excel's refusal as a sentence, "" for what is no refusal of Excel's."""
    if not is_com_error(error):
        return ""
    if is_mac_refusal(error):
        return why_mac_refused(error)
    if is_busy(error):
        return (
            "Excel is busy: a cell is being edited or a dialog is open. Press Enter or Esc, close the dialog, and try "
            "again."
        )
    info = error.args[2] if len(error.args) > 2 else None
    told = str(info[2] or "").strip() if isinstance(info, tuple) and len(info) > 2 else ""
    return f"Excel refused: {told}" if told else ""
