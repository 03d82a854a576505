"""
The files that are chosen on the ribbon, as rows for the advisor's table: what does not agree is said in a message box.

What custodians' files mean is for `intake.custodians` to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.files.mappings import kept_mappings
from rebal_xl.files.statements import read_files
from rebal_xl.intake.custodians.reconcile import Difference, Position
from rebal_xl.intake.custodians.statement import gather
from rebal_xl.intake.custodians.whose import Whose
from rebal_xl.intake.rows import Row
from rebal_xl.words import count

_TOLD = 5
# Notices of what may be missing from a file.
_DOUBTS = frozenset({"total-differs", "no-total", "total-not-read", "zero-quantity"})


def read_downloads(
    paths: Sequence[Path], whose: Whose, symbols: Sequence[str] = ()
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows of holdings in the files, each share once, and what may be missing from them, in words.

    `whose` knows the accounts of the workbook, `symbols` are its own.

    Raises InputErrors for cells that cannot be read, BookRefused for a file without holdings and for files that tell
    one position twice without agreeing.
    """
    chosen = tuple(dict.fromkeys(paths))
    missing = [path for path in chosen if not path.exists()]
    if missing:
        raise BookRefused(f"There is no file '{missing[0]}'. Nothing was imported.")
    files = read_files(chosen).files
    statement, done, findings = gather(files, whose, kept_mappings(), symbols)
    if not statement.holdings:
        raise BookRefused("These files hold no holdings: no header row with Account, Symbol and Quantity was found.")
    for file in statement.files:
        if not file.lots and not file.positions:
            raise BookRefused(
                f"'{file.name}' holds no holdings: no header row with Account, Symbol and Quantity was found in it. "
                "Leave it out. Nothing was imported."
            )
    _refuse(done.twice, done.wrong)
    doubts = tuple(f"{one.place}: {one.message}" for one in findings.notices if one.code in _DOUBTS)
    return statement.holdings, doubts


def _refuse(twice: Mapping[tuple[str, str], Sequence[Position]], wrong: Sequence[Difference]) -> None:
    if twice:
        (one, other), positions = next(iter(twice.items()))
        account, symbol = positions[0]
        more = len(positions) - 1
        also = f", and so {'does' if more == 1 else 'do'} {count(more, 'more position')}" if more else ""
        raise BookRefused(
            f"{symbol} in {account} stands in {one} and in {other}{also}; together they would count twice. Choose one "
            "of the two files. Nothing was imported."
        )
    if wrong:
        rest = f"\nand {count(len(wrong) - _TOLD, 'more position')}" if len(wrong) > _TOLD else ""
        raise BookRefused(
            "The lots do not add up to the positions. Download both files on the same day, or choose the file of the "
            "lots alone. Nothing was imported.\n" + "\n".join(one.sentence for one in wrong[:_TOLD]) + rest
        )
