"""What xlwings would do to Excel when our process ends, with xlwings' own module for Windows over stand-ins."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
from tests.excel import pywin32_stub
pywin32_stub.install_for_xlwings()
from xlwings import _xlwindows
_xlwindows.Apps.cleanup = staticmethod(lambda: print("every Excel without a window is killed"))
from rebal_xl.excel import tame
"""


def printed(program: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    return ended.stdout.strip()


def test_no_excel_is_killed_when_our_process_ends():
    # on Windows the module does it by itself; here it must be told
    assert printed(PROGRAM + "tame.spare_every_excel()") == ""


def test_without_it_xlwings_would_kill_them():
    assert printed(PROGRAM) == "every Excel without a window is killed"


def test_windows_is_spared_by_the_import_alone():
    # only then is this Python taken for one on Windows
    program = PROGRAM.replace("from rebal_xl", "import sys\nsys.platform = 'win32'\nfrom rebal_xl")
    assert printed(program) == ""
