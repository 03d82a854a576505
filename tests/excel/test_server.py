"""The COM server's own steps, with stand-ins for pywin32: what it makes of Excel's objects, and how it ends."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STUBS = """
import sys
from unittest.mock import MagicMock
from tests.excel import pywin32_stub
pywin32_stub.install_for_xlwings()
for name in ("winerror", "win32com.server", "win32com.server.policy", "win32com.server.exception",
             "win32com.server.util"):
    sys.modules[name] = MagicMock()
sys.modules["win32com.server"].policy = sys.modules["win32com.server.policy"]
sys.modules["win32com"].client = sys.modules["win32com.client"]
late = sys.modules["rebal_xl.excel.late"] = MagicMock()
late.late_bound = lambda held: held
sys.modules["win32process"].GetWindowThreadProcessId = lambda window: (1, 4711)
from rebal_xl.excel import server
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", STUBS + program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def test_excel_without_a_workbook_is_taken_as_it_is_and_not_searched_by_its_windows():
    ended = run(
        """
from types import SimpleNamespace
excel = SimpleNamespace(Workbooks=[], Hwnd=1, Name="Microsoft Excel")
given = server.book_of(excel)
print(type(given).__name__, given.api._inner is excel, sys.modules["win32gui"].FindWindowEx.called)
print(type(server.book_of(SimpleNamespace(Name="Book1"))).__name__, server.book_of(None))
"""
    )
    assert ended.stdout.splitlines() == ["App True False", "Book None"], ended.stderr


def test_the_process_ends_at_once_whatever_a_search_is_at():
    ended = run(
        """
import atexit, os
atexit.register(lambda: print("Python was taken down"))
server.Engine.warm = lambda engine: None
told = sys.modules["pythoncom"]
told.CoRevokeClassObject.side_effect = lambda cookie: os.write(1, b"no longer offered\\n")
server.main()
"""
    )
    assert (ended.returncode, ended.stdout) == (0, "no longer offered\n"), ended.stderr
