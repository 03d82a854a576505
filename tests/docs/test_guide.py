"""The guide: links lead somewhere, commands run as shown, and what it says of prices, terms and messages is so."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from rebal_xl.excel.formulas.plan import LONGEST_SEARCH_S
from rebal_xl.household import Method
from rebal_xl.measure import shipped_assumptions
from rebal_xl.optimize import prices, rebalance
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.tax.law import known_years, load_law
from tests.cli.riveras import call
from tests.docs.pages import (
    DOCS,
    INDEX,
    ROOT,
    anchors,
    commands,
    flat,
    links,
    pages,
    quoted_messages,
    sentences,
    table,
    text,
)

RULES = DOCS / "methods-and-rules.md"
TAX = DOCS / "tax-assumptions-and-limits.md"
ASSUMED = DOCS / "capital-market-assumptions.md"
TROUBLE = DOCS / "troubleshooting.md"
EXCEL_PAGES = (DOCS / "quick-start-excel.md", TROUBLE)
# As pages write the seconds that a formula may search.
SECONDS = {"ten": 10.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "sixty": 60.0}
ON_A_MAC = "In Excel for Mac the buttons are meant to work and formulas show `#N/A`; nobody has tried it on a Mac yet."
PICTURE_BYTES = 200_000

PRICES = {
    "a withdrawal that is not paid": prices.WITHDRAWAL_PRICE,
    "a reserve that is missing": prices.RESERVE_PRICE,
    "a class that was inside its trigger and leaves it; Harvest's and Location's ranges": prices.QUIET_BAND_PRICE,
    "a class that was outside and does not come home": prices.BAND_PRICE,
    "household drift or tracking error beyond its limit, and what has no target and is not sold": prices.BAND_PRICE,
    "a gain limit or tax budget exceeded": prices.GAIN_LIMIT_PRICE,
    "method Full: a dollar off target, not crossed": prices.DISTANCE_PRICE,
    "method Full: a dollar of tracking error": prices.DISTANCE_PRICE,
    "method Full: a dollar beyond the target, seen from where the class was": prices.CROSSING_PRICE,
    "idle cash": prices.IDLE_CASH_PRICE,
    "method Cash only: a dollar off target": prices.BYPRODUCT_PRICE,
    "savings in tax or location that nobody asked for count": prices.UNASKED_SHARE,
}

# Column or setting that the page calls unused -> the field it fills.
UNUSED = {
    "Prior Year-End Balance": "prior_year_end_usd",
    "Inherited": "inherited",
    "MAGI Two Years Ago": "magi_two_years_ago_usd",
    "By": "by",
}

# How the tax page calls the figures that rest on one source.
WEAK_WORDS = {
    "salt_cap": "cap on state and local tax",
    "salt_phaseout_start": "shrinking",
    "salt_floor": "cap on state and local tax",
    "salt_phaseout": "shrinking",
    "itemized_reduction": "cut of itemized deductions",
    "non-grantor trust.brackets": "brackets",
    "non-grantor trust.zero_rate_top": "ends of the 0 % and 15 % gain bands",
    "non-grantor trust.fifteen_rate_top": "ends of the 0 % and 15 % gain bands",
    "non-grantor trust.amt_exemption": "AMT exemption",
    "non-grantor trust.amt_phaseout_start": "where",
}
CONFIRMED = ("two or more", "the statute", "two secondary")


def test_every_link_leads_somewhere() -> None:
    assert len(links(INDEX)) > 8
    for page in pages():
        for link in links(page):
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            assert target.exists(), f"{page.name} links to {link}"
            if anchor:
                assert anchor in anchors(target), f"{page.name} links to {link}"


def test_no_page_has_two_headings_of_one_name(tmp_path: Path) -> None:
    assert all(anchors(page) for page in pages())
    page = tmp_path / "page.md"
    page.write_text("# A page\n\n## In Excel\n\n## In *Excel*\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="several headings in-excel"):
        anchors(page)


def test_every_page_says_the_same_of_a_mac() -> None:
    for page in (ROOT / "README.md", INDEX, DOCS / "quick-start-excel.md"):
        assert ON_A_MAC in flat(page), page.name


def test_how_long_a_formula_searches_is_what_the_code_allows() -> None:
    for page in EXCEL_PAGES:
        numbers = re.findall(rf"\b({'|'.join(SECONDS)}) seconds", flat(page))
        assert numbers, page.name
        assert {SECONDS[number] for number in numbers} == {LONGEST_SEARCH_S}, page.name


def test_every_page_is_reached_from_the_index_and_the_index_from_the_readme() -> None:
    assert "docs/README.md" in links(ROOT / "README.md")
    reached, waiting = set(), [INDEX]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for link in links(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.is_relative_to(DOCS):
                waiting.append(target)
    assert set(DOCS.rglob("*.md")) - reached == set()


def test_every_picture_is_shown_and_small() -> None:
    shown = {(page.parent / link).resolve() for page in pages() for link in links(page) if link.endswith(".png")}
    assert shown == set((DOCS / "pictures").iterdir())
    for picture in shown:
        assert picture.stat().st_size < PICTURE_BYTES, picture.name


@pytest.mark.parametrize("page", [page for page in pages() if commands(page)], ids=lambda page: page.name)
def test_commands_run_as_shown(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments, exit_code in commands(page):
        result = call(*arguments)
        assert result.exit_code == exit_code, f"rebal-xl {' '.join(arguments)}\n{result.output}"


def test_the_quick_start_shows_the_whole_way() -> None:
    shown = {arguments[0] for arguments, _ in commands(DOCS / "quick-start.md")}
    assert shown == {"demo", "new", "check", "drift", "wash", "tax", "rebalance", "what-if", "frontier"}


def test_every_command_that_a_page_names_exists() -> None:
    for page in pages():
        for name in re.findall(r"rebal-xl ([a-z]+(?:-[a-z]+)*)\b", text(page)):
            assert call(name, "--help").exit_code == 0, f"{page.name}: rebal-xl {name}"


def test_every_command_of_the_checkout_is_told_to_developers() -> None:
    usage = (ROOT / "install" / "dev.py").read_text(encoding="utf-8").partition('USAGE = """')[2].partition('"""')[0]
    names = re.findall(r"^  (\w+) ", usage, re.MULTILINE)
    assert len(names) >= 5
    for name in names:
        assert re.search(rf"`{name}`|dev\.py {name}\b", flat(DOCS / "development.md")), name


def test_every_part_of_the_package_is_in_the_readme() -> None:
    parts = [f"rebal_xl/{each.name}" for each in (ROOT / "rebal_xl").iterdir() if (each / "__init__.py").exists()]
    for part in (*parts, "workbook", "install", "tests", "benchmarks"):
        assert f"`{part}`" in text(ROOT / "README.md"), part


def test_prices_of_broken_rules_are_those_of_the_code() -> None:
    shown = {what: float(price.replace(",", "")) for what, price in table(RULES, "what gives")}
    assert shown == PRICES


def test_cost_terms_are_those_of_a_plan() -> None:
    shown = {term for term, _ in table(RULES, "term")}
    full = rebalance(sample_household(), replace(sample_policy(), method=Method.FULL))
    said = {term.name[:1].upper() + term.name[1:] for term in full.cost_terms}
    assert shown == said


def test_every_method_is_described() -> None:
    described = flat(RULES).split("## Bands")[0]
    for method in Method:
        assert f"**{method.value}**" in described, method


@pytest.mark.parametrize("name", sorted(UNUSED))
def test_what_is_said_to_be_unused_is_unused(name: str) -> None:
    page = text(RULES).split("## Not done yet")[1]
    assert name in page
    folders = ("optimize", "measure")
    for source in (path for folder in folders for path in (ROOT / "rebal_xl" / folder).rglob("*.py")):
        used = re.search(rf"\.{UNUSED[name]}\b", source.read_text(encoding="utf-8"))
        assert not used, f"{source.name} uses {name}: say in methods-and-rules.md what it does"


def test_messages_are_those_of_the_program() -> None:
    messages = quoted_messages(TROUBLE)
    assert len(messages) > 40
    for message in messages:
        assert any(message in sentence for sentence in sentences()), message
    for message in re.findall(r'"((?:Something|The plan was)[^"]*)"', flat(TROUBLE)):
        assert any(message in sentence for sentence in sentences()), message


def test_figures_that_rest_on_one_source_are_named() -> None:
    rows = {int(year): (one, knowledge) for year, one, knowledge in table(TAX, "law year")}
    assert tuple(rows) == known_years()
    for year in known_years():
        for figure, source in load_law(year).sources:
            tag = source[source.rindex("[") + 1 :]
            if figure == "limits" or tag.startswith(CONFIRMED):
                continue
            cell = rows[year]["from knowledge" in tag]
            assert WEAK_WORDS[figure] in cell, f"{year}: {figure}"


def test_the_page_of_assumptions_shows_those_that_come_along() -> None:
    survey = shipped_assumptions()
    assert [tuple(row) for row in table(ASSUMED, "class")] == [
        (each.name, f"{each.expected_return:.2%}", f"{each.volatility:.2%}", ", ".join(each.names))
        for each in survey.classes
    ]
    for part in ("Horizon Actuarial Services, LLC", "Survey of Capital Market Assumptions, 2025 Edition", "Exhibit 17"):
        assert part in flat(ASSUMED)
        assert part in survey.source
    assert all(f"**{each.name}** are taken" in text(ASSUMED) for each in survey.classes if each.why)


def test_law_years_are_named() -> None:
    years = [str(year) for year in known_years()]
    assert f"There is law for {', '.join(years[:-1])} and {years[-1]}." in flat(TAX)
