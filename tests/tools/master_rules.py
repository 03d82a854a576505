"""What a fund's registered name says: its issuer, the fund whose share class it is, the index, the asset class.

These rules are the source `name` of the security master's facts. They read words that stand in the name and nothing
else. Where a name gives the kind of asset but no country, the fund is taken to be one of US assets: that is the source
`assumption`. Everything that a name does not say stays blank.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

ISSUERS = (
    ("Vanguard", "Vanguard"),
    ("iShares", "iShares (BlackRock)"),
    ("Fidelity", "Fidelity"),
    ("SPDR", "State Street"),
    ("Schwab", "Schwab"),
    ("T. Rowe Price", "T. Rowe Price"),
    ("American Funds", "American Funds (Capital Group)"),
    ("DFA", "Dimensional"),
    ("Dimensional", "Dimensional"),
    ("PIMCO", "PIMCO"),
    ("JPMorgan", "JPMorgan"),
    ("Invesco", "Invesco"),
    ("Avantis", "Avantis"),
    ("Dodge & Cox", "Dodge & Cox"),
)
_SHARE_CLASS = re.compile(
    r"\s+(?:(?:ETF|Admiral|Investor|Premium|Ultra|Institutional(?: Plus| Select| Premium)?) (?:Shares|Class)"
    r"|Class Admiral|Admiral|Class [A-Z](?:-?\d)?|I Class)$"
)
_STYLE = r"(?: (growth|value))?"
# Names that are an index's name and nothing more, once the issuer and silent words are gone -> the index.
_INDEXES = (
    (rf"s and p 500{_STYLE}", "S&P 500"),
    (rf"s and p (?:mid cap 400|400 mid cap){_STYLE}", "S&P MidCap 400"),
    (rf"s and p (?:small cap 600|600 small cap){_STYLE}", "S&P SmallCap 600"),
    (r"s and p 100", "S&P 100"),
    (r"s and p 1500 composite", "S&P Composite 1500"),
    (rf"russell 1000{_STYLE}", "Russell 1000"),
    (rf"russell 2000{_STYLE}", "Russell 2000"),
    (rf"russell 3000{_STYLE}", "Russell 3000"),
    (rf"russell mid cap{_STYLE}", "Russell Midcap"),
    (r"russell top 200", "Russell Top 200"),
    (rf"msci eafe{_STYLE}", "MSCI EAFE"),
    (r"msci eafe small cap", "MSCI EAFE Small Cap"),
    (r"msci emerging markets", "MSCI Emerging Markets"),
    (r"msci acwi ex us", "MSCI ACWI ex USA"),
    (r"msci acwi", "MSCI ACWI"),
    (r"msci world", "MSCI World"),
    (r"msci kld 400 social", "MSCI KLD 400 Social"),
    (r"ftse all world ex us", "FTSE All-World ex US"),
    (r"nasdaq composite", "Nasdaq Composite"),
    (r"nasdaq 100", "Nasdaq-100"),
    (r"dow jones industrial average", "Dow Jones Industrial Average"),
    (r"euro stoxx 50", "EURO STOXX 50"),
)
_SEVERAL = re.compile(
    r"\b(?:target|retirement|freedom|lifestrategy|balanced|allocation|multi asset|four in one|all asset|builder"
    r"|strategic income|capital and income|hedged equity|premium income|preferred|senior loan|convertible"
    r"|income fund of america|growth and income)\b"
)
_FOREIGN = re.compile(
    r"\b(?:international|intl|ex us|eafe|developed|europe|european|eurozone|euro|pacific|japan|asia|canada"
    r"|united kingdom)\b"
)
_SECTOR = re.compile(
    r"\b(?:energy|financials?|health care|healthcare|technology|materials|utilities|industrials?|consumer"
    r"|communication)\b"
)
# Words of funds that lean away from their class; none is proposed for another, nor another for it.
_LEANING = re.compile(
    r"\b(?:factor|multifactor|quality|momentum|min vol|low volatility|high beta|esg|social|fossil|dividends?"
    r"|equal weight|fundamental|rafi|targeted|vector|enhanced|income|tax managed|zero)\b"
)
_BOND = re.compile(
    r"\b(?:bonds?|debt|fixed income|treasury|t bill|corporate|gnma|mortgage backed|mbs|investment grade|high yield"
    r"|government|aggregate|duration|ultra short income)\b"
)
_US = re.compile(r"\b(?:us|usa|america|american)\b")


class Said(NamedTuple):
    """A fact and the kind of its source: name, assumption, or the definition of an index, as "index: S&P 500"."""

    value: str
    source: str


BLANK = Said("", "")


def issuer_of(name: str) -> str:
    """The issuer, by the name's first words; for SPDR by the word anywhere (Energy Select Sector SPDR Fund)."""
    for words, issuer in ISSUERS:
        if name.startswith(words) or (words == "SPDR" and words in name):
            return issuer
    return ""


def fund_of(name: str) -> str:
    """The fund whose share class a name is: the name without its share class."""
    spelled = re.sub(r"\b(Small|Mid|Large|Mega) Cap(?:ital)?\b", r"\1-Cap", name)
    return _SHARE_CLASS.sub("", spelled)


def plain(name: str) -> str:
    """A fund's name in lower case, without issuer, share class and punctuation."""
    text = fund_of(name).casefold()
    text = re.sub(r"\bu\.s\.?(?=[\s-]|$)", "us", text).replace("&", " and ").replace("muni ", "municipal ")
    text = text.replace("midcap", "mid cap").replace("smallcap", "small cap")
    text = re.sub(r"[^a-z0-9+]+", " ", text)
    for words, _ in ISSUERS:
        first = re.sub(r"[^a-z0-9]+", " ", words.casefold().replace("&", " and ")).strip()
        text = re.sub(rf"^{first} ", "", text)
    return re.sub(r"\s+", " ", text).strip()


def index_of(name: str) -> str:
    """The index, where the name is that of an index and says nothing else; "" otherwise."""
    text = plain(name)
    if "core msci" in text:  # MSCI has a standard and an investable-market index of the same market
        return ""
    text = re.sub(r"\b(?:core|portfolio|index|fund|etf|trust|stock market|the|spdr)\b", " ", text)
    text = re.sub(r"\s+", " ", text).strip()
    if text == "1000" and name.startswith("Schwab"):
        return "Schwab 1000 Index"
    for pattern, index in _INDEXES:
        found = re.fullmatch(pattern, text)
        if found:
            style = next((part for part in found.groups() if part), "")
            return f"{index} {style.title()} Index".replace("  ", " ") if "Average" not in index else index
    return ""


def leans(name: str) -> bool:
    """True for sector funds and those of a factor, a dividend, a weighting or a conviction."""
    text = plain(name)
    return bool(_LEANING.search(text) or _SECTOR.search(text))


def class_of(name: str) -> Said:
    """The asset class that a name says."""
    text = plain(name)
    if _SEVERAL.search(text):
        return BLANK
    for rule in (_first, _abroad, _bond, _stock):
        found = rule(text)
        if found is not None:
            return found
    return BLANK


def _us(text: str, value: str) -> Said:
    return Said(value, "name" if _US.search(text) else "assumption")


def _first(text: str) -> Said | None:
    """Classes that one word of the name decides."""
    if re.search(r"\bmoney (?:market|fund)\b|\bcash reserves\b", text):
        return Said("Cash", "name")
    if re.search(r"\bcommodity|\b(?:commodities|gold|silver|gsci|agriculture)\b", text):
        return Said("Commodities", "name")
    if re.search(r"\b(?:tax exempt|tax free|municipal)\b", text):
        state = "CA Muni Bond" if "california" in text else "NY Muni Bond" if "new york" in text else ""
        return Said(state or "National Muni Bond", "name")
    if re.search(r"\b(?:tips|inflation protected)\b", text):
        return Said("TIPS", "name")
    worldwide = re.search(r"\b(?:global|world|acwi)\b", text) and "ex us" not in text
    if "infrastructure" in text:
        return Said("Infrastructure", "name")
    if worldwide:
        return BLANK
    if re.search(r"\b(?:real estate|reit)\b", text):
        return BLANK if _FOREIGN.search(text) else _us(text, "Real Estate")
    return None


def _abroad(text: str) -> Said | None:
    """Emerging markets and foreign developed ones; None for what names neither."""
    if re.search(r"\b(?:emerging|em)\b", text):
        return Said("Emerging Markets Bond" if _BOND.search(text) else "Emerging Markets", "name")
    if re.search(r"\b(?:brazil|china|india|taiwan)\b", text):
        return Said("Emerging Markets", "index: MSCI Emerging Markets")
    if not _FOREIGN.search(text):
        return None
    if _BOND.search(text):
        total = re.search(r"\b(?:total international|international aggregate)\b", text)
        return Said("Total International Bond" if total else "International Bond", "name")
    if re.search(r"\bsmall\b", text):
        return Said("International Small Cap", "name")
    if re.search(r"\b(?:total international|acwi ex us|all world ex us|global ex us)\b", text):
        return Said("Total International Stock", "name")
    for style in ("growth", "value"):
        if re.search(rf"\b{style}\b", text):
            return Said(f"International {style.title()}", "name")
    if "eafe" in text:
        return Said("International Developed", "index: MSCI EAFE")
    if "developed" in text:
        return Said("International Developed", "name")
    stocks = re.search(r"\b(?:equity|stock|index|msci|ftse|stoxx|core equity|large cap|company|dividend)\b", text)
    return Said("International Stock", "name") if stocks else BLANK


def _term(text: str) -> str:
    """short, long or "" by the words and years of a bond fund's name."""
    if re.search(r"\b\d+ \d+ month\b|\bt bill\b", text):
        return "bill"
    years = re.search(r"\b(\d+) (\d+) year\b", text)
    if years:
        return "short" if int(years[2]) <= 5 else "long" if int(years[1]) >= 10 else ""
    more = re.search(r"\b(\d+)\+ year\b", text)
    if more:
        return "long" if int(more[1]) >= 10 else ""
    if re.search(r"\b(?:ultra short|short|low duration|one year|limited)\b", text):
        return "short"
    return "long" if re.search(r"\blong\b", text) else ""


def _bond(text: str) -> Said | None:
    """Bonds that are neither foreign nor municipal; None for what names no bond."""
    if not _BOND.search(text) or "dividend" in text:
        return None
    term = _term(text)
    if "high yield" in text:
        return Said("High Yield Bond", "name")
    if re.search(r"\b(?:floating|fallen)\b", text):
        return BLANK
    if re.search(r"\bgnma\b|\bmortgage backed\b|\bmbs\b", text):
        return Said("Mortgage-Backed", "name")
    if re.search(r"\b(?:treasury|t bill)\b", text):
        by_term = {"bill": "Treasury Bill", "short": "Short Treasury", "long": "Long Treasury", "": "US Treasury Bond"}
        return Said(by_term[term], "name")
    if term == "short":
        return _us(text, "US Short Term Bond")
    if re.search(r"\b(?:corporate|investment grade)\b", text):
        return _us(text, "Long Corporate Bond" if term == "long" else "US Corporate Bond")
    if "government" in text:
        return _us(text, "US Government Bond")
    if term == "long":
        return _us(text, "Long Term Bond")
    if re.search(r"\b(?:total bond|total usd bond|aggregate)\b", text):
        return _us(text, "US Total Bond")
    if re.search(r"\b(?:core|intermediate)\b", text):
        return _us(text, "US Core Bond")
    return _us(text, "US Bond") if re.search(r"\bbonds?\b", text) else BLANK


def _stock(text: str) -> Said:
    """Stocks that are not foreign, by size and style; the whole class where the name has no size."""
    defined = re.search(r"\bs and p 500\b|\brussell (?:1000|2000|3000)\b", text)
    style = next((f" {style.title()}" for style in ("growth", "value") if re.search(rf"\b{style}\b", text)), " Cap")
    if defined:
        family = {"s and p 500": "S&P 500"}.get(defined[0], defined[0].title())
        size = {"Russell 2000": "US Small", "Russell 3000": "US Total Stock"}.get(family, "US Large")
        return Said(size if "Total" in size else size + style, f"index: {family}")
    if re.search(r"\b(?:total (?:us )?stock market|total market|broad market|total equity market)\b", text):
        return _us(text, "US Total Stock")
    if re.search(r"\b(?:extended (?:equity )?market|small mid)\b", text):
        return _us(text, "US Small/Mid Cap")
    for words, size in (
        (r"large cap|mega cap|large company", "US Large"),
        (r"mid cap", "US Mid"),
        (r"small cap|small company|micro cap", "US Small"),
    ):
        if re.search(rf"\b(?:{words})\b", text):
            return _us(text, size + style)
    if _US.search(text) and re.search(r"\b(?:equity|stock|usa|dividend|us 1000)\b", text):
        return Said("US Stock", "name")
    if _SECTOR.search(text):
        return Said("US Stock", "name") if _US.search(text) else BLANK
    return BLANK


def collectible(name: str) -> bool:
    """True for trusts and shares named after gold or silver, whose long-term gains are a collectible's (IRC 408(m))."""
    return bool(re.search(r"\b(?:gold|silver) (?:trust|shares|minishares)\b", plain(name)))


class Candidate(NamedTuple):
    """What the rule of replacements sees of a symbol."""

    symbol: str
    issuer: str
    kind: str
    asset_class: str
    index_tracked: str
    leaning: bool


def replacement(of: Candidate, others: Iterable[Candidate]) -> str:
    """The symbol that stands in for another: same class, another index, another issuer; "" where there is none.

    Both indexes must be known, and neither fund may lean (sector, factor, dividend, weighting). Of several, one of the
    same kind comes first, then the alphabet decides.
    """
    if not (of.asset_class and of.index_tracked) or of.leaning:
        return ""
    fit = [
        each
        for each in others
        if each.asset_class == of.asset_class
        and each.index_tracked not in ("", of.index_tracked)
        and each.issuer != of.issuer
        and not each.leaning
    ]
    return min(fit, key=lambda each: (each.kind != of.kind, each.symbol)).symbol if fit else ""


def symbols_of(funds: Mapping[str, str]) -> dict[str, list[str]]:
    """Fund -> its symbols, in order, of symbol -> fund."""
    found: dict[str, list[str]] = {}
    for symbol in sorted(funds):
        found.setdefault(funds[symbol], []).append(symbol)
    return found
