"""What if, typed in one line."""

import pytest
import xlwings

from rebal_xl import api
from rebal_xl.excel.jobs import Jobs
from rebal_xl.excel.jobs.asking import read_line
from rebal_xl.household import InputErrors
from rebal_xl.intake.edits import Edits
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.words import dollars
from tests.excel.jobs.ribbon import click, tabs


def test_settings_targets_and_trades_in_one_line():
    line = 'method=Full; us bonds = 30%;Sell, "Alex, IRA", VTI, 100\nBuy,Joint,VEA,$5000'
    assert read_line(line, sample_household(), sample_policy()) == Edits(
        settings=(("method", "Full"),),
        targets=(("US Bonds", "30%"),),
        trades=(("Sell", "Alex, IRA", "VTI", "100"), ("Buy", "Joint", "VEA", "$5000")),
    )


def test_what_is_no_edit_is_named():
    with pytest.raises(InputErrors, match='"sell everything" is neither an edit nor a trade'):
        read_line("sell everything", sample_household(), sample_policy())


def test_the_difference_is_that_of_the_python_interface_and_nothing_is_written(household: xlwings.Book, household_file):
    jobs = Jobs()
    before = tabs(household)
    assert jobs.start("what_if", household, "").startswith("ask|text|What if? Write settings and targets as Name=Value")
    message = click(jobs, "what_if", household, "Cost per Order=20")
    own = api.read_workbook(household_file)
    edited = api.edit_policy(*own, Edits(settings=(("Cost per Order", "20"),)))
    theirs = api.what_if(*own, edited.policy)
    assert "Cost per Order is $20.00, it was $10.00." in message
    assert f"Cost of the plan: {dollars(theirs.base.money_usd)}, edited {dollars(theirs.edited.money_usd)}" in message
    assert message.endswith("Nothing was written.")
    assert tabs(household) == before
    # The next time the box holds what was typed.
    assert jobs.start("what_if", household, "").endswith("|Cost per Order=20")


def test_an_edit_that_cannot_be_read_is_asked_again(household: xlwings.Book):
    question = Jobs().start("what_if", household, "Cash Buffer=1")
    assert question.startswith("ask|text|")
    assert question.endswith("|Cash Buffer=1")
    assert "Cash Buffer" in question.split("|")[2]
