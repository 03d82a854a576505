"""Written into a workbook and read back, the Riveras are who they were."""

import dataclasses

import pytest

from rebal_xl.files.reader import read_book
from rebal_xl.intake import read_grids
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sample.workbook import write_sample_workbook


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Household and policy as the one validation door reads them from the file."""
    return read_grids(read_book(write_sample_workbook(tmp_path_factory.mktemp("book") / "sample.xlsx")))


def as_the_door_gives_it(household):
    """The one change the door makes: shares of a taxable account without basis and date are locked, not guessed at."""
    taxable = {account.name for account in household.accounts if account.taxable}
    return dataclasses.replace(
        household,
        lots=tuple(
            dataclasses.replace(lot, locked=True) if lot.account in taxable and lot.basis_usd is None else lot
            for lot in household.lots
        ),
    )


def test_the_household_comes_back_the_same(read):
    household, _ = read
    expected = as_the_door_gives_it(sample_household())
    for noun in dataclasses.fields(expected):
        if noun.init and noun.name != "notices":
            assert getattr(household, noun.name) == getattr(expected, noun.name), noun.name


def test_the_policy_comes_back_the_same(read):
    _, policy = read
    expected = sample_policy()
    for noun in dataclasses.fields(expected):
        assert getattr(policy, noun.name) == getattr(expected, noun.name), noun.name


def test_the_notices_are_about_what_is_odd_in_the_household(read):
    household, _ = read
    said = [notice.message for notice in household.notices]
    # the transferred VB shares have no history; JNJ was inherited in two fills; the trust is taxed to the couple
    assert len(said) == 3, said
    for words in ("48 VB", "2 lots of JNJ", "grantor trust"):
        assert sum(words in message for message in said) == 1, words
