"""A household written to a workbook and read back is the same household, whatever its numbers and names."""

import string
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rebal_xl.files.reader import read_book
from rebal_xl.household import (
    Account,
    BandType,
    BasisMethod,
    FilingStatus,
    Household,
    InputErrors,
    Lot,
    LotSource,
    Method,
    Policy,
    Security,
    Target,
    TaxProfile,
    TaxTreatment,
    Term,
)
from rebal_xl.intake import read_grids
from rebal_xl.sheets.save import save_workbook
from rebal_xl.sheets.template import build_template
from tests.sheets.miller import AS_OF, HOUSEHOLD, POLICY


def numbers(least: float, greatest: float) -> st.SearchStrategy[float]:
    """Numbers of 15 digits: a spreadsheet keeps no more."""
    return st.floats(least, greatest).map(lambda number: float(f"{number:.15g}"))


DOLLARS = numbers(0.0, 1e8)
SHARES = numbers(0.001, 1e6)
SHARE_OF_ONE = numbers(0.0, 1.0)
DAYS = st.dates(date(1950, 1, 1), AS_OF)
NAMES = st.from_regex(r"\A[=+@'\"<&A-Za-z0-9][A-Za-z0-9 &<>'\"=+-]{0,12}[A-Za-z0-9]{2}\Z").map(
    lambda name: " ".join(name.split())
)
CLASSES = ("US Stocks", "Intl Stocks", "Bonds")
SYMBOLS = ("VTI", "037833100", "BND", "1E5")


def read_back(household: Household, policy: Policy, folder: Path) -> tuple[Household, Policy]:
    path = folder / "household.xlsx"
    save_workbook(build_template(household, policy), path)
    return read_grids(read_book(path))


def same_but_for_made_up_names(written: Household, read: Household) -> bool:
    """Equal, where a lot without a name may have been given one, and a known fund its name and its identical group."""
    named = tuple(
        replace(found, lot_id=lot.lot_id) if not lot.lot_id else found
        for lot, found in zip(written.lots, read.lots, strict=True)
    )
    plain = tuple(
        replace(
            found,
            name=found.name if security.name else "",
            identical_group=found.identical_group if security.identical_group else "",
            master_date=None,
        )
        for security, found in zip(written.securities, read.securities, strict=True)
    )
    return replace(read, lots=named, securities=plain, notices=()) == replace(written, notices=())


def test_the_millers_come_back_as_they_went(tmp_path: Path) -> None:
    household, policy = read_back(HOUSEHOLD, POLICY, tmp_path)
    assert same_but_for_made_up_names(HOUSEHOLD, household)
    # The reader puts classes in alphabetical order.
    assert policy.covariance is not None
    assert policy.covariance.classes == ("Bonds", "Intl Stocks", "US Stocks")
    assert policy.covariance.rows == ((0.0025, 0.0015, 0.001), (0.0015, 0.0324, 0.02), (0.001, 0.02, 0.0256))
    assert replace(policy, covariance=POLICY.covariance) == POLICY


def test_every_method_comes_back(tmp_path: Path) -> None:
    for method in Method:
        assert read_back(HOUSEHOLD, replace(POLICY, method=method), tmp_path)[1].method is method


def test_the_empty_template_is_read_and_what_is_missing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    save_workbook(build_template(), path)
    with pytest.raises(InputErrors, match="Targets has no rows"):
        read_grids(read_book(path))


def _maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


@st.composite
def households(draw: st.DrawFn) -> Household:
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=_letters))
    accounts = tuple(
        Account(
            name,
            draw(st.sampled_from(TaxTreatment)),
            taxpayer="Filer",
            counts_in_target=draw(st.booleans()),
            cash_usd=draw(DOLLARS),
            reserve_usd=draw(DOLLARS),
            reserve_weight=draw(SHARE_OF_ONE),
            locked=draw(st.booleans()),
            menu=draw(_maybe(st.frozensets(st.sampled_from(SYMBOLS), min_size=1))),
            fractional=draw(st.booleans()),
            basis_method=draw(st.sampled_from(BasisMethod)),
            contribution_usd=draw(DOLLARS),
        )
        for name in names
    )
    securities = tuple(
        Security(
            symbol,
            draw(numbers(0.01, 1e5)),
            ((CLASSES[number % 3], 1.0),),
            price_divisor=draw(st.sampled_from([1.0, 100.0])),
            lot_size=draw(st.sampled_from([0.0, 1.0, 1000.0])),
            rank_taxable=draw(_maybe(st.integers(0, 9))),
            do_not_buy=draw(st.booleans()),
            yield_rate=draw(SHARE_OF_ONE),
            qualified_share=draw(SHARE_OF_ONE),
            growth_rate=draw(numbers(-0.5, 0.5)),
            spread_bp=draw(numbers(0.0, 100.0)),
        )
        for number, symbol in enumerate(SYMBOLS)
    )
    lots = tuple(
        Lot(
            draw(st.sampled_from(names)),
            draw(st.sampled_from(SYMBOLS)),
            draw(SHARES),
            # Where basis or date are missing the reader locks the lot and says so.
            draw(DOLLARS),
            draw(DAYS),
            draw(_maybe(st.sampled_from(Term))),
            draw(st.sampled_from(LotSource)),
            draw(st.booleans()),
            draw(st.booleans()),
            lot_id=f"{number:05}",
        )
        for number in range(draw(st.integers(1, 4)))
    )
    lots = tuple(
        replace(lot, gift_value_usd=draw(_maybe(DOLLARS)), gifted=lot.acquired) if lot.source is LotSource.GIFT else lot
        for lot in lots
    )
    profile = TaxProfile(
        "Filer",
        draw(st.sampled_from([FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.TRUST])),
        "CA",
        2026,
        ordinary_income_usd=draw(DOLLARS),
        itemized_deductions_usd=draw(_maybe(DOLLARS)),
        aged_65=0,
        short_realized_usd=draw(numbers(-1e6, 1e6)),
        tax_budget_usd=draw(_maybe(DOLLARS)),
        future_gain_rate=draw(_maybe(SHARE_OF_ONE)),
    )
    return Household(accounts, lots, securities, (profile,), name=draw(NAMES))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    # Quarters sum to one exactly.
    weights = (0.5, 0.25, 0.25)
    bands = [
        Target(
            name,
            weight,
            draw(st.sampled_from(BandType)),
            draw(_maybe(numbers(0.0, 0.5))),
            draw(_maybe(st.just(0.0))),
            draw(_maybe(numbers(0.0, 0.1))),
        )
        for name, weight in zip(CLASSES, weights, strict=True)
    ]
    return Policy(
        tuple(bands),
        AS_OF,
        draw(st.sampled_from(Method)),
        min_trade_usd=draw(DOLLARS),
        min_trade_weight=draw(numbers(0.0, 0.1)),
        cost_per_order_usd=draw(DOLLARS),
        harvest_usd=draw(_maybe(DOLLARS)),
        harvest_weight=draw(_maybe(SHARE_OF_ONE)),
        harvest_gains=draw(st.booleans()),
        reinvestment_counts=draw(st.booleans()),
        short_term_boundary_days=draw(st.integers(0, 366)),
        gap_bp=draw(numbers(0.0, 100.0)),
        cash_yield=draw(SHARE_OF_ONE),
    )


def _letters(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign in string.ascii_lowercase + string.digits)


@given(household=households(), policy=policies())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_household_comes_back_as_it_went(tmp_path: Path, household: Household, policy: Policy) -> None:
    read, rules = read_back(household, policy, tmp_path)
    assert same_but_for_made_up_names(household, read)
    assert rules == policy
