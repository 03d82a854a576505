"""Runs on Windows: a process that opens workbooks in the fake Excel for whoever asks the table of running objects.

    python windows_excel.py

Prints "ready" when it can be asked, and ends when its standard input does.
"""

import sys
import threading
from pathlib import Path

import pythoncom
import pywintypes
import win32api
import win32con

sys.path.append(str(Path(__file__).resolve().parents[2]))

from tests.excel_hosts.fake_excel_com import Machine
from tests.excel_hosts.fake_excel_interfaces import outside

CLASS = pywintypes.IID("{5B0E9A54-7C31-4E0B-9E0D-7D3B1C0A4F11}")


def main():
    """Serve until the asking process ends."""
    thread = win32api.GetCurrentThreadId()

    def end_with_asker():
        sys.stdin.read()
        win32api.PostThreadMessage(thread, win32con.WM_QUIT, 0, 0)

    registered = pythoncom.RegisterActiveObject(outside(Machine()), CLASS, 0)
    threading.Thread(target=end_with_asker, daemon=True).start()
    print("ready", flush=True)
    pythoncom.PumpMessages()
    pythoncom.RevokeActiveObject(registered)


if __name__ == "__main__":
    main()
