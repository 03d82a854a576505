"""The security master: class or mix, issuer, index, share-class family and a proposed replacement of common US funds.

Its tables lie in security_master/: funds.csv has one row per symbol, each fact beside its source, mixes.csv the class
mixes of balanced funds, sources.csv the sources by kind, with address and date, read.csv what was read in documents.
What no source says is blank. What an advisor writes comes before it; see intake/known.py.
"""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

_FOLDER = files("rebal_xl.measure") / "security_master"
MUTUAL_FUND = "mutual fund"
MONEY_MARKET = "money market"
# Government and retail money-market funds keep a stable value of a dollar a share (Rule 2a-7).
STABLE_PRICE_USD = 1.0
# Kinds of source.
LISTED = "list"
NAME = "name"
SERIES = "series"
ASSUMPTION = "assumption"
RULE = "rule"
DOCUMENT = "document"


class KnownFund(NamedTuple):
    """One symbol; a text is blank where no source says. Sources are keys of sources.csv."""

    symbol: str
    name: str
    # ETF, mutual fund or money market
    kind: str
    # of symbol, name and kind
    name_source: str
    issuer: str
    # a class name that the shipped assumptions know; blank for a mix, and where no source says
    asset_class: str
    class_source: str
    # the fund whose share class the symbol is: share classes of one fund are substantially identical
    fund: str
    fund_source: str
    # the index it tracks; blank for active funds, and where no source says
    index_tracked: str
    index_source: str
    # proposed by the rule of sources.csv: symbol of the same class, of another issuer, that tracks another index
    replacement: str
    # "yes" for trusts named after gold or silver: long-term gains are those of collectibles, IRC 408(m)
    collectible: str

    @property
    def fractional(self) -> bool:
        """True for what trades in fractions of a share."""
        return self.kind in (MUTUAL_FUND, MONEY_MARKET)


@dataclass(frozen=True, slots=True)
class KnownMix:
    """The classes of a balanced fund, as of a day."""

    # (class, weight 0..1), weights sum to 1
    parts: tuple[tuple[str, float], ...]
    as_of: date
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts are from."""

    # list, name, series, assumption, rule or document
    kind: str
    title: str
    # "" for what has no page
    address: str
    # the day that the document itself bears; None where it bears none
    dated: date | None
    # the day it was read
    read: date

    @property
    def words(self) -> str:
        """The source in one line, with its date."""
        day = f"{self.dated:%m/%d/%Y}" if self.dated else f"undated, read {self.read:%m/%d/%Y}"
        return f"{self.title} ({day})" if self.kind == DOCUMENT else self.title


@dataclass(frozen=True, slots=True)
class SecurityMaster:
    """Everything that comes along about symbols."""

    # of the edition
    date: date
    funds: Mapping[str, KnownFund]
    # fund -> its symbols, in order
    families: Mapping[str, tuple[str, ...]]
    # fund -> its class mix
    mixes: Mapping[str, KnownMix]
    sources: Mapping[str, Source]

    def kind_of(self, source: str) -> str:
        """The kind of a source by its key, "" for none."""
        return self.sources[source].kind if source else ""

    def get(self, symbol: str) -> KnownFund | None:
        """What is known of a symbol, None for nothing."""
        return self.funds.get(symbol)

    def parts(self, fund: KnownFund) -> tuple[tuple[str, float], ...]:
        """Classes and weights of a fund, none where no source says."""
        if fund.asset_class:
            return ((fund.asset_class, 1.0),)
        mix = self.mixes.get(fund.fund)
        return mix.parts if mix else ()

    def siblings(self, fund: KnownFund) -> tuple[str, ...]:
        """The other share classes of the same fund."""
        return tuple(symbol for symbol in self.families[fund.fund] if symbol != fund.symbol)


@lru_cache(maxsize=1)
def security_master() -> SecurityMaster:
    """The security master that comes with the package; read once, when it is first asked for."""
    funds = {row[0]: KnownFund._make(row) for row in _rows("funds.csv")}
    families: dict[str, list[str]] = defaultdict(list)
    for known in funds.values():
        families[known.fund].append(known.symbol)
    return SecurityMaster(
        date=_edition(),
        funds=funds,
        families={fund: tuple(symbols) for fund, symbols in families.items()},
        mixes=_mixes(),
        sources={row[0]: _source(row) for row in _rows("sources.csv")},
    )


def _source(row: list[str]) -> Source:
    _, kind, title, address, dated, read = row
    return Source(kind, title, address, date.fromisoformat(dated) if dated else None, date.fromisoformat(read))


def _rows(name: str) -> Iterator[list[str]]:
    lines = csv.reader((_FOLDER / name).read_text(encoding="utf-8").splitlines())
    next(lines)
    return lines


def _edition() -> date:
    found = tomllib.loads((_FOLDER / "edition.toml").read_text(encoding="utf-8"))["date"]
    assert isinstance(found, date)
    return found


def _mixes() -> dict[str, KnownMix]:
    parts: dict[str, list[tuple[str, float]]] = defaultdict(list)
    told: dict[str, tuple[date, tuple[str, ...]]] = {}
    for fund, asset_class, weight, as_of, sources in _rows("mixes.csv"):
        parts[fund].append((asset_class, float(weight)))
        told[fund] = (date.fromisoformat(as_of), tuple(sources.split()))
    return {fund: KnownMix(tuple(found), *told[fund]) for fund, found in parts.items()}
