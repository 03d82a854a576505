"""A page read back: its parts, its text as a reader sees it, and the numbers in it."""

import re
from collections.abc import Iterable

import lxml.html
from lxml import etree

# A number as it stands in text: $1,234.50, -3.2%, +0.4%, 12.
NUMBER = re.compile(r"[-+]?\$?\d[\d,]*(?:\.\d+)?%?")


def parsed(page: str) -> etree._Element:
    """The page as a tree."""
    return lxml.html.document_fromstring(page.encode("utf-8"))


def one(root: etree._Element, path: str) -> etree._Element:
    """The only element at a path."""
    found = root.xpath(path)
    assert len(found) == 1, f"{path}: {len(found)}"
    return found[0]


def text(element: etree._Element) -> str:
    """All its text, spaces run together."""
    return " ".join("".join(element.itertext()).split())


def numbers(said: str, names: Iterable[str] = ()) -> list[str]:
    """The numbers of a text, in their order, without those that belong to a name."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        said = said.replace(name, " ")
    return [found.rstrip(",") for found in NUMBER.findall(said)]


def rows(table: etree._Element) -> list[list[str]]:
    """The body of a table, cell by cell; headers of parts and totals among them."""
    return [[text(cell) for cell in row.xpath("./th|./td")] for row in table.xpath("./tbody/tr")]


def shapes(root: etree._Element, chart: str, look: str) -> list[etree._Element]:
    """The shapes of one class in a chart, over all its panels."""
    return [
        shape
        for shape in one(root, f'//figure[@id="{chart}"]').xpath(".//svg//*[@class]")
        if look in shape.get("class").split()
    ]


def per_cent(value: str) -> float:
    """A place or width of a chart."""
    assert value.endswith("%"), value
    return float(value[:-1])
