"""HTML and SVG as text, escaped where it is made: what is not `Markup` is never taken for a tag."""

from __future__ import annotations

import html
import re

Child = "str | Markup | None"
# What HTML and XML forbid in text, control characters among them: they would end or break the page.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_PLAIN = re.compile(r"[A-Za-z0-9 ]")
# Elements that have no content.
_VOID = frozenset({"meta", "img", "br", "link"})
# Elements inside which a line break stands between two children, so that the page can be read as text.
_LINES = frozenset(
    {"html", "head", "body", "main", "header", "footer", "section", "table", "thead", "tbody", "ul", "nav"}
)
_LINES |= {"svg", "figure", "tr", "dl", "tfoot"}


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """Text from a workbook, as it stands in a page or in an attribute."""
    return Markup(html.escape(_FORBIDDEN.sub("\ufffd", text), quote=True))


def tag(name: str, /, *children: str | Markup | None, **attributes: str | float | None) -> Markup:
    """An element; attributes that are None are left out, `class_` is class and `_` in a name is `-`."""
    told = "".join(
        f' {_attribute(key)}="{escaped(_value(value))}"' for key, value in attributes.items() if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{told}>")
    joint = "\n" if name in _LINES else ""
    inner = joint.join(_child(child) for child in children if child is not None)
    return Markup(f"<{name}{told}>{joint if inner else ''}{inner}{joint if inner else ''}</{name}>")


def joined(*children: str | Markup | None) -> Markup:
    """Several pieces, one after the other."""
    return Markup("\n".join(_child(child) for child in children if child))


def name(text: str) -> Markup:
    """A name from the workbook, which may be written from right to left whatever stands around it."""
    return tag("bdi", text)


def css_text(text: str) -> str:
    """A text as a string of CSS, quotes included; no letter in it can end the string or the style."""
    safe = _FORBIDDEN.sub("\ufffd", text)
    letters = (letter if _PLAIN.fullmatch(letter) else f"\\{ord(letter):x} " for letter in safe)
    return f'"{"".join(letters)}"'


def _child(child: str | Markup) -> str:
    return child if isinstance(child, Markup) else escaped(child)


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 3) + 0.0:g}"
