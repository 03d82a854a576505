"""Runs on Windows, in a process of its own: activates the engine as VBA does and goes through steps, given as JSON.

    python windows_client.py STEPS.json [FOLDER TO START IN]

A step is [method, arguments]; its answer is what came back, or {"raised": number of the error} when the call itself
failed. In arguments {"date": "2026-01-02"} is a date and {"money": "1.23"} Excel's currency; error cells cannot be sent
from Python (see windows_cell_error.c). Other steps: ["second", method, arguments] asks a second engine, as a second
Excel has; ["has", names] says which names the engine has methods for; ["poll", seconds, method, arguments] repeats
until the answer no longer begins "running|".
The first answer is the number of milliseconds that CreateObject took. "{1}" in a text stands for the answer of step 1
without what comes before its colon.
"""

import datetime
import decimal
import json
import os
import pathlib
import sys
import time

import pythoncom
import win32com.client.dynamic


def value(given, answers):
    """An argument as COM takes it."""
    if isinstance(given, list):
        return tuple(value(part, answers) for part in given)
    if isinstance(given, str):
        for number, answer in enumerate(answers):
            if isinstance(answer, str):
                given = given.replace(f"{{{number}}}", answer.partition(":")[2])
        return given
    if not isinstance(given, dict):
        return given
    ((kind, inner),) = given.items()
    return datetime.datetime.fromisoformat(inner) if kind == "date" else decimal.Decimal(inner)


def has(engine, names):
    """Those of the names that the engine has methods for."""
    found = []
    for name in names:
        try:
            engine._oleobj_.GetIDsOfNames(name)
            found.append(name)
        except pythoncom.com_error:
            pass
    return found


def call(engine, method, arguments, answers):
    """One call."""
    try:
        return getattr(engine, method)(*(value(argument, answers) for argument in arguments))
    except pythoncom.com_error as refused:
        return {"raised": refused.hresult}
    except AttributeError:
        return {"raised": "no such method"}


def main():
    """Go through the steps."""
    steps = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    if len(sys.argv) > 2:
        os.chdir(sys.argv[2])
    started = time.perf_counter()
    engine = win32com.client.dynamic.Dispatch("RebalXL.Engine")
    answers = [round((time.perf_counter() - started) * 1000)]
    second = None
    for step in steps:
        if step[0] == "has":
            answers.append(has(engine, step[1]))
            continue
        if step[0] == "second":
            second = second or win32com.client.dynamic.Dispatch("RebalXL.Engine")
            answers.append(call(second, step[1], step[2], answers))
            continue
        if step[0] != "poll":
            answers.append(call(engine, step[0], step[1], answers))
            continue
        deadline = time.monotonic() + step[1]
        while True:
            answer = call(engine, step[2], step[3], answers)
            if not str(answer).startswith("running|") or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        answers.append(answer)
    print(json.dumps(answers))


main()
