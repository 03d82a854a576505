"""What to say when something goes wrong that nobody foresaw: one sentence for Excel, the details in the log file."""

import contextlib

from rebal_xl.log import write_log

UNEXPECTED = "Something unexpected went wrong in rebal_xl, and nothing was changed."


def sentence(wrong: BaseException) -> str:
    """Write the error to the log, account numbers masked, and say so in one sentence."""
    path = None
    with contextlib.suppress(Exception):  # no log must not mean no answer
        path = write_log(wrong)
    return f"{UNEXPECTED} Details are in {path}" if path else UNEXPECTED
