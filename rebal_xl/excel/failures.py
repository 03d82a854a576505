"""What to say when something goes wrong that nobody foresaw: one sentence for Excel, the details in the log file."""

import contextlib

from rebal_xl.log import write_log

UNEXPECTED = "Something unexpected went wrong in rebal_xl, and nothing was changed."
NO_LOG = "No log could be written: its folder is not writable."


def sentence(wrong: BaseException) -> str:
    """Write the error to the log, account numbers masked, and say so in one sentence."""
    return f"{UNEXPECTED} {details(wrong)}"


def details(wrong: BaseException) -> str:
    """Write an error to the log, and where it went; never raises."""
    with contextlib.suppress(Exception):  # no log must not mean no answer
        path = write_log(wrong)
        if path:
            return f"Details are in {path}"
    return NO_LOG
