r"""The registry entries by which CreateObject("RebalXL.Engine") finds this user's engine.

All of them are below HKEY_CURRENT_USER\Software\Classes, so no administrator is needed and no other user is touched.
Standard library only: the installer uses this before anything is installed.
"""

import contextlib
import importlib
from collections.abc import Iterator
from typing import Any

PROG_ID = "RebalXL.Engine"
VERSIONED_PROG_ID = "RebalXL.Engine.1"
CLSID = "{8C7B6E1D-4F0A-4C53-9B1E-6A2D9E3F51C7}"
NAME = "rebal_xl engine"
CLASSES = "Software\\Classes"
USER = "HKEY_CURRENT_USER"


def winreg() -> Any:
    """The registry, which only Windows has."""
    return importlib.import_module("winreg")


def server_command(pythonw: str) -> str:
    r"""How Windows starts the engine.

    -I: neither the current folder nor PYTHONPATH nor the user's site-packages can put a module in front of ours; -B:
    nothing is written beside the modules. `pythonw` is the path of an environment's pythonw.exe.
    """
    return f'"{pythonw}" -I -B -m rebal_xl.excel.server'


def entries(pythonw: str) -> dict[str, str]:
    r"""Key below Software\Classes -> its default value."""
    class_key = f"CLSID\\{CLSID}"
    return {
        PROG_ID: NAME,
        f"{PROG_ID}\\CLSID": CLSID,
        f"{PROG_ID}\\CurVer": VERSIONED_PROG_ID,
        VERSIONED_PROG_ID: NAME,
        f"{VERSIONED_PROG_ID}\\CLSID": CLSID,
        class_key: NAME,
        f"{class_key}\\ProgID": VERSIONED_PROG_ID,
        f"{class_key}\\VersionIndependentProgID": PROG_ID,
        f"{class_key}\\LocalServer32": server_command(pythonw),
    }


def register(pythonw: str, hive: str = USER, registry: Any = None) -> None:
    """Write the entries, for 64-bit Excel and for 32-bit Excel (which looks for classes in a place of its own)."""
    reg = registry or winreg()
    for view in views(reg):
        for key, value in entries(pythonw).items():
            with reg.CreateKeyEx(getattr(reg, hive), f"{CLASSES}\\{key}", 0, reg.KEY_WRITE | view) as opened:
                reg.SetValueEx(opened, None, 0, reg.REG_SZ, value)


def unregister(hive: str = USER, registry: Any = None) -> None:
    """Remove the entries, whichever version wrote them."""
    reg = registry or winreg()
    for view in views(reg):
        for key in (PROG_ID, VERSIONED_PROG_ID, f"CLSID\\{CLSID}"):
            remove_tree(reg, getattr(reg, hive), f"{CLASSES}\\{key}", view)


def registered_command(hive: str = USER, registry: Any = None) -> str | None:
    """How the engine is started by what is registered now; None when CreateObject would not find it."""
    reg = registry or winreg()
    commands = set()
    for view in views(reg):
        class_id = value_of(reg, getattr(reg, hive), f"{CLASSES}\\{PROG_ID}\\CLSID", view)
        if class_id != CLSID:
            return None
        commands.add(value_of(reg, getattr(reg, hive), f"{CLASSES}\\CLSID\\{CLSID}\\LocalServer32", view))
    return commands.pop() if len(commands) == 1 else None


def views(reg: Any) -> Iterator[int]:
    """The registry as 64-bit and as 32-bit programs see it."""
    yield reg.KEY_WOW64_64KEY
    yield reg.KEY_WOW64_32KEY


def value_of(reg: Any, hive: Any, key: str, view: int) -> str | None:
    """The default value of a key, None when there is no such key."""
    try:
        with reg.OpenKey(hive, key, 0, reg.KEY_READ | view) as opened:
            return str(reg.QueryValueEx(opened, None)[0])
    except OSError:
        return None


def remove_tree(reg: Any, hive: Any, key: str, view: int = 0) -> None:
    """Remove a key with all below it; nothing happens when there is none."""
    try:
        opened = reg.OpenKey(hive, key, 0, reg.KEY_READ | view)
    except OSError:
        return
    with opened:
        children = [reg.EnumKey(opened, index) for index in range(reg.QueryInfoKey(opened)[0])]
    for child in children:
        remove_tree(reg, hive, f"{key}\\{child}", view)
    with contextlib.suppress(FileNotFoundError):
        reg.DeleteKeyEx(hive, key, view, 0)
