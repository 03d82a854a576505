"""Runs on Windows: what a formula takes from the caller's side of COM, and in the caller's own process without it.

    python marshalling_client.py QUESTION.json

The question: name, arguments (cells), places, which cell changes from call to call, and how many calls. Prints one line
of JSON, everything in milliseconds of the wall clock. Only what is beside pywin32 in the environment is imported.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def edits(asked: dict[str, Any]) -> list[list[Any]]:
    """The arguments of each call: another number in one cell."""
    argument, row, column = asked["edit"]
    made = []
    for repeat in range(asked["calls"]):
        table = [list(line) for line in asked["args"][argument]]
        table[row][column] += 0.001 * (repeat + 1)
        cells = tuple(tuple(line) for line in table)
        others = [tuple(tuple(line) for line in each) if isinstance(each, list) else each for each in asked["args"]]
        made.append([*others[:argument], cells, *others[argument + 1 :]])
    return made


def timed(work: Callable[[], object]) -> float:
    """Milliseconds; AssertionError when the answer is an error."""
    began = time.perf_counter()
    answer = work()
    spent = (time.perf_counter() - began) * 1e3
    assert not isinstance(answer, str) or not answer.startswith("#REBAL!"), answer
    return spent


def main() -> None:
    """Ask, and tell how long it took."""
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    import win32com.client.dynamic

    began = time.perf_counter()
    engine = win32com.client.dynamic.Dispatch("RebalXL.Engine")
    told: dict[str, Any] = {"activation": (time.perf_counter() - began) * 1e3}
    given = edits(asked)
    name, places, caller = asked["name"], asked["places"], "[Book.xlsx]Dashboard!$B$2"

    def by_com(args: list[Any]) -> float:
        return timed(lambda: engine.Call(name, tuple(args), tuple(places), caller, False, False))

    told["first"] = by_com(given[0])
    told["edited"] = [by_com(args) for args in given[1:]]
    told["repeated"] = [by_com(given[-1]) for _ in given[1:]]

    from rebal_xl.excel.call import call

    def inside(args: list[Any]) -> float:
        return timed(lambda: call(name, args, places, caller))

    inside(given[0])
    told["edited inside"] = [inside(args) for args in given[1:]]
    told["repeated inside"] = [inside(given[-1]) for _ in given[1:]]
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
