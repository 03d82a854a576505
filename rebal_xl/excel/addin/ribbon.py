"""What the ribbon promises, checked against the VBA sources: that every macro it names is there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from defusedxml.ElementTree import fromstring

from rebal_xl.excel.addin.modules import Module, SourceError

# [MS-CUSTOMUI2]: Office 2010 and later
NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
# Attributes whose value is the name of a macro.
_CALLBACK = re.compile(r"on[A-Z]\w*|get[A-Z]\w*|loadImage")


@dataclass(frozen=True, slots=True)
class Button:
    """A button as the user meets it."""

    label: str
    # the job's name, or "cancel"
    tag: str
    # letters to press after Alt and the tab's
    keytip: str
    # title and text of the tip that shows when the mouse rests on it
    screentip: str
    supertip: str
    # one of Office's own pictures
    icon: str


def buttons(ribbon: str) -> list[Button]:
    """The buttons of a ribbon, as they stand on it from left to right."""
    return [
        Button(*(element.get(name, "") for name in ("label", "tag", "keytip", "screentip", "supertip", "imageMso")))
        for element in fromstring(ribbon).iter(f"{{{NAMESPACE}}}button")
    ]


def callbacks(ribbon: str) -> set[str]:
    """The macros that a ribbon calls."""
    return {
        value
        for element in fromstring(ribbon).iter()
        for name, value in element.attrib.items()
        if _CALLBACK.fullmatch(name)
    }


def public_subs(modules: Iterable[Module]) -> Iterator[str]:
    """The procedures of a project that a ribbon may call."""
    for module in modules:
        if not module.kind.is_document:
            yield from re.findall(r"^Public Sub (\w+)\(", module.code, re.MULTILINE)


def check_ribbon(ribbon: str, modules: Iterable[Module]) -> None:
    """SourceError when a button calls a macro that no module has."""
    missing = callbacks(ribbon) - set(public_subs(modules))
    if missing:
        raise SourceError(f"the ribbon calls {', '.join(sorted(missing))}, which no module has")
