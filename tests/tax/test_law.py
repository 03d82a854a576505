"""The figures of the law files: spots known to be mistaken easily, sources, and years that are not there."""

import pickle
from dataclasses import fields, replace

import pytest

from rebal_xl.household import FilingStatus
from rebal_xl.tax import LawMissing, StatusLaw, known_years, law_for, load_law

PERSONS = [FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.MFS, FilingStatus.HOH, FilingStatus.QSS]
FILERS = [*PERSONS, FilingStatus.TRUST]


def tops(year: int, status: FilingStatus) -> list[float]:
    return [bracket.over_usd for bracket in load_law(year).of(status).brackets[1:]]


def test_three_years_are_known():
    assert known_years() == (2024, 2025, 2026)


def test_the_year_itself_is_no_estimate():
    law, estimate = law_for(2026)
    assert (law.year, estimate) == (2026, False)


def test_an_earlier_year_may_be_chosen_and_is_an_estimate():
    law, estimate = law_for(2027, 2026)
    assert (law.year, estimate) == (2026, True)


def test_choosing_the_year_itself_is_no_estimate():
    assert law_for(2025, 2025)[1] is False


def test_an_unknown_year_is_refused_and_the_message_says_what_to_do():
    with pytest.raises(LawMissing) as refused:
        law_for(2027)
    message = str(refused.value)
    assert "law for 2024, 2025, 2026" in message
    assert "write 2026 in Settings[Law Year]" in message
    assert "2026 law, ESTIMATE" in message
    assert "2027.toml" in message


def test_a_year_before_the_first_is_refused_with_a_known_year():
    with pytest.raises(LawMissing, match="write 2026"):
        law_for(2019)


def test_a_status_without_figures_is_refused():
    with pytest.raises(LawMissing, match="has no figures for"):
        replace(load_law(2026), statuses=()).of(FilingStatus.SINGLE)


def test_a_chosen_year_must_be_known_too():
    with pytest.raises(LawMissing, match="2028"):
        law_for(2027, 2028)


@pytest.mark.parametrize("year", known_years())
@pytest.mark.parametrize("status", FILERS)
def test_schedules_rise(year: int, status: FilingStatus):
    figures = load_law(year).of(status)
    rates = [bracket.rate for bracket in figures.brackets]
    assert rates == sorted(rates)
    assert tops(year, status) == sorted(tops(year, status))
    assert figures.brackets[0].over_usd == 0.0
    assert rates[-1] == 0.37
    assert figures.zero_rate_top_usd < figures.fifteen_rate_top_usd


# Base amounts as the revenue procedures print them ("$192,979.25 plus 37% of the excess over ...").
@pytest.mark.parametrize(
    ("year", "status", "over", "base"),
    [
        (2026, FilingStatus.SINGLE, 640_600, 192_979.25),
        (2026, FilingStatus.MFJ, 768_700, 206_583.50),
        (2025, FilingStatus.SINGLE, 626_350, 188_769.75),
        (2025, FilingStatus.MFJ, 751_600, 202_154.50),
        (2024, FilingStatus.SINGLE, 609_350, 183_647.25),
        (2024, FilingStatus.MFJ, 731_200, 196_669.50),
        (2024, FilingStatus.TRUST, 15_200, 3_659.50),
        (2025, FilingStatus.TRUST, 15_650, 3_777.00),
        (2026, FilingStatus.TRUST, 16_000, 3_851.00),
    ],
)
def test_printed_base_amounts_are_rebuilt(year: int, status: FilingStatus, over: float, base: float):
    top = load_law(year).of(status).brackets[-1]
    assert (top.over_usd, top.tax_below_usd) == (over, pytest.approx(base, abs=1e-6))


def test_head_of_household_has_brackets_of_its_own():
    assert tops(2026, FilingStatus.HOH)[3:5] == [201_750, 256_200]
    assert tops(2026, FilingStatus.SINGLE)[3:5] == [201_775, 256_225]


def test_fifteen_percent_top_of_separate_filers_is_not_always_half():
    halves = {year: load_law(year).of(FilingStatus.MFJ).fifteen_rate_top_usd / 2 for year in known_years()}
    separate = {year: load_law(year).of(FilingStatus.MFS).fifteen_rate_top_usd for year in known_years()}
    assert separate == {2024: 291_850, 2025: 300_000, 2026: 306_850}
    assert halves == {2024: 291_875, 2025: 300_025, 2026: 306_850}


def test_zero_percent_band_ends_below_the_twelve_percent_bracket():
    figures = load_law(2026).of(FilingStatus.MFJ)
    assert (figures.zero_rate_top_usd, figures.brackets[2].over_usd) == (98_900, 100_800)


def test_standard_deduction_of_2025_is_the_raised_one():
    law = load_law(2025)
    found = [law.of(status).standard_deduction_usd for status in PERSONS]
    assert found == [15_750, 31_500, 15_750, 23_625, 31_500]
    assert "70102" in law.source_of("standard_deduction")


@pytest.mark.parametrize("year", known_years())
def test_surviving_spouse_is_taxed_like_a_couple(year: int):
    law = load_law(year)
    couple, spouse = law.of(FilingStatus.MFJ), law.of(FilingStatus.QSS)
    for figure in ("brackets", "zero_rate_top_usd", "fifteen_rate_top_usd", "standard_deduction_usd"):
        assert getattr(couple, figure) == getattr(spouse, figure)
    assert couple.aged_or_blind_addition_usd == spouse.aged_or_blind_addition_usd


@pytest.mark.parametrize("year", known_years())
def test_a_trust_pays_niit_from_its_top_bracket(year: int):
    figures = load_law(year).of(FilingStatus.TRUST)
    assert figures.niit_threshold_usd == figures.start_of_37_usd
    assert (figures.standard_deduction_usd, figures.exemption_usd, figures.loss_limit_usd) == (0, 100, 3_000)


def test_trust_figures_of_2026():
    figures = load_law(2026).of(FilingStatus.TRUST)
    assert tops(2026, FilingStatus.TRUST) == [3_300, 11_700, 16_000]
    assert (figures.zero_rate_top_usd, figures.fifteen_rate_top_usd) == (3_300, 16_250)


def test_amt_exemption_shrinks_twice_as_fast_from_2026():
    assert [load_law(year).amt_phaseout_rate for year in known_years()] == [0.25, 0.25, 0.5]
    assert load_law(2026).of(FilingStatus.MFJ).amt_phaseout_start_usd == 1_000_000


def test_end_of_the_24_percent_bracket():
    law = load_law(2025)
    found = [law.of(status).top_of_24_usd for status in PERSONS]
    assert found == [197_300, 394_600, 197_300, 197_300, 394_600]


@pytest.mark.parametrize("year", known_years())
def test_every_figure_names_its_source(year: int):
    law = load_law(year)
    for field in fields(StatusLaw):
        if field.name != "status":
            assert law.source_of(field.name.removesuffix("_usd"))
    for figure in ("rates", "amt_phaseout", "salt_phaseout", "senior_phaseout", "itemized_reduction", "limits"):
        assert law.source_of(figure)


def test_a_trust_figure_says_how_well_it_is_confirmed():
    law = load_law(2025)
    assert "confirm" in law.source_of("fifteen_rate_top", FilingStatus.TRUST)
    assert "confirm" not in law.source_of("fifteen_rate_top", FilingStatus.SINGLE)


def test_a_law_may_travel_between_processes_and_serve_as_a_key():
    law = load_law(2026)
    assert pickle.loads(pickle.dumps(law)) == law
    assert len({law, load_law(2026), load_law(2025)}) == 2


def test_a_grantor_trust_has_no_schedule():
    with pytest.raises(ValueError, match="grantor"):
        load_law(2026).of(FilingStatus.GRANTOR_TRUST)
