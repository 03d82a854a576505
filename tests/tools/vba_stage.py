"""Plays the add-in's VBA without Excel: run by the strict readers' own Python, which has pyOpenVBA's interpreter.

Started as `python vba_stage.py`, with one scene as JSON on a line of standard input, and writes what happened as JSON:

    in   addin      path of the .xlam, whose own modules are run
         engine     method -> answers, one a call; {"error": number, "text": words} is raised instead. "live": each
                    call is written as {"engine": method, "args": [...]} on a line, and its answer read from one
         create     what CreateObject gives, one a call, the last for ever after: "engine" or an error as above
         replies    what the user answers to message boxes, input boxes and file dialogs, one each
         excel      state of Excel where it is not that of SETTINGS; "workbook": null for none open, "protected": true
                    for a file in Protected View, "ready": false, "refuses OnTime": true, "tables grow": false,
                    "no New": true where the command New is off from the start
         mac        this is Excel for Mac: what AppleScriptTask answers, one a call; errors as above
         book       the open workbook's name where it is not Household.xlsx
         steps      ["click", tag], ["tick"] (OnTime's hour has come), ["enabled", tag], ["loaded"], ["close workbook"],
                    ["open workbook"], ["wizard", open or not], ["formula", name, arguments...]; an argument
                    {"range": {...}} is a range
    out  log        every call, setting and message in order
         excel      the settings at the end
         answers    what "enabled" and "formula" steps came to

Only the standard library and pyOpenVBA: this Python knows nothing of the project.
"""

import json
import re
import sys

from pyopenvba import ExcelFile
from pyopenvba.interpreter import (
    EMPTY,
    MISSING,
    NOTHING,
    HostBridge,
    Interpreter,
    VBAArray,
    VBAErrorValue,
    VBAInt,
    VBAObject,
    VBARuntimeError,
)
from pyopenvba.interpreter._preprocess import DEFAULT_CONSTANTS
from pyopenvba.interpreter._runtime import UNRESOLVED, Slot

SETTINGS = {
    "Calculation": -4105,  # automatic
    "ScreenUpdating": True,
    "EnableEvents": True,
    "Cursor": -4143,  # as Excel likes
    "StatusBar": False,
    "EnableCancelKey": 1,
    "DisplayAlerts": True,
}


def to_vba(value):
    """A value of the scene as VBA's."""
    if value is None:
        return EMPTY
    return VBAInt(value, "Long") if type(value) is int else value


def block(value):
    """The values of a range: one, or rows of them."""
    if not isinstance(value, list):
        return to_vba(value)
    flat = [to_vba(one) for row in value for one in row]
    return VBAArray([(1, len(value)), (1, len(value[0]))], items=flat)


def to_json(value):
    """A value of VBA's as the scene's."""
    if value in (EMPTY, MISSING, NOTHING) or value is None:
        return None
    if isinstance(value, VBAErrorValue):
        return {"error value": value.number}
    if isinstance(value, VBAArray):
        return [to_json(one) for one in value.elements()]
    if isinstance(value, VBAObject):
        return f"<{value.called}>"
    if isinstance(value, bool | str):
        return value
    try:
        return int(value) if float(value).is_integer() else float(value)
    except (TypeError, ValueError):
        return str(value)


class Thing(VBAObject):
    """An object with the members it is given: values, or functions that are called."""

    def __init__(self, called, members, vba_type="Object", on_set=None):
        self.called, self.on_set, self.vba_type_name = called, on_set, vba_type
        self.members = {name.lower(): value for name, value in members.items()}

    def vba_get(self, name, args=(), named=None):
        found = self.members.get(name.lower(), UNRESOLVED)
        if found is UNRESOLVED:
            raise VBARuntimeError(438, f"{self.called} has no {name}")
        return found(*args, **(named or {})) if callable(found) else found

    def vba_set(self, name, value, args=(), named=None, *, by_ref=False):
        self.members[name.lower()] = value
        if self.on_set:
            self.on_set(name, value)


class Stage(HostBridge):
    """Excel, the engine and the user, as the scene has them."""

    def __init__(self, scene):
        self.scene, self.log, self.answers, self.due = scene, [], [], []
        self.replies = list(scene.get("replies", ()))
        self.create_results = list(scene.get("create", ["engine"]))
        self.mac = list(scene["mac"]) if "mac" in scene else None
        DEFAULT_CONSTANTS["Mac"] = self.mac is not None
        engine = scene.get("engine", {})
        self.live = engine == "live"
        self.engine_answers = {} if self.live else {name: list(answers) for name, answers in engine.items()}
        state = {**SETTINGS, **scene.get("excel", {})}
        self.refused_on_time = state.pop("refuses OnTime", False)
        self.book_open = state.pop("workbook", "Household.xlsx") is not None
        sheet = Thing("Plan", {"Activate": lambda: self.write("sheet activated")})
        selection = Thing("B7", {"Select": lambda: self.write("selection restored")})
        self.book = Thing("Household.xlsx", {"Name": self.book_name, "Activate": lambda: None})
        # the command New is off while the Function Wizard is open
        self.new = command = Thing("New", {"Enabled": not state.get("no New")})
        self.auto_correct = Thing(
            "AutoCorrect",
            {"AutoExpandListRange": state.pop("tables grow", True)},
            on_set=lambda name, value: self.write("set", name, value),
        )
        self.app = Thing(
            "Application",
            {
                **{name: to_vba(value) for name, value in state.items() if name in SETTINGS},
                "AutoCorrect": self.auto_correct,
                "Ready": state.get("ready", True),
                "OperatingSystem": "Windows (64-bit) NT 10.00" if self.mac is None else "Macintosh (Intel) 10.16",
                "ActiveProtectedViewWindow": self.book if state.get("protected") else NOTHING,
                "OnTime": self.on_time,
                "GetOpenFilename": lambda *args: self.dialog("GetOpenFilename", *args),
                "FileDialog": self.file_dialog,
                "MacroOptions": lambda **named: self.write("MacroOptions", named["Macro"], len(named["Description"])),
                "Caller": self.a_range(scene["caller"]) if "caller" in scene else NOTHING,
                "CommandBars": lambda name: Thing(name, {"Controls": lambda index: command}),
                "Intersect": lambda given, used: self.write("Intersect") or used,
            },
            on_set=lambda name, value: self.write("set", name, value),
        )
        self.globals = {
            "application": lambda: self.app,
            "activeworkbook": lambda: self.book if self.book_open else NOTHING,
            "activewindow": lambda: sheet if self.book_open else NOTHING,
            "activesheet": lambda: sheet if self.book_open else NOTHING,
            "selection": lambda: selection if self.book_open else NOTHING,
            "thisworkbook": lambda: Thing("the add-in", {"Name": "rebal_xl.xlam"}),
        }
        self.vba = Interpreter(self)
        self.vba.show_message = lambda prompt, style, title: to_vba(self.dialog("MsgBox", prompt, style))
        self.vba.ask_for_input = lambda prompt, title, default: self.dialog("InputBox", prompt, default)
        with ExcelFile(scene["addin"]) as book:
            for module in book.vba_project().modules:
                if str(module.kind).endswith("standard"):
                    # texts for the Function Wizard, which the interpreter takes for statements
                    source = re.sub(r"(?m)^Attribute \w+\.", "' ", module.source)
                    self.vba.add_module(source, name=module.name)
        self.ribbon = Thing("ribbon", {"Invalidate": lambda: self.write("ribbon refreshed")})

    # what VBA asks of its host

    def global_object(self, name):
        made = self.globals.get(name.lower())
        return made() if made else UNRESOLVED

    def create(self, class_name):
        result = self.create_results.pop(0) if len(self.create_results) > 1 else self.create_results[0]
        self.write("CreateObject", class_name)
        if isinstance(result, dict):
            raise VBARuntimeError(result["error"], result["text"])
        methods = ("Call", "Why", "Start", "Poll", "Finish", "Cancel", "Version")
        return Thing("engine", {name: lambda *args, name=name: self.engine(name, *args) for name in methods})

    def has_global_member(self, name):
        return self.mac is not None and name.lower() == "applescripttask"

    def call_global(self, name, args, named):
        self.write("AppleScriptTask", *args)
        answer = self.mac.pop(0)
        if isinstance(answer, dict):
            raise VBARuntimeError(answer["error"], answer["text"])
        return answer

    def engine(self, method, *args):
        self.write(method, *args)
        if self.live:
            print(json.dumps({"engine": method, "args": self.log[-1][1:]}), flush=True)
            return to_vba(json.loads(sys.stdin.readline()))
        answers = self.engine_answers.get(method, [])
        answer = answers.pop(0) if answers else ""
        if isinstance(answer, dict):
            raise VBARuntimeError(answer["error"], answer["text"])
        return to_vba(answer)

    def book_name(self):
        if not self.book_open:
            raise VBARuntimeError(-2147221080, "Automation error")
        return self.scene.get("book", "Household.xlsx")

    def on_time(self, when, macro, latest=MISSING, schedule=True):
        if self.refused_on_time and schedule and macro.endswith("RebalPoll"):
            raise VBARuntimeError(1004, "Method 'OnTime' of object '_Application' failed")
        if schedule:
            self.due.append(macro)
        elif macro in self.due:
            self.due.remove(macro)
        else:
            raise VBARuntimeError(1004, "Method 'OnTime' failed")

    def dialog(self, kind, *args):
        self.write(kind, *args)
        if not self.replies:
            return 1 if kind == "MsgBox" else False
        reply = self.replies.pop(0)
        return VBAArray([(1, len(reply))], items=reply) if isinstance(reply, list) else reply

    def file_dialog(self, kind):
        picked = self.replies.pop(0) if self.replies else ""
        return Thing("dialog", {"Show": lambda: -1 if picked else 0, "SelectedItems": lambda index: picked})

    # the scene

    def write(self, *event):
        self.log.append([to_json(one) for one in event])

    def a_range(self, given):
        """A range with the members that the wrappers read."""
        rows, columns = given.get("size", [1, 1])
        book = Thing("book", {"Date1904": given.get("date1904", False)})
        used = NOTHING if given.get("used") is None else self.a_range(given["used"])
        address = given["address"]
        first = Thing("first cell", {"Address": lambda *args: f"{address.split(':')[0]}", "HasSpill": False}, "Range")
        if "spills from" in given:
            first.members["hasspill"] = True
            first.members["spillparent"] = self.a_range({"address": given["spills from"]})
        members = {
            "Areas": Thing("areas", {"Count": to_vba(given.get("areas", 1))}),
            "Rows": Thing("rows", {"Count": to_vba(rows)}),
            "Columns": Thing("columns", {"Count": to_vba(columns)}),
            "Cells": lambda row, column: first,
            "Worksheet": Thing("sheet", {"Parent": book, "UsedRange": used}),
            "Address": lambda *args: address,
            "Value": "cut to the cent",
            "HasFormula": "formula" in given,
            "Formula": block(given.get("formula")),
        }
        if not given.get("no Value2"):
            members["Value2"] = block(given.get("value"))
        if "Value2 fails" in given:
            members["Value2"] = lambda: self.fail(7, given["Value2 fails"])
        return Thing(address, members, "Range")

    def fail(self, number, text):
        raise VBARuntimeError(number, text)

    def given(self, argument):
        if isinstance(argument, dict):
            return self.a_range(argument["range"])
        return MISSING if argument == "missing" else to_vba(argument)

    def play(self):
        for step, *args in self.scene["steps"]:
            getattr(self, "step_" + step.replace(" ", "_"))(*args)

    def step_loaded(self):
        self.vba.run("RebalRibbonLoaded", [self.ribbon])

    def step_click(self, tag):
        self.vba.run("RebalRibbonClicked", [Thing("button", {"Tag": tag})])

    def step_enabled(self, tag):
        enabled = Slot(EMPTY, "Variant")
        self.vba.run("RebalRibbonEnabled", [Thing("button", {"Tag": tag}), enabled])
        self.answers.append(to_json(enabled.get()))

    def step_tick(self):
        for macro in [self.due.pop(0) for _ in list(self.due)]:
            self.vba.run(macro.split("!")[1])

    def step_close_workbook(self):
        self.book_open = False

    def step_open_workbook(self):
        self.book_open = True

    def step_wizard(self, is_open):
        self.new.members["enabled"] = not is_open

    def step_formula(self, name, *arguments):
        self.answers.append(to_json(self.vba.run(name, [self.given(one) for one in arguments])))


def main():
    """Play one scene."""
    stage = Stage(json.loads(sys.stdin.readline()))
    stage.play()
    settings = {name: to_json(stage.app.members[name.lower()]) for name in SETTINGS}
    print(json.dumps({"log": stage.log, "excel": settings, "answers": stage.answers, "due": stage.due}))


if __name__ == "__main__":
    main()
