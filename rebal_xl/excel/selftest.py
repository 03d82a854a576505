"""Asks the engine what Excel will ask it: `python -I -m rebal_xl.excel.selftest`, run by the installer.

With `--inside` there is no COM between; Python then also leaves the compiled modules that make the engine start fast.

Prints one sentence; the exit code is 0 when the engine was reached by its name and answered rightly, else 1.
"""

import sys
from collections.abc import Callable, Sequence

import rebal_xl
from rebal_xl.excel.registration import PROG_ID

# From 2024-01-02 for exactly a year: short. A day longer: long (IRC 1222 asks for more than a year).
BOUGHT, A_YEAR_LATER, A_DAY_MORE = 45293.0, 45659.0, 45660.0


def examine(create: Callable[[str], object]) -> str | None:
    """What is wrong with the engine that `create` gives for a ProgID; None when nothing is."""
    engine: object = create(PROG_ID)
    version = engine.Version()  # type: ignore[attr-defined]
    if version != rebal_xl.__version__:
        return f"It is of version {version}, not {rebal_xl.__version__}."
    expected = (
        ("REBAL_VERSION", (), rebal_xl.__version__),
        ("REBAL_TERM", (BOUGHT, A_YEAR_LATER), "short"),
        ("REBAL_TERM", (BOUGHT, A_DAY_MORE), "long"),
    )
    for name, args, right in expected:
        places = tuple("" for _ in args)
        answer = engine.Call(name, args, places, "", False, False)  # type: ignore[attr-defined]
        if str(answer).casefold() != right:
            return f"{name} answers {answer!r}, not {right!r}."
    return None


def engine_inside() -> object:
    """The engine in this process, without COM, with the modules loaded that ribbon buttons need."""
    from rebal_xl.excel.engine import Engine

    engine = Engine(lambda _book: None)
    engine.Poll("none")
    return engine


def main(arguments: Sequence[str]) -> int:
    """Examine the engine that is registered, or with --inside the one in this process; returns the exit code."""
    if "--inside" in arguments:
        wrong = examine(lambda _name: engine_inside())
    else:
        import pythoncom
        import win32com.client.dynamic

        try:
            wrong = examine(win32com.client.dynamic.Dispatch)
        except pythoncom.com_error as refused:
            wrong = f"Windows cannot start it: {refused}"
    print(wrong or "The engine answers.")  # noqa: T201 - the installer reads it
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
