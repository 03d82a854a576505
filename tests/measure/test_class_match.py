"""What an advisor calls a class that the security master names in its own words."""

import pytest

from rebal_xl.measure.assumptions import shipped_assumptions
from rebal_xl.measure.class_match import WIDER, match_class
from rebal_xl.measure.security_master import security_master


@pytest.mark.parametrize(
    ("known", "advisors", "name"),
    [
        # the same words, however they are written
        ("US Large Growth", ("U.S. Large-Cap Growth Equity", "US Large Value"), "U.S. Large-Cap Growth Equity"),
        ("US Large Cap", ("US Bonds", "U.S. Large-Cap"), "U.S. Large-Cap"),
        # the only class that means it
        ("US Large Growth", ("US Large Cap", "US Small Cap"), "US Large Cap"),
        ("National Muni Bond", ("US Bonds", "Municipal Bonds"), "Municipal Bonds"),
        # of two that mean it, the one that holds it
        ("US Total Stock", ("US Stocks", "US Large Growth"), "US Stocks"),
        ("US Small Value", ("US Small", "US Mid"), "US Small"),
        # a wider class, the narrowest of them
        ("Emerging Markets", ("US Stocks", "International", "Bonds"), "International"),
        ("Emerging Markets", ("Equity", "Fixed Income"), "Equity"),
        ("TIPS", ("US Stocks", "US Bonds", "Bonds"), "US Bonds"),
        ("National Muni Bond", ("Equity", "Fixed Income"), "Fixed Income"),
        # nothing of the kind: growth is not value, a national fund is not one of California
        ("US Large Growth", ("US Large Value", "US Bonds"), ""),
        ("National Muni Bond", ("CA Muni",), ""),
        ("CA Muni Bond", ("Muni",), "Muni"),
        ("Real Estate", ("Equity", "Fixed Income"), ""),
        ("Commodities", ("US Stocks",), ""),
        ("No Such Class", ("US Stocks",), ""),
    ],
)
def test_the_class_of_the_advisor(known, advisors, name):
    assert match_class(known, advisors).name == name


def test_where_several_would_do_none_is_chosen():
    found = match_class("US Small Value", ("US Mid Cap", "US Small/Mid Stock"))
    assert (found.name, found.choices) == ("", ("US Mid Cap", "US Small/Mid Stock"))


def test_every_class_of_stocks_and_bonds_has_a_wider_one():
    survey = shipped_assumptions()
    meant = {survey.of(fund.asset_class) for fund in security_master().funds.values() if fund.asset_class}
    names = {each.name for each in meant if each is not None}
    alone = {"US Treasuries (Cash Equivalents)", "Commodities", "Infrastructure", "Real Estate"}
    assert names - set(WIDER) == alone
    assert set(WIDER) <= names
