"""Rebalance, Harvest, Raise cash and Location on the ribbon, from click to message."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlwings

from rebal_xl import api
from rebal_xl.excel.jobs import Jobs
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.household import Household, Plan, Policy
from rebal_xl.optimize.solver import Progress, SolverError
from rebal_xl.sheets.grid import Grid
from tests.excel.jobs.ribbon import cell, click, double, grid, number, place_of, tabs, type_in, wait
from tests.excel.jobs.slow import SlowCurve

RESULTS = [
    "Dashboard", "Explanation", "Drift", "Trades", "Lots Sold", "Execution", "Tax", "Location", "Overlap", "Wash Sales",
    "Checks", "Run Log",
]  # fmt: skip


def his_sheets(book: xlwings.Book) -> list[Grid]:
    return [held for held in read_open_book(OpenBook(book)).grids if not held.ours]


def rows_of(book: xlwings.Book, tab: str, table: int = 0) -> list[dict[str, object]]:
    held = grid(book, tab)
    return api.table_rows(held.cells, held.tables[table])


def change_holdings(book: xlwings.Book) -> None:
    """The advisor types one share more of the first lot."""
    row, column = place_of(book, "Holdings", "Quantity")
    held = cell(book, "Holdings", row + 1, column)
    assert isinstance(held, float)
    type_in(book, "Holdings", row + 1, column, held + 1.0)


def test_the_plan_is_that_of_the_python_interface(household: xlwings.Book, household_file: Path):
    plan = api.rebalance(*api.read_workbook(household_file))
    before = his_sheets(household)
    message = click(Jobs(), "rebalance", household)
    assert message.startswith(f"done|{len(plan.trades)} orders: ")
    assert "Optimal under these rules within $" in message
    assert message.endswith("See the sheets Dashboard, Trades and Execution.")
    assert tabs(household)[-len(RESULTS) :] == RESULTS
    (run,) = rows_of(household, "Run Log")
    assert run["Fingerprint"] == plan.fingerprint
    assert run["Cost"] == pytest.approx(plan.money_usd, abs=1e-6)
    trades = rows_of(household, "Trades")
    told = {(row["Account"], row["Side"], row["Symbol"], row["Quantity"]) for row in trades}
    assert told == {(one.account, one.side.value, one.symbol, one.quantity) for one in plan.trades}
    assert his_sheets(household) == before


def test_what_was_carried_out_is_summed_up_by_the_next_run(household: xlwings.Book):
    jobs = Jobs()
    click(jobs, "rebalance", household)
    assert "Value So Far" not in tabs(household)
    (first,) = rows_of(household, "Run Log")
    assert (first["Status"], first["Proof"], first["Compared With"]) == ("proposed", "optimal", "ordinary rebalancing")
    row, column = place_of(household, "Run Log", "Status")
    type_in(household, "Run Log", row + 1, column, "Done")
    click(jobs, "harvest", household)
    kinds = [name for name in tabs(household) if not name.endswith("(previous)")]
    assert kinds[-4:] == ["Wash Sales", "Value So Far", "Checks", "Run Log"]
    (run,) = rows_of(household, "Value So Far", 2)
    assert (run["Tax"], run["Own Method Tax"]) == (first["Tax"], first["Own Tax"])
    # a third run rewrites the page where it stands: two runs now, the harvest against doing nothing
    type_in(household, "Run Log", row + 1, column, "done")
    type_in(household, "Run Log", row + 1, column + 1, "'=1+1")
    click(jobs, "rebalance", household)
    told = [(one["Status"], one["Note"]) for one in rows_of(household, "Run Log")]
    assert told == [("proposed", None), ("done", "=1+1"), ("Done", None)]
    runs = rows_of(household, "Value So Far", 2)
    assert [one["Counted By"] for one in runs] == [
        "status, done; against ordinary rebalancing",
        "status, done; against doing nothing",
    ]
    assert [one["Month"] for one in rows_of(household, "Value So Far", 1)][::11] == ["January", "December"]
    # the sentences below moved down with the table, and none stayed behind
    told = [held.value for held in grid(household, "Value So Far").cells.values() if isinstance(held.value, str)]
    assert told.count("How to read this page") == 1
    bullets = [text for text in told if text.startswith("•")]
    assert len(bullets) == len(set(bullets))
    assert len(bullets) >= 6


def test_every_run_is_logged_and_what_the_advisor_notes_stays(household: xlwings.Book):
    jobs = Jobs()
    click(jobs, "rebalance", household)
    row, column = place_of(household, "Run Log", "Note")
    type_in(household, "Run Log", row + 1, column, "sent to Ana")
    click(jobs, "harvest", household)
    assert [(run["Method"], run["Note"]) for run in rows_of(household, "Run Log")] == [
        ("Harvest", None),
        ("Opportunistic", "sent to Ana"),
    ]
    assert [name for name in tabs(household) if name.endswith(" (previous)")] == [
        f"{one} (previous)" for one in RESULTS
    ]


def test_location_plans_by_its_method(household: xlwings.Book):
    click(Jobs(), "location", household)
    assert [run["Method"] for run in rows_of(household, "Run Log")] == ["Location"]


def test_raise_cash_asks_how_much_until_it_is_an_amount(household: xlwings.Book):
    for (row, column), held in grid(household, "Withdrawals").cells.items():
        if row > 4 and held.value is not None:
            type_in(household, "Withdrawals", row, column, None)
    jobs = Jobs()
    assert jobs.start("raise_cash", household, "").startswith("ask|text|How much cash must be raised, in dollars?")
    assert jobs.start("raise_cash", household, "a lot").startswith('ask|text|"a lot" is no amount of dollars.')
    assert click(jobs, "raise_cash", household, "$25,000").startswith("done|")
    withdrawn = sum(float(str(row["Withdrawn"] or 0.0)) for row in rows_of(household, "Trades", 1))
    assert withdrawn == pytest.approx(25_000.0, abs=0.01)
    assert [run["Method"] for run in rows_of(household, "Run Log")] == ["Cash only"]


def test_raise_cash_takes_the_withdrawals_of_the_workbook(household: xlwings.Book):
    row, _ = place_of(household, "Withdrawals", "Amount")
    for name, value in (("Level", "Household"), ("Amount", 12_000.0)):
        type_in(household, "Withdrawals", row + 1, place_of(household, "Withdrawals", name)[1], value)
    assert click(Jobs(), "raise_cash", household).startswith("done|")
    withdrawn = sum(float(str(held["Withdrawn"] or 0.0)) for held in rows_of(household, "Trades", 1))
    assert withdrawn == pytest.approx(12_000.0, abs=0.01)


def test_inputs_that_changed_meanwhile_are_asked_about(household: xlwings.Book):
    jobs = Jobs()
    before = tabs(household)
    started = jobs.start("rebalance", household, "")
    assert wait(jobs, started).startswith("ready|Rebalancing: plan of $")
    change_holdings(household)
    question = jobs.finish(number(started), household, False)
    assert question == (
        "changed|'household.xlsx' was changed meanwhile. Write the results for the values as they were?"
    )
    assert tabs(household) == before
    assert jobs.finish(number(started), household, True).startswith("done|")
    assert tabs(household)[-len(RESULTS) :] == RESULTS
    assert jobs.finish(number(started), household, True).startswith("failed|That job is over.")


def test_a_household_that_cannot_be_read_any_more_is_asked_about(household: xlwings.Book):
    jobs = Jobs()
    started = jobs.start("drift", household, "")
    wait(jobs, started)
    row, column = place_of(household, "Holdings", "Quantity")
    type_in(household, "Holdings", row + 1, column, "a few")
    assert "can no longer be read without problems" in jobs.finish(number(started), household, False)


def test_other_windows_and_a_new_name_lose_no_result(household: xlwings.Book, plan: Plan, monkeypatch, tmp_path: Path):
    impl = double(household)
    jobs = Jobs()
    with searching(monkeypatch, SlowSearch(plan)) as search:
        started = jobs.start("rebalance", household, "")
        search.told.wait(60)
        window = impl.app.hwnd
        impl.app.books.open(str(impl.fullname)).fullname = str(tmp_path / "another.xlsx")
        assert impl.app.hwnd != window, "another window is in front"
        impl.fullname = str(tmp_path / "saved under another name.xlsx")
        search.go_on.set()
        wait(jobs, started)
    assert jobs.finish(number(started), household, False).startswith("done|")
    assert tabs(household)[-len(RESULTS) :] == RESULTS
    # what the plan was made from is remembered under the new name
    monkeypatch.setattr("rebal_xl.excel.jobs.orders.today_in_new_york", lambda: date(2026, 11, 20))
    assert jobs.start("orders", household, "").startswith("ask|folder|")


def test_results_are_not_written_over_other_values_without_a_question(
    household: xlwings.Book, household_file: Path, open_workbook: Callable[[Path], xlwings.Book], tmp_path: Path
):
    other_file = tmp_path / "other.xlsx"
    other_file.write_bytes(household_file.read_bytes())
    other = open_workbook(other_file)
    change_holdings(other)
    jobs = Jobs()
    started = jobs.start("rebalance", household, "")
    wait(jobs, started)
    assert jobs.finish(number(started), other, False) == (
        "changed|'other.xlsx' was changed meanwhile. It was called 'household.xlsx' when Rebalancing was started. "
        "Write the results for the values as they were?"
    )
    assert "Trades" not in tabs(other)


def test_what_cannot_be_planned_is_told_with_its_cell_before_any_search(household: xlwings.Book):
    row, column = place_of(household, "Holdings", "Quantity")
    type_in(household, "Holdings", row + 1, column, "a few")
    message = Jobs().start("rebalance", household, "")
    assert message.startswith("failed|Holdings!")
    assert '"a few"' in message


class SlowSearch:
    """A search that has found a plan of $1,234, at most $56 above the best, and goes on until it is stopped."""

    def __init__(self, plan: Plan | None, cost: float = 1_234.0, bound: float = 1_178.0) -> None:
        self.plan = plan
        self.told = threading.Event()
        self.go_on = threading.Event()
        self.cost = cost
        self.bound = bound

    def __call__(self, household: Household, policy: Policy, *, progress: Progress) -> Plan:
        while True:
            stop = progress(self.cost, self.bound, 3.0)
            self.told.set()
            if stop:
                break
            if self.go_on.wait(0.01):
                break
        if self.plan is None:
            raise SolverError("Nothing was found.")
        return replace(self.plan, status="cancelled" if stop else "optimal")


@contextmanager
def searching(monkeypatch: pytest.MonkeyPatch, search: SlowSearch) -> Iterator[SlowSearch]:
    monkeypatch.setattr(api, "rebalance", search)
    yield search
    search.go_on.set()


@pytest.fixture
def plan(household_file: Path) -> Plan:
    return api.rebalance(*api.read_workbook(household_file))


def test_the_status_bar_says_how_far_the_search_is(household: xlwings.Book, plan: Plan, monkeypatch):
    jobs = Jobs()
    with searching(monkeypatch, SlowSearch(plan)) as search:
        started = jobs.start("rebalance", household, "")
        search.told.wait(60)
        state = jobs.poll(number(started))
        assert state.startswith("running|Rebalancing: plan of $1,234.00, at most $56 above the best, ")
        assert state.endswith(" s")
        assert jobs.finish(number(started), household, False) == "failed|Rebalancing is not done yet."


def test_cancel_keeps_the_best_plan_found_so_far_and_says_so(household: xlwings.Book, plan: Plan, monkeypatch):
    jobs = Jobs()
    with searching(monkeypatch, SlowSearch(plan)) as search:
        started = jobs.start("rebalance", household, "")
        search.told.wait(60)
        assert jobs.cancel(number(started)) == "Stopping with the best plan found so far."
        assert wait(jobs, started).startswith("ready|")
        assert "Best plan found before it was stopped (cancelled)" in jobs.finish(number(started), household, False)


def test_cancel_beside_the_plan_goes_on_with_the_plan_alone(household: xlwings.Book, plan: Plan, monkeypatch):
    jobs, curve = Jobs(), SlowCurve()
    monkeypatch.setattr(api, "dashboard_curve", curve)
    started = jobs.start("rebalance", household, "")
    assert curve.told.wait(60)
    assert "what coming nearer costs, 2 of 7 plans, " in jobs.poll(number(started))
    assert jobs.cancel(number(started)) == "Stopping with the best plan found so far."
    assert wait(jobs, started).startswith("ready|")
    message = jobs.finish(number(started), household, False)
    assert "Optimal under these rules" in message
    assert str(cell(household, "Dashboard", 3, 1)).endswith("is not shown: the search was stopped.")
    assert len(rows_of(household, "Trades")) == len(plan.trades)


def test_cancel_before_a_plan_is_found_writes_nothing(household: xlwings.Book, monkeypatch):
    jobs = Jobs()
    before = tabs(household)
    with searching(monkeypatch, SlowSearch(None, float("inf"), float("-inf"))) as search:
        started = jobs.start("rebalance", household, "")
        search.told.wait(60)
        assert jobs.poll(number(started)).startswith("running|Rebalancing: looking for a first plan, ")
        assert jobs.cancel(number(started)).startswith("Stopping. No plan was found yet")
        assert wait(jobs, started) == "cancelled|Stopped before a plan worth the name was found. Nothing was written."
    assert tabs(household) == before


@pytest.mark.parametrize(
    ("cost", "bound", "status"),
    [
        # The sample holds $3.4 million: rules are still broken at a price that no plan costs.
        (42_002_995.65, 105.66, "running|Rebalancing: looking for a first plan, "),
        (227.99, float("-inf"), "running|Rebalancing: plan of $227.99, "),
    ],
    ids=["rules broken", "no bound"],
)
@pytest.mark.parametrize("job", ["rebalance", "what_if"])
def test_cancel_before_anything_is_known_of_the_plan_writes_nothing(
    household: xlwings.Book, plan: Plan, monkeypatch, job: str, cost: float, bound: float, status: str
):
    jobs = Jobs()
    before = tabs(household)
    absurd = replace(plan, bound_usd=plan.cost_usd - (cost - bound))
    with searching(monkeypatch, SlowSearch(absurd, cost, bound)) as search:
        started = jobs.start(job, household, "Method=Full" if job == "what_if" else "")
        search.told.wait(60)
        if job == "rebalance":
            assert jobs.poll(number(started)).startswith(status)
        assert jobs.cancel(number(started)).startswith("Stopping. No plan was found yet")
        assert wait(jobs, started) == "cancelled|Stopped before a plan worth the name was found. Nothing was written."
    assert tabs(household) == before


def test_a_second_cancel_throws_the_plan_away(household: xlwings.Book, plan: Plan, monkeypatch):
    jobs = Jobs()
    with searching(monkeypatch, SlowSearch(plan)) as search:
        started = jobs.start("rebalance", household, "")
        search.told.wait(60)
        jobs.cancel(number(started))
        assert jobs.cancel(number(started)) == "Stopped. Nothing was written."
    assert jobs.finish(number(started), household, False).startswith("failed|That job is over.")
    assert jobs.cancel("77") == "There is nothing to stop."


def test_one_job_for_a_workbook_and_two_workbooks_at_once(
    household: xlwings.Book,
    household_file: Path,
    plan: Plan,
    open_workbook: Callable[[Path], xlwings.Book],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    other_file = tmp_path / "other.xlsx"
    other_file.write_bytes(household_file.read_bytes())
    other = open_workbook(other_file)
    jobs = Jobs()
    with searching(monkeypatch, SlowSearch(plan)) as search:
        one, two = jobs.start("rebalance", household, ""), jobs.start("rebalance", other, "")
        assert jobs.start("drift", household, "") == (
            "failed|Rebalancing is still at work on 'household.xlsx'. Wait for it, or stop it with Cancel."
        )
        search.told.wait(60)
        search.go_on.set()
        for started, book in ((one, household), (two, other)):
            assert wait(jobs, started).startswith("ready|")
            assert jobs.finish(number(started), book, False).startswith("done|")
            assert tabs(book)[-len(RESULTS) :] == RESULTS
    assert click(jobs, "drift", household).startswith("done|")
