"""Stand-ins for pywin32, so that xlwings' own UDF decorators can be imported where there is no Windows.

Run as a program it imports the formulas with xlwings' real decorators and prints what these know of each formula.
"""

import ctypes
import datetime
import json
import sys
import types
from unittest.mock import MagicMock


def install() -> None:
    """Put the stand-ins where `import` finds them."""
    pythoncom = types.ModuleType("pythoncom")
    pythoncom.CoInitialize = lambda *_: None
    pywintypes = types.ModuleType("pywintypes")
    pywintypes.com_error = type("com_error", (Exception,), {})
    pywintypes.TimeType = datetime.datetime
    win32com = types.ModuleType("win32com")
    win32com.__path__ = []
    client = types.ModuleType("win32com.client")
    client.Dispatch = lambda found, **_: found
    win32com.client = client
    sys.modules |= {
        "pythoncom": pythoncom,
        "pywintypes": pywintypes,
        "win32com": win32com,
        "win32com.client": client,
    }


def install_for_xlwings() -> None:
    """All that xlwings' own module for Windows asks for when it is imported."""
    for name in ("windll", "oledll", "PyDLL"):
        setattr(ctypes, name, MagicMock())
    names = ("win32api", "win32con", "win32gui", "win32process", "win32timezone", "win32com", "win32com.client")
    sys.modules |= {name: MagicMock() for name in (*names, "pythoncom")}
    sys.modules["pythoncom"].__file__ = "pythoncom.dll"
    for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass"):
        setattr(sys.modules["win32com.client"], name, type(name, (), {}))
    pywintypes = types.ModuleType("pywintypes")
    pywintypes.com_error = type("com_error", (Exception,), {})
    pywintypes.TimeType = datetime.datetime
    pywintypes.IID = str
    sys.modules["pywintypes"] = pywintypes


def main() -> None:
    """Print the metadata that xlwings keeps of every formula, as JSON."""
    install()
    import xlwings as xw
    from xlwings import udfs

    xw.func, xw.arg, xw.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    from rebal_xl.excel.formulas import CATALOG

    print(json.dumps([formula.function.__xlfunc__ for formula in CATALOG], default=str))


if __name__ == "__main__":
    main()
