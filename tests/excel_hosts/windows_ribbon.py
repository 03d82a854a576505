"""Runs on Windows: clicks on the ribbon, for a workbook open in the fake Excel of this process; the engine is another.

    python windows_ribbon.py WORKBOOK CLICKS.json

A click is [job, answer, what to do while it runs: "wait", "cancel" as soon as a plan is found, or "cancel twice"].
Prints one line of JSON: for each click all that the engine said, and at the end the values of every sheet by its name.
"""

import json
import pathlib
import sys
import tempfile
import time

import pythoncom
import win32com.client.dynamic

tempfile.tempdir = str(pathlib.Path(sys.argv[1]).parent)
sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]))

from tests.excel_hosts.fake_excel_com import open_workbook  # noqa: E402

PATIENCE_SECONDS = 300


def poll_while(engine, identifier, goes_on):
    """Poll, as the macros do, while the answer is so; the last answer."""
    until = time.monotonic() + PATIENCE_SECONDS
    while goes_on(state := engine.Poll(identifier)) and time.monotonic() < until:
        pythoncom.PumpWaitingMessages()
        time.sleep(0.1)
    return state


def click(engine, book, job, answer, meanwhile):
    """One click, as the add-in's macros do it; all that the engine said."""
    said = [engine.Start(job, book, answer)]
    if not said[0].startswith("job:"):
        return said
    identifier = said[0].removeprefix("job:")
    if meanwhile != "wait":
        # the status bar tells of a plan, and how far it may be from the best: only then may it be kept
        poll_while(engine, identifier, lambda state: state.startswith("running|") and "above the best" not in state)
        said += [engine.Cancel(identifier) for _ in range(2 if meanwhile == "cancel twice" else 1)]
    state = poll_while(engine, identifier, lambda state: state.startswith("running|"))
    said.append(state)
    if state.startswith("ready|"):
        said.append(engine.Finish(identifier, book, False))
    return said


def main():
    """Click, and tell."""
    double, book = open_workbook(sys.argv[1])
    engine = win32com.client.dynamic.Dispatch("RebalXL.Engine")
    clicks = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
    said = [click(engine, book, *each) for each in clicks]
    values = {sheet.name: sheet.used_range.api.Value2 for sheet in double.sheets}
    print(json.dumps([said, values]))


main()
