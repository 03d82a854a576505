"""How often a click asks Excel something: each question goes to another process, so none may be asked cell by cell.

The sample household has more than 2,200 cells on Holdings alone. The ceilings are twice what is asked today.
"""

import xlwings

from rebal_xl.excel.jobs import Jobs
from tests.excel.jobs.ribbon import number, wait
from tests.excel.openpyxl_engine.counting import counted

MOST_TO_READ, MOST_TO_WRITE, MOST_TO_WRITE_AGAIN = 2_100, 2_700, 3_500


def test_a_click_asks_excel_no_cell_by_cell(household: xlwings.Book):
    jobs = Jobs()
    for most in (MOST_TO_WRITE, MOST_TO_WRITE_AGAIN):
        with counted() as to_read:
            started = jobs.start("drift", household, "")
        wait(jobs, started)
        with counted() as to_write:
            assert jobs.finish(number(started), household, False).startswith("done|")
        assert 100 < to_read.total() <= MOST_TO_READ, to_read.most_common(5)
        assert 100 < to_write.total() <= most, to_write.most_common(5)
