"""What to say when something goes wrong that nobody foresaw: one sentence for Excel, the details in the log file."""

import logging

LOGGER = logging.getLogger("rebal_xl")
UNEXPECTED = "Something unexpected went wrong in rebal_xl, and nothing was changed."


def sentence(wrong: BaseException) -> str:
    """Write the error to the log and say so in one sentence."""
    LOGGER.error("unexpected", exc_info=wrong)
    return UNEXPECTED
