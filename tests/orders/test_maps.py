"""Order maps: written, read back the same, and every mistake of one told at once."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import InputErrors
from rebal_xl.orders import store, values
from rebal_xl.orders.maps import SEPARATORS, MapColumn, OrderMap, Rows, map_text, read_map

# Text that no spreadsheet would calculate; what a map may hold otherwise.
PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\t"), max_size=12).filter(
    lambda text: not text.startswith(("=", "+", "-", "@"))
)
EXTRA = st.one_of(
    st.builds(MapColumn, constant=PLAIN),
    st.builds(MapColumn, field=st.just("amount"), decimals=st.sampled_from([None, 2])),
    st.builds(MapColumn, field=st.just("acquired"), date=st.sampled_from(["MM/DD/YYYY", "YYYY-MM-DD", "YYYYMMDD"])),
    st.builds(MapColumn, field=st.just("lot"), most_letters=st.integers(0, 40)),
)
NEEDED = (
    MapColumn(field="symbol"),
    MapColumn(field="side", words=(("Buy", "B"), ("Sell", "S"))),
    MapColumn(field="quantity", decimals=3),
)


@given(name=PLAIN.filter(bool), extra=st.lists(EXTRA, max_size=6), separator=st.sampled_from(sorted(SEPARATORS)),
       custodians=st.lists(PLAIN.filter(lambda text: bool(text.strip())), max_size=2), mark=st.booleans())  # fmt: skip
def test_a_map_is_read_back_as_it_was_written(name, extra, separator, custodians, mark) -> None:
    made = OrderMap(name, (*NEEDED, *extra), "", Rows.LOTS, False, separator, tuple(custodians), mark)
    assert read_map(map_text(made), "map.toml") == made


@pytest.mark.parametrize("name", [*store.SHIPPED, *store.EXAMPLES])
def test_the_maps_that_come_along_are_right_and_the_examples_say_that_they_are_such(name: str) -> None:
    made = store.find_map(name)
    assert made.columns
    if name in store.EXAMPLES:
        assert "example" in made.note
        assert "AN EXAMPLE" in store.shipped_text(name)


def test_every_mistake_is_told_at_once() -> None:
    text = """
    rows = "order"
    colour = "red"
    [[column]]
    header = "A"
    field = "simbol"
    [[column]]
    header = "A"
    [[column]]
    header = "B"
    field = "side"
    words = { Buy = "B" }
    [[column]]
    header = "C"
    field = "quantity"
    decimals = 9
    [[column]]
    header = "D"
    constant = "=HYPERLINK(1)"
    [[column]]
    header = "E"
    field = "acquired"
    date = "DD/DD/YYYY"
    """
    with pytest.raises(InputErrors) as found:
        read_map(text, "mine.toml")
    told = [(one.cell, one.code) for one in found.value.problems]
    assert told == [
        ("", "map-key"), ("rows", "map-value"), ("column 1", "map-field"), ("column 2", "map-column"),
        ("column 3", "map-words"), ("column 4", "map-decimals"), ("column 5", "map-formula"),
        ("column 6", "map-date"), ("column 1", "map-header"), ("column 2", "map-header"),
        ("column 6", "map-lot-field"),
    ]  # fmt: skip
    assert all(one.advice and one.sheet == "mine.toml" for one in found.value.problems)
    assert "Did you mean symbol?" in found.value.problems[2].message


def test_a_map_is_kept_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "maps_folder", lambda: tmp_path / "maps")
    mine = tmp_path / "mine.toml"
    mine.write_text(store.shipped_text("example-lots"), encoding="utf-8")
    store.keep_map(mine, "my custodian")
    assert store.kept_names() == ("my custodian",)
    assert store.find_map("my custodian") == store.find_map("example-lots") == store.find_map(str(mine))
    for name in ("lots", "../away", ""):
        with pytest.raises(FileRefused):
            store.keep_map(mine, name)
    with pytest.raises(FileRefused, match="Did you mean my custodian"):
        store.find_map("my custodan")


@given(st.floats(0.001, 1e6), st.integers(0, 6))
def test_quantities_are_cut_and_never_rounded_up(quantity: float, decimals: int) -> None:
    exact = Decimal(f"{quantity:.6f}")
    cut = values.shares(quantity, decimals)
    assert exact - Decimal(1).scaleb(-decimals) < cut <= exact
    assert Decimal(values.plain(cut)) == cut


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_free_text_is_never_a_formula(text: str) -> None:
    assert values.free_text(text) == f"'{text}"
    assert values.free_text(f"a {text}") == f"a {text}"
    assert not values.SYMBOL.fullmatch(text)
    assert not values.NUMBER.fullmatch(text)


def test_days_and_dollars_as_the_file_wants_them() -> None:
    assert values.day(date(2026, 3, 5), "MM/DD/YYYY") == "03/05/2026"
    assert values.day(date(2026, 3, 5), "YYYYMMDD") == "20260305"
    assert (values.money(-0.004), values.money(1234.5), values.price(33.335)) == ("0.00", "1234.50", "33.335")
