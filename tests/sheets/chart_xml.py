"""The charts of a saved workbook, read from its parts alone: openpyxl, which wrote them, has no say here."""

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.utils import range_boundaries

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True)
class SeriesXml:
    kind: str  # barChart, lineChart or scatterChart
    name: str
    # "cat", "val", "xVal", "yVal" -> the reference
    refs: dict[str, str]


@dataclass(frozen=True)
class ChartXml:
    title: str
    alt_text: str
    series: tuple[SeriesXml, ...]
    # columns and rows of its corners, counted from 0, with what of the cell lies before them
    left: tuple[int, int]
    top: int
    right: tuple[int, int]
    bottom: int

    def series_of(self, name: str, kind: str = "") -> SeriesXml:
        (found,) = [one for one in self.series if one.name == name and kind in one.kind]
        return found


def charts_of(data: bytes, sheet: str) -> list[ChartXml]:
    """The charts of a sheet, in the order in which they lie on it."""
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    book = "xl/workbook.xml"
    links = _links(parts, book)
    (tab,) = [one for one in etree.fromstring(parts[book]).iter("{*}sheet") if one.get("name") == sheet]
    part = links[tab.get(f"{R}id")]
    drawing = etree.fromstring(parts[part]).find("{*}drawing")
    if drawing is None:
        return []
    place = _links(parts, part)[drawing.get(f"{R}id")]
    to_charts = _links(parts, place)
    return [_chart(parts, anchor, to_charts) for anchor in etree.fromstring(parts[place])]


def _links(parts: dict[str, bytes], part: str) -> dict[str, str]:
    folder, _, name = part.rpartition("/")
    arrows = etree.fromstring(parts[f"{folder}/_rels/{name}.rels"])
    return {
        arrow.get("Id"): posixpath.normpath(posixpath.join("/" + folder, arrow.get("Target"))).lstrip("/")
        for arrow in arrows
        if arrow.get("TargetMode") != "External"
    }


def _chart(parts: dict[str, bytes], anchor: etree._Element, links: dict[str, str]) -> ChartXml:
    root = etree.fromstring(parts[links[anchor.find(".//{*}chart").get(f"{R}id")]])
    corners = [anchor.find("{*}from"), anchor.find("{*}to")]
    places = [
        [int(corner.findtext(f"{{*}}{name}")) for name in ("col", "colOff", "row")] if corner is not None else [0, 0, 0]
        for corner in corners
    ]
    title = root.find(".//{*}title/{*}tx")
    return ChartXml(
        title="" if title is None else "".join(title.itertext("{*}t")),
        alt_text=anchor.find(".//{*}cNvPr").get("descr", ""),
        series=tuple(_series(one) for one in root.iter("{*}ser")),
        left=(places[0][0], places[0][1]),
        top=places[0][2],
        right=(places[1][0], places[1][1]),
        bottom=places[1][2],
    )


def _series(one: etree._Element) -> SeriesXml:
    refs = {
        part: "".join(found.itertext("{*}f"))
        for part in ("cat", "val", "xVal", "yVal")
        if (found := one.find(f"{{*}}{part}")) is not None
    }
    return SeriesXml(etree.QName(one.getparent()).localname, one.findtext("{*}tx/{*}v") or "", refs)


def cells_at(workbook: Workbook, reference: str) -> list[Any]:
    """What a reference of a chart holds, from the top."""
    tab, _, place = reference.rpartition("!")
    sheet = workbook[tab.strip("'").replace("''", "'")]
    left, first, right, last = range_boundaries(place)
    assert left == right, f"{reference} is one column"
    return [sheet.cell(row, left).value for row in range(first, last + 1)]
