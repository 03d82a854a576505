"""What an advisor's own words say: which text names an account, which one a class, which one is a total or a unit."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rebal_xl.intake.candidates import Candidate
from rebal_xl.intake.tells import NAME_TELLS, THOUSANDS, TOTAL_END, TOTAL_START
from rebal_xl.intake.values import Want, clean, read_cell, squeeze
from rebal_xl.sheets.grid import Cell, Grid, cells_by_row
from rebal_xl.sheets.inputs_accounts import TREATMENT_SYNONYMS
from rebal_xl.sheets.schema import Kind, Table
from rebal_xl.sheets.tables import ACCOUNTS, SECURITIES, TARGETS

MONEY = Want(Kind.MONEY)
# Longer texts are sentences, not names of accounts.
LONGEST_NAME = 60
PREFIX = re.compile(
    r"^(?:(?:positions|holdings|lots|tax lots)\s+(?:for|in|of)\s+)?(?:the\s+)?"
    r"(account|acct\.?|portfolio|registration)(?:\s+(?:name|number|no\.?|#))?\s*(:|-|#|\s)\s*(?=\S)",
    re.IGNORECASE,
)
LABEL = re.compile(r"^(?:account|acct\.?|registration)(?:\s+name)?\s*:?$", re.IGNORECASE)
AS_OF = re.compile(r"[\s,(]*\bas of\b.*$", re.IGNORECASE)
# Words that a taxable account's name has, and hardly anything else.
ACCOUNT_WORD = re.compile(
    r"\b(brokerage|joint|jtwros|individual|taxable|tod|account|acct|revocable|irrevocable|utma|ugma|custodial|trust)\b",
    re.IGNORECASE,
)
SHARES_WORD = re.compile(r"\b(shares|units|quantit(y|ies))\b", re.IGNORECASE)
CASH_CLASSES = frozenset({"cash", "cashequivalents", "cashandequivalents", "cashandcashequivalents", "moneymarket"})


@dataclass(frozen=True, slots=True)
class Names:
    """What the complete tables of a workbook name."""

    # accounts of its Accounts table, as written there
    accounts: tuple[str, ...]
    # asset classes of its Targets and Securities
    classes: tuple[str, ...]

    def account(self, text: str) -> str:
        """The account that a text names, as Accounts writes it; "" for none, or for more than one."""
        key = squeeze(clean(text))
        exact = [name for name in self.accounts if squeeze(name) == key]
        if exact:
            return exact[0] if len(exact) == 1 else ""
        inside = [name for name in self.accounts if len(squeeze(name)) > 3 and squeeze(name) in key]
        longest = max(inside, key=len, default="")
        return longest if all(squeeze(name) in squeeze(longest) for name in inside) else ""

    def asset_class(self, text: str) -> str:
        """The class that a text names, as the workbook writes it, "" for none."""
        key = squeeze(clean(text))
        return next((name for name in self.classes if squeeze(name) == key), "")


def names_of(candidates: Iterable[Candidate]) -> Names:
    """The accounts and classes that a workbook's complete tables name."""
    accounts: dict[str, None] = {}
    classes: dict[str, None] = {}
    for candidate in candidates:
        for table, column, beside, found in (
            (ACCOUNTS, "Account", "Tax Treatment", accounts),
            (TARGETS, "Asset Class", "Target %", classes),
            (SECURITIES, "Asset Class", "Symbol", classes),
        ):
            found.update(dict.fromkeys(_column(candidate, table, column, beside)))
    return Names(tuple(accounts), tuple(classes))


def _column(candidate: Candidate, table: Table, column: str, beside: str) -> list[str]:
    match = candidate.match(table)
    if not match.complete or not {column, beside} <= match.columns.keys():
        return []
    found: list[str] = []
    for row, cells in sorted(cells_by_row(candidate.grid.cells).items()):
        text = text_of(cells.get(match.columns[column]))
        if row > candidate.row and text and match.columns[beside] in cells and not is_total(text):
            found.append(text)
    return found


def text_of(cell: Cell | None) -> str:
    """The text of a cell without what cannot be seen, "" where it holds none."""
    return clean(cell.value) if cell is not None and isinstance(cell.value, str) else ""


def is_total(text: str) -> bool:
    """True for a word for a total, alone or before or behind a name."""
    return TOTAL_START.match(text) is not None or TOTAL_END.fullmatch(text) is not None


def amount(cell: Cell | None) -> float | None:
    """The number of a cell, None where it holds none."""
    read = read_cell(cell, MONEY)
    return read if isinstance(read, float) else None


def is_percent(cell: Cell | None) -> bool:
    """True for a number that is shown, or written, with a percent sign."""
    return cell is not None and ("%" in cell.number_format or (isinstance(cell.value, str) and "%" in cell.value))


def sounds_like_an_account(text: str) -> bool:
    """True for a name that tells a tax treatment, or has a word of an account's name."""
    if not text or len(text) > LONGEST_NAME or text.endswith(".") or is_total(text):
        return False
    words = text.replace("_", " ").replace("-", " ")
    return (
        ACCOUNT_WORD.search(words) is not None
        or any(tells.search(words) for _, tells in NAME_TELLS)
        or squeeze(text) in _TREATMENTS
    )


def named_in_title(texts: Sequence[str], names: Names) -> tuple[str, bool]:
    """The account that a line of texts names, and whether that is certain; "" where it names none."""
    first = AS_OF.sub("", texts[0]).strip(" :-")
    if is_total(first):
        return "", False
    if LABEL.match(texts[0]) and len(texts) > 1:
        named = AS_OF.sub("", texts[1]).strip()
        return names.account(named) or named, True
    told = names.account(first)
    if told and len(first) <= LONGEST_NAME:
        return told, True
    prefix = PREFIX.match(texts[0])
    if prefix is not None and (prefix[2] == ":" or sounds_like_an_account(first)):
        named = AS_OF.sub("", texts[0][prefix.end() :]).strip()
        return named, bool(named)
    return (first, False) if not names.accounts and sounds_like_an_account(first) else ("", False)


def scale_of(grid: Grid, row: int, texts: Iterable[str]) -> float:
    """1000 where the words at a table, or in the lines right above it, say that it is in thousands."""
    above = [
        text_of(cell)
        for number, cells in cells_by_row(grid.cells).items()
        if row - 4 <= number <= row
        for cell in cells.values()
    ]
    return 1000.0 if any(THOUSANDS.search(text) for text in (*texts, *above) if text) else 1.0


_TREATMENTS: Mapping[str, str] = {squeeze(word): meaning for word, meaning in TREATMENT_SYNONYMS}
