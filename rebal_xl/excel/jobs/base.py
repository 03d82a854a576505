"""What a ribbon job is: it answers at once, asks for something, or hands over work for a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rebal_xl.excel.jobs.watch import Watch
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.household import Household, Plan, Policy
from rebal_xl.intake import read_grids
from rebal_xl.optimize.assemble import fingerprint
from rebal_xl.sheets.grid import GridBook

NO_BOOK = "There is no workbook to work on. Open the household's workbook, or start with New workbook."


class StoppedEarly(Exception):
    """A search was stopped, and what it has is not worth the name of a plan."""


@dataclass(frozen=True, slots=True)
class Done:
    """All is done; the message may be empty."""

    message: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """Something must be known first."""

    # text, yesno, file, files or folder
    kind: str
    prompt: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a job was started from."""

    household: Household
    policy: Policy

    @property
    def fingerprint(self) -> str:
        """The same as long as the workbook's values mean the same."""
        return fingerprint(self.household, self.policy)


@dataclass(frozen=True, slots=True)
class Found:
    """What a job's work came to."""

    # whatever its `write` needs
    answer: Any
    # for the status bar, while it waits to be written
    text: str


@dataclass(frozen=True, slots=True)
class Task:
    """Work for a thread, and what is written when it is done."""

    # off Excel's thread: it sees values only, never the workbook
    work: Callable[[Watch], Found]
    # on Excel's thread; gives the message
    write: Callable[[OpenBook, Any], str]
    # what must not have changed meanwhile; None where that does not matter
    inputs: Inputs | None = None


@dataclass(frozen=True, slots=True)
class Aside:
    """Work for a thread whose result goes into a new workbook: none is needed, read or changed."""

    # off Excel's thread
    work: Callable[[Watch], Found]
    # on Excel's thread, with the workbook that the job was started on, if any; gives the message
    show: Callable[[OpenBook | None, Any], str]
    # what to say when it is stopped: what it keeps
    keeps: str = ""


@dataclass(slots=True)
class Desk:
    """What a job is given beside its answer: what earlier clicks left behind for this workbook."""

    memory: MutableMapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """One ribbon button."""

    name: str
    # what it does, for the status bar: "Rebalancing"
    title: str
    begin: Callable[[OpenBook, str, Desk], Done | Ask | Task | Aside]
    # works without a workbook
    alone: Callable[[str], Done | Ask | Aside] | None = None


def read_inputs(grids: GridBook, as_of: date | None = None) -> Inputs:
    """The household and policy in an open workbook; `as_of` wins over its setting. Raises InputErrors."""
    household, policy = read_grids(grids, as_of, as_of_wins=as_of is not None)
    return Inputs(household, policy)


def begin_reading(book: OpenBook) -> tuple[GridBook, Inputs]:
    """The workbook's values and what they mean, refused at once where results could not be written."""
    book.refuse_unless_writable()
    grids = read_open_book(book, ours=False)
    return grids, read_inputs(grids)


def total_usd(household: Household) -> float:
    """What all accounts hold, in dollars."""
    return sum(household.account_value_usd(account.name) for account in household.accounts)


def refuse_unproven(plan: Plan, watch: Watch) -> Plan:
    """The plan. Raises StoppedEarly where the search was stopped before anything was known of how good it is."""
    if watch.stopping and not watch.is_worth(plan.cost_usd, plan.bound_usd):
        raise StoppedEarly
    return plan
