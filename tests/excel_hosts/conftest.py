"""The sample workbook beside the built add-in, both open in one LibreOffice for all tests of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from rebal_xl import api
from rebal_xl.household import Household, Plan, Policy
from rebal_xl.sample.workbook import write_sample_workbook
from tests.excel_hosts.addin_copy import copy_for_libreoffice
from tests.excel_hosts.recorder import Recorder
from tests.excel_hosts.sheet import Sheet
from tests.tools.office import Office


@dataclass(frozen=True)
class Calc:
    """LibreOffice with the add-in and the sample's sheets, and what reached Python."""

    office: Office
    engine: Recorder

    def sheet(self, name: str) -> Sheet:
        """A new sheet for formulas."""
        return Sheet(self.office, name)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample household's workbook."""
    return write_sample_workbook(tmp_path_factory.mktemp("sample") / "rivera household.xlsx")


@pytest.fixture(scope="session")
def read(sample: Path) -> tuple[Household, Policy]:
    """What the Python interface reads in it, less what no formula takes: people, withdrawals and typed trades."""
    household, policy = api.read_workbook(sample)
    return replace(household, people=()), replace(policy, withdrawals=(), my_trades=())


@pytest.fixture(scope="session")
def household(read: tuple[Household, Policy]) -> Household:
    """The household that the formulas should see."""
    return read[0]


@pytest.fixture(scope="session")
def policy(read: tuple[Household, Policy]) -> Policy:
    """The policy that the formulas should see."""
    return read[1]


@pytest.fixture(scope="session")
def plan(read: tuple[Household, Policy]) -> Plan:
    """The plan that the Python interface finds."""
    return api.rebalance(*read)


@pytest.fixture(scope="session")
def calc(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calc]:
    """LibreOffice with the add-in and the sample's sheets."""
    addin = copy_for_libreoffice(tmp_path_factory.mktemp("add-in"))
    engine = Recorder()
    with Office(engine) as office:
        office.open(addin)
        office.take_sheets(sample)
        yield Calc(office, engine)
