"""Runs on Windows: the stories of the ribbon once more, with their workbooks in another process, reached by real COM.

    python windows_stories.py FOLDER WITH PYTEST ARGUMENTS...

A plug-in of pytest that is also its starter: wherever a story opens a workbook in the openpyxl double, it gets the
xlwings.Book that the engine makes of a workbook from Excel; the double answers behind the border between processes.
"""

import subprocess
import sys
from pathlib import Path
from unittest.mock import MagicMock

ROOT = Path(__file__).resolve().parents[2]


def main():
    """Start the fake Excel, and tell the stories."""
    sys.path += [sys.argv[1], str(ROOT)]
    # It is compiled for each system. What is told with its examples is no test function without it.
    sys.modules["hypothesis"] = MagicMock()
    import pytest

    excel = [sys.executable, "-I", "-B", str(Path(__file__).with_name("windows_excel.py"))]
    with subprocess.Popen(excel, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as served:
        reach(served.stdout.readline().decode().strip())
        code = pytest.main(sys.argv[2:])
        served.stdin.close()
    return int(code)


def reach(running):
    """Put the workbooks of the other process, found by its class, in the place of the double's."""
    import pythoncom
    import pywintypes
    import win32com.client.dynamic

    from rebal_xl.api import asking
    from rebal_xl.excel.server import book_of
    from tests.excel import openpyxl_engine
    from tests.excel_hosts.far import Far

    found = pythoncom.GetActiveObject(pywintypes.IID(running)).QueryInterface(pythoncom.IID_IDispatch)
    machine = win32com.client.dynamic.Dispatch(found)
    # what is drawn beside a plan must not depend on how slow Wine is
    asking.CURVE_S = 600.0
    openpyxl_engine.open_book = lambda path: book_of(machine.Open(str(path)))
    openpyxl_engine.double = lambda book: Far(lambda steps: machine.Ask(book.api._oleobj_, steps))


if __name__ == "__main__":
    sys.exit(main())
