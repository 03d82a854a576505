"""The log file: written only when something went wrong, one per process, account numbers masked.

What a run notes on its way is kept in memory; the first error writes all of it, so that a run that went well leaves
nothing behind.
"""

import logging
import os
import re
from datetime import UTC, datetime
from logging.handlers import MemoryHandler
from pathlib import Path

import platformdirs

LOGGER = logging.getLogger("rebal_xl")
# An account number: five digits or more, perhaps led by letters and parted by hyphens. Not a day such as 2026-11-20,
# and not an amount with separators.
_NUMBER = re.compile(r"(?<![\w.,$])(?!\d{4}-\d\d-\d\d(?!\d))[A-Za-z]{0,4}-?\d[\dA-Za-z]*(?:-[\dA-Za-z]+)*")
_LEAST_DIGITS = 5
_SHOWN_DIGITS = 3
_NOTES_KEPT = 1000


def mask(text: str) -> str:
    """The text with every account number cut to its last three characters."""
    return _NUMBER.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    found = match[0]
    if sum(letter.isdigit() for letter in found) < _LEAST_DIGITS:
        return found
    return f"***{found[-_SHOWN_DIGITS:]}"


class _Masking(logging.Formatter):
    """Masks the message and the traceback, not the time in front of them."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = mask(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:
        return mask(super().formatException(ei))  # type: ignore[arg-type]


def log_path() -> Path:
    """Where this process's log goes."""
    folder = Path(platformdirs.user_log_dir("rebal_xl", appauthor=False))
    return folder / f"rebal-xl-{datetime.now(UTC):%Y%m%d}-{os.getpid()}.log"


def start_notes() -> None:
    """Begin to keep notes for the log."""
    for handler in list(LOGGER.handlers):
        LOGGER.removeHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
    LOGGER.addHandler(MemoryHandler(_NOTES_KEPT, flushLevel=logging.CRITICAL + 1, flushOnClose=False))


def write_log(error: BaseException) -> Path | None:
    """Write the notes and the error with its traceback; None when the folder cannot be written."""
    path = log_path()
    notes = [handler for handler in LOGGER.handlers if isinstance(handler, MemoryHandler)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
    file.setFormatter(_Masking("%(asctime)s %(levelname)s %(message)s"))
    for handler in notes:
        for record in handler.buffer:
            file.handle(record)
        handler.buffer.clear()
    details = (type(error), error, error.__traceback__)
    file.handle(LOGGER.makeRecord(LOGGER.name, logging.ERROR, "", 0, "Unexpected: %s", (error,), details))
    file.close()
    return path
