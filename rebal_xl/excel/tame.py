"""xlwings, without what it would do to the advisor's Excel when this process ends: everyone imports it from here.

On Windows it would kill, when Python ends, every Excel that shows no workbook: one that has just been started, and one
that another program works with out of sight, unsaved work included.
"""

import atexit
import sys
from contextlib import suppress

import xlwings


def spare_every_excel() -> None:
    """Take back what xlwings registered for the end of this process; of Windows' xlwings only."""
    from xlwings import _xlwindows

    atexit.unregister(_xlwindows.cleanup)


if sys.platform == "win32":
    # without pywin32 there is nothing to take back
    with suppress(ImportError):
        spare_every_excel()

__all__ = ["spare_every_excel", "xlwings"]
