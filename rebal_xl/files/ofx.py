"""
Investment statements in OFX (QFX) files: positions, lots where there are any, cash, purchases and sales, as grids.

OFX 1 is SGML whose values close no tag, OFX 2 is XML; one tolerant reader takes both. It resolves no entities but the
five of XML and numbers of characters, refuses DTDs, and remembers the line of everything, so that problems name it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from rebal_xl.files.csvbook import decode
from rebal_xl.files.reader import MAX_CELLS
from rebal_xl.files.refusal import FileRefused
from rebal_xl.intake.dates import day_of_text
from rebal_xl.intake.securities import is_option
from rebal_xl.sheets.grid import Cell, Grid, GridBook

LAYOUT = "OFX statement"
_TOKEN = re.compile(r"<(?P<close>/?)(?P<tag>[A-Za-z][\w.]*)[^<>]*?(?P<empty>/?)>(?P<text>[^<]*)")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_DEEPEST, _MOST_TAGS, _LONGEST_VALUE = 60, 200_000, 10_000
# Elements that hold a value: one that is empty and unclosed, as SGML allows, must not swallow what follows.
_VALUES = frozenset(
    """
    ACCTID BROKERID UNIQUEID UNIQUEIDTYPE TICKER SECNAME UNITS UNITPRICE MKTVAL DTPRICEASOF DTASOF DTTRADE DTSETTLE
    DTEXPIRE OPTTYPE STRIKEPRICE HELDINACCT POSTYPE AVAILCASH MARGINBALANCE SHORTBALANCE BUYPOWER BUYTYPE SELLTYPE
    GAIN COSTBASIS UNITCOST DTACQUIRED DTACQ MEMO FITID FIID RATING CURSYM CURRATE CURDEF COMMISSION FEES TOTAL TAXES
    LOAD SUBACCTSEC SUBACCTFUND DTSTART DTEND SHPERCTRCT NAME VALUE BALTYPE DESC
    """.split()  # noqa: SIM905 - a page of quotes says no more
)
_LOTS = ("LOT", "INVLOT", "POSLOT", "TAXLOT")
_BUYS = ("BUYSTOCK", "BUYMF", "BUYDEBT", "BUYOPT", "BUYOTHER")
_SELLS = ("SELLSTOCK", "SELLMF", "SELLDEBT", "SELLOPT", "SELLOTHER")
_POSITIONS = ("POSSTOCK", "POSMF", "POSDEBT", "POSOPT", "POSOTHER")
_SECURITIES = ("STOCKINFO", "MFINFO", "DEBTINFO", "OPTINFO", "OTHERINFO")
_HELD = ("Account", "Symbol", "Quantity", "Price", "Market Value")
_LOT = ("Account", "Symbol", "Quantity", "Acquired", "Cost Basis", "Cost/Share")
_TRADE = ("Account", "Symbol", "Date", "Side", "Quantity", "Price", "Gain", "Reinvested")


@dataclass(slots=True)
class Node:
    """One element: its tag in capitals, its value, and the line it stands in."""

    tag: str
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Node]:
        """The elements of these tags below this one, in the order of the file."""
        waiting = list(reversed(self.children))
        while waiting:
            node = waiting.pop()
            if node.tag in tags:
                yield node
            waiting.extend(reversed(node.children))

    def value(self, *tags: str) -> str:
        """The value of the first element of these tags below this one, "" when there is none."""
        return next((node.text for node in self.all(*tags) if node.text), "")


def looks_like_ofx(data: bytes) -> bool:
    """Whether a file begins as OFX does."""
    start = data[:4096].replace(b"\0", b"").upper()
    return b"OFXHEADER" in start or b"<OFX>" in start


@dataclass(frozen=True, slots=True)
class Ofx:
    """What an OFX file holds."""

    book: GridBook
    # the latest day that one of its statements is as of
    as_of: date | None


def read_ofx(data: bytes, file_name: str, max_cells: int = MAX_CELLS) -> Ofx:
    """The statements of a file as grids of holdings, lots and trades. Raises FileRefused when it holds none."""
    root = parse(decode(data, file_name), file_name)
    statements = list(root.all("INVSTMTRS"))
    if not statements:
        raise FileRefused(
            f"'{file_name}' holds no investment statement. Download the investment account's OFX (QFX) file."
        )
    symbols = _symbols(root)
    held, lots, trades = _Lines(_HELD), _Lines(_LOT), _Lines(_TRADE)
    for statement in statements:
        account = statement.value("ACCTID")
        for position in statement.all(*_POSITIONS):
            _position(position, account, symbols, held, lots)
        for tag in ("AVAILCASH", "MARGINBALANCE"):
            for balance in statement.all(tag):
                if tag == "AVAILCASH" or balance.text.strip("+-0. "):
                    held.add(balance.line, (account, "CASH", balance.text, "", ""))
        for trade in statement.all(*_BUYS, *_SELLS, "REINVEST"):
            _trade(trade, account, symbols, trades)
    grids = tuple(
        Grid(name, lines.cells, kind="csv")
        for name, lines in (("", held), ("lots", lots), ("trades", trades))
        if lines.filled
    )
    if sum(len(grid.cells) for grid in grids) > max_cells:
        raise FileRefused(f"'{file_name}' has more than {max_cells:,} values. Download a shorter time.")
    return Ofx(GridBook(None, grids), _as_of(root))


def _as_of(root: Node) -> date | None:
    days = (day_of_text(_day(node.text)) for node in root.all("DTASOF"))
    return max((day for day in days if isinstance(day, date)), default=None)


def parse(text: str, file_name: str) -> Node:
    """The elements of an OFX file. Raises FileRefused for a DTD, and for more elements than a statement has."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FileRefused(f"'{file_name}' is refused: it declares a DTD, which no statement needs.")
    text = _without_cdata(text)
    root = Node("", 1)
    stack = [root]
    line, at, count = 1, 0, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        tag = match["tag"].upper()
        count += 1
        if count > _MOST_TAGS or len(stack) > _DEEPEST:
            raise FileRefused(f"'{file_name}' is refused: it has more or deeper elements than any statement.")
        if match["close"]:
            _close(stack, tag)
            continue
        value = html.unescape(match["text"][:_LONGEST_VALUE]).strip()
        node = Node(tag, line, value)
        stack[-1].children.append(node)
        if not value and not match["empty"] and tag not in _VALUES:
            stack.append(node)
    return root


def _without_cdata(text: str) -> str:
    """The text with what stands in CDATA written as other values are; one that has no end stays."""
    parts, at = [], 0
    while (start := text.find(_CDATA, at)) >= 0 and (end := text.find(_CDATA_END, start)) >= 0:
        parts += [text[at:start], html.escape(text[start + len(_CDATA) : end], quote=False)]
        at = end + len(_CDATA_END)
    return "".join([*parts, text[at:]])


def _close(stack: list[Node], tag: str) -> None:
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].tag == tag:
            del stack[depth:]
            return


class _Lines:
    """A table whose rows stand where their elements do in the file."""

    def __init__(self, headers: tuple[str, ...]) -> None:
        self.cells = {(1, column): Cell(name) for column, name in enumerate(headers, 1)}
        self.last = 1

    @property
    def filled(self) -> bool:
        return self.last > 1

    def add(self, line: int, values: tuple[str, ...]) -> None:
        # A file without line ends has all its elements in one.
        self.last = max(line, self.last + 1)
        self.cells |= {(self.last, column): Cell(value) for column, value in enumerate(values, 1) if value}


def _position(position: Node, account: str, symbols: Mapping[str, str], held: _Lines, lots: _Lines) -> None:
    symbol = _symbol(position, symbols)
    found = list(position.all(*_LOTS))
    # The position's own figures come before those of its lots.
    units = _signed(position.value("UNITS"), short=position.value("POSTYPE").upper() == "SHORT")
    held.add(position.line, (account, symbol, units, position.value("UNITPRICE"), position.value("MKTVAL")))
    for lot in found:
        acquired = _day(lot.value("DTACQUIRED", "DTACQ", "DTPURCHASE", "DTTRADE"))
        lots.add(
            lot.line,
            (account, symbol, lot.value("UNITS"), acquired, lot.value("COSTBASIS", "TOTALCOST"),
             lot.value("UNITCOST", "COSTPERSHARE")),
        )  # fmt: skip


def _trade(trade: Node, account: str, symbols: Mapping[str, str], trades: _Lines) -> None:
    side = "Sell" if trade.tag in _SELLS else "Buy"
    trades.add(
        trade.line,
        (account, _symbol(trade, symbols), _day(trade.value("DTTRADE")), side, _signed(trade.value("UNITS")),
         trade.value("UNITPRICE").removeprefix("-"), trade.value("GAIN") if side == "Sell" else "",
         "Yes" if trade.tag == "REINVEST" else "No"),
    )  # fmt: skip


def _signed(units: str, short: bool = False) -> str:
    """Shares without their sign, or negative where they are sold short."""
    bare = units.strip().lstrip("+-")
    return f"-{bare}" if short and bare else bare


def _day(text: str) -> str:
    """20261120120000.000[-5:EST] as 2026-11-20; anything else as it stands, for the reader to refuse."""
    match = re.match(r"(\d{4})(\d\d)(\d\d)", text)
    return f"{match[1]}-{match[2]}-{match[3]}" if match else text


def _symbol(node: Node, symbols: Mapping[str, str]) -> str:
    unique = node.value("UNIQUEID")
    return symbols.get(unique, unique)


def _symbols(root: Node) -> dict[str, str]:
    """Unique id (CUSIP) -> ticker, or the contract of an option; ids without a ticker stand for themselves."""
    found: dict[str, str] = {}
    infos = [info for listed in root.all("SECLIST") for info in listed.all(*_SECURITIES)]
    for info in infos:
        unique, ticker = info.value("UNIQUEID"), info.value("TICKER").strip().upper()
        if unique and ticker:
            found.setdefault(unique, ticker)
    for info in infos:
        if info.tag == "OPTINFO":
            unique = info.value("UNIQUEID")
            found[unique] = _contract(info, unique, found)
    return found


def _contract(info: Node, unique: str, symbols: Mapping[str, str]) -> str:
    """An option as we write it, ACME 04/17/2026 55 C, so that nobody takes it for shares."""
    ticker = symbols.get(unique, "")
    if is_option(ticker):
        return ticker
    ids = [node.text for node in info.all("UNIQUEID")]
    underlying = symbols.get(ids[1], ids[1]) if len(ids) > 1 else ticker
    root = re.match(r"[A-Z.]{1,6}", underlying or ticker)
    expires = re.match(r"(\d{4})(\d\d)(\d\d)", info.value("DTEXPIRE"))
    strike = info.value("STRIKEPRICE") or "0"
    if root is None or expires is None:
        return ticker or unique
    side = "P" if info.value("OPTTYPE").upper().startswith("P") else "C"
    return f"{root[0]} {expires[2]}/{expires[3]}/{expires[1]} {strike} {side}"
