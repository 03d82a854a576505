"""Runs on Windows: a process that opens workbooks in the fake Excel for whoever asks the table of running objects.

    python windows_excel.py

Prints the class by which it is found there when it can be asked, and ends when its standard input does.
"""

import sys
import threading
from pathlib import Path

import pythoncom
import win32api
import win32con

sys.path.append(str(Path(__file__).resolve().parents[2]))

from tests.excel_hosts.fake_excel_com import Machine
from tests.excel_hosts.fake_excel_interfaces import outside


def main():
    """Serve until the asking process ends."""
    thread = win32api.GetCurrentThreadId()

    def end_with_asker():
        sys.stdin.read()
        win32api.PostThreadMessage(thread, win32con.WM_QUIT, 0, 0)

    # its own: several of them may run at once
    own = pythoncom.CreateGuid()
    registered = pythoncom.RegisterActiveObject(outside(Machine()), own, 0)
    threading.Thread(target=end_with_asker, daemon=True).start()
    print(own, flush=True)
    pythoncom.PumpMessages()
    pythoncom.RevokeActiveObject(registered)


if __name__ == "__main__":
    main()
