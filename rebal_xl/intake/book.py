"""What the parts of the door share: the rows of every table, the settings, the as-of date, and the findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import Row
from rebal_xl.intake.settings import Settings
from rebal_xl.intake.values import near_miss, squeeze
from rebal_xl.sheets.schema import Table


@dataclass(frozen=True, slots=True)
class Sheets:
    """A book whose cells are read, and where its problems go."""

    # table name -> its rows; absent when the book has no such table
    rows: Mapping[str, tuple[Row, ...]]
    regions: Mapping[str, tuple[Region, ...]]
    settings: Settings
    as_of: date
    findings: Findings

    def of(self, table: Table) -> tuple[Row, ...]:
        """The rows of a table, none when the book has no such table."""
        return self.rows.get(table.name, ())


class Spellings:
    """Names as one table writes them: other tables may differ in case, spaces and punctuation."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        self._exact = frozenset(self.names)
        self._loose: dict[str, list[str]] = {}
        for name in self.names:
            self._loose.setdefault(squeeze(name), []).append(name)

    def find(self, name: str) -> str | None:
        """The name that is meant, None when there is none or more than one it could be."""
        if name in self._exact:
            return name
        meant = self._loose.get(squeeze(name), [])
        return meant[0] if len(meant) == 1 else None

    def hint(self, name: str) -> str:
        """' Did you mean "…"?' when a name is near, else nothing."""
        near = near_miss(name, self.names)
        return f' Did you mean "{near}"?' if near else ""
