"""Excel's objects as pywin32 reaches them by name, with less talk: each kind of object is asked once what it can do.

pywin32's own asks every single object, with some ten questions from process to process for one property, and makes what
a loop or a method gives by another way, which looks for generated modules in a folder for temporary files.

What is kept is plain knowledge of an interface (numbers of members and their arguments). No object of Excel's is: an
Excel that was closed would live on with it.
"""

from collections.abc import Iterator
from typing import Any

import pythoncom
import win32com.client.build
import win32com.client.dynamic as pywin32

# So many objects a loop takes at once.
AT_ONCE = 64
# The interface without a name: whoever has it need not be of one kind.
_NAMELESS = "{00000000-0000-0000-0000-000000000000}"

# Interface -> what is known of its members, and its methods once they were called.
_KNOWN: dict[str, tuple[Any, dict[str, Any]]] = {}


class LateBound(pywin32.CDispatch):  # type: ignore[misc] # pywin32 has no types
    """One of Excel's objects."""

    def __init__(self, held: Any) -> None:
        """`held` is its IDispatch."""
        try:
            info = held.GetTypeInfo()
            described = str(info.GetTypeAttr()[0]) if info is not None else _NAMELESS
        except pythoncom.com_error:
            info, described = None, _NAMELESS
        super().__init__(held, None, None, None)
        fresh = win32com.client.build.DispatchItem
        members, methods = (fresh(), {}) if described == _NAMELESS else _KNOWN.setdefault(described, (fresh(), {}))
        # By __dict__: everything else that is set here is set in Excel.
        self.__dict__.update(_olerepr_=members, _builtMethods_=methods, _described_=info)

    def _LazyAddAttr_(self, attr: str) -> int:
        """Ask what kind of member this is, the first time that anybody wants it of such an object."""
        if self._described_ is None:
            return 0
        try:
            self.__dict__["_lazydata_"] = self._described_, self._described_.GetTypeComp()
        except pythoncom.com_error:
            return 0
        return int(super()._LazyAddAttr_(attr))

    def _wrap_dispatch_(self, ob: Any, *_: object, **__: object) -> "LateBound":
        return LateBound(ob)

    def _make_method_(self, name: str) -> Any:
        """A method of pywin32's making; the objects that it gives are of this class too."""
        lines = self._olerepr_.MakeFuncMethod(self._olerepr_.mapFuncs[name], name, False)
        made: dict[str, Any] = {}
        exec(compile("\n".join(lines), name, "exec"), {**vars(pywin32), "Dispatch": _dispatch}, made)
        self._builtMethods_[name] = made[name]
        return getattr(self, name)

    def __iter__(self) -> Iterator[Any]:
        """Its members, where it is a collection."""
        how = pythoncom.DISPATCH_METHOD | pythoncom.DISPATCH_PROPERTYGET
        unknown = self._oleobj_.InvokeTypes(pythoncom.DISPID_NEWENUM, 0, how, (pythoncom.VT_UNKNOWN, 10), ())
        members = unknown.QueryInterface(pythoncom.IID_IEnumVARIANT)
        while some := members.Next(AT_ONCE):
            yield from (self._get_good_object_(one) for one in some)


def _dispatch(held: Any, *_: object, **__: object) -> LateBound:
    """What the methods that pywin32 makes call for an object that they give."""
    return LateBound(held)


def late_bound(held: Any) -> LateBound:
    """Excel's object for what Excel sent: a bare IDispatch, or one that pywin32 has wrapped."""
    return LateBound(getattr(held, "_oleobj_", held))
