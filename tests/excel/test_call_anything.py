"""Whatever is handed in, something fit for a cell comes out."""

import math
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebal_xl.excel import call as calls
from rebal_xl.excel import reasons
from rebal_xl.excel.call import call
from rebal_xl.excel.convert import MISSING
from rebal_xl.excel.formulas import CATALOG
from rebal_xl.excel.reasons import why
from tests.excel.asking import ARGUMENTS, CALLER, DIV_ERROR, NA_ERROR, ask, changed
from tests.excel.millers import ACCOUNTS, AS_OF, HOLDINGS, PLACES, SECURITIES, TABLES, TARGETS


@pytest.fixture(autouse=True)
def nothing_kept():
    calls.forget_answers()
    reasons.forget()


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(-(10**12), 10**12),
    st.sampled_from([NA_ERROR, DIV_ERROR, MISSING, "", "Account", "Symbol", "Quantity", "Asset Class", "Target %",
                     "Price", "VTI", "BND", "Joint", "Taxpayer", "Type", "single", "60%", "1,234.50", "Name", "Value",
                     "Cash", "=1+1", "#REBAL!NUM|x", "total", 10**400, float("nan"), AS_OF]),
    st.text(max_size=12),
    st.dates().map(lambda day: datetime(day.year, day.month, day.day)),  # noqa: DTZ001 - COM's dates have no zone
)  # fmt: skip
ROW = st.lists(CELL, max_size=6)
ARGUMENT = st.one_of(
    CELL,
    ROW,
    st.lists(ROW, max_size=6),
    st.lists(ROW, max_size=6).map(lambda lines: tuple(map(tuple, lines))),
    st.lists(st.one_of(CELL, ROW, st.lists(ROW, max_size=2)), max_size=4),
    st.sampled_from([HOLDINGS, TARGETS, SECURITIES, ACCOUNTS]),
    st.just({"a": 1}),
    st.just(object()),
)
LIGHT = [each.name for each in CATALOG if not each.heavy]


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(LIGHT),
    args=st.lists(ARGUMENT, max_size=9),
    places=st.lists(st.sampled_from(["", "[B.xlsx]S!$B$2:$C$9", "nonsense", "[B]S!$A:$C", "'x'!", None, "S!$1:$9"])),
    date1904=st.booleans(),
    wizard=st.booleans(),
)
def test_whatever_is_handed_in_something_fit_for_a_cell_comes_out(name, args, places, date1904, wizard):
    answer = call(name, args, places, CALLER, date1904, wizard)
    if isinstance(answer, tuple):
        assert answer
        widths = {len(row) for row in answer}
        assert len(widths) == 1
        assert widths != {0}
        for row in answer:
            assert isinstance(row, tuple)
            assert all(fits(cell) for cell in row)
    else:
        assert fits(answer)
    assert isinstance(why(CALLER), str)
    assert "Something unexpected" not in why(CALLER)


def fits(cell):
    """What COM takes for a cell."""
    return type(cell) in (str, bool) or (type(cell) is float and math.isfinite(cell))


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(LIGHT),
    changes=st.lists(
        st.tuples(st.sampled_from(list(TABLES)), st.integers(0, 5), st.integers(0, 6), CELL), min_size=1, max_size=3
    ),
    left_out=st.sets(st.sampled_from(list(TABLES)), max_size=2),
)
def test_whatever_stands_in_a_few_cells_is_told_or_answered(name, changes, left_out):
    tables = dict(TABLES)
    for table, row, column, cell in changes:
        rows_of = tables[table]
        tables[table] = changed(rows_of, row % len(rows_of), column % len(rows_of[0]), cell)
    names = ARGUMENTS[name]
    cells = {"as_of": AS_OF, "short_gain": 1e4, "long_gain": -1e4, "acquired": AS_OF - 30, "sold": AS_OF}
    given_ = {each: value for each, value in (tables | cells).items() if each in names and each not in left_out}
    answer = ask(name, given_, {each: place for each, place in PLACES.items() if each in given_})
    assert isinstance(answer, tuple) or fits(answer)
    assert "Something unexpected" not in why(CALLER), why(CALLER)


@settings(max_examples=25, deadline=None)
@given(args=st.lists(ARGUMENT, max_size=9))
def test_heavy_formulas_never_raise_either(args):
    answer = call("REBAL_TRADES", args, (), CALLER)
    assert isinstance(answer, tuple) or answer.startswith("#REBAL!")
