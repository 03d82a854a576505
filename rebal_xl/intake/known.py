"""What the security master says of a household's symbols, where the workbook leaves a cell blank.

The advisor's own cells come first, field by field. Whatever the master fills in that changes an answer is a notice:
the class, shares that are substantially identical, the dollar of a money-market fund, a collectible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rebal_xl.household import CASH_CLASS, Security
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.classes import ClassNames, Mix, mix_text, whole
from rebal_xl.intake.findings import Place
from rebal_xl.intake.models import wanted_classes
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import listed
from rebal_xl.measure.assumptions import class_words
from rebal_xl.measure.class_match import match_class
from rebal_xl.measure.security_master import (
    ASSUMPTION,
    DOCUMENT,
    MONEY_MARKET,
    NAME,
    SERIES,
    STABLE_PRICE_USD,
    KnownFund,
    SecurityMaster,
    security_master,
)
from rebal_xl.sheets.tables import RECENT_TRADES

MASTER_SETTING = "Security Master"


# What a notice says of where a class is from, by the kind of its source.
FROM = {
    NAME: "class from the fund's name",
    SERIES: "class from the name of another share class of the fund",
    ASSUMPTION: "class from the fund's name, which names no country: taken to be US",
}


class Known:
    """The security master as this workbook asks it; it knows nothing where the setting Security Master is No."""

    def __init__(
        self, rows: Mapping[str, Row], holders: Mapping[str, Row], classes: ClassNames, sheets: Sheets
    ) -> None:
        self._master = security_master() if sheets.settings.get(MASTER_SETTING) is not False else None
        self._rows, self._holders, self._sheets = rows, holders, sheets
        self._wanted = wanted_classes(classes, sheets)
        self._spelling = classes
        # symbols whose class the master names and several of the advisor's could be; they are reported
        self.unclear: set[str] = set()
        # symbols of which something was filled in
        self._filled: set[str] = set()

    def fund(self, symbol: str) -> KnownFund | None:
        """The fund of a symbol, None when it is not known."""
        return self._master.get(symbol) if self._master else None

    def place(self, symbol: str, column: str) -> Place:
        """The cell of Securities that is blank, or that of the symbol where Securities does not describe it."""
        row = self._rows.get(symbol)
        if row is not None and column in row.region.columns:
            return row.place(column)
        at = row or self._holders.get(symbol)
        return at.place("Symbol") if at is not None else Place()

    def mix(self, symbol: str, given: Mapping[str, Mix]) -> Mix | None:
        """The classes of a symbol that the workbook gives none, in the advisor's words; None when not known.

        `given` are the mixes that the workbook gives: a share class is what the fund's other share class is.
        """
        fund = self.fund(symbol)
        if fund is None or self._master is None:
            return None
        like = next((each for each in self._master.siblings(fund) if each in given), None)
        if like is not None:
            self._tell_class(symbol, f"it is a share class of the same fund as {like}, {mix_text(given[like])}")
            return given[like]
        weights: dict[str, float] = {}
        parts = self._master.parts(fund)
        for part, weight in parts:
            found = match_class(part, self._wanted)
            if found.choices:
                self.unclear.add(symbol)
                self._tell_unclear(symbol, part, found.choices)
                return None
            name = self._spelling.of(found.name or part)
            weights[name] = weights.get(name, 0.0) + weight
        if not weights:
            return None
        mix = tuple(sorted(whole(weights).items()))
        self._tell_class(symbol, _how(fund, self._master, parts, mix))
        return mix

    def unknown_why(self, symbol: str) -> tuple[str, str]:
        """Why a symbol without a class is not known, and what to do; both "" where the master was not asked."""
        fund = self.fund(symbol)
        if self._master is None:
            return "", ""
        if fund is None:
            return " The security master does not know it either.", ""
        return (
            f" The security master knows it as {fund.name}, by name only, and no source says what it holds.",
            "Give its mix in ClassMix, from the fund's own pages, or its class in Securities.",
        )

    def price(self, symbol: str) -> float | None:
        """A dollar for a money-market fund that nobody priced; None for everything else."""
        fund = self.fund(symbol)
        if fund is None or fund.kind != MONEY_MARKET:
            return None
        self._tell("money-market-price", symbol, "Price", f"{symbol} is a money-market fund; its price is taken as $1.")
        return STABLE_PRICE_USD

    def fields(self, symbol: str, mix: Mix) -> dict[str, Any]:
        """Fields of Security for a symbol, by name; the advisor's own come over them."""
        fund, row = self.fund(symbol), self._rows.get(symbol)
        if fund is None or self._master is None:
            return {}
        found: dict[str, Any] = {"name": fund.name}
        if row is None and fund.fractional:
            found["lot_size"] = 0.0
        if mix == ((CASH_CLASS, 1.0),) and row is None:
            # What custodians sweep cash into is no purchase to propose.
            found["do_not_buy"] = True
        if fund.collectible and (row is None or "Collectible" not in row.values):
            found["collectible"] = True
            why = f"Long-term gains on {symbol} are taken to be those of a collectible, taxed at up to 28 %"
            self._tell("collectible-from-master", symbol, "Collectible", f"{why}, by its name, {fund.name}.")
        if row is None or symbol in self._filled:
            found["master_date"] = self._master.date
        return found

    def complete(self, found: dict[str, Security]) -> None:
        """Add identical groups, and replacements of what Securities does not describe."""
        if self._master is None:
            return
        self._group(found, self._master)
        for symbol, security in found.items():
            fund = self.fund(symbol)
            if symbol in self._rows or fund is None:
                continue
            other = found.get(fund.replacement)
            if other is not None and other.class_mix == security.class_mix and other.group != security.group:
                found[symbol] = replace(security, replacement=other.symbol)

    def _group(self, found: dict[str, Security], master: SecurityMaster) -> None:
        families: dict[str, list[str]] = {}
        traded = {row.text("Symbol"): row for row in self._sheets.of(RECENT_TRADES)}
        for symbol in sorted({*found, *traded}):
            fund = master.get(symbol)
            if fund is not None:
                families.setdefault(fund.fund, []).append(symbol)
        for fund_name, symbols in families.items():
            held = [symbol for symbol in symbols if symbol in found]
            if len(symbols) < 2 or not held:
                continue
            for symbol in symbols:
                if symbol not in found:
                    found[symbol] = _only_traded(found[held[0]], symbol, traded[symbol], master)
            given = {found[symbol].identical_group for symbol in symbols} - {""}
            blank = [symbol for symbol in symbols if not found[symbol].identical_group]
            if not blank or len(given) > 1:
                continue
            group = next(iter(given), fund_name)
            for symbol in blank:
                found[symbol] = replace(found[symbol], identical_group=group, master_date=master.date)
            at = next((symbol for symbol in blank if symbol in self._rows or symbol in self._holders), None)
            place = self.place(at, "Identical Group") if at else traded[blank[0]].place("Symbol")
            self._sheets.findings.notice(
                "identical-from-master",
                place,
                f"{listed(symbols, 'and')} are share classes of one fund by the security master"
                f" ({_same_fund([master.funds[symbol] for symbol in symbols], master)}), so that they are one "
                f"identical group, {group}, for wash sales.",
                "Write a word of your own under Identical Group if that is not meant.",
            )

    def _tell_class(self, symbol: str, how: str) -> None:
        self._filled.add(symbol)
        self._tell("class-from-master", symbol, "Asset Class", f"{symbol} has no asset class in the workbook: {how}.")

    def _tell(self, code: str, symbol: str, column: str, message: str) -> None:
        assert self._master is not None
        self._sheets.findings.notice(
            code,
            self.place(symbol, column),
            message,
            f"By the security master of {self._master.date:%m/%d/%Y}; what Securities says comes before it.",
        )

    def _tell_unclear(self, symbol: str, part: str, choices: Sequence[str]) -> None:
        self._sheets.findings.error(
            "class-unclear",
            self.place(symbol, "Asset Class"),
            f"{symbol} has no asset class; the security master calls it {part}, which may be {listed(choices)} here.",
            "Write its class in Securities, or give its mix in ClassMix.",
        )


def _how(fund: KnownFund, master: SecurityMaster, parts: Sequence[tuple[str, float]], mix: Mix) -> str:
    """How a class came about, in words."""
    if len(parts) > 1:
        found = master.mixes[fund.fund]
        read = listed([master.sources[source].title for source in found.sources], "and")
        return f"as of {found.as_of:%m/%d/%Y} it is {mix_text(mix)} (mix from {read})"
    ours, name = parts[0][0], mix[0][0]
    text = f"it is {name}" if class_words(ours) == class_words(name) else f"it is {ours}, taken for {name}"
    if "total" in class_words(ours) and not class_words(name) <= class_words(ours):
        text += ", although it holds more than that class"
    source = master.sources[fund.class_source]
    return f"{text} ({FROM.get(source.kind) or f'class from {source.words}'})"


def _same_fund(funds: Sequence[KnownFund], master: SecurityMaster) -> str:
    """What says that symbols are share classes of one fund."""
    read = sorted({master.sources[each.fund_source].words for each in funds if _by_document(each, master)})
    return f"from {listed(read, 'and')}" if read else "their names differ in the share class alone"


def _by_document(fund: KnownFund, master: SecurityMaster) -> bool:
    return master.kind_of(fund.fund_source) == DOCUMENT


def _only_traded(like: Security, symbol: str, trade: Row, master: SecurityMaster) -> Security:
    """A share class that was traded lately and is not held: there for its wash sales, never bought.

    Its price counts for nothing; that of the trade, or of the fund's other share class, stands in.
    """
    fund = master.funds[symbol]
    price = trade.number_in("Price") or like.price_usd
    return Security(
        symbol=symbol,
        price_usd=price,
        class_mix=like.class_mix,
        name=fund.name,
        lot_size=0.0 if fund.fractional else 1.0,
        do_not_buy=True,
        master_date=master.date,
    )
