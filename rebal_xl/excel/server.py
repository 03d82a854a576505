"""Excel's way in: a COM server of this user alone, started by CreateObject("RebalXL.Engine") in the add-in.

Windows starts it as `pythonw -I -B -m rebal_xl.excel.server` (see `registration`). It serves one Excel and ends when
that lets go of it. It makes objects of our one class and nothing else: neither of classes that the registry names, as
pywin32's servers do, nor by one of pywin32's policies that evaluate or that call by any name.
"""

import logging
import os
import threading
import weakref
from collections.abc import Callable
from typing import Any, NoReturn

import pythoncom
import pywintypes
import win32api
import win32con
import winerror
from win32com.server import policy
from win32com.server.exception import COMException
from win32com.server.policy import DesignatedWrapPolicy
from win32com.server.util import wrap

from rebal_xl.excel.engine import Engine
from rebal_xl.excel.registration import CLSID

# Excel turns calls away while a cell is being edited; xlwings would ask again for ever.
MOST_TRIES = 1000
# Windows started this for an Excel that never came back for its engine.
FORGOTTEN_AFTER_SECONDS = 300.0


def book_of(book: object) -> object:
    """The xlwings.Book of a workbook object that Excel sent, its xlwings.App where it sent itself; None for Nothing."""
    if book is None:
        return None
    # Late: the first formula needs neither.
    from xlwings import _xlwindows

    from rebal_xl.excel.late import late_bound
    from rebal_xl.excel.tame import xlwings

    _xlwindows.N_COM_ATTEMPTS = MOST_TRIES
    given = late_bound(book)
    xl: Any = _xlwindows
    held = xl.COMRetryObjectWrapper(given)
    if hasattr(given, "Workbooks"):
        # No workbook is open. By its windows xlwings would not find this Excel, or find another one.
        return xlwings.App(impl=xl.App(xl=held))
    return xlwings.Book(impl=xl.Book(xl=held))


class ComEngine:
    """The engine as COM sees it: these methods by name, nothing else."""

    _public_methods_ = ("Call", "Why", "Start", "Poll", "Finish", "Cancel", "Version")
    _com_interfaces_ = (pythoncom.IID_IDispatch,)

    def __init__(self, engine: Engine) -> None:
        self.Why = engine.Why
        self.Start = engine.Start
        self.Poll = engine.Poll
        self.Finish = engine.Finish
        self.Cancel = engine.Cancel
        self.Version = engine.Version
        self._engine = engine

    def Call(
        self, name: object, args: object, places: object, caller: object, date1904: object, wizard: object
    ) -> object:
        answer = self._engine.Call(name, args, places, caller, date1904, wizard)
        # To pywin32 a bare tuple is a result with output parameters.
        return (answer,) if isinstance(answer, tuple) else answer


class Maker:
    """Makes the engine, for the one Excel that this process serves."""

    def __init__(self, engine: Engine, let_go: Callable[[], None]) -> None:
        self._engine = engine
        self._let_go = let_go
        self.was_asked = False

    def __call__(self, class_id: object, interface: object) -> object:
        """What pywin32 asks for when Excel creates an object."""
        if class_id != pywintypes.IID(CLSID):
            raise COMException(scode=winerror.CLASS_E_CLASSNOTAVAILABLE)
        self.was_asked = True
        made = ComEngine(self._engine)
        # COM holds the only reference: it goes when Excel lets go, or when Excel is no more.
        weakref.finalize(made, self._let_go)
        return wrap(made, interface, usePolicy=DesignatedWrapPolicy)


def main() -> NoReturn:
    """Serve until Excel lets go, then end the process."""
    thread = win32api.GetCurrentThreadId()

    def end() -> None:
        win32api.PostThreadMessage(thread, win32con.WM_QUIT, 0, 0)

    def end_if_forgotten() -> None:
        if not maker.was_asked:
            end()

    engine = Engine(book_of)
    maker = Maker(engine, end)
    # pywin32 would make an object of whatever class, with whatever policy, the registry names.
    policy.CreateInstance = maker
    factory = pythoncom.MakePyFactory(pywintypes.IID(CLSID))
    once = pythoncom.REGCLS_SINGLEUSE | pythoncom.REGCLS_SUSPENDED
    cookie = pythoncom.CoRegisterClassObject(pywintypes.IID(CLSID), factory, pythoncom.CLSCTX_LOCAL_SERVER, once)
    pythoncom.CoResumeClassObjects()
    # While Excel goes on, load what the first formula needs.
    threading.Thread(target=engine.warm, daemon=True).start()
    patience = threading.Timer(FORGOTTEN_AFTER_SECONDS, end_if_forgotten)
    patience.daemon = True
    patience.start()
    pythoncom.PumpMessages()
    pythoncom.CoRevokeClassObject(cookie)
    logging.shutdown()
    # At once: a search may still be inside the solver, and Python would be taken down under it.
    os._exit(0)


if __name__ == "__main__":
    main()
